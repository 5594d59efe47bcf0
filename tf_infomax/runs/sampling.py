"""Many samples of a GAN for other tools: a folder of images that can be continued, or one file of arrays."""

import itertools
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.files import atomic_path
from tf_infomax.images import are_images, write_png
from tf_infomax.latents import LatentChoice
from tf_infomax.models import GAN, resolve_weights, sampler_of
from tf_infomax.models.validation import check_classes
from tf_infomax.progress import progress_bar
from tf_infomax.runs.sample_folder import SampleFolder, sample_name, seed_name
from tf_infomax.types import Array

BATCH_SIZE = 256
"""Samples computed at once; the default of `GAN.generate`."""
NUM_SAMPLES = 10_000
"""Default number of samples."""

_WRITING_THREADS = 4


class SampleSet:
    """Numbered samples of a GAN, each a function of the seed and its own number, or of a seed of its own.

    They are computed in whole batches from sample 0 on, the last of which is cut. So a sample depends neither on how
    many there are nor on which of them are computed, bit for bit on the same machine.

    The samples are those of `GAN.generate(num_samples, seed)`, where a last batch that is not whole may differ by the
    rounding of float32: a grey level at most.

    Args:
        gan: The GAN.
        num_samples: Number of samples (N); 10,000 if None.
        seed: Seed of the latents, and of the labels of a conditional GAN.
        seeds: Seeds of one sample each, `GAN.generate(1, seed)`, in place of `num_samples` and `seed`.
        classes: Labels of a conditional GAN, in turn; drawn uniformly if None.
        truncation: Bound of the latents, see `truncated_latents`; none if None.
        weights: `"average"` or `"raw"`, see `resolve_weights`.

    Attributes:
        labels: Labels (N,) int64; None of a GAN that is not conditional.

    Raises:
        InputError: A number or the seed is out of range, or the GAN has no such classes or weights.
    """

    def __init__(
        self,
        gan: GAN,
        num_samples: int | None = None,
        *,
        seed: int = 0,
        seeds: Sequence[int] | None = None,
        classes: Sequence[int] | None = None,
        truncation: float | None = None,
        weights: str | None = None,
    ) -> None:
        self.choice = LatentChoice(seed, None if seeds is None else tuple(seeds), truncation)
        self.num_samples = self.choice.number(num_samples, NUM_SAMPLES)
        if classes is not None:
            check_classes(classes, gan.num_classes)
        self.classes = None if classes is None else list(classes)
        self.weights = resolve_weights(gan, weights)
        self.sample_shape = gan.image_shape
        self.of_images = are_images(gan.image_shape)
        self._sampler = sampler_of(gan, weights)
        computed = self.num_samples + -self.num_samples % BATCH_SIZE
        self._latents = self.choice.latents(computed, self._sampler.latent_dim)
        self._labels = _labels(gan.num_classes, computed, self.choice, classes)
        self.labels = None if self._labels is None else self._labels[: self.num_samples]

    @property
    def unit(self) -> str:
        """What one sample is."""
        return "image" if self.of_images else "point"

    @property
    def settings(self) -> dict[str, Any]:
        """What the samples are, but for the GAN."""
        return {
            "num_images": self.num_samples,
            "seed": self.choice.seed,
            "seeds": None if self.choice.seeds is None else list(self.choice.seeds),
            "classes": self.classes,
            "truncation": self.choice.truncation,
            "weights": self.weights,
            "batch_size": BATCH_SIZE,
        }

    def file_names(self) -> list[str]:
        """Returns the names of the samples' files, with their seeds or numbers and the labels of a conditional GAN."""
        labels = itertools.repeat(None) if self.labels is None else self.labels.tolist()
        if self.choice.seeds is not None:
            return [seed_name(seed, label) for seed, label in zip(self.choice.seeds, labels)]
        return [sample_name(number, label) for number, label in zip(range(self.num_samples), labels)]

    def batch(self, start: int) -> Array:
        """Computes the samples from number `start`, a multiple of `BATCH_SIZE`, to the end of its batch.

        Returns:
            Images (B, H, W, C) uint8, or points (B, D) float32.

        Raises:
            InputError: Samples have values that are not finite.
        """
        rows = slice(start, start + BATCH_SIZE)
        labels = None if self._labels is None else self._labels[rows]
        samples = self._sampler.render(self._latents[rows], labels, batch_size=BATCH_SIZE)
        return samples[: self.num_samples - start]


