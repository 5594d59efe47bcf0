"""A trained generator as a SavedModel that needs neither Keras nor this package."""

import json
import shutil
from pathlib import Path
from typing import Any, NamedTuple

import keras
import numpy as np
import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.files import PARTIAL_PREFIX, write_json
from tf_infomax.images import to_uint8
from tf_infomax.latents import generation_latents
from tf_infomax.models.gan import GAN
from tf_infomax.types import Array

ORIGIN_FILE = Path("assets.extra") / "origin.json"
"""Where a SavedModel says which run it came from; TensorFlow Serving ignores it."""


class Verification(NamedTuple):
    """What `verify_export` found."""

    signatures: dict[str, str]
    """Each signature as text: inputs -> outputs with dtypes and shapes."""
    largest_difference: int
    """Between SavedModel and generator, in grey levels."""
    num_images: int
    """Images compared by each signature."""

    @property
    def passed(self) -> bool:
        """Whether the images are at most one grey level apart."""
        return self.largest_difference <= 1


def export_generator(
    gan: GAN, directory: Path | str, *, version: int = 1, origin: dict[str, Any] | None = None
) -> Path:
    """Writes `directory/version`, as TensorFlow Serving expects models.

    Signatures, both in inference mode:
    - `serving_default`: `latents` (N, Z) float32 -> `images` (N, H, W, C) uint8;
    - `generate`: `num_images` () int32, `seed` () int32 -> `images` (N, H, W, C) uint8, those of `GAN.generate`.

    Args:
        gan: The trained GAN.
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
    # Not a number, so that a server that watches the folder does not load it half-written.
    partial = target.with_name(f"{PARTIAL_PREFIX}{version}")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        _archive(gan).write_out(str(partial), verbose=False)
        write_json(partial / ORIGIN_FILE, origin or {})
        partial.rename(target)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return target


def _archive(gan: GAN) -> keras.export.ExportArchive:
    generator = gan.generator
    latent_dim = generator.latent_dim

    def serve(latents):
        return {"images": to_uint8(generator(latents, training=False))}

    def generate(num_images, seed):
        return serve(generation_latents(num_images, latent_dim, seed))

    archive = keras.export.ExportArchive()
    archive.track(generator)
    archive.add_endpoint("serving_default", serve, [tf.TensorSpec([None, latent_dim], tf.float32, name="latents")])
    scalar = [tf.TensorSpec([], tf.int32, name=name) for name in ("num_images", "seed")]
    archive.add_endpoint("generate", generate, scalar)
    return archive


def read_origin(saved_model: Path | str) -> dict[str, Any]:
    """Reads the facts that `export_generator` kept.

    Raises:
        InputError: There is no SavedModel of this package in the folder.
    """
    path = Path(saved_model) / ORIGIN_FILE
    if not path.is_file():
        raise InputError(f"{saved_model} holds no exported generator: it has no {ORIGIN_FILE}.")
    return json.loads(path.read_text())


def verify_export(saved_model: Path | str, gan: GAN, *, num_images: int = 64, seed: int = 0) -> Verification:
    """Loads a SavedModel with TensorFlow alone and compares both signatures with the generator it came from.

    Args:
        saved_model: Folder of one version.
        gan: The GAN that was exported.
        num_images: Images to compare by each signature.
        seed: Their seed.

    Raises:
        InputError: The folder holds no SavedModel with both signatures.
    """
    signatures = _load_signatures(saved_model)
    latents = generation_latents(num_images, gan.generator.latent_dim, seed)
    expected = gan.render(latents)
    served = signatures["serving_default"](latents=latents)["images"]
    generated = signatures["generate"](num_images=tf.constant(num_images), seed=tf.constant(seed))["images"]
    difference = max(_largest_difference(images.numpy(), expected) for images in (served, generated))
    described = {name: _describe(signature) for name, signature in signatures.items()}
    return Verification(described, difference, num_images)


def _load_signatures(saved_model: Path | str) -> dict[str, Any]:
    if not tf.saved_model.contains_saved_model(str(saved_model)):
        raise InputError(f"{saved_model} holds no SavedModel.")
    loaded = tf.saved_model.load(str(saved_model))
    signatures = {name: loaded.signatures[name] for name in loaded.signatures if not name.startswith("__")}
    missing = {"serving_default", "generate"} - set(signatures)
    if missing:
        raise InputError(f"{saved_model} has no signature {', '.join(sorted(missing))}.")
    # A signature does not keep the model that it reads alive.
    for signature in signatures.values():
        signature._tf_infomax_owner = loaded
    return signatures


def _largest_difference(images: Array, expected: Array) -> int:
    if images.shape != expected.shape or images.dtype != np.uint8:
        raise InputError(f"Images must be {expected.shape} uint8. Received: {images.shape} {images.dtype}")
    return int(np.max(np.abs(images.astype(np.int16) - expected.astype(np.int16))))


def _describe(signature: Any) -> str:
    _, inputs = signature.structured_input_signature
    parts = [
        ", ".join(f"{name} {spec.dtype.name} {spec.shape}" for name, spec in sorted(specs.items()))
        for specs in (inputs, signature.structured_outputs)
    ]
    return " -> ".join(parts)
