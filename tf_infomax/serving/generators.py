"""A trained generator as a SavedModel."""

from pathlib import Path
from typing import Any, NamedTuple

import keras
import numpy as np
import tensorflow as tf

from tf_infomax.images import are_images
from tf_infomax.latents import SEEDS, LatentChoice, generation_labels, generation_latents, truncated_latents
from tf_infomax.models import Sampler
from tf_infomax.serving.archive import describe, load_signatures, write_signatures
from tf_infomax.serving.generator_signatures import generator_signatures
from tf_infomax.serving.guards import MAX_ROWS, check_max_rows
from tf_infomax.serving.signature import PNG_BYTES, PNG_SUFFIX
from tf_infomax.serving.verification import Verification, check_num_images, largest_difference, samples_verification
from tf_infomax.serving.versions import Version, new_version
from tf_infomax.types import Array, Tensor

_MAX_SEEDS = 8
_LATENTS = "latents"


def export_generator(
    generator: keras.Model,
    directory: Path | str,
    *,
    version: Version = 1,
    max_rows: int = MAX_ROWS,
    origin: dict[str, Any] | None = None,
) -> Path:
    """Writes `directory/version`, as TensorFlow Serving expects models.

    Signatures, all in inference mode; `images` are (N, H, W, C) uint8, and a generator of points has `points` (N, D)
    float32 instead:
    - `serving_default`: `latents` (N, Z) float32 -> `images`; if conditional, with `labels` (N,) int64;
    - `generate`: `num_images` () int32, `seed` () int32 -> `images`, those of `GAN.generate`; if conditional, also the
      `labels` (N,) int64 that were drawn;
    - `generate_class`, if conditional: `num_images`, `seed` and `label` () int64 -> `images`, all of one class;
    - `seeds`: `seeds` (N,) int64 -> `images`, each that of `generate` with the number 1 and its own seed; if
      conditional, also `labels`;
    - `seeds_class`, if conditional: `seeds` and `labels` (N,) int64 -> `images`, each that of `generate_class`;
    - `seeds_truncated`: `seeds` and `truncation` (N,) float32, if conditional with `labels` -> `images` of the seeds'
      latents within these bounds, by `truncated_latents`;
    - `latents`: `seeds` (N,) -> `latents` (N, Z), those behind `seeds`.

    All of images have a form `NAME_png`, with PNG files `png_bytes` (N,) in the place of `images`. The numbers of
    `generate` and `generate_class` may also be vectors (M,), whose images follow each other.

    Every signature refuses what it cannot draw with INVALID_ARGUMENT and a sentence, before it draws: rows beyond the
    limit or none, latents that are not finite, labels out of range or not one for each row, seeds beyond 32 bits. Each
    has a small request in the warm-up file of TensorFlow Serving.

    Args:
        generator: A trained generator, such as `GAN.sampling_generator`.
        directory: Folder of all versions of the model.
        version: Number of this version; `"next"` is the one after the highest.
        max_rows: Largest number of rows of one request.
        origin: JSON-ready facts kept beside the model, such as the run's path; `max_rows` and the number of classes of
            a conditional generator are added.

    Returns:
        The folder of the version.

    Raises:
        InputError: The version is below 1 or exists already, or `max_rows` is below 1.
        NotWritten: The disk is full, read-only or damaged; nothing of the version is left.
    """
    check_max_rows(max_rows)
    num_classes = getattr(generator, "num_classes", None)
    classes = {"num_classes": num_classes} if num_classes else {}
    with new_version(directory, version) as target:
        signatures = generator_signatures(generator, max_rows=max_rows)
        write_signatures(signatures, target, origin={**(origin or {}), **classes, "max_rows": max_rows})
    return target


def verify_generator_export(
    saved_model: Path | str, generator: keras.Model, *, num_images: int = 64, seed: int = 0
) -> Verification:
    """Loads a SavedModel with TensorFlow alone and compares all its signatures with the generator it came from.

    Those of earlier versions have fewer.

    Args:
        saved_model: Folder of one version.
        generator: The generator that was exported.
        num_images: Number of images to compare by each signature; of those of `seeds` at most 8.
        seed: Seed of the images.

    Raises:
        InputError: The folder holds no SavedModel with the signatures of `export_generator`, or the export takes fewer
            images in one request.
    """
    check_num_images(saved_model, num_images)
    sampler = Sampler(generator)
    signatures = load_signatures(saved_model, required=_required_signatures(sampler.num_classes))
    requests = _requests(sampler, num_images, seed)
    drawn = {name: signatures[name](**request.inputs) for name, request in requests.items() if name in signatures}
    differences = [largest_difference(_samples(drawn[name]), requests[name].expected) for name in drawn]
    if _LATENTS in signatures:
        differences.append(_difference_by_latents(signatures[_LATENTS], sampler, requests["seeds"]))
    difference = float(np.max(differences))
    described = {name: describe(signature) for name, signature in signatures.items()}
    images = are_images(requests["generate"].expected.shape[1:])
    return samples_verification(described, difference, num_samples=num_images, images=images)


