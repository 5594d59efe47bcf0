"""A trained generator as a SavedModel."""

from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from tf_infomax.images import are_images, to_output
from tf_infomax.latents import generation_labels, generation_latents
from tf_infomax.models import Sampler
from tf_infomax.networks.conditioning import call_network
from tf_infomax.serving.archive import describe, load_signatures, version_folder, write_archive
from tf_infomax.serving.verification import Verification, largest_difference
from tf_infomax.types import Array, Tensor

POINT_TOLERANCE = 1e-4


def export_generator(
    generator: keras.Model, directory: Path | str, *, version: int = 1, origin: dict[str, Any] | None = None
) -> Path:
    """Writes `directory/version`, as TensorFlow Serving expects models.

    Signatures, all in inference mode; `images` are (N, H, W, C) uint8, and a generator of points has `points` (N, D)
    float32 instead:
    - `serving_default`: `latents` (N, Z) float32 -> `images`; if conditional, with `labels` (N,) int64;
    - `generate`: `num_images` () int32, `seed` () int32 -> `images`, those of `GAN.generate`; if conditional, also the
      `labels` (N,) int64 that were drawn;
    - `generate_class`, if conditional: `num_images`, `seed` and `label` () int64 -> `images`, all of one class.

    Args:
        generator: A trained generator, such as `GAN.sampling_generator`.
        directory: Folder of all versions of the model.
        version: Number of this version.
        origin: JSON-ready facts kept beside the model, such as the run's path; the number of classes of a conditional
            generator is added.

    Returns:
        The folder of the version.

    Raises:
        InputError: The version is below 1 or exists already.
    """
    target = version_folder(directory, version)
    archive = keras.export.ExportArchive()
    # Not `archive.track(generator)`: endpoints track what they read, and Keras would add a signature of the generator
    # without labels, which a conditional one refuses.
    _add_endpoints(archive, generator)
    num_classes = getattr(generator, "num_classes", None)
    classes = {"num_classes": num_classes} if num_classes else {}
    write_archive(archive, target, origin={**(origin or {}), **classes})
    return target


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
    return "images" if are_images(samples.shape[1:]) else "points"


def verify_generator_export(
    saved_model: Path | str, generator: keras.Model, *, num_images: int = 64, seed: int = 0
) -> Verification:
    """Loads a SavedModel with TensorFlow alone and compares all signatures with the generator it came from.

    Args:
        saved_model: Folder of one version.
        generator: The generator that was exported.
        num_images: Number of images to compare by each signature.
        seed: Seed of the images.

    Raises:
        InputError: The folder holds no SavedModel with the signatures of `export_generator`.
    """
    sampler = Sampler(generator)
    signatures = load_signatures(saved_model, required=_required_signatures(sampler.num_classes))
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
    difference = max(largest_difference(served[name], expected[name]) for name in served)
    described = {name: describe(signature) for name, signature in signatures.items()}
    if output == "points":
        text = f"{num_images} points: at most {difference:.1e} from the generator's"
        return Verification(described, difference, POINT_TOLERANCE, text)
    text = f"{num_images} images: at most {difference:.0f} grey levels from the generator"
    return Verification(described, difference, 1, text)


def _required_signatures(num_classes: int | None) -> set[str]:
    return {"serving_default", "generate"} | ({"generate_class"} if num_classes else set())
