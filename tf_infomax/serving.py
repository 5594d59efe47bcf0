"""A trained generator as a SavedModel that needs neither Keras nor this package."""

import json
from pathlib import Path
from typing import Any, NamedTuple

import keras
import numpy as np
import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.files import atomic_folder, write_json
from tf_infomax.images import IMAGE_RANK, to_output
from tf_infomax.latents import generation_labels, generation_latents
from tf_infomax.models import Sampler
from tf_infomax.networks.conditioning import call_network
from tf_infomax.types import Array, Tensor

ORIGIN_FILE = Path("assets.extra") / "origin.json"
"""Where a SavedModel says which run it came from; TensorFlow Serving ignores it."""
POINT_TOLERANCE = 1e-4


class Verification(NamedTuple):
    """What `verify_export` found."""

    signatures: dict[str, str]
    """Each signature as text: inputs -> outputs with dtypes and shapes."""
    largest_difference: float
    """Between SavedModel and generator: of images in grey levels, of points in their own unit."""
    num_images: int
    """Samples compared by each signature."""
    tolerance: float
    """The largest difference that passes: one grey level, or what float32 leaves of points."""

    @property
    def passed(self) -> bool:
        """Whether the samples are equal within the tolerance."""
        return self.largest_difference <= self.tolerance

    @property
    def text(self) -> str:
        """One line for people."""
        if self.tolerance == POINT_TOLERANCE:
            return f"{self.num_images} points: at most {self.largest_difference:.1e} from the generator's"
        return f"{self.num_images} images: at most {self.largest_difference:.0f} grey levels from the generator"


def export_generator(
    generator: keras.Model, directory: Path | str, *, version: int = 1, origin: dict[str, Any] | None = None
) -> Path:
    """Writes `directory/version`, as TensorFlow Serving expects models.

    Signatures, all in inference mode; `images` are (N, H, W, C) uint8, and of a generator of points `points` (N, D)
    float32 in their place:
    - `serving_default`: `latents` (N, Z) float32 -> `images`; if conditional, with `labels` (N,) int64;
    - `generate`: `num_images` () int32, `seed` () int32 -> `images`, those of `GAN.generate`; if conditional, also the
      `labels` (N,) int64 that were drawn;
    - `generate_class`, if conditional: `num_images`, `seed` and `label` () int64 -> `images`, all of one class.

    Args:
        generator: A trained generator, such as `GAN.sampling_generator`.
        directory: Folder of all versions of the model.
        version: Number of this version.
        origin: JSON-ready facts kept beside the model, such as the run's path.

    Returns:
        The folder of the version.

    Raises:
        InputError: The version is below 1 or exists already.
    """
    if version < 1:
        raise InputError(f"`version` must be at least 1. Received: {version}")
    target = Path(directory) / str(version)
    if target.exists():
        raise InputError(f"{target} exists already; choose another version.")
    archive = keras.export.ExportArchive()
    # Not `archive.track(generator)`: endpoints track what they read, and Keras would add a signature of the generator
    # without labels, which a conditional one refuses.
    _add_endpoints(archive, generator)
    write_archive(archive, target, origin=origin)
    return target


def write_archive(archive: keras.export.ExportArchive, target: Path, *, origin: dict[str, Any] | None = None) -> None:
    """Writes a SavedModel with its origin, whole or not at all."""
    # Its name until then is no number, so that a server that watches the folder does not load it half-written.
    with atomic_folder(target) as folder:
        archive.write_out(str(folder), verbose=False)
        write_json(folder / ORIGIN_FILE, origin or {})


def _add_endpoints(archive: keras.export.ExportArchive, generator: keras.Model) -> None:
    latents = tf.TensorSpec([None, generator.latent_dim], tf.float32, name="latents")
    num_images, seed = (tf.TensorSpec([], tf.int32, name=name) for name in ("num_images", "seed"))

    def serve(latents: Tensor, labels: Tensor | None = None) -> dict[str, Tensor]:
        samples = to_output(call_network(generator, latents, labels, training=False))
        return {_output_name(samples): samples}

    def generate(num_images: Tensor, seed: Tensor) -> dict[str, Tensor]:
        return serve(generation_latents(num_images, generator.latent_dim, seed))

    def generate_labelled(num_images: Tensor, seed: Tensor) -> dict[str, Tensor]:
        labels = generation_labels(num_images, generator.num_classes, seed)
        return {**serve(generation_latents(num_images, generator.latent_dim, seed), labels), "labels": labels}

    def generate_class(num_images: Tensor, seed: Tensor, label: Tensor) -> dict[str, Tensor]:
        return serve(generation_latents(num_images, generator.latent_dim, seed), tf.fill([num_images], label))

    if getattr(generator, "num_classes", None) is None:
        archive.add_endpoint("serving_default", lambda latents: serve(latents), [latents])
        archive.add_endpoint("generate", generate, [num_images, seed])
        return
    labels, label = tf.TensorSpec([None], tf.int64, name="labels"), tf.TensorSpec([], tf.int64, name="label")
    archive.add_endpoint("serving_default", serve, [latents, labels])
    archive.add_endpoint("generate", generate_labelled, [num_images, seed])
    archive.add_endpoint("generate_class", generate_class, [num_images, seed, label])


