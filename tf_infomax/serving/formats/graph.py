"""The graph of a generator that other runtimes run: latents in, samples out."""

from typing import Any

import keras
import tensorflow as tf

from tf_infomax.serving.generator_signatures import drawing_function, output_name, sample_shape_of
from tf_infomax.types import Tensor


class GeneratorGraph(tf.Module):
    """A generator's drawing as one graph with named inputs and a named output, in inference mode.

    Inputs are `latents` (N, Z) float32 and, of a conditional generator, `labels` (N,) int64; the output is `images` (N,
    H, W, C) uint8 or `points` (N, D) float32. Unlike the signatures of a SavedModel it checks nothing: other runtimes
    have no such errors.

    Args:
        generator: Has `latent_dim`; conditional if it has `num_classes`.
    """

    def __init__(self, generator: keras.Model) -> None:
        super().__init__()
        draw = drawing_function(generator)
        output = output_name(sample_shape_of(draw))

        def draw_named(latents: Tensor, *labels: Tensor) -> dict[str, Tensor]:
            return {output: draw(latents, *labels)}

        self._read = [variable.value for variable in generator.variables]  # Saved with the module.
        self.output = output
        self.num_classes: int | None = getattr(generator, "num_classes", None)
        self.draw: Any = tf.function(draw_named, input_signature=draw.input_signature, autograph=False)
