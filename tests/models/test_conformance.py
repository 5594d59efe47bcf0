"""Every method, and every variant of an objective, trains, is saved and is loaded, on one replica and on two.

On one replica without graphs: `test_jit.py` traces the step of every method, and compares it.
"""

import contextlib
from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import pytest

import tf_infomax
from tests.eager import graphs
from tests.small_presets import narrow
from tests.tiny import all_state, assert_equal_states, batches, random_images, tiny_gan
from tf_infomax import objectives
from tf_infomax.models import GAN
from tf_infomax.objectives import AuxiliaryObjective, InfoMax
from tf_infomax.presets import METHODS, Preset, named, settings

SMALL = {
    "image_size": 8,
    "batch_size": 4,
    "discriminator_steps": 1,
    "steps": 2,
    "jit_compile": False,
}
POINTS = {"image_size": None}


def preset(name: str, dataset: str = "digits", **changes) -> Preset:
    return narrow(f"{name}-{dataset}", **{**SMALL, **changes})


def method(name: str, dataset: str = "digits", **changes) -> GAN:
    return preset(name, dataset, **changes).build()


def with_objectives(own: Preset, *classes: type[AuxiliaryObjective]) -> Preset:
    return narrow(own.override({"objectives": named([settings(cls) for cls in classes])}))


def variant(*auxiliary: AuxiliaryObjective) -> GAN:
    gan = tiny_gan(auxiliary)
    gan.compile()
    return gan


def all_objectives() -> GAN:
    classes = objectives.InfoMax, objectives.RotationPrediction, objectives.GradientPenalty
    return with_objectives(preset("sngan", adversarial_loss="wasserstein"), *classes).build()


def residual() -> GAN:
    """The residual networks, with everything that they can have at once."""
    networks = {
        "generator": settings(tf_infomax.ResNetGenerator),
        "discriminator": settings(tf_infomax.ResNetDiscriminator, spectral_norm=False),
    }
    own = preset("cgan", image_size=32, adversarial_loss="wasserstein").override(networks)
    classes = objectives.InfoMax, objectives.RotationPrediction, objectives.GradientPenalty
    return with_objectives(own, *classes, objectives.VariationalEntropy).build()


def local_local() -> GAN:
    layers = {"local_layer": "block0", "global_layer": "block1", "location_fraction": 0.5}
    changes = {f"objectives.infomax.{name}": value for name, value in layers.items()}
    return preset("infomax-gan", image_size=16).override(changes).build()


# The two widths of DCGAN's discriminator are one composition.
COMPOSITIONS = [name for name, row in METHODS.items() if row.kind == "gan" and not name.startswith("dcgan-half")]
GANS = {name: (lambda name=name: method(name)) for name in COMPOSITIONS} | {
    "cgan_im_averaged_bfloat16": lambda: method("cgan-im", ema_decay=0.5, precision="mixed_bfloat16"),
    "all_objectives": all_objectives,
    "points": lambda: method("vgan-ver", "ring", **POINTS),
    "points_wasserstein": lambda: method("wgan-ver", "grid", **POINTS, discriminator_steps=2),
    "points_prior_matching": lambda: method("ie", "grid", **POINTS, discriminator_steps=2),
    "dcgan_ver": lambda: with_objectives(
        preset("dcgan-quarter"), objectives.InfoMax, objectives.VariationalEntropy
    ).build(),
    "infomax_excluded_replica": lambda: variant(InfoMax(8, own_locations="excluded", negatives="replica")),
    "infomax_without_spectral_norm": lambda: variant(InfoMax(8, spectral_norm=False)),
    "resnet": residual,
    "infomax_local_local_half": local_local,
}


ON_TWO_REPLICAS = (
    "all_objectives",
    "cgan_im_averaged_bfloat16",
    "infomax_excluded_replica",
    "infomax_local_local_half",
    "ssgan",
)
"""What `tests/distribution` does not compare on one device and two replicas already, composition by composition."""


def test_every_objective_is_here():
    exported = {getattr(objectives, name) for name in objectives.__all__}
    classes = {item for item in exported if isinstance(item, type) and issubclass(item, AuxiliaryObjective)}
    trained = {
        type(objective) for name in ("all_objectives", "dcgan_ver", "ie") for objective in GANS[name]().objectives
    }
    assert trained == classes - {AuxiliaryObjective}


def fit(gan: GAN) -> dict[str, list[float]]:
    data = random_images(8, shape=gan.image_shape), np.arange(8)
    return gan.fit(batches(data, 4), verbose=0, shuffle=False).history


@pytest.mark.parametrize("name", GANS)
def test_trains_and_is_saved(name, tmp_path):
    with graphs(False):
        train_and_save(name, contextlib.nullcontext, tmp_path)


@pytest.mark.parametrize("name", ON_TWO_REPLICAS)
def test_trains_and_is_saved_on_two_replicas(name, two_replicas, tmp_path):
    train_and_save(name, two_replicas.scope, tmp_path)


def train_and_save(name: str, scope: Callable[[], contextlib.AbstractContextManager], folder: Path) -> None:
    with scope():
        gan = GANS[name]()
    before = all_state(gan)
    history = fit(gan)
    assert np.all(np.isfinite(list(history.values())))
    for objective in gan.objectives:
        for player in ("discriminator", "generator"):
            active = objective.player_weights[player] > 0
            assert (f"{player}/{objective.name}" in history) == active
    changed = [not np.array_equal(old, new) for old, new in zip(before["weights"], all_state(gan)["weights"])]
    assert np.mean(changed) > 0.9, name

    gan.save(folder / "gan.keras")
    with scope():
        loaded = keras.models.load_model(folder / "gan.keras")
    for objective, other in zip(gan.objectives, loaded.objectives, strict=True):
        assert other.get_config() == objective.get_config()
    assert_equal_states(gan, loaded)
    np.testing.assert_array_equal(loaded.generate(4), gan.generate(4))
