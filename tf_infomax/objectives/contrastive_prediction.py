"""Contrastive predictive coding on the local features of an encoder."""

from collections.abc import Mapping
from typing import cast, get_args

import keras
import tensorflow as tf

from tf_infomax import distribution
from tf_infomax.errors import InputError, check_choice, check_positive
from tf_infomax.losses.mutual_information import Estimator, contrastive_accuracy, information_loss
from tf_infomax.networks.pixel_rnn import PixelRNN
from tf_infomax.networks.score_heads import EncodeAndDot
from tf_infomax.objectives.encoder_objective import EncodedBatch, EncoderObjective
from tf_infomax.objectives.locations import flatten_locations
from tf_infomax.signatures import arguments_of
from tf_infomax.types import Logs, Tensor


@keras.saving.register_keras_serializable(package="tf_infomax")
class ContrastivePrediction(EncoderObjective):
    """Maximises the information between a summary of the rows so far and the local features of the rows below, CPC.

    A recurrent network, as wide as the local features are deep, summarises them from the first row to the last. From
    each summary, a head for each distance picks the local feature that many rows below in the same column, among all
    local features of all images in the batch of all replicas. The loss is the mean over heads and summaries.

    The encoder trains up to this map: what lies behind it, as `fc` and `output` do, keeps its initial weights. With
    convolutions over the whole image, whose local features see each other's pixels, there is little to predict: the
    encoder is to be one of crops.

    Args:
        weight: Weight in the encoder's loss.
        estimator: `"dv"` (Donsker-Varadhan), `"jsd"` (Jensen-Shannon) or `"infonce"`.
        num_rows: Rows to predict below each summary, with a head each.
        head_units: Width of the heads.
        layer: Output of the encoder with the local features.

    Raises:
        InputError: The estimator is unknown or a number below 1; when built, if the encoder lacks the layer, or it has
            no more rows than are to be predicted.

    Logs `accuracy`: the fraction of predicted features that score above all others, in [0, 1].

    Source: van den Oord et al., 2018, Eq. 4, as in Hjelm et al., ICLR 2019, section 4.2, Table 3 and Appendix A.2.
    """

    metric_names = ("accuracy",)
    metric_descriptions = {
        "accuracy": "Fraction of predicted features that score above all others.",
    }

    def __init__(
        self,
        weight: float = 1.0,
        *,
        estimator: Estimator = "infonce",
        num_rows: int = 3,
        head_units: int = 2048,
        layer: str = "local_features",
        name: str = "contrastive_prediction",
        **kwargs,
    ) -> None:
        super().__init__(weight, name=name, **kwargs)
        check_choice("estimator", estimator, get_args(Estimator))
        check_positive(num_rows=num_rows, head_units=head_units)
        self.estimator = estimator
        self.num_rows = num_rows
        self.head_units = head_units
        self.layer = layer
        self.heads = [
            EncodeAndDot(head_units, name=f"scores{distance}", dtype=self.dtype_policy)
            for distance in range(1, num_rows + 1)
        ]

    def build(self, shapes: Mapping[str, tuple[int | None, ...]]) -> None:
        height, width, channels = self.required_map(shapes, self.layer)
        if self.num_rows >= height:
            raise InputError(
                f"`num_rows` must be below {height}, the rows of `{self.layer}`. Received: {self.num_rows}"
            )
        self.summaries = PixelRNN(channels, name="summaries", dtype=self.dtype_policy)
        self.summaries.build((None, height, width, channels))
        for head in self.heads:
            head.build((None, channels), (None, height * width, channels))

    def loss(self, batch: EncodedBatch) -> tuple[Tensor, Logs]:
        feature_map = batch.features[self.layer]
        summaries, losses, accuracies = self.summaries(feature_map), [], []
        for distance in range(1, self.num_rows + 1):
            scores, own = self.pair_scores(feature_map, summaries, distance)
            if self.estimator == "dv":
                # The log of the mean over all pairs is not the mean of the replicas' logs.
                scores, own = distribution.gather(scores), distribution.gather(own)
            losses.append(information_loss(scores, self.estimator, own_images=own))
            accuracies.append(contrastive_accuracy(scores, own_images=own))
        return tf.add_n(losses) / self.num_rows, {"accuracy": tf.add_n(accuracies) / self.num_rows}

    def pair_scores(
        self, feature_map: Tensor, summaries: Tensor, distance: int, training: bool = True
    ) -> tuple[Tensor, Tensor]:
        """Scores the summaries that have a row at a distance below against all local features of the J images.

        A local feature is an "image" of one location to the estimators: so those of the own image are compared, too.

        Args:
            feature_map: Local features (B, H, W, C).
            summaries: (B, H, W, C).
            distance: Rows from a summary to what it predicts.
            training: Whether normalisation uses the statistics of the batch.

        Returns:
            Scores (I, J * M, 1), I being B * (H - distance) * W, and the number (I,) of each one's own among the J * M.
        """
        head, locations = self.heads[distance - 1], flatten_locations(feature_map)  # (B, M, C)
        batch_size, num_locations = distribution.num_rows(locations), cast(int, locations.shape[1])
        queries = tf.reshape(summaries[:, :-distance], [-1, summaries.shape[-1]])  # (I, C)
        encoded = distribution.gather(head.encode_local(locations, training=training))  # (J, M, E)
        scores = head.score(queries, encoded, training=training)  # (I, J, M)
        images = tf.range(batch_size) + distribution.replica_id() * batch_size
        predicted = tf.range(distance * feature_map.shape[2], num_locations)
        own = tf.reshape(images[:, None] * num_locations + predicted, [-1])
        return tf.reshape(scores, [-1, distribution.num_rows(encoded) * num_locations, 1]), own

    def get_config(self) -> dict:
        return {**super().get_config(), **arguments_of(self, ContrastivePrediction)}
