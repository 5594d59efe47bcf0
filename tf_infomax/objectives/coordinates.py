"""Coordinate prediction: the location of local features in the image."""

from collections.abc import Mapping
from typing import Literal, cast, get_args

import keras
import tensorflow as tf

from tf_infomax import distribution
from tf_infomax.errors import check_choice, check_positive
from tf_infomax.layers.precision import full_precision
from tf_infomax.networks.encoder_blocks import FullyConnectedNetwork
from tf_infomax.objectives.encoder_objective import EncodedBatch, EncoderObjective
from tf_infomax.objectives.locations import flatten_locations
from tf_infomax.signatures import arguments_of
from tf_infomax.types import Logs, Tensor

Coordinates = Literal["absolute", "relative"]


@keras.saving.register_keras_serializable(package="tf_infomax")
class CoordinatePrediction(EncoderObjective):
    """Predicts the row and column of a local feature from that feature and the globals, `log p(i, j | y, c_ij)`.

    Relative coordinates are those of a target location as seen from a source location, drawn for each image:
    `log p(i - i', j - j' | y, c_ij, c_i'j')`. Rows and columns are classified independently; the loss is the sum of
    both cross-entropies, averaged over all locations.

    Args:
        weight: Weight in the encoder's loss.
        coordinates: `"absolute"` or `"relative"`.
        hidden_units: Units of the two hidden layers.
        layer: Output of the encoder with the locations.

    Raises:
        InputError: The coordinates are unknown or there are no hidden units; when built, if the encoder lacks the
            layer.

    Logs `accuracy`: the fraction of rows and columns predicted correctly, in [0, 1].

    Source: Hjelm et al., ICLR 2019, section 4.3 and Appendix A.7.
    """

    metric_names = ("accuracy",)
    metric_descriptions = {
        "accuracy": "Fraction of rows and columns told right.",
    }

    def __init__(
        self,
        weight: float = 1.0,
        *,
        coordinates: Coordinates = "absolute",
        hidden_units: int = 512,
        layer: str = "local_features",
        name: str | None = None,
        **kwargs,
    ) -> None:
        check_choice("coordinates", coordinates, get_args(Coordinates))
        check_positive(hidden_units=hidden_units)
        super().__init__(weight, name=name or f"{coordinates}_coordinates", **kwargs)
        self.coordinates = coordinates
        self.hidden_units = hidden_units
        self.layer = layer

    def build(self, shapes: Mapping[str, tuple[int | None, ...]]) -> None:
        self.height, self.width, channels = self.required_map(shapes, self.layer)
        num_features = 1 if self.coordinates == "absolute" else 2
        self.predictor = FullyConnectedNetwork(
            (self.hidden_units, self.hidden_units), sum(self._num_classes()), name="predictor", dtype=self.dtype_policy
        )
        self.predictor.build((None, cast(int, shapes["output"][-1]) + num_features * channels))

    def _num_classes(self) -> tuple[int, int]:
        """Numbers of rows and columns to predict."""
        if self.coordinates == "absolute":
            return self.height, self.width
        return 2 * self.height - 1, 2 * self.width - 1

    def loss(self, batch: EncodedBatch) -> tuple[Tensor, Logs]:
        locations = flatten_locations(batch.features[self.layer])  # (B, M, C)
        batch_size, num_locations = distribution.num_rows(locations), self.height * self.width
        queries = batch.global_features["output"]
        queries = queries[:: distribution.num_rows(queries) // batch_size]  # the first of several globals
        parts = [tf.repeat(queries[:, None], num_locations, axis=1), locations]
        rows, columns = tf.meshgrid(tf.range(self.height), tf.range(self.width), indexing="ij")
        rows, columns = tf.reshape(rows, [1, -1]), tf.reshape(columns, [1, -1])
        if self.coordinates == "relative":
            sources = self._draw_sources(batch_size, batch.seed)  # (B,)
            parts.append(tf.repeat(tf.gather(locations, sources[:, None], batch_dims=1), num_locations, axis=1))
            rows = rows - sources[:, None] // self.width + self.height - 1
            columns = columns - sources[:, None] % self.width + self.width - 1
        inputs = tf.concat(parts, axis=-1)
        _, logits = self.predictor(tf.reshape(inputs, [-1, inputs.shape[-1]]), training=True)
        logits = tf.reshape(full_precision(logits), [-1, num_locations, sum(self._num_classes())])
        return _classification(tf.split(logits, self._num_classes(), axis=-1), (rows, columns))

    def _draw_sources(self, batch_size: int | Tensor, seed: Tensor) -> Tensor:
        """Draws one location (B,) for each image."""
        return distribution.random_integers(batch_size, seed, self.height * self.width)

    def get_config(self) -> dict:
        return {**super().get_config(), **arguments_of(self, CoordinatePrediction)}


def _classification(logits: list[Tensor], labels: tuple[Tensor, Tensor]) -> tuple[Tensor, Logs]:
    """Sums the cross-entropies of rows and columns, logits (B, M, K) and labels (1 or B, M) each."""
    losses, hits = [], []
    for scores, truth in zip(logits, labels):
        truth = tf.broadcast_to(truth, tf.shape(scores)[:2])
        losses.append(tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(truth, scores)))
        hits.append(tf.reduce_mean(tf.cast(tf.equal(tf.argmax(scores, -1, tf.int32), truth), tf.float32)))
    return tf.add_n(losses), {"accuracy": tf.add_n(hits) / 2.0}