class _Request(NamedTuple):
    """The inputs of a signature, and what the generator itself draws from them."""

    inputs: dict[str, Tensor]
    expected: Array


def _requests(sampler: Sampler, num_images: int, seed: int) -> dict[str, _Request]:
    latents = {"latents": generation_latents(num_images, sampler.latent_dim, seed)}
    numbers = {"num_images": tf.constant(num_images), "seed": tf.constant(seed)}
    seeds = _some_seeds(seed, min(num_images, _MAX_SEEDS))
    drawn, one_each = sampler.generate(num_images, seed), [sampler.generate(1, int(each)) for each in seeds]
    requests = {
        "generate": _Request(numbers, drawn),
        "seeds": _Request({"seeds": tf.constant(seeds)}, np.concatenate(one_each)),
    }
    if sampler.num_classes:
        latents["labels"] = generation_labels(num_images, sampler.num_classes, seed)
        requests |= _class_requests(sampler, sampler.num_classes, numbers, seeds)
    requests["seeds_truncated"] = _truncated_request(sampler, seeds)
    requests["serving_default"] = _Request(latents, drawn)
    return requests | {name + PNG_SUFFIX: request for name, request in requests.items()}


def _class_requests(
    sampler: Sampler, num_classes: int, numbers: dict[str, Tensor], seeds: Array
) -> dict[str, _Request]:
    num_images, seed = int(numbers["num_images"]), int(numbers["seed"])
    label = num_classes - 1
    labels = np.arange(len(seeds)) % num_classes
    of_one_class = sampler.generate(num_images, seed, labels=np.full(num_images, label))
    one_each = [sampler.generate(1, int(each), labels=labels[[i]]) for i, each in enumerate(seeds)]
    return {
        "generate_class": _Request({**numbers, "label": tf.constant(label, tf.int64)}, of_one_class),
        "seeds_class": _Request({"seeds": tf.constant(seeds), "labels": tf.constant(labels)}, np.concatenate(one_each)),
    }


def _truncated_request(sampler: Sampler, seeds: Array) -> _Request:
    bounds = tf.linspace(0.5, 3.0, len(seeds))
    labels = {"labels": tf.constant(np.arange(len(seeds)) % sampler.num_classes)} if sampler.num_classes else {}
    latents = LatentChoice(seeds=tuple(seeds.tolist())).latents(len(seeds), sampler.latent_dim)
    expected = sampler.render(truncated_latents(latents, bounds), *labels.values())
    return _Request({"seeds": tf.constant(seeds), "truncation": bounds, **labels}, expected)


def _difference_by_latents(signature: Any, sampler: Sampler, request: _Request) -> float:
    """Returns how far samples of the latents that a signature gives for seeds are from those of the seeds."""
    seeds = request.inputs["seeds"]
    labels = None
    if sampler.num_classes:
        labels = tf.concat([generation_labels(1, sampler.num_classes, seed) for seed in seeds], axis=0)
    return largest_difference(sampler.render(signature(seeds=seeds)[_LATENTS], labels), request.expected)


def _some_seeds(seed: int, number: int) -> Array:
    """Returns seeds (N,) int64 from one on, or up to the last one."""
    first = min(seed, SEEDS.stop - number)
    return np.arange(first, first + number, dtype=np.int64)


def _samples(outputs: dict[str, Tensor]) -> Array:
    if PNG_BYTES in outputs:
        return np.stack([tf.io.decode_png(file).numpy() for file in outputs[PNG_BYTES].numpy()])
    return outputs["images" if "images" in outputs else "points"].numpy()


def _required_signatures(num_classes: int | None) -> set[str]:
    return {"serving_default", "generate"} | ({"generate_class"} if num_classes else set())
