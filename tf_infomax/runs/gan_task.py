"""Training of GANs."""

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from tf_infomax import callbacks, data
from tf_infomax.callbacks.sample_grids import NUM_IMAGES, sample_grid
from tf_infomax.errors import InputError
from tf_infomax.images import are_images, centre_crop, image_grid, write_png
from tf_infomax.metrics import default_features
from tf_infomax.models import GAN
from tf_infomax.models.recalibration import recalibrate
from tf_infomax.networks.conditioning import call_network
from tf_infomax.presets import Preset
from tf_infomax.runs.checks import check_labels
from tf_infomax.runs.directory import RunDirectory
from tf_infomax.runs.options import GANRunOptions
from tf_infomax.runs.probing.subject import Subject
from tf_infomax.runs.task import Task
from tf_infomax.runs.watching import check_watching, measurements
from tf_infomax.serving import (
    Verification,
    Version,
    export_as,
    export_generator,
    verify_format,
    verify_generator_export,
)
from tf_infomax.sizes import checked_size
from tf_infomax.types import Array, Features, Tensor

DRAWN_POINTS = 1000
"""Points of the data in pictures."""


class GANTask(Task[GAN, GANRunOptions]):
    """GANs of images or points."""

    model_file = "gan.keras"

    def default_options(self) -> GANRunOptions:
        return GANRunOptions()

    def check(self, preset: Preset, options: GANRunOptions) -> None:
        if preset.steps < 1:
            raise InputError(f"`steps` must be at least 1. Received: {preset.steps}")
        check_watching(preset, options)

    def build(self, preset: Preset, options: GANRunOptions) -> GAN:
        gan: Any = preset.build(log_gradient_norms=options.log_norms)
        if gan.num_classes != preset.data.num_classes:
            raise InputError(
                f"`num_classes` must be {gan.num_classes or 'none'} for {type(gan.generator).__name__}. "
                f"Received: {preset.data.num_classes}"
            )
        return gan

    def check_source(self, model: GAN, preset: Preset, source: data.ImageSource) -> None:
        source = _as_measured(preset, source)
        if source.image_shape != model.image_shape:
            raise InputError(
                f"The networks must be for samples of {source.name}, {source.image_shape}. Received: networks for "
                f"{model.image_shape}"
            )
        if model.num_classes is not None:
            check_labels("A conditional GAN", model.num_classes, source)

    def watchers(
        self, run: RunDirectory, preset: Preset, source: data.ImageSource, options: GANRunOptions
    ) -> Sequence[keras.callbacks.Callback]:
        grids = callbacks.SampleGrid(
            run.samples,
            run.logs,
            every=options.sample_every,
            seed=preset.seed,
            class_names=source.class_names,
            real_points=_drawn_points(source),
        )
        norms = [callbacks.SpectralNorms(run.logs, every=options.log_every)] if options.log_norms else []
        others = super().watchers(run, preset, source, options)
        return [*measurements(run, preset, _as_measured(preset, source), options), grids, *others, *norms]

    def pictures(self, preset: Preset, source: data.ImageSource) -> Mapping[str, Array]:
        if not are_images(source.image_shape):
            return {}
        real = _as_measured(preset, source).sample_real(min(NUM_IMAGES, source.num_images), preset.seed)
        return {"real": image_grid(real)}

    def finish(self, run: RunDirectory, model: GAN, preset: Preset, source: data.ImageSource) -> None:
        final = run.samples / callbacks.FINAL_GRID
        if not final.exists():  # A signal stopped training just as it was complete.
            drawn: dict[str, Any] = {"class_names": source.class_names, "real_points": _drawn_points(source)}
            write_png(final, sample_grid(model, seed=preset.seed, **drawn))

    def report(self, run: RunDirectory, preset: Preset) -> str:
        features = "" if default_features(preset.data.dataset) else " --features inception"
        lines = [
            super().report(run, preset),
            *([_best(run)] if run.has_best else []),
            f"Samples: {run.samples / callbacks.FINAL_GRID}",
            f"Next: tf-infomax evaluate {shlex.quote(str(run.path))}{features}",
        ]
        return "\n".join(lines)

    def export(
        self, model: GAN, directory: Path | str, *, version: Version, max_rows: int, origin: dict[str, Any]
    ) -> Path:
        return export_generator(model.sampling_generator, directory, version=version, max_rows=max_rows, origin=origin)

    def export_as(
        self, name: str, model: GAN, directory: Path | str, *, version: Version, origin: dict[str, Any]
    ) -> Path:
        return export_as(name, model.sampling_generator, directory, version=version, origin=origin)

    def recalibrate(self, model: GAN, num_latents: int) -> None:
        recalibrate(model.sampling_generator, num_latents)

    def verify_format(self, folder: Path | str, model: GAN, *, num_images: int, seed: int) -> Verification:
        return verify_format(folder, model.sampling_generator, num_images=num_images, seed=seed)

    def verify(self, saved_model: Path | str, model: GAN, *, num_images: int, seed: int) -> Verification:
        return verify_generator_export(saved_model, model.sampling_generator, num_images=num_images, seed=seed)

    def subject(self, model: GAN) -> Subject:
        if not are_images(model.image_shape):
            raise InputError(f"Probes need images. Received: a GAN of points {model.image_shape}")

        def encode(images: Tensor) -> Features:
            # Labels enter only the logits of a conditional discriminator.
            images = centre_crop(images, checked_size(model.image_shape[:2]))
            return call_network(model.discriminator, images, tf.zeros(tf.shape(images)[0], tf.int64))

        layers = ("local_features", "global_features")
        return Subject(type(model.discriminator).__name__, encode, layers, layers[-1])


def _as_measured(preset: Preset, source: data.ImageSource) -> data.ImageSource:
    """Returns the samples that generated ones are compared with: of images, the middle of the networks' size."""
    return source.centre_cropped(preset.data.image_size)


def _drawn_points(source: data.ImageSource) -> Array | None:
    """Returns points of the data for pictures; None for images."""
    return None if are_images(source.image_shape) else source.sample_real(min(DRAWN_POINTS, source.num_images), 0)


def _best(run: RunDirectory) -> str:
    record = run.best_record()
    return f"Best {record['metric']}: {record['value']:.4g} at step {record['step']}, {run.best_model_path}"
