"""The base class of Deep InfoMax's objectives, and their batch."""

from collections.abc import Mapping
from typing import NamedTuple, cast

import keras

from tf_infomax.errors import InputError, check_choice, check_positive
from tf_infomax.objectives.contract import check_announced, check_overrides, overrides
from tf_infomax.objectives.terms import Term
from tf_infomax.signatures import arguments_of
from tf_infomax.types import Array, Features, Logs, Tensor


class EncodedBatch(NamedTuple):
    """The data of an encoder update."""

    features: Features
    """The encoder's outputs on the images: `local_features`, `conv`, `fc`, `output`."""
    global_features: Features
    """`fc` (B * G, F) and `output` (B * G, Y) as globals, G consecutive rows per image: of the whole or occluded image,
    or of each of G blocks of locations."""
    seed: Tensor
    """(2,) int32 for `tf.random.stateless_*`: differs between steps and objectives, not between replicas."""
    labels: Tensor | None = None
    """(B,) integers; None without labels."""
    images: Tensor | None = None
    """(B, H, W, C) float32 in [-1, 1], cropped and mirrored, as the encoder saw them."""


class EncoderObjective(keras.layers.Layer):
    """A loss, with its own weight, of an encoder in `DeepInfoMax`.

    A subclass overrides `loss`, and, if it is `adversarial`, `critic_loss`. It may override

    - `build`, which creates its heads;
    - `get_config`, where its constructor takes more than the weight;
    - the attributes `metric_names`, `metric_descriptions`, `adversarial` and `compiled_by_xla`;
    - `check_labels`, where it needs particular labels;
    - `critic_variables`, where an adversarial objective has heads of both kinds;

    and nothing else. Heads train with the encoder, on the same loss; those of an `adversarial` objective train against
    it on `critic_loss`, with their own optimizer. Losses are means over the replica's batch, unweighted: the model
    weighs, adds and scales them.

    Args:
        weight: Weight in the encoder's loss.

    Raises:
        InputError: The weight is not positive, `loss` is not overridden, or overriding `critic_loss` does not match
            `adversarial`. When a step is traced, a loss returns a metric that `metric_names` does not announce.
    """

    metric_names: tuple[str, ...] = ()
    """Names of the metrics that `loss` returns; logged as `<objective's name>/<metric>`."""

    metric_descriptions: Mapping[str, str] = {}
    """A line on some of these metrics, for TensorBoard."""

    adversarial: bool = False
    """Whether the heads train against the encoder."""

    compiled_by_xla: bool = True
    """Whether XLA can compile the losses."""

    def __init__(self, weight: float = 1.0, **kwargs) -> None:
        super().__init__(**kwargs)
        check_positive(weight=float(weight))
        self.weight = weight
        self._check_losses()

    def _check_losses(self) -> None:
        cls, base = type(self), EncoderObjective
        check_overrides(cls, base, base.loss)
        if self.adversarial:
            check_overrides(cls, base, base.critic_loss)
        elif overrides(cls, base.critic_loss):
            raise InputError(
                f"`adversarial` must be True for {cls.__name__}, which has a `critic_loss`. Received: False"
            )

    def build(self, shapes: Mapping[str, tuple[int | None, ...]]) -> None:
        """Creates the heads.

        Args:
            shapes: Shape of each output of the encoder, batch axis first, and of its `images`.
        """

    def required_map(self, shapes: Mapping[str, tuple[int | None, ...]], layer: str) -> tuple[int, int, int]:
        """Returns the shape (H, W, C) of an output of the encoder that has locations.

        Raises:
            InputError: The encoder does not have that output, or it has no locations.
        """
        maps = [name for name, shape in shapes.items() if len(shape) == 4 and name != "images"]
        check_choice("layer", layer, maps)
        _, height, width, channels = shapes[layer]
        return cast(int, height), cast(int, width), cast(int, channels)

    @property
    def critic_variables(self) -> list[keras.Variable]:
        """Trainable variables that train against the encoder, on `critic_loss`: those of all heads, or of none."""
        return self.trainable_variables if self.adversarial else []

    def check_labels(self, labels: Array | None) -> None:
        """Raises an InputError if the loss cannot use the labels of an array or of a dataset's first batch.

        Args:
            labels: (N,) of any type; None without labels.
        """

    def loss(self, batch: EncodedBatch) -> tuple[Tensor, Logs]:
        """Returns the encoder's term, a scalar, and metrics."""
        raise NotImplementedError

    def critic_loss(self, batch: EncodedBatch) -> Tensor:
        """Returns the loss of an adversarial objective's heads, a scalar, on features without gradients."""
        raise NotImplementedError

    def term(self, batch: EncodedBatch) -> Term:
        """Returns this objective's term in the encoder's loss.

        Raises:
            InputError: The loss returns a metric that was not announced.
        """
        loss, metrics = self.loss(batch)
        check_announced(self.name, self.metric_names, metrics)
        return Term(self.name, loss, self.weight * loss, metrics)

    def get_config(self) -> dict:
        return {**super().get_config(), **arguments_of(self, EncoderObjective)}
