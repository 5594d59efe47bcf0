"""The image files of a folder, with or without a sub-folder for each class."""

import hashlib
import json
import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tf_infomax.data.decoding import SUFFIXES
from tf_infomax.errors import InputError
from tf_infomax.files import printable

OTHER_SUFFIXES = frozenset(
    ".apng .arw .avif .cr2 .dng .exr .hdr .heic .heif .ico .jfif .jp2 .jpe .jxl .nef .orf .pbm .pcx .pgm .pnm .ppm "
    ".psd .raw .rw2 .svg .tga .tif .tiff".split()
)
"""Suffixes of images that are not read; files with others, such as notes beside the images, do not matter."""


@dataclass(frozen=True)
class ImageFiles:
    """The images of a folder.

    Attributes:
        folder: The folder.
        paths: The N files relative to it, sorted.
        class_names: The sorted names of the K sub-folders, `printable`; None if the images are in the folder itself.
        others: Numbers of images of formats that are not read, by suffix.
        links: Links, relative to the folder, to folders that are read already or hold this one; they are not followed.
    """

    folder: Path
    paths: tuple[str, ...]
    class_names: tuple[str, ...] | None
    others: Mapping[str, int] = field(default_factory=dict)
    links: tuple[str, ...] = ()

    @property
    def labels(self) -> list[int]:
        """The number of each file's sub-folder; zeros if there are no classes."""
        if self.class_names is None:
            return [0] * len(self.paths)
        folders = [path.split(os.sep, 1)[0] for path in self.paths]
        numbers = {name: number for number, name in enumerate(sorted(set(folders)))}
        return [numbers[name] for name in folders]

    def digest(self) -> str:
        """Returns a digest of the names, sizes and times of the files."""
        stats = [_stat(self.folder / path) for path in self.paths]
        files = [[path, stat.st_size, stat.st_mtime_ns] for path, stat in zip(self.paths, stats, strict=True)]
        return hashlib.sha256(json.dumps(files).encode()).hexdigest()


def find_images(data_dir: Path | str | None) -> ImageFiles:
    """Lists the images of a folder.

    Links to files are files, and links to folders are followed, but never to a folder that is read already.

    Raises:
        InputError: The folder does not hold images as `folder_source` needs them, or cannot be listed.
    """
    if data_dir is None or not Path(data_dir).is_dir():
        received = None if data_dir is None else str(data_dir)
        raise InputError(
            f"Dataset 'folder' needs a folder with images as `data_dir` (--data-dir). Received: {received!r}"
        )
    folder = Path(data_dir).resolve()
    walk = _Walk(folder)
    direct = tuple(path for path in walk.images if os.sep not in path)
    nested = tuple(path for path in walk.images if os.sep in path)
    if direct and nested:
        raise InputError(
            f"{folder} must have its images either in itself or in one sub-folder for each class. "
            f"Received: both {printable(direct[0])} and {printable(nested[0])}"
        )
    if not direct and not nested:
        raise InputError(
            f"{folder} has no images: no file in it ends with {', '.join(SUFFIXES)}{_instead(walk.others)}"
        )
    others, links = dict(walk.others), tuple(walk.links)
    if direct:
        return ImageFiles(folder, direct, None, others, links)
    classes = tuple(sorted(walk.classes))
    empty = set(classes) - {Path(path).parts[0] for path in nested}
    if empty:
        received = printable(min(empty))
        raise InputError(
            f"Each sub-folder of {folder} is a class and must have images. Received: {received}, which has none"
            f"{_instead(walk.others)}"
        )
    return ImageFiles(folder, nested, tuple(map(printable, classes)), others, links)


def _instead(others: Mapping[str, int]) -> str:
    """Returns a clause about images of formats that are not read."""
    found = ", ".join(f"{number} {suffix}" for suffix, number in sorted(others.items()))
    return f"; of other formats the folder has {found}" if found else ""


class _Walk:
    """A walk through a folder and all below it that enters no folder twice.

    Attributes:
        images: Sorted paths of images, relative to the folder.
        classes: Names of the folders directly in it, of those that are links only where they are followed.
        others: Numbers of images of formats that are not read, by suffix.
        links: Links that are not followed.
    """

    def __init__(self, folder: Path) -> None:
        self.images: list[str] = []
        self.classes: list[str] = []
        self.others: Counter[str] = Counter()
        self.links: list[str] = []
        self._folder = folder
        # A link to a folder around this one would bring in all beside it.
        self._seen = {_identity(place) for place in (folder, *folder.parents)}
        self._later: list[str] = []
        self._enter("")
        while self._later:  # Links come last: a folder's own place decides its class.
            link = self._later.pop(0)
            if _identity(folder / link) in self._seen:
                self.links.append(link)
            else:
                self._note(link)
        self.images.sort()

    def _enter(self, place: str) -> None:
        for entry in _entries(self._folder / place):
            path = os.path.join(place, entry.name)
            if not _is_folder(entry):
                self._add_file(path)
            elif entry.is_symlink():
                self._later.append(path)
            elif _identity(self._folder / path) not in self._seen:
                self._note(path)

    def _note(self, path: str) -> None:
        self._seen.add(_identity(self._folder / path))
        if os.sep not in path:
            self.classes.append(path)
        self._enter(path)

    def _add_file(self, path: str) -> None:
        suffix = os.path.splitext(path)[1].lower()
        if suffix in SUFFIXES:
            self.images.append(path)
        elif suffix in OTHER_SUFFIXES:
            self.others[suffix] += 1


def _entries(place: Path) -> list[os.DirEntry[str]]:
    """Returns what is in a folder, sorted by name, but for hidden files, which file managers make."""
    try:
        with os.scandir(place) as entries:
            return sorted((entry for entry in entries if entry.name[0] != "."), key=lambda entry: entry.name)
    except OSError as error:
        raise InputError(f"{place} must be a folder that can be listed. Received: {error.strerror}") from error


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """Whether an entry is a folder or a link to one; the system is asked about links alone."""
    return os.path.isdir(entry.path) if entry.is_symlink() else entry.is_dir()


def _identity(folder: Path) -> tuple[int, int]:
    stat = folder.stat()
    return stat.st_dev, stat.st_ino


def _stat(path: Path) -> os.stat_result:
    try:
        return path.stat()
    except OSError:  # A link that leads nowhere is named when it is read.
        return path.lstat()
