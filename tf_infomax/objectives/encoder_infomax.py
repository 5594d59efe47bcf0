"""Objectives of Deep InfoMax: local and global information between an encoder's output and its input."""

from collections.abc import Mapping
from typing import Literal, get_args

import keras
import tensorflow as tf

from tf_infomax import distribution
from tf_infomax.errors import InputError, check_choice
from tf_infomax.losses.mutual_information import Estimator, contrastive_accuracy, information_loss
from tf_infomax.networks.score_heads import ConcatAndConvolve, EncodeAndDot, ScoreHead
from tf_infomax.objectives.encoder_objective import EncodedBatch, EncoderObjective
from tf_infomax.objectives.locations import flatten_locations
from tf_infomax.signatures import arguments_of
from tf_infomax.types import Logs, Tensor

Head = Literal["encode_and_dot", "concat_and_convolve"]
_HEADS: Mapping[str, type[ScoreHead]] = {"encode_and_dot": EncodeAndDot, "concat_and_convolve": ConcatAndConvolve}
TOO_FEW_IMAGES = "A batch of all replicas must have more images than `num_negatives`"
"""Start of the messages on batches that are too small."""
_HEAD_UNITS: Mapping[str, int] = {"encode_and_dot": 2048, "concat_and_convolve": 512}


