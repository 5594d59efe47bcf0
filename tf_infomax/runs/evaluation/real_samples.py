"""Real samples to measure against, and their features, which are computed once for each user."""

import hashlib
import json
import logging
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from tf_infomax.data import ImageSource
from tf_infomax.files import atomic_folder, default_cache_dir, lock_beside, locked, sha256_of, write_json
from tf_infomax.metrics import ImageSuite, Suite
from tf_infomax.metrics.feature_files import read_features
from tf_infomax.runs.evaluation.progress import in_parts
from tf_infomax.runs.machine import versions
from tf_infomax.types import Array

DESCRIPTION = "description.json"
# Increased when the format or the meaning of the features changes.
_FORMAT = 1
_CHUNK = 1000

# Programs configure no logging: a warning is then one plain line on standard error.
_logger = logging.getLogger(__name__)
_scratch_folders: list[tempfile.TemporaryDirectory[str]] = []


@dataclass(frozen=True)
class RealSamples:
    """Real samples drawn from a source.

    Attributes:
        source: The data.
        indices: (N,) numbers of the samples.
        draw: How they were drawn, ready for JSON.
    """

    source: ImageSource
    indices: Array = field(repr=False)
    draw: dict[str, Any]

    def chunks(self) -> Iterator[Array]:
        """Yields the samples in parts."""
        for start in range(0, len(self.indices), _CHUNK):
            yield self.source.images_at(self.indices[start : start + _CHUNK])


def real_samples(source: ImageSource, num_samples: int, seed: int, *, per_class: int | None = None) -> RealSamples:
    """Draws real samples without replacement.

    Args:
        source: The data.
        num_samples: Number of samples, ignored if they are drawn by class. All of them need no seed.
        seed: Seed of the draw.
        per_class: Images of each class, if they are drawn by class.

    Raises:
        InputError: The split, or a class, has fewer.
    """
    if per_class is not None:
        indices = source.draw_by_class(per_class, seed)
        return RealSamples(source, indices, {"per_class": per_class, "seed": seed})
    if num_samples == source.num_images:
        return RealSamples(source, np.arange(num_samples), {"num_samples": num_samples})
    return RealSamples(source, source.draw(num_samples, seed), {"num_samples": num_samples, "seed": seed})


def cached_features(suite: Suite[Any, Any], real: RealSamples, *, digest: str, cache_dir: Path | None) -> Any:
    """Returns the features of real images from the user's cache, computed if they are not there.

    Everything that decides them names the cache; it appears under its name when it is complete. Files that are not as
    they were written get a notice and are computed again.

    Args:
        suite: Suite of metrics; points need no cache.
        real: The real samples.
        digest: `ImageSource.digest` of their source.
        cache_dir: Folder of all caches; the user's if None.
    """
    if not isinstance(suite, ImageSuite):
        return suite.extract(np.concatenate(list(real.chunks())))
    key = feature_key(suite, real, digest)
    folder = cache_path(real.source, key, cache_dir)
    try:
        if not _is_intact(folder):  # One that cannot be locked can be read.
            with locked(lock_beside(folder)):
                if not _is_intact(folder, says=True):
                    _write(suite, real, key, folder)
    except OSError as error:
        _logger.warning("warning: features of real images cannot be kept in %s (%s)", folder.parent, error)
        return _collect(suite, real, _scratch_folder())
    return read_features(folder)


def cache_path(source: ImageSource, key: dict[str, Any], cache_dir: Path | None) -> Path:
    """Returns the path of what is kept of a source under a key: a readable name and the key's digest."""
    digest = hashlib.sha256(json.dumps(key, sort_keys=True).encode()).hexdigest()[:16]
    readable = re.sub(r"\W+", "-", f"{source.name}-{source.split}-{key['features']}").strip("-")[:80]
    return (cache_dir or default_cache_dir()) / "features" / f"{readable}-{digest}"


def feature_key(suite: Suite[Any, Any], real: RealSamples, digest: str) -> dict[str, Any]:
    """Returns everything that decides the features of real samples, ready for JSON."""
    return {
        "format": _FORMAT,
        **suite.provenance,
        "definition": suite.feature_definition,
        "dataset": real.source.name,
        "dataset_digest": digest,
        "split": real.source.split,
        "draw": real.draw,
        "versions": {name: version for name, version in versions().items() if name != "python"},
    }


def _write(suite: ImageSuite, real: RealSamples, key: dict[str, Any], folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)  # The space of a damaged one is needed.
    with atomic_folder(folder) as partial:
        _collect(suite, real, partial)
        digests = {path.name: sha256_of(path) for path in sorted(partial.glob("*.npy"))}
        write_json(partial / DESCRIPTION, {"key": key, "sha256": digests})


def _collect(suite: ImageSuite, real: RealSamples, folder: Path) -> Any:
    num_images = len(real.indices)
    return suite.collect(in_parts(real.chunks(), num_images, "Real images"), folder, num_samples=num_images)


def _scratch_folder() -> Path:
    """Returns an empty folder, which is removed when the program ends."""
    _scratch_folders.append(tempfile.TemporaryDirectory())
    return Path(_scratch_folders[-1].name)


def _is_intact(folder: Path, *, says: bool = False) -> bool:
    if not folder.exists():
        return False
    try:
        digests = json.loads((folder / DESCRIPTION).read_bytes())["sha256"]
        intact = bool(digests) and all(sha256_of(folder / name) == digest for name, digest in digests.items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        intact = False
    if says and not intact:
        _logger.warning("warning: the cached features in %s are damaged and are computed again", folder)
    return intact
