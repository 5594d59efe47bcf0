"""Every objective of the package trains, is saved and is loaded, on one replica and on two."""

import contextlib

import keras
import numpy as np
import pytest

from tests.tiny import all_state, assert_equal_states, batches, random_images, tiny_gan
from tf_infomax import objectives
from tf_infomax.models import GAN
from tf_infomax.objectives import AuxiliaryObjective

OBJECTIVES = {
    "infomax": lambda: objectives.InfoMax(8),
    "infomax_excluded_replica": lambda: objectives.InfoMax(8, own_locations="excluded", negatives="replica"),
}


def test_every_objective_is_here():
    exported = {getattr(objectives, name) for name in objectives.__all__}
    classes = {item for item in exported if isinstance(item, type) and issubclass(item, AuxiliaryObjective)}
    assert {type(build()) for build in OBJECTIVES.values()} == classes - {AuxiliaryObjective}


@pytest.fixture(params=["one_replica", "two_replicas"])
def scope(request):
    """Returns the scope to build a GAN in."""
    if request.param == "one_replica":
        return contextlib.nullcontext
    return request.getfixturevalue("two_replicas").scope


def fit(gan: GAN) -> dict[str, list[float]]:
    data = random_images(8), np.arange(8)
    return gan.fit(batches(data, 4), verbose=0, shuffle=False).history


@pytest.mark.parametrize("name", OBJECTIVES)
def test_objective(name, scope, tmp_path):
    with scope():
        gan = tiny_gan([OBJECTIVES[name]()])
        gan.compile()
    before = all_state(gan)
    history = fit(gan)
    assert np.all(np.isfinite(list(history.values())))
    (objective,) = gan.objectives
    assert {f"discriminator/{objective.name}", f"generator/{objective.name}"} <= set(history)
    assert any(not np.array_equal(old, new) for old, new in zip(before["weights"], all_state(gan)["weights"]))

    gan.save(tmp_path / "gan.keras")
    with scope():
        loaded = keras.models.load_model(tmp_path / "gan.keras")
    assert loaded.objectives[0].get_config() == objective.get_config()
    assert_equal_states(gan, loaded)
    np.testing.assert_array_equal(loaded.generate(4), gan.generate(4))
