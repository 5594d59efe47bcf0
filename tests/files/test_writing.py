"""Files that are whole or not there, and digests of files and folders."""

import errno
import hashlib
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.faults import Disk, every_failure
from tf_infomax.errors import InputError, NotWritten, disk_problem
from tf_infomax.files import (
    PARTIAL_PREFIX,
    atomic_folder,
    is_intact_archive,
    remove_partial_files,
    sha256_of,
    write_bytes,
    write_json,
)


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


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS])
def test_a_file_is_the_old_or_the_new_one_wherever_writing_fails(tmp_path: Path, number: int) -> None:
    path = tmp_path / "config.json"
    path.write_text("old")
    for disk in every_failure(lambda: write_json(path, {"new": 1}), number=number):
        assert [file.name for file in tmp_path.iterdir()] == ["config.json"]
        replaced = any(operation.startswith("replace") for operation in disk.done)
        assert path.read_text() == ('{\n  "new": 1\n}\n' if replaced else "old")
    assert json.loads(path.read_text()) == {"new": 1}


def test_a_folder_is_the_old_or_the_new_one_wherever_writing_fails(tmp_path: Path) -> None:
    def save() -> None:
        with atomic_folder(tmp_path / "cache") as partial:
            write_bytes(partial / "deep" / "a", b"new")

    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "b").write_bytes(b"old")
    for disk in every_failure(save):
        assert [path.name for path in tmp_path.iterdir()] == ["cache"]
        replaced = any(operation.startswith("replace") and operation.endswith("-cache") for operation in disk.done)
        names = [path.name for path in (tmp_path / "cache").iterdir()]
        assert names == (["deep"] if replaced else ["b"]), disk.operations
    assert (tmp_path / "cache" / "deep" / "a").read_bytes() == b"new"


def test_what_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotWritten, match="a.json cannot be written: No space left on device") as error:
        with Disk(fails_at=3).mounted():
            write_json(tmp_path / "a.json", {})
    assert error.value.errno == errno.ENOSPC


def test_leftovers_of_killed_writers_alone_are_removed(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "pass"]) as dead:
        dead.wait()
    running = tmp_path / f"{PARTIAL_PREFIX}{os.getppid()}-metrics.json"
    left_behind = [tmp_path / f"{PARTIAL_PREFIX}{writer}-a.json" for writer in (dead.pid, os.getpid(), "")]
    for path in (running, *left_behind):
        path.touch()
    (tmp_path / f"{PARTIAL_PREFIX}{dead.pid}-folder" / "inside").mkdir(parents=True)
    remove_partial_files(tmp_path)
    assert list(tmp_path.iterdir()) == [running]


def test_a_folder_set_aside_by_a_killed_writer_comes_back(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "pass"]) as dead:
        dead.wait()
    aside = tmp_path / f"{PARTIAL_PREFIX}{dead.pid}-old-cache"
    aside.mkdir()
    (aside / "a").touch()
    (tmp_path / f"{PARTIAL_PREFIX}{dead.pid}-cache").mkdir()
    with pytest.raises(KeyError), atomic_folder(tmp_path / "cache"):
        raise KeyError
    assert [str(path.relative_to(tmp_path)) for path in sorted(tmp_path.rglob("*"))] == ["cache", "cache/a"]


def test_a_link_is_replaced_and_what_it_leads_to_stays(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "a").touch()
    (tmp_path / "cache").symlink_to("elsewhere")
    for content in (b"1", b"2"):
        with atomic_folder(tmp_path / "cache") as partial:
            write_bytes(partial / "b", content)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cache", "elsewhere"]
    assert (tmp_path / "cache" / "b").read_bytes() == b"2" and (tmp_path / "elsewhere" / "a").exists()


def test_an_archive_is_intact_or_not_whichever_bit_has_changed(tmp_path: Path) -> None:
    path = tmp_path / "model.keras"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("metadata.json", '{"keras_version": "3"}' * 3)
        archive.writestr("weights", bytes(range(40)))
    whole = path.read_bytes()
    assert is_intact_archive(path)
    damaged = 0
    for bit in range(8 * len(whole)):
        changed = bytearray(whole)
        changed[bit // 8] ^= 1 << bit % 8
        path.write_bytes(changed)
        damaged += not is_intact_archive(path)
    assert 0.5 < damaged / (8 * len(whole)) < 1  # Times and permissions have no checksum.


def test_names_are_flushed_with_the_files(tmp_path: Path) -> None:
    with Disk().mounted() as disk:
        write_json(tmp_path / "a.json", {})
    assert [operation.split()[0] for operation in disk.operations][-3:] == ["fsync", "replace", "fsync"]


@pytest.mark.parametrize(
    "error, number",
    [
        (OSError(errno.ENOSPC, "full"), errno.ENOSPC),
        (RuntimeError("{{node}} log; No space left on device\n\tFailed to flush"), errno.ENOSPC),
        (PermissionError(errno.EACCES, "no"), errno.EACCES),
        (FileNotFoundError(errno.ENOENT, "none"), None),
        (ValueError("wrong"), None),
        (InputError("--output: No space left on device"), None),
    ],
)
def test_problems_of_disks_among_errors(error: Exception, number: int | None) -> None:
    assert disk_problem(error) == number


def test_a_problem_behind_the_failure_to_close_a_file() -> None:
    def write() -> None:
        try:
            raise OSError(errno.ENOSPC, "full")
        finally:
            raise ValueError("a handle is open")

    with pytest.raises(ValueError) as error:
        write()
    assert disk_problem(error.value) == errno.ENOSPC
