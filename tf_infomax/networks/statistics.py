"""The statistics network of neural estimators of mutual information."""

import math
from typing import Literal, get_args

import keras
import tensorflow as tf

from tf_infomax.errors import InputError, check_choice, check_positive
from tf_infomax.images import are_images
from tf_infomax.layers.initializers import kaiming_kernel
from tf_infomax.layers.precision import full_precision
from tf_infomax.signatures import arguments_of
from tf_infomax.types import Tensor

LEAK = 0.2
SMALLEST_MAP = 4
MAX_CONVOLUTIONS = 4

StatisticsArchitecture = Literal["mlp", "convolutional"]


@keras.saving.register_keras_serializable(package="tf_infomax")
class StatisticsNetwork(keras.layers.Layer):
    """Maps samples (B, ...) and latents (B, Z) to scores T(x, z) (B, 1), float32 under a mixed dtype policy.

    The flattened sample and the latents pass linear - leaky ReLU 0.2 - linear. Images (B, H, W, C) pass convolutions
    4x4/2 first, each with a leaky ReLU 0.2 and twice the channels of the one before, until the map has at most 4 pixels
    a side or there are four of them. The last layer has no bias: a constant in T cancels in the Donsker-Varadhan bound,
    so that its gradient would be exactly zero.

    `build` takes the shapes of the samples and of the latents, batch axis first.

    Args:
        architecture: `"mlp"` or `"convolutional"`; None to choose by the samples, convolutions for images and none for
            points (B, D).
        hidden_units: Units of the hidden layer.
        base_channels: Channels of the first convolution.

    Raises:
        InputError: The architecture is unknown or a size is below 1; when built, if the samples have no locations to
            convolve.

    Source: T_theta of Belghazi et al., ICML 2018 (MINE), as M of Khorramshahi et al., 2020, Eq. 5 and section IV-C,
    with Kaiming initialisation. Neither paper gives the convolutions or the slope of the leaky ReLU.
    """

    def __init__(
        self,
        architecture: StatisticsArchitecture | None = None,
        hidden_units: int = 128,
        *,
        base_channels: int = 64,
        **kwargs,
    ) -> None:
        super().__init__(**kwargs)
        check_choice("architecture", architecture, (None, *get_args(StatisticsArchitecture)))
        check_positive(hidden_units=hidden_units, base_channels=base_channels)
        self.architecture = architecture
        self.hidden_units = hidden_units
        self.base_channels = base_channels

    def build(self, samples_shape, latents_shape) -> None:
        shape = tuple(samples_shape)
        self.convs = [
            _conv(self.base_channels << i, name=f"conv{i}", dtype=self.dtype_policy)
            for i in range(self._num_convolutions(shape[1:]))
        ]
        for convolution in self.convs:
            convolution.build(shape)
            shape = convolution.compute_output_shape(shape)
        num_features = math.prod(shape[1:]) + latents_shape[-1]
        self.hidden = _linear(self.hidden_units, name="hidden", dtype=self.dtype_policy)
        # Scores are not rounded.
        self.to_scores = _linear(1, use_bias=False, name="to_scores", dtype=self.variable_dtype)
        self.hidden.build((shape[0], num_features))
        self.to_scores.build((shape[0], self.hidden_units))

    def _num_convolutions(self, sample_shape: tuple[int, ...]) -> int:
        """Returns the number of convolutions for images (H, W, C), none for points (D,)."""
        is_image = are_images(sample_shape)
        if self.architecture == "convolutional" and not is_image:
            raise InputError(
                f"`samples` must be images (H, W, C) for convolutional statistics. Received: shape {sample_shape}"
            )
        if self.architecture == "mlp" or not is_image:
            return 0
        size, count = _halved(max(sample_shape[:2])), 1
        while size > SMALLEST_MAP and count < MAX_CONVOLUTIONS:
            size, count = _halved(size), count + 1
        return count

    def call(self, samples: Tensor, latents: Tensor) -> Tensor:
        for convolution in self.convs:
            samples = tf.nn.leaky_relu(convolution(samples), LEAK)
        flat = tf.reshape(samples, [-1, math.prod(samples.shape[1:])])
        hidden = tf.nn.leaky_relu(self.hidden(tf.concat([flat, latents], axis=-1)), LEAK)
        return full_precision(self.to_scores(hidden))

    def compute_output_shape(self, samples_shape, latents_shape) -> tuple[int | None, ...]:
        return (samples_shape[0], 1)

    def get_config(self) -> dict:
        return {**super().get_config(), **arguments_of(self)}


def _halved(size: int) -> int:
    return (size + 1) // 2


def _conv(filters: int, **kwargs) -> keras.layers.Layer:
    return keras.layers.Conv2D(filters, 4, strides=2, padding="same", kernel_initializer=kaiming_kernel(), **kwargs)


def _linear(units: int, **kwargs) -> keras.layers.Layer:
    return keras.layers.Dense(units, kernel_initializer=kaiming_kernel(), **kwargs)