def _output_name(samples: Tensor | Array) -> str:
    return "images" if len(samples.shape) == IMAGE_RANK else "points"


def read_origin(saved_model: Path | str) -> dict[str, Any]:
    """Reads the facts that `export_generator` kept.

    Raises:
        InputError: There is no SavedModel of this package in the folder.
    """
    path = Path(saved_model) / ORIGIN_FILE
    if not path.is_file():
        raise InputError(f"{saved_model} holds no exported generator: it has no {ORIGIN_FILE}.")
    return json.loads(path.read_text())


def verify_export(
    saved_model: Path | str, generator: keras.Model, *, num_images: int = 64, seed: int = 0
) -> Verification:
    """Loads a SavedModel with TensorFlow alone and compares all signatures with the generator it came from.

    Args:
        saved_model: Folder of one version.
        generator: The generator that was exported.
        num_images: Images to compare by each signature.
        seed: Their seed.

    Raises:
        InputError: The folder holds no SavedModel with the signatures of `export_generator`.
    """
    sampler = Sampler(generator)
    signatures = _load_signatures(saved_model, required=_required_signatures(sampler.num_classes))
    scalars = {"num_images": tf.constant(num_images), "seed": tf.constant(seed)}
    inputs = {
        "serving_default": {"latents": generation_latents(num_images, sampler.latent_dim, seed)},
        "generate": scalars,
    }
    expected = dict.fromkeys(inputs, sampler.generate(num_images, seed))
    if sampler.num_classes:
        label = tf.constant(sampler.num_classes - 1, tf.int64)
        inputs["serving_default"]["labels"] = generation_labels(num_images, sampler.num_classes, seed)
        inputs["generate_class"] = {**scalars, "label": label}
        expected["generate_class"] = sampler.generate(num_images, seed, labels=np.repeat(label.numpy(), num_images))
    output = _output_name(expected["generate"])
    served = {name: signatures[name](**values)[output].numpy() for name, values in inputs.items()}
    difference = max(_largest_difference(served[name], expected[name]) for name in served)
    described = {name: _describe(signature) for name, signature in signatures.items()}
    return Verification(described, difference, num_images, 1 if output == "images" else POINT_TOLERANCE)


def _required_signatures(num_classes: int | None) -> set[str]:
    return {"serving_default", "generate"} | ({"generate_class"} if num_classes else set())


def _load_signatures(saved_model: Path | str, *, required: set[str]) -> dict[str, Any]:
    if not tf.saved_model.contains_saved_model(str(saved_model)):
        raise InputError(f"{saved_model} holds no SavedModel.")
    loaded = tf.saved_model.load(str(saved_model))
    signatures = {name: loaded.signatures[name] for name in loaded.signatures if not name.startswith("__")}
    missing = required - set(signatures)
    if missing:
        raise InputError(f"{saved_model} has no signature {', '.join(sorted(missing))}.")
    # A signature does not keep the model that it reads alive.
    for signature in signatures.values():
        signature._tf_infomax_owner = loaded
    return signatures


def _largest_difference(samples: Array, expected: Array) -> float:
    if samples.shape != expected.shape or samples.dtype != expected.dtype:
        wanted = f"{expected.shape} {expected.dtype}"
        raise InputError(f"Samples must be {wanted}. Received: {samples.shape} {samples.dtype}")
    return float(np.max(np.abs(samples.astype(np.float64) - expected.astype(np.float64))))


def _describe(signature: Any) -> str:
    _, inputs = signature.structured_input_signature
    parts = [
        ", ".join(f"{name} {spec.dtype.name} {spec.shape}" for name, spec in sorted(specs.items()))
        for specs in (inputs, signature.structured_outputs)
    ]
    return " -> ".join(parts)