def write_sample_folder(
    samples: SampleSet, folder: Path | str, *, origin: dict[str, Any], overwrite: bool = False
) -> None:
    """Writes images as PNG, one a file, `000000.png` or of a conditional GAN `000000-class3.png`.

    Those of several seeds are `seed00017.png` ...

    What exists already is left as it is, so that a second call continues an interrupted one, or adds to fewer images;
    the result equals that of one call bit for bit. The folder's manifest, `samples.json`, says what the images are.

    Args:
        samples: The images.
        folder: Folder for them alone, which is created.
        origin: Where the GAN comes from, `TrainedModel.origin()`; its `sha256` tells one model from another.
        overwrite: Whether to delete the samples in the folder first.

    Raises:
        InputError: The samples are points or not finite, the folder holds other samples or other files, or another
            process writes samples to it.
        NotWritten: The disk is full, read-only or damaged; what is written already stays.
    """
    if not samples.of_images:
        raise InputError("A folder is for images; points go into one npz file. Received: a GAN of points")
    tf.config.experimental.enable_op_determinism()
    target = SampleFolder(Path(folder), samples.file_names(), {**samples.settings, **origin})
    with target.locked():
        target.open(overwrite=overwrite)
        _write_missing(samples, target)


def _write_missing(samples: SampleSet, target: SampleFolder) -> None:
    missing, names = target.missing(), target.names
    done = samples.num_samples - len(missing)
    with progress_bar(samples.num_samples, initial=done, unit=samples.unit) as bar:
        for start, numbers in itertools.groupby(missing, key=lambda number: number - number % BATCH_SIZE):
            images = samples.batch(start)
            bar.update(_write_images((target.path / names[number], images[number - start]) for number in numbers))


def _write_images(images: Iterable[tuple[Path, Array]]) -> int:
    """Writes images to their paths, several at a time because each waits for the disk, and returns their number."""
    with ThreadPoolExecutor(_WRITING_THREADS) as pool:
        return len(list(pool.map(lambda pair: write_png(*pair), images)))


def write_sample_file(samples: SampleSet, path: Path | str) -> None:
    """Writes all samples as one npz file, whole or not at all.

    It holds `images` (N, H, W, C) uint8 or `points` (N, D) float32, and of a conditional GAN `labels` (N,) int64.

    Args:
        samples: The samples.
        path: File to write; it is replaced if it exists.

    Raises:
        InputError: Samples have values that are not finite.
    """
    tf.config.experimental.enable_op_determinism()
    arrays: dict[str, Any] = {f"{samples.unit}s": _all_samples(samples)}
    if samples.labels is not None:
        arrays["labels"] = samples.labels
    with atomic_path(Path(path)) as partial, partial.open("wb") as file:
        np.savez(file, **arrays)


def _all_samples(samples: SampleSet) -> Array:
    """Computes all samples into one array, so that they are in memory once."""
    array = np.empty((samples.num_samples, *samples.sample_shape), np.uint8 if samples.of_images else np.float32)
    with progress_bar(samples.num_samples, unit=samples.unit) as bar:
        for start in range(0, samples.num_samples, BATCH_SIZE):
            batch = samples.batch(start)
            array[start : start + len(batch)] = batch
            bar.update(len(batch))
    return array


def _labels(
    num_classes: int | None, num_samples: int, choice: LatentChoice, classes: Sequence[int] | None
) -> Array | None:
    if classes is not None:
        return np.resize(np.asarray(classes, np.int64), num_samples)
    return None if num_classes is None else choice.labels(num_samples, num_classes).numpy()
