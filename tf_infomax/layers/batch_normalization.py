"""Batch normalisation over the batch of all replicas."""

from collections.abc import Callable

import keras
import tensorflow as tf

from tf_infomax import distribution
from tf_infomax.layers.precision import full_precision
from tf_infomax.signatures import arguments_of
from tf_infomax.types import Tensor


@keras.saving.register_keras_serializable(package="tf_infomax")
class BatchNormalization(keras.layers.Layer):
    """Batch normalisation of the last axis by statistics of the whole batch, over all replicas.

    Training normalises with the biased batch variance; the running variance takes the unbiased one, as PyTorch does
    (Keras' layer takes the biased one). Statistics are float32 under any dtype policy.

    Args:
        momentum: Weight of the old running statistics in an update.
        epsilon: Added to the variance.
        affine: Whether the layer has a trained scale (gamma) and offset (beta).

    Source: Ioffe and Szegedy, 2015; constants as in InfoMax-GAN's code.
    """

    observer: Callable[["BatchNormalization", Tensor], None] | None = None
    """Receives the layer and its inputs at each call at inference, outside of graphs; None for nobody."""

    def __init__(self, *, momentum: float = 0.9, epsilon: float = 1e-5, affine: bool = True, **kwargs) -> None:
        super().__init__(**kwargs)
        self.momentum = momentum
        self.epsilon = epsilon
        self.affine = affine

    def build(self, input_shape) -> None:
        channels = (input_shape[-1],)
        self.gamma = self.beta = None
        if self.affine:
            self.gamma = self.add_weight(shape=channels, initializer="ones", autocast=False, name="gamma")
            self.beta = self.add_weight(shape=channels, initializer="zeros", autocast=False, name="beta")
        self.moving_mean = self._statistic(channels, "zeros", name="moving_mean")
        self.moving_variance = self._statistic(channels, "ones", name="moving_variance")

    def _statistic(self, shape: tuple[int], initializer: str, *, name: str) -> keras.Variable:
        return self.add_weight(
            shape=shape,
            initializer=initializer,
            trainable=False,
            autocast=False,
            aggregation="only_first_replica",
            name=name,
        )

    def call(self, inputs: Tensor, training: bool = False) -> Tensor:
        if not (training and self.trainable):  # A frozen layer is in inference mode, as Keras' is.
            if self.observer is not None:
                self.observer(self, inputs)
            return self._normalise(inputs, tf.convert_to_tensor(self.moving_mean), self.moving_variance)
        if self._can_fuse(inputs):
            outputs, mean, unbiased_variance = self._fused(inputs)
        else:
            mean, variance, unbiased_variance = _replica_moments(full_precision(inputs))
            outputs = self._normalise(inputs, mean, variance)
        self._update(self.moving_mean, mean)
        self._update(self.moving_variance, unbiased_variance)
        return outputs

    def _normalise(self, inputs: Tensor, mean: Tensor, variance: Tensor) -> Tensor:
        outputs = tf.nn.batch_normalization(
            full_precision(inputs), mean, variance, self._offset(mean), self._scale(mean), self.epsilon
        )
        return tf.cast(outputs, inputs.dtype)

    @staticmethod
    def _can_fuse(inputs: Tensor) -> bool:
        return distribution.num_replicas() == 1 and inputs.shape.rank == 4 and inputs.dtype != tf.float64

    def _fused(self, inputs: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        empty = tf.zeros([0])
        channels = tf.zeros([inputs.shape[-1]])
        results = tf.raw_ops.FusedBatchNormV3(
            x=inputs,
            scale=self._scale(channels),
            offset=self._offset(channels),
            mean=empty,
            variance=empty,
            epsilon=self.epsilon,
            is_training=True,
        )
        # The op returns the variance already unbiased.
        return results.y, results.batch_mean, results.batch_variance

    def _scale(self, like: Tensor) -> Tensor:
        return tf.ones_like(like) if self.gamma is None else tf.convert_to_tensor(self.gamma)

    def _offset(self, like: Tensor) -> Tensor:
        return tf.zeros_like(like) if self.beta is None else tf.convert_to_tensor(self.beta)

    def _update(self, statistic: keras.Variable, value: Tensor) -> None:
        value = tf.stop_gradient(value)
        statistic.assign(self.momentum * statistic + (1.0 - self.momentum) * value)

    def compute_output_shape(self, input_shape) -> tuple[int | None, ...]:
        return input_shape

    def get_config(self) -> dict:
        return {**super().get_config(), **arguments_of(self)}


def _replica_moments(inputs: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Returns mean, biased and unbiased variance (C,) over all axes but the last and over the replicas."""
    axes = list(range(inputs.shape.rank - 1))
    local_count = tf.cast(tf.size(inputs) / tf.shape(inputs)[-1], inputs.dtype)
    total, count = distribution.sum_over_replicas([tf.reduce_sum(inputs, axes), local_count])
    mean = total / count
    (squares,) = distribution.sum_over_replicas([tf.reduce_sum(tf.square(inputs - mean), axes)])
    return mean, squares / count, squares / tf.maximum(count - 1, 1)
