"""Names and files of a network of one's own."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

from tests.metrics.features.networks import colour_network, keras_colours, save
from tf_infomax.errors import InputError
from tf_infomax.metrics import NetworkFeatures
from tf_infomax.metrics.features.digests import digest_of


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save(colour_network(), tmp_path_factory.mktemp("networks") / "my_net_v1.5")


def test_a_network_is_named_after_its_path(folder: Path, tmp_path: Path) -> None:
    assert NetworkFeatures(folder).name == "my_net_v1.5"
    assert NetworkFeatures(keras_colours(tmp_path / "my_net.keras")).name == "my_net"
    features = NetworkFeatures(folder, name="my-net")
    assert features.name == "my-net"
    assert "my-net" in features.definition


def test_a_path_is_named_the_same_from_inside(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    assert NetworkFeatures(".").name == "my_net_v1.5"


@pytest.mark.parametrize("name", ["inception", "digits", "keras:MobileNet"])
def test_names_of_shipped_networks_are_taken(name: str, folder: Path) -> None:
    with pytest.raises(InputError, match=f"must not be that of a shipped one. Received: '{name}'; .* inception:"):
        NetworkFeatures(folder, name=name)


def test_a_folder_may_not_pass_for_inception(tmp_path: Path) -> None:
    save(colour_network(), tmp_path / "inception")
    with pytest.raises(InputError, match="Received: 'inception'"):
        NetworkFeatures(tmp_path / "inception")
    assert NetworkFeatures(tmp_path / "inception", name="colours").name == "colours"


def test_the_digest_is_that_of_the_files(folder: Path, tmp_path: Path) -> None:
    assert NetworkFeatures(folder).sha256 == digest_of(folder)
    path = keras_colours(tmp_path / "net.keras")
    assert NetworkFeatures(path).sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_changed_files_are_noticed(tmp_path: Path) -> None:
    path = keras_colours(tmp_path / "net.keras")
    features = NetworkFeatures(path)
    assert features.is_current()
    path.write_bytes(path.read_bytes() + b"x")
    assert not features.is_current()
    path.unlink()
    assert not features.is_current()


def test_other_paths_are_refused(tmp_path: Path) -> None:
    (tmp_path / "net.h5").touch()
    for name in ("net.h5", "nothing", "nothing.keras"):
        with pytest.raises(InputError, match=f"a .keras file. Received: .*{name}"):
            NetworkFeatures(tmp_path / name)
    with pytest.raises(InputError, match="expected a folder with saved_model.pb"):
        NetworkFeatures(tmp_path)


@pytest.mark.parametrize("kind", ["SavedModel", "Keras"])
def test_a_network_of_colours_sees_grey_images_as_equal_colours(kind: str, folder: Path, tmp_path: Path) -> None:
    features = NetworkFeatures(folder if kind == "SavedModel" else keras_colours(tmp_path / "net.keras"))
    grey = np.random.default_rng(0).integers(0, 256, (5, 6, 9, 1), np.uint8)
    as_grey, as_colours = features(grey), features(grey.repeat(3, axis=-1))
    np.testing.assert_array_equal(as_grey.activations, as_colours.activations)
    np.testing.assert_array_equal(as_grey.logits, as_colours.logits)
    with pytest.raises(InputError, match="channels"):
        features(grey.repeat(2, axis=-1))
