"""A folder of samples that a manifest describes, so that an interrupted program can continue it."""

import contextlib
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tf_infomax.errors import InputError
from tf_infomax.files import locked_or_refused, remove_partial_files, write_json

MANIFEST = "samples.json"
LOCK = ".lock"
"""File that a process locks while it writes samples, and removes at its end."""
NUMBER = "num_images"
"""Entry of a manifest that may grow: a sample does not depend on how many there are."""
IDENTITY = ("sha256", "weights", "seed", "classes", "batch_size")
"""Entries of a manifest that decide what the samples are."""
LATER_IDENTITY = ("seeds", "truncation")
"""Likewise; manifests of earlier versions do not have them, which is as none."""

_SAMPLE = re.compile(r"(\d{6,}|seed-?\d{4,})(-class\d+)?\.png")
_LISTED = 3
"""Names that an error lists."""


def sample_name(number: int, label: int | None = None) -> str:
    """Returns the file name of a sample: `000012.png`, or `000012-class3.png` for one with a label."""
    return _named(f"{number:06d}", label)


def seed_name(seed: int, label: int | None = None) -> str:
    """Returns the file name of the sample of a seed of its own: `seed00017.png`, or `seed00017-class3.png`."""
    return _named(f"seed{seed:05d}", label)


def _named(name: str, label: int | None) -> str:
    return f"{name}.png" if label is None else f"{name}-class{label}.png"


class SampleFolder:
    """A folder that holds nothing but samples and their manifest, apart from hidden files.

    Args:
        path: The folder; it need not exist yet.
        names: File names of all samples, from `sample_name` or `seed_name`.
        manifest: Content of the manifest, with `NUMBER` and the entries of `IDENTITY`.
    """

    def __init__(self, path: Path, names: Sequence[str], manifest: dict[str, Any]) -> None:
        self.path = path
        self.names = names
        self.manifest = manifest

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Keeps other processes from writing samples here; creates the folder.

        Raises:
            InputError: Another process writes samples here, or the path is that of a file.
        """
        self._check_folder()
        refusal = f"Another process writes samples to {self.path}; wait for it, or name a new folder."
        with locked_or_refused(self.path / LOCK, refusal):
            yield

    def open(self, *, overwrite: bool = False) -> None:
        """Starts the samples here, or continues the same samples or fewer of them.

        Args:
            overwrite: Whether to delete the samples that the manifest in the folder describes.

        Raises:
            InputError: The folder holds other samples, or files that are none; nothing is changed then.
        """
        self._check_folder()
        present = self._present()
        there = self._manifest_there() if MANIFEST in present else None
        if there is not None and not overwrite:
            self._check_same(there)
        ours = set() if there is None else self._ours(present, overwrite=overwrite)
        self._check_no_others(present - {MANIFEST} - ours)
        if self.path.exists():
            remove_partial_files(self.path)
        if overwrite:
            self._delete(ours)
        write_json(self.path / MANIFEST, self.manifest)

    def missing(self) -> list[int]:
        """Returns the numbers of the samples without a file."""
        present = self._present()
        return [number for number, name in enumerate(self.names) if name not in present]

    def _check_folder(self) -> None:
        if self.path.exists() and not self.path.is_dir():
            raise InputError(f"A folder of samples must be a folder. Received: the file {self.path}")

    def _present(self) -> set[str]:
        """Returns the names in the folder but for hidden ones, which file managers make."""
        return {path.name for path in self.path.glob("*") if not path.name.startswith(".")}

    def _manifest_there(self) -> dict[str, Any]:
        path = self.path / MANIFEST
        try:
            there = json.loads(path.read_text())
        except ValueError:
            there = None
        if not isinstance(there, dict) or not {NUMBER, *IDENTITY} <= there.keys():
            raise InputError(f"{path} does not describe samples; name a new folder.")
        return there

    def _check_same(self, there: dict[str, Any]) -> None:
        names = (*IDENTITY, *LATER_IDENTITY)
        changed = [name for name in names if there.get(name) != self.manifest.get(name)]
        if there[NUMBER] > self.manifest[NUMBER]:
            changed.append(NUMBER)
        if changed:
            changes = ", ".join(f"{name} {there.get(name)} there, {self.manifest.get(name)} here" for name in changed)
            raise InputError(
                f"{self.path} holds other samples ({changes}); repeat their command to continue them, "
                "name a new folder, or pass --overwrite to delete them."
            )

    def _ours(self, present: set[str], *, overwrite: bool) -> set[str]:
        """Returns the names of samples beside a manifest: of these samples, or of any that are to be deleted."""
        return {name for name in present if _SAMPLE.fullmatch(name)} if overwrite else set(self.names)

    def _check_no_others(self, others: set[str]) -> None:
        """Refuses files that no manifest describes: other tools would take images among them for samples."""
        if others:
            listed = ", ".join(sorted(others)[:_LISTED]) + (", ..." if len(others) > _LISTED else "")
            raise InputError(f"{self.path} holds other files ({listed}); name a new folder.")

    def _delete(self, names: set[str]) -> None:
        for name in names:
            (self.path / name).unlink()
