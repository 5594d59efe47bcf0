import hashlib
from pathlib import Path

import keras
import numpy as np
import pytest

from tf_infomax.errors import InputError
from tf_infomax.metrics.features.digests import digest_of, digest_of_weights


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in {"b": b"two", "a/z": b"one", "a.x": b"three"}.items():
        path = tmp_path / "net" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return tmp_path / "net"


def dense(*, units: int = 2, value: float = 1.0) -> keras.Model:
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(units)])
    model.set_weights([np.full(weight.shape, value) for weight in model.weights])
    return model


def test_a_file_has_the_digest_of_its_bytes(folder: Path) -> None:
    assert digest_of(folder / "b") == sha256(b"two")


def test_a_folder_has_the_digest_of_the_list_of_its_files(folder: Path) -> None:
    lines = f"{sha256(b'three')}  a.x\n{sha256(b'one')}  a/z\n{sha256(b'two')}  b\n"
    assert digest_of(folder) == sha256(lines.encode())


def test_names_and_contents_count(folder: Path) -> None:
    before = digest_of(folder)
    (folder / "b").rename(folder / "c")
    renamed = digest_of(folder)
    (folder / "c").write_bytes(b"owt")
    assert len({before, renamed, digest_of(folder)}) == 3


def test_nothing_has_no_digest(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected the path of a network. Received: .*nothing"):
        digest_of(tmp_path / "nothing")


def test_values_and_shapes_of_weights_count() -> None:
    digests = [digest_of_weights(dense(**options)) for options in ({}, {"value": 2.0}, {"units": 3})]
    assert len(set(digests)) == 3


def test_what_a_process_built_before_does_not_count() -> None:
    assert digest_of_weights(dense()) == digest_of_weights(dense())
