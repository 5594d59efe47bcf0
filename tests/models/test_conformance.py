"""Every method, and every variant of an objective, trains, is saved and is loaded, on one replica and on two."""

import contextlib
import dataclasses

import keras
import numpy as np
import pytest

from tests.tiny import all_state, assert_equal_states, batches, random_images, tiny_gan
from tf_infomax import objectives
from tf_infomax.models import GAN
from tf_infomax.objectives import AuxiliaryObjective, InfoMax
from tf_infomax.presets import METHODS, build_gan, preset_named

SMALL = {
    "image_size": 8,
    "generator_channels": 8,
    "discriminator_channels": 8,
    "latent_dim": 4,
    "projection_dim": 4,
    "batch_size": 4,
    "discriminator_steps": 1,
    "steps": 2,
    "jit_compile": False,  # compiling takes longer than all the rest; one variant does
}
POINTS = {"image_size": None, "latent_dim": 2}


def method(name: str, dataset: str = "digits", **settings) -> GAN:
    return build_gan(dataclasses.replace(preset_named(f"{name}-{dataset}"), **{**SMALL, **settings}))


def variant(*auxiliary: AuxiliaryObjective) -> GAN:
    gan = tiny_gan(auxiliary)
    gan.compile()
    return gan


# The two widths of DCGAN's discriminator are one composition.
COMPOSITIONS = [name for name in METHODS if not name.startswith("dcgan-half")]
GANS = {name: (lambda name=name: method(name)) for name in COMPOSITIONS} | {
    "cgan_im_averaged_bfloat16": lambda: method("cgan-im", ema_decay=0.5, precision="mixed_bfloat16"),
    "all_objectives": lambda: method(
        "sngan", objectives=("infomax", "rotation", "gradient_penalty"), adversarial_loss="wasserstein"
    ),
    "points": lambda: method("vgan-ver", "ring", **POINTS, jit_compile=True),
    "points_wasserstein": lambda: method("wgan-ver", "grid", **POINTS, discriminator_steps=2),
    "points_prior_matching": lambda: method("ie", "grid", **POINTS, discriminator_steps=2),
    "dcgan_ver": lambda: method("dcgan-quarter", objectives=("infomax", "variational_entropy")),
    "infomax_excluded_replica": lambda: variant(InfoMax(8, own_locations="excluded", negatives="replica")),
    "infomax_without_spectral_norm": lambda: variant(InfoMax(8, spectral_norm=False)),
    # The residual networks, with everything that they can have at once.
    "resnet": lambda: method(
        "cgan",
        architecture="resnet",
        image_size=32,
        objectives=("infomax", "rotation", "gradient_penalty", "variational_entropy"),
        spectral_norm=False,
        adversarial_loss="wasserstein",
    ),
    "infomax_local_local_half": lambda: method(
        "infomax-gan", image_size=16, local_layer="block0", global_layer="block1", location_fraction=0.5
    ),
}


def test_every_objective_is_here():
    exported = {getattr(objectives, name) for name in objectives.__all__}
    classes = {item for item in exported if isinstance(item, type) and issubclass(item, AuxiliaryObjective)}
    trained = {type(objective) for build in GANS.values() for objective in build().objectives}
    assert trained == classes - {AuxiliaryObjective}


@pytest.fixture(params=["one_replica", "two_replicas"])
def scope(request):
    """Returns the scope to build a GAN in."""
    if request.param == "one_replica":
        return contextlib.nullcontext
    return request.getfixturevalue("two_replicas").scope


def fit(gan: GAN) -> dict[str, list[float]]:
    data = random_images(8, shape=gan.image_shape), np.arange(8)
    return gan.fit(batches(data, 4), verbose=0, shuffle=False).history


@pytest.mark.parametrize("name", GANS)
def test_trains_and_is_saved(name, scope, tmp_path):
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

    gan.save(tmp_path / "gan.keras")
    with scope():
        loaded = keras.models.load_model(tmp_path / "gan.keras")
    for objective, other in zip(gan.objectives, loaded.objectives, strict=True):
        assert other.get_config() == objective.get_config()
    assert_equal_states(gan, loaded)
    np.testing.assert_array_equal(loaded.generate(4), gan.generate(4))
