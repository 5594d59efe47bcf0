"""Training steps compiled with XLA."""

import pytest
import tensorflow as tf

from tests.small_presets import narrow
from tests.tiny import batches, values
from tests.trajectories import data_for
from tf_infomax.models import PlayersModel, all_variables
from tf_infomax.objectives import prior_matching
from tf_infomax.presets import METHODS, PRESETS, Preset

BATCH = 4
OF_A_METHOD = {method: name for name, (method, data) in PRESETS.pairs.items() if data in ("digits", "ring")}
"""A preset of every method."""
RESIDUAL = ("cgan-im-cifar10",)
# Nothing of "untrained" trains, the two widths of DCGAN's discriminator are one composition, as are "vae" and
# "beta-vae", and so is what "dim-coord-occlude" has of "dim-coord" and "dim-occlude", and "aae" of "ae". "nat" refuses
# to be compiled.
LEFT_OUT = {"nat", "untrained", "dcgan-half", "dcgan-half-im", "dim-coord", "dim-occlude", "ae", "beta-vae"}
NAMES = [*(name for method, name in OF_A_METHOD.items() if method not in LEFT_OUT), *RESIDUAL]


def small(name: str, **settings) -> Preset:
    """A narrow preset on images as small as its networks allow."""
    preset = narrow(name, batch_size=BATCH, **settings)
    if METHODS[PRESETS.pairs[name][0]].kind != "gan":
        return preset
    smallest = preset.data.image_size is not None and name not in RESIDUAL
    return preset.override({"discriminator_steps": 1, **({"image_size": 8} if smallest else {})})


def normal(shape, seed=None, mean=0.0, stddev=1.0, dtype=tf.float32, **kwargs):
    """Numbers without a draw: XLA draws others than TensorFlow."""
    count = tf.reduce_prod(shape)
    return mean + stddev * tf.cast(
        tf.reshape(1.5 * tf.sin(tf.range(1.0, tf.cast(count, tf.float32) + 1)), shape), dtype
    )


def uniform(shape, seed=None, minval=0, maxval=None, dtype=tf.float32, **kwargs):
    low, high = float(minval), float(1 if maxval is None else maxval)
    fractions = tf.abs(normal(shape)) / 1.5  # in [0, 1)
    return tf.cast(low + (high - low) * fractions, dtype)


@pytest.fixture
def no_draws(monkeypatch):
    monkeypatch.setattr(tf.random, "stateless_normal", normal)
    monkeypatch.setattr(tf.random, "stateless_uniform", uniform)
    for name, draw in (("normal", normal), ("uniform", uniform)):
        monkeypatch.setitem(prior_matching._DRAWS, name, draw)


def first_step(model: PlayersModel, rows: int) -> dict[str, float]:
    history = model.fit(batches(data_for(model, rows), rows), shuffle=False, verbose=0).history
    return {name: value for name, (value,) in history.items()}


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_the_first_step_is_that_of_tensorflow(name, no_draws):
    presets = [small(name, jit_compile=jit_compile) for jit_compile in (True, False)]
    models = [preset.build() for preset in presets]
    for variable, value in zip(all_variables(models[1]), values(all_variables(models[0])), strict=True):
        variable.assign(value)
    assert [model.jit_compile for model in models] == [True, False]
    models[1].run_eagerly = True
    compiled, expected = (first_step(model, presets[0].images_per_step) for model in models)
    assert int(models[0].step_counter) == 1
    assert compiled == pytest.approx(expected, rel=1e-3, abs=1e-4)


def test_several_replicas_train_without(two_replicas):
    assert small("wgan-ver-ring", jit_compile=True).build().jit_compile is True
    with two_replicas.scope():
        assert small("wgan-ver-ring", jit_compile=True).build().jit_compile is False
