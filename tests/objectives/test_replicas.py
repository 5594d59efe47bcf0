"""Objectives on two replicas of half a batch are those on one replica of the whole batch."""

import contextlib
import functools

import keras
import numpy as np
import pytest

from tests.objectives.training import BATCH, MapsDiscriminator, small_gan
from tests.tiny import batches, random_images, values
from tf_infomax.distribution import make_strategy
from tf_infomax.models import GAN, all_variables
from tf_infomax.objectives import GradientPenalty, InfoMax, RotationPrediction, VariationalEntropy

pytestmark = pytest.mark.slow

OBJECTIVES = {
    "rotation": RotationPrediction,
    "penalty": GradientPenalty,
    "half": lambda name: InfoMax(8, location_fraction=0.5, name=name),
    "local_local": lambda name: InfoMax(
        8, local_layer="block0", global_layer="block1", location_fraction=0.5, name=name
    ),
    # Of a weight at which the one is clipped and of one at which the other is not.
    "clipped": lambda name: VariationalEntropy(generator_weight=1e3, base_channels=4, name=name),
    "unclipped": lambda name: VariationalEntropy(generator_weight=1e-3, base_channels=4, name=name),
}


@functools.cache
def first_state() -> list[np.ndarray]:
    return values(all_variables(built()))


def built() -> GAN:
    gan = small_gan([build(name=name) for name, build in OBJECTIVES.items()], MapsDiscriminator)
    gan.compile(**{f"{player}_optimizer": keras.optimizers.SGD(0.05) for player in ("generator", "discriminator")})
    return gan


@functools.cache
def trained_on(replicas: int) -> tuple[GAN, dict[str, float]]:
    """A GAN with all objectives after one training step, and the step's logs."""
    strategy = make_strategy("mirrored" if replicas > 1 else "default", replicas=replicas)
    with strategy.scope() if replicas > 1 else contextlib.nullcontext():
        gan = built()
        for variable, value in zip(all_variables(gan), first_state(), strict=True):
            variable.assign(value)
    gan.run_eagerly = replicas == 1  # Saves a trace.
    history = gan.fit(batches(random_images(BATCH), BATCH), verbose=0, shuffle=False).history
    return gan, {name: value for name, (value,) in history.items()}


@pytest.mark.parametrize("name", OBJECTIVES)
def test_logs(name):
    (_, one), (_, two) = (trained_on(replicas) for replicas in (1, 2))
    logs = {log: value for log, value in one.items() if name in log.split("/")}
    assert len(logs) >= 2 and {log: two[log] for log in logs} == pytest.approx(logs, rel=1e-5, abs=1e-6)


def test_the_norms_of_all_replicas_decide_on_clipping():
    for _, logs in (trained_on(replicas) for replicas in (1, 2)):
        assert 0 < logs["clipped/clip_factor"] < 0.9 and logs["unclipped/clip_factor"] == 1.0


@pytest.mark.parametrize("part", ["generator", "discriminator", *OBJECTIVES])
def test_weights(part):
    gans = [trained_on(replicas)[0] for replicas in (1, 2)]
    one, two = (
        values({"generator": gan.generator, "discriminator": gan.discriminator}[part].weights)
        if part not in OBJECTIVES
        else values(gan.objectives[list(OBJECTIVES).index(part)].weights)
        for gan in gans
    )
    for weight, other in zip(one, two, strict=True):
        np.testing.assert_allclose(other, weight, rtol=1e-4, atol=1e-5)
