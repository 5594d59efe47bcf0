"""Digests of files and folders, and checksums of archives."""

import hashlib
import zipfile
import zlib
from pathlib import Path

UNREADABLE_ARCHIVE = (ValueError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error)
"""What `zipfile` raises for a file in ZIP format in which bits have changed."""


def sha256_of(path: Path) -> str:
    """Returns the SHA-256, in hexadecimal, of a file or of all files of a folder.

    That of a folder is the digest of the lines `DIGEST  RELATIVE/PATH`, in the order of the paths: what `sha256sum`
    prints for the files.

    Raises:
        OSError: There is nothing at that path, or it cannot be read.
    """
    if not path.is_dir():
        return _sha256_of_file(path)
    names = sorted(file.relative_to(path).as_posix() for file in path.rglob("*") if file.is_file())
    lines = [f"{_sha256_of_file(path / name)}  {name}\n" for name in names]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def is_intact_archive(path: Path) -> bool:
    """Whether a path is a file in ZIP format, such as `.keras`, whose parts have their checksums."""
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.testzip() is None
    except (*UNREADABLE_ARCHIVE, OSError):
        return False


def _sha256_of_file(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(2**20):
            digest.update(block)
    return digest.hexdigest()
