"""The signatures of a generator."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from tf_infomax.images import are_images, to_output
from tf_infomax.latents import generation_labels, generation_latents, truncated_latents
from tf_infomax.networks.conditioning import call_network
from tf_infomax.serving import guards
from tf_infomax.serving.signature import Signature, can_be_png, with_png
from tf_infomax.types import Array, Tensor

_LATENTS, _LABELS, _SEEDS, _TRUNCATION = "latents", "labels", "seeds", "truncation"
_ONE: Array = np.ones([1], np.int32)
_BOUND: Array = np.ones([1], np.float32)
_FIRST_SEED: Array = np.zeros([1], np.int64)
_FIRST_CLASS: Array = np.zeros([1], np.int64)


def generator_signatures(generator: keras.Model, *, max_rows: int = guards.MAX_ROWS) -> list[Signature]:
    """Returns all signatures of a generator: those of `export_generator`.

    Args:
        generator: Has `latent_dim`; conditional if it has `num_classes`.
        max_rows: Largest number of rows of one request.

    Raises:
        InputError: `max_rows` is below 1.
    """
    guards.check_max_rows(max_rows)
    functions = _GuardedFunctions(generator, max_rows)
    signatures = list(_conditional(functions) if functions.num_classes else _unconditional(functions))
    if functions.has_png:
        signatures += [with_png(signature) for signature in signatures]
    return [*signatures, Signature("latents", functions.latents, [_seeds_spec()], {_SEEDS: _FIRST_SEED})]


class _GuardedFunctions:
    """What the signatures compute, each behind its checks."""

    def __init__(self, generator: keras.Model, max_rows: int) -> None:
        self.latent_dim = generator.latent_dim
        self.num_classes: int = getattr(generator, "num_classes", None) or 0
        self.max_rows = max_rows
        self.latents_spec = _latents_spec(self.latent_dim)
        self._draw = drawing_function(generator)
        shape = sample_shape_of(self._draw)
        self._output = output_name(shape)
        self.has_png = are_images(shape) and can_be_png(shape[-1])

    def serve(self, latents: Tensor, *labels: Tensor) -> dict[str, Tensor]:
        checks = [
            guards.rows_within(_LATENTS, latents, self.max_rows),
            guards.rows_of(_LATENTS, latents, [self.latent_dim]),
            guards.all_finite(_LATENTS, latents),
            *self._label_checks(labels, _LATENTS, latents),
        ]
        return self._drawn(*guards.guarded(checks, latents, *labels))

    def generate(self, num_images: Tensor, seed: Tensor) -> dict[str, Tensor]:
        num_images, seeds = self._counted(num_images, seed)
        return self._of_seeds(num_images, seeds)

    def generate_class(self, num_images: Tensor, seed: Tensor, label: Tensor) -> dict[str, Tensor]:
        labels = tf.reshape(label, [-1])
        num_images, seeds, labels = self._counted(num_images, seed, labels)
        return self._drawn(self._latents_of(num_images, seeds), tf.repeat(labels, num_images))

    def seeds(self, seeds: Tensor) -> dict[str, Tensor]:
        [seeds] = self._seeded(seeds)
        return self._of_seeds(tf.ones_like(seeds, tf.int32), seeds)

    def seeds_class(self, seeds: Tensor, labels: Tensor) -> dict[str, Tensor]:
        seeds, labels = self._seeded(seeds, labels)
        return self._drawn(self._latents_of(tf.ones_like(seeds, tf.int32), seeds), labels)

    def seeds_truncated(self, seeds: Tensor, truncation: Tensor, *labels: Tensor) -> dict[str, Tensor]:
        bounds = [guards.one_for_each(_TRUNCATION, truncation, _SEEDS, seeds), guards.bounds_within(truncation)]
        seeds, truncation, *classes = guards.guarded(
            [*self._seed_checks(seeds, *labels), *bounds], seeds, truncation, *labels
        )
        latents = self._latents_of(tf.ones_like(seeds, tf.int32), seeds)
        return self._drawn(truncated_latents(latents, truncation), *classes)

    def latents(self, seeds: Tensor) -> dict[str, Tensor]:
        [seeds] = self._seeded(seeds)
        return {_LATENTS: self._latents_of(tf.ones_like(seeds, tf.int32), seeds)}

    def _drawn(self, latents: Tensor, *labels: Tensor) -> dict[str, Tensor]:
        return {self._output: self._draw(latents, *labels)}

    def _of_seeds(self, num_images: Tensor, seeds: Tensor) -> dict[str, Tensor]:
        latents = self._latents_of(num_images, seeds)
        if not self.num_classes:
            return self._drawn(latents)
        labels = _each(lambda number, seed: generation_labels(number, self.num_classes, seed), num_images, seeds)
        return {**self._drawn(latents, labels), _LABELS: labels}

    def _latents_of(self, num_images: Tensor, seeds: Tensor) -> Tensor:
        return _each(lambda number, seed: generation_latents(number, self.latent_dim, seed), num_images, seeds)

    def _counted(self, num_images: Tensor, seed: Tensor, *labels: Tensor) -> tuple[Tensor, ...]:
        """Checks the inputs of `generate` and `generate_class`, and gives each an axis."""
        num_images, seeds = tf.reshape(num_images, [-1]), tf.reshape(seed, [-1])
        checks = [
            guards.counts_within(num_images, self.max_rows),
            guards.one_for_each("seed", seeds, "num_images", num_images),
            *self._label_checks(labels, "num_images", num_images),
        ]
        return guards.guarded(checks, num_images, seeds, *labels)

    def _seeded(self, seeds: Tensor, *labels: Tensor) -> tuple[Tensor, ...]:
        return guards.guarded(self._seed_checks(seeds, *labels), seeds, *labels)

    def _seed_checks(self, seeds: Tensor, *labels: Tensor) -> list[guards.Check]:
        return [
            guards.rows_within(_SEEDS, seeds, self.max_rows),
            guards.seeds_within(seeds),
            *self._label_checks(labels, _SEEDS, seeds),
        ]

    def _label_checks(self, labels: tuple[Tensor, ...], name: str, rows: Tensor) -> Iterator[guards.Check]:
        for values in labels:
            yield guards.one_for_each(_LABELS, values, name, rows)
            yield guards.labels_within(values, self.num_classes)


def drawing_function(generator: keras.Model) -> Any:
    """Returns a generator as one `tf.function` of `latents` and, if it is conditional, `labels`, in inference mode.

    It gives images uint8 or points float32. The signatures share its graph.
    """

    def draw(latents: Tensor, labels: Tensor | None = None) -> Tensor:
        return to_output(call_network(generator, latents, labels, training=False))

    labels = [_labels_spec()] if getattr(generator, "num_classes", None) else []
    return tf.function(draw, input_signature=[_latents_spec(generator.latent_dim), *labels], autograph=False)


def sample_shape_of(draw: Any) -> tuple[int, ...]:
    """Returns the shape of one sample that a `drawing_function` draws: (H, W, C), or (D,) of points."""
    return tuple(draw.get_concrete_function().structured_outputs.shape[1:])


def output_name(sample_shape: Sequence[int]) -> str:
    """Returns the name of the samples among the outputs."""
    return "images" if are_images(sample_shape) else "points"


def _each(draw: Callable[[Tensor, Tensor], Tensor], numbers: Tensor, seeds: Tensor) -> Tensor:
    """Concatenates what each seed (N,) draws, as many rows as its number (N,) says."""
    spec = draw(numbers[0], seeds[0])
    parts = tf.TensorArray(spec.dtype, size=tf.size(seeds), infer_shape=False, element_shape=[None, *spec.shape[1:]])
    _, parts = tf.while_loop(
        lambda i, _: i < tf.size(seeds),
        lambda i, parts: (i + 1, parts.write(i, draw(numbers[i], seeds[i]))),
        (tf.constant(0), parts),
    )
    return tf.ensure_shape(parts.concat(), [None, *spec.shape[1:]])


def _latents_spec(latent_dim: int) -> tf.TensorSpec:
    return tf.TensorSpec([None, latent_dim], tf.float32, name=_LATENTS)


def _labels_spec() -> tf.TensorSpec:
    return tf.TensorSpec([None], tf.int64, name=_LABELS)


def _seeds_spec() -> tf.TensorSpec:
    # 64 bits: a seed beyond 32 reaches the check, where a client's cast to int32 would make another seed of it.
    return tf.TensorSpec([None], tf.int64, name=_SEEDS)


def _truncation_spec() -> tf.TensorSpec:
    return tf.TensorSpec([None], tf.float32, name=_TRUNCATION)


def _number_specs(*dtypes: tuple[str, tf.DType]) -> list[tf.TensorSpec]:
    """Specs of single numbers, which may also come as (N,): a server that batches cannot join numbers without axes."""
    return [tf.TensorSpec(None, dtype, name=name) for name, dtype in dtypes]


def _unconditional(functions: _GuardedFunctions) -> Iterator[Signature]:
    latents = {_LATENTS: np.zeros([1, functions.latent_dim], np.float32)}
    yield Signature("serving_default", functions.serve, [functions.latents_spec], latents)
    yield from _by_seed(functions)
    request = {_SEEDS: _FIRST_SEED, _TRUNCATION: _BOUND}
    yield Signature("seeds_truncated", functions.seeds_truncated, [_seeds_spec(), _truncation_spec()], request)


def _conditional(functions: _GuardedFunctions) -> Iterator[Signature]:
    latents = {_LATENTS: np.zeros([1, functions.latent_dim], np.float32), _LABELS: _FIRST_CLASS}
    yield Signature("serving_default", functions.serve, [functions.latents_spec, _labels_spec()], latents)
    yield from _by_seed(functions)
    numbers = _number_specs(("num_images", tf.int32), ("seed", tf.int32), ("label", tf.int64))
    request = {"num_images": _ONE, "seed": _FIRST_SEED.astype(np.int32), "label": _FIRST_CLASS}
    yield Signature("generate_class", functions.generate_class, numbers, request)
    request = {_SEEDS: _FIRST_SEED, _LABELS: _FIRST_CLASS}
    yield Signature("seeds_class", functions.seeds_class, [_seeds_spec(), _labels_spec()], request)
    specs = [_seeds_spec(), _truncation_spec(), _labels_spec()]
    yield Signature("seeds_truncated", functions.seeds_truncated, specs, {**request, _TRUNCATION: _BOUND})


def _by_seed(functions: _GuardedFunctions) -> Iterator[Signature]:
    numbers = _number_specs(("num_images", tf.int32), ("seed", tf.int32))
    request = {"num_images": _ONE, "seed": _FIRST_SEED.astype(np.int32)}
    yield Signature("generate", functions.generate, numbers, request)
    yield Signature("seeds", functions.seeds, [_seeds_spec()], {_SEEDS: _FIRST_SEED})
