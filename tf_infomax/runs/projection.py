"""Projection of image files onto the GAN of a run: the latents of each, and pictures of what was found."""

import dataclasses
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf

from tf_infomax.data.decoding import UnreadableImage
from tf_infomax.data.image_reader import read_one_image
from tf_infomax.errors import InputError
from tf_infomax.files import atomic_path
from tf_infomax.images import are_images, image_grid, to_float
from tf_infomax.latents import check_seed
from tf_infomax.metrics.features import FeatureExtractor, feature_extractor
from tf_infomax.models import (
    GAN,
    Found,
    LatentSearch,
    discriminator_features,
    generator_of,
    resolve_weights,
    sampler_of,
)
from tf_infomax.models.projection import CANDIDATES, FeatureFunction
from tf_infomax.models.validation import check_classes
from tf_infomax.progress import progress_bar
from tf_infomax.runs.options import ProjectionOptions
from tf_infomax.runs.trained_model import TrainedModel
from tf_infomax.sizes import checked_size
from tf_infomax.types import Array, Tensor

_SHOWN = 4
"""Restarts in a row of the picture."""


class Projection(NamedTuple):
    """An image and what was found for it.

    Attributes:
        image: The given image (H, W, C) uint8.
        start: The random latents that the search began with, the nearest first.
        found: The latents at its end, the best first.
    """

    image: Array
    start: Found
    found: Found

    @property
    def summary(self) -> str:
        """The best distance beside that of the nearest random latents, and the class of a conditional GAN."""
        best, nearest = self.found.distances[0], self.start.distances[0]
        label = "" if self.found.labels is None else f", class {self.found.labels[0]}"
        return f"distance {best:.4f}, of the nearest random image {nearest:.4f}{label}"


def read_given_images(run: TrainedModel, gan: GAN, paths: Sequence[Path]) -> Array:
    """Reads images and prepares them as the data of a run: cropped to the centre and resized, upright, on white.

    An image of the generator's size is taken as it is.

    Args:
        run: The run, or the saved model.
        gan: Its GAN.
        paths: The files, at least one.

    Returns:
        (N, H, W, C) uint8.

    Raises:
        InputError: The GAN is one of points, or of images of other than 1 or 3 channels, there is no file, or one
            cannot be read.
    """
    if not are_images(gan.image_shape) or gan.image_shape[-1] not in (1, 3):
        raise InputError(f"Projection needs a GAN of images of 1 or 3 channels. Received: one of {gan.image_shape}")
    if not paths:
        raise InputError("Projection needs at least one image. Received: none")
    dataset = run.config().get("dataset", {}).get("name", "")
    return np.stack([_read(path, gan.image_shape, dataset) for path in paths])


def _read(path: Path, image_shape: Sequence[int], dataset: str) -> Array:
    try:
        return read_one_image(path, checked_size(image_shape[:2]), image_shape[-1], dataset=dataset)
    except UnreadableImage as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"An image must be a JPEG, PNG, BMP, GIF or WebP file. Received: {reason}") from error


def project_images(gan: GAN, images: Array, options: ProjectionOptions) -> list[Projection]:
    """Finds the latents of images, one after the other, with a progress bar.

    Args:
        gan: The GAN.
        images: (N, H, W, C) uint8.
        options: What is compared and how it is searched.

    Raises:
        InputError: An option is out of range, the GAN has no such classes or weights, or the features cannot be loaded,
            are not for such images or have no gradients.
    """
    check_seed(options.seed)
    classes = options.classes
    if classes is not None:
        check_classes(classes, gan.num_classes)
    elif gan.num_classes is not None:
        classes = tuple(range(gan.num_classes))
    candidates = options.candidates
    if candidates is None:
        candidates = max(CANDIDATES, options.restarts, len(classes or ()))
    drawn = {"candidates": candidates, "seed": options.seed, "classes": classes}
    tf.config.experimental.enable_op_determinism()
    search = _search(gan, images, options)
    with progress_bar(len(images) * options.steps, unit="step") as bar:
        return [_projected(search, image, drawn, bar.update) for image in images]


def _projected(search: LatentSearch, image: Array, drawn: dict[str, Any], on_step: Any) -> Projection:
    pixels = to_float(image).numpy()
    start = search.starts(pixels, **drawn)
    return Projection(image, start, search.search(pixels, start, on_step=on_step))


def _search(gan: GAN, images: Array, options: ProjectionOptions) -> LatentSearch:
    names = ("restarts", "steps", "learning_rate", "pixel_weight", "prior_weight")
    numbers = {name: getattr(options, name) for name in names}
    return LatentSearch(generator_of(gan, options.weights), _features(gan, images, options), **numbers)


def _features(gan: GAN, images: Array, options: ProjectionOptions) -> FeatureFunction:
    outputs = {"feature_output": options.feature_output, "logit_output": options.logit_output}
    if options.features is None:
        if given := [name for name, value in outputs.items() if value is not None]:
            raise InputError(f"`{given[0]}` is for a network that `features` names. Received: no features")
        return discriminator_features(gan.discriminator)
    extractor = feature_extractor(options.features, **outputs)
    extractor(images[:1])  # Says what does not fit.
    return _network_features(extractor)


def _network_features(extractor: FeatureExtractor) -> FeatureFunction:
    def features(images: Tensor, labels: Tensor | None) -> list[Tensor]:
        return [extractor.activations((images + 1.0) * 127.5)]

    return features


def projection_picture(gan: GAN, projections: Iterable[Projection], *, weights: str | None = None) -> Array:
    """Draws a row for each image: the given one, that of the best latents, and those of the next best restarts.

    Args:
        gan: The GAN.
        projections: What was found.
        weights: Weights of the generator, those of the search.

    Returns:
        (height, width, C) uint8.
    """
    sampler, rows = sampler_of(gan, weights), []
    for image, _, found in projections:
        labels = None if found.labels is None else found.labels[:_SHOWN]
        rows.append(np.concatenate([image[None], sampler.render(tf.constant(found.latents[:_SHOWN]), labels)]))
    return image_grid(np.concatenate(rows), columns=len(rows[0]))


def write_latents(
    path: Path, gan: GAN, projections: Sequence[Projection], options: ProjectionOptions, *, origin: dict[str, Any]
) -> None:
    """Writes the best latents of each image as one npz file, whole or not at all.

    It holds `latents` (N, Z) float32, of a conditional GAN `labels` (N,) int64, `images` (N, H, W, C) uint8, which are
    `gan.sampler.render(latents, labels)`, `distances` (N,) float32, and `settings`, a text of JSON: the options of the
    search, the weights and where the GAN comes from.

    Args:
        path: File to write; it is replaced if it exists.
        gan: The GAN.
        projections: What was found, at least one.
        options: Those of the search.
        origin: Where the GAN comes from, `TrainedModel.origin()`.
    """
    best = [projection.found for projection in projections]
    arrays: dict[str, Any] = {
        "latents": np.stack([found.latents[0] for found in best]),
        "distances": np.stack([found.distances[0] for found in best]),
    }
    if gan.num_classes is not None:
        arrays["labels"] = np.stack([found.labels[0] for found in best if found.labels is not None])
    sampler = sampler_of(gan, options.weights)
    arrays["images"] = sampler.render(tf.constant(arrays["latents"]), arrays.get("labels"))
    settings = {**dataclasses.asdict(options), "weights": resolve_weights(gan, options.weights), **origin}
    arrays["settings"] = json.dumps(settings)
    with atomic_path(path) as partial, partial.open("wb") as file:
        np.savez(file, **arrays)