class EncoderInfoMax(EncoderObjective):
    """Estimates and maximises the information between `output` and a map, by scores of pairs.

    The globals of an image are contrasted with those of the other images in the batch of all replicas.
    """

    metric_names = ("accuracy",)
    metric_descriptions = {"accuracy": "Fraction of pairs that score above those of all other images."}

    def __init__(
        self,
        weight: float,
        *,
        estimator: Estimator,
        head: Head,
        head_units: int | None,
        num_negatives: int | None,
        layer: str,
        **kwargs,
    ) -> None:
        super().__init__(weight, **kwargs)
        check_choice("estimator", estimator, get_args(Estimator))
        check_choice("head", head, get_args(Head))
        if num_negatives is not None and num_negatives < 1:
            raise InputError(f"`num_negatives` must be None or at least 1. Received: {num_negatives}")
        self.estimator = estimator
        self.head = head
        self.head_units = _HEAD_UNITS[head] if head_units is None else head_units
        self.num_negatives = num_negatives
        self.layer = layer
        self.scores = _HEADS[head](self.head_units, name="scores", dtype=self.dtype_policy)

    def _locations(self, feature_map: Tensor) -> Tensor:
        """Lays out a map (B, H, W, C) as locations (B, M, C')."""
        raise NotImplementedError

    def build(self, shapes: Mapping[str, tuple[int | None, ...]]) -> None:
        locations = self._locations(keras.ops.zeros((1, *self.required_map(shapes, self.layer))))
        self.scores.build(shapes["output"], (None, *locations.shape[1:]))

    def loss(self, batch: EncodedBatch) -> tuple[Tensor, Logs]:
        scores, own_images = self.pair_scores(batch)
        if self.estimator == "dv":
            # The log of the mean over all pairs is not the mean of the replicas' logs.
            scores, own_images = distribution.gather(scores), distribution.gather(own_images)
        loss = information_loss(scores, self.estimator, own_images=own_images)
        return loss, {"accuracy": contrastive_accuracy(scores, own_images=own_images)}

    def pair_scores(self, batch: EncodedBatch, training: bool = True) -> tuple[Tensor, Tensor]:
        """Returns scores (B * G, J, M) and the index of each row's own image among the J, (B * G,)."""
        locations = self._locations(batch.features[self.layer])
        queries = batch.global_features["output"]
        batch_size = distribution.num_rows(locations)
        rows = tf.repeat(tf.range(batch_size), distribution.num_rows(queries) // batch_size)
        own_images = rows + distribution.replica_id() * batch_size
        encoded = distribution.gather(self.scores.encode_local(locations, training=training))
        if self.num_negatives is None:
            return self.scores.score(queries, encoded, training=training), own_images
        candidates = draw_candidates(own_images, distribution.num_rows(encoded), self.num_negatives, batch.seed)
        scores = self.scores.score(queries, encoded, candidates, training=training)
        return scores, tf.zeros_like(own_images)


@keras.saving.register_keras_serializable(package="tf_infomax")
class LocalInfoMax(EncoderInfoMax):
    """Maximises the mean information between the output and each location of a feature map, DIM(L).

    Args:
        weight: Weight (beta) in the encoder's loss.
        estimator: `"dv"` (Donsker-Varadhan), `"jsd"` (Jensen-Shannon) or `"infonce"`.
        head: `"encode_and_dot"` or `"concat_and_convolve"`.
        head_units: Width of the head; 2048 and 512 if None.
        num_negatives: Other images that each image's globals are compared with, drawn anew for each; all if None.
        layer: Output of the encoder with the locations.

    Raises:
        InputError: A choice is unknown or a number out of range; when built, if the encoder lacks the layer. In
            training, a batch has too few other images.

    Logs `accuracy`: the fraction of locations that score above those of all other images, in [0, 1].

    Source: Hjelm et al., ICLR 2019, Eq. 6, with Eq. 2, 4 or 5 as the estimate; Figure 9 for the number of negatives.
    """

    def __init__(
        self,
        weight: float = 1.0,
        *,
        estimator: Estimator = "infonce",
        head: Head = "encode_and_dot",
        head_units: int | None = None,
        num_negatives: int | None = None,
        layer: str = "local_features",
        name: str = "local_infomax",
        **kwargs,
    ) -> None:
        super().__init__(
            weight,
            estimator=estimator,
            head=head,
            head_units=head_units,
            num_negatives=num_negatives,
            layer=layer,
            name=name,
            **kwargs,
        )

    def _locations(self, feature_map: Tensor) -> Tensor:
        return flatten_locations(feature_map)

    def get_config(self) -> dict:
        return {**super().get_config(), **arguments_of(self, LocalInfoMax)}


@keras.saving.register_keras_serializable(package="tf_infomax")
class GlobalInfoMax(EncoderInfoMax):
    """Maximises the information between the output and the last feature map as a whole, DIM(G).

    Args:
        weight: Weight (alpha) in the encoder's loss.
        estimator: `"dv"` (Donsker-Varadhan), `"jsd"` (Jensen-Shannon) or `"infonce"`.
        head: `"concat_and_convolve"`, the paper's, or `"encode_and_dot"`.
        head_units: Width of the head; 512 and 2048 if None.
        num_negatives: Other images that each image's globals are compared with, drawn anew for each; all if None.

    Raises:
        InputError: A choice is unknown or a number out of range. In training, a batch has too few other images.

    Logs `accuracy`: the fraction of images that score above all other images, in [0, 1].

    Source: Hjelm et al., ICLR 2019, Eq. 3 and Table 6.
    """

    def __init__(
        self,
        weight: float = 1.0,
        *,
        estimator: Estimator = "jsd",
        head: Head = "concat_and_convolve",
        head_units: int | None = None,
        num_negatives: int | None = None,
        name: str = "global_infomax",
        **kwargs,
    ) -> None:
        super().__init__(
            weight,
            estimator=estimator,
            head=head,
            head_units=head_units,
            num_negatives=num_negatives,
            layer="conv",
            name=name,
            **kwargs,
        )

    def _locations(self, feature_map: Tensor) -> Tensor:
        size = feature_map.shape[1] * feature_map.shape[2] * feature_map.shape[3]
        return tf.reshape(feature_map, [-1, 1, size])

    def get_config(self) -> dict:
        return {**super().get_config(), **arguments_of(self, GlobalInfoMax)}


def draw_candidates(own_images: Tensor, num_images: int | Tensor, num_negatives: int, seed: Tensor) -> Tensor:
    """Draws other images for each row, without replacement.

    Args:
        own_images: (I,) integers below J.
        num_images: Number of images (J).
        num_negatives: Number of other images (K), below J.
        seed: (2,) int32, stateless; a row's images do not depend on the number of replicas.

    Returns:
        (I, K + 1) int32: the own image, then the others.

    Raises:
        InputError: K is not below J, where J is known at tracing; otherwise the step ends with that sentence.
    """
    keys = distribution.replica_share(
        lambda rows: tf.random.stateless_uniform([rows, num_images], seed), distribution.num_rows(own_images)
    )
    own = tf.one_hot(own_images, num_images)
    with tf.control_dependencies(_enough_images(num_images, num_negatives)):
        return tf.math.top_k(keys + 2.0 * own, num_negatives + 1).indices


def _enough_images(num_images: int | Tensor, num_negatives: int) -> list[tf.Operation]:
    """Checks that each image has enough others, at tracing or, where the size is not known then, in the step."""
    rule = f"{TOO_FEW_IMAGES}, at least {num_negatives + 1}"
    if not isinstance(num_images, int):
        advice = f"{rule}, the last one too, which `drop_remainder=True` leaves out."
        return [tf.debugging.Assert(num_images > num_negatives, [advice])]
    if num_images <= num_negatives:
        raise InputError(f"{rule}. Received: {num_images}")
    return []
