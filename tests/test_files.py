"""Digests of files and folders."""

import hashlib
from pathlib import Path

import pytest

from tf_infomax.files import sha256_of


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in {"b": b"two", "a/z": b"one", "a.x": b"three"}.items():
        path = tmp_path / "net" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return tmp_path / "net"


def test_a_file_has_the_sha256_of_its_bytes(folder: Path) -> None:
    assert sha256_of(folder / "b") == sha256(b"two")


def test_a_folder_has_the_sha256_of_the_list_of_its_files(folder: Path) -> None:
    lines = f"{sha256(b'three')}  a.x\n{sha256(b'one')}  a/z\n{sha256(b'two')}  b\n"
    assert sha256_of(folder) == sha256(lines.encode())


def test_names_and_contents_count(folder: Path) -> None:
    before = sha256_of(folder)
    (folder / "b").rename(folder / "c")
    renamed = sha256_of(folder)
    (folder / "c").write_bytes(b"owt")
    assert len({before, renamed, sha256_of(folder)}) == 3


def test_a_large_file(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"content" * 400_000)
    assert sha256_of(path) == sha256(path.read_bytes())
