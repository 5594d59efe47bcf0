"""Residual blocks of the SNGAN and InfoMax-GAN networks.

A 1x1 convolution commutes with bilinear upsampling and with average pooling, so every shortcut convolves at the
smaller resolution: the same function at a quarter of the cost. A 3x3 convolution before average pooling is one strided
convolution at less than half of the cost.
"""

import keras
import tensorflow as tf

from tf_infomax.layers.conditional_batch_normalization import batch_norm, normalise
from tf_infomax.layers.convolution import apply_layer, conv
from tf_infomax.signatures import arguments_of
from tf_infomax.types import Tensor


@keras.saving.register_keras_serializable(package="tf_infomax")
class GeneratorBlock(keras.layers.Layer):
    """BN - ReLU - upsample x2 - conv 3x3 - BN - ReLU - conv 3x3, plus a 1x1 conv of the upsampled input.

    Args:
        in_channels: Channels of the input (B, H, W, in_channels).
        out_channels: Channels of the output (B, 2H, 2W, out_channels) and of the hidden map.
        num_classes: Number of classes (K) that both normalisations depend on; None for plain normalisation.

    Source: InfoMax-GAN, Tables 7-9; Miyato et al., 2018, Figure 9.
    """

    def __init__(self, in_channels: int, out_channels: int, *, num_classes: int | None = None, **kwargs) -> None:
        super().__init__(**kwargs)
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.num_classes = num_classes
        self.norm1 = batch_norm(num_classes, name="norm1", dtype=self.dtype_policy)
        self.conv1 = conv(in_channels, out_channels, residual=True, name="conv1", dtype=self.dtype_policy)
        self.norm2 = batch_norm(num_classes, name="norm2", dtype=self.dtype_policy)
        self.conv2 = conv(out_channels, out_channels, residual=True, name="conv2", dtype=self.dtype_policy)
        self.shortcut = conv(in_channels, out_channels, kernel_size=1, name="shortcut", dtype=self.dtype_policy)

    def build(self, input_shape) -> None:
        hidden_shape = (*input_shape[:-1], self.out_channels)
        for layer in (self.norm1, self.conv1, self.shortcut):
            layer.build(input_shape)
        for layer in (self.norm2, self.conv2):
            layer.build(hidden_shape)

    def call(self, inputs: Tensor, labels: Tensor | None = None, training: bool = False) -> Tensor:
        hidden = upsample(tf.nn.relu(normalise(self.norm1, inputs, labels, training=training)))
        hidden = self.conv1(hidden)
        hidden = self.conv2(tf.nn.relu(normalise(self.norm2, hidden, labels, training=training)))
        return hidden + upsample(self.shortcut(inputs))

    def compute_output_shape(self, input_shape) -> tuple[int | None, ...]:
        batch, height, width, _ = input_shape
        return batch, height * 2, width * 2, self.out_channels

    def get_config(self) -> dict:
        return {**super().get_config(), **arguments_of(self)}


@keras.saving.register_keras_serializable(package="tf_infomax")
class DiscriminatorBlock(keras.layers.Layer):
    """ReLU - conv 3x3 - ReLU - conv 3x3 - (average pool 2), plus a shortcut.

    Args:
        in_channels: Channels of the input (B, H, W, in_channels).
        out_channels: Channels of the output.
        downsample: Whether the block halves height and width.
        hidden_channels: Channels between the convolutions; `in_channels` if None.
        activate_shortcut: Whether the shortcut receives relu(x) as well, the effect of an in-place ReLU in the authors'
            library; False gives the papers' block, whose shortcut receives x.
        spectral_norm: Whether the convolutions are spectrally normalised.

    Source: InfoMax-GAN, Tables 7-9; Miyato et al., 2018, Figure 9.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        *,
        downsample: bool = False,
        hidden_channels: int | None = None,
        activate_shortcut: bool = True,
        spectral_norm: bool = True,
        **kwargs,
    ) -> None:
        super().__init__(**kwargs)
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.downsample = downsample
        self.hidden_channels = hidden_channels or in_channels
        self.activate_shortcut = activate_shortcut
        self.spectral_norm = spectral_norm
        common = {"spectral_norm": spectral_norm, "dtype": self.dtype_policy}
        self.conv1 = conv(in_channels, self.hidden_channels, residual=True, name="conv1", **common)
        self.conv2 = conv(self.hidden_channels, out_channels, residual=True, pooled=downsample, name="conv2", **common)
        self.shortcut = None
        if downsample or in_channels != out_channels:
            self.shortcut = conv(in_channels, out_channels, kernel_size=1, name="shortcut", **common)

    def build(self, input_shape) -> None:
        self.conv1.build(input_shape)
        self.conv2.build((*input_shape[:-1], self.hidden_channels))
        if self.shortcut is not None:
            self.shortcut.build(input_shape)

    def call(self, inputs: Tensor, training: bool = False) -> Tensor:
        activated = tf.nn.relu(inputs)
        hidden = tf.nn.relu(apply_layer(self.conv1, activated, training=training))
        hidden = apply_layer(self.conv2, hidden, training=training)
        shortcut = activated if self.activate_shortcut else inputs
        if self.downsample:
            shortcut = average_pool(shortcut)
        if self.shortcut is not None:
            shortcut = apply_layer(self.shortcut, shortcut, training=training)
        return hidden + shortcut

    def compute_output_shape(self, input_shape) -> tuple[int | None, ...]:
        batch, height, width, _ = input_shape
        factor = 2 if self.downsample else 1
        return batch, height // factor, width // factor, self.out_channels

    def get_config(self) -> dict:
        return {**super().get_config(), **arguments_of(self)}


@keras.saving.register_keras_serializable(package="tf_infomax")
class InputDiscriminatorBlock(keras.layers.Layer):
    """The first block, on images: conv 3x3 - ReLU - conv 3x3 - average pool 2, plus average pool - conv 1x1.

    Args:
        in_channels: Channels of the images (B, H, W, in_channels).
        out_channels: Channels of the output (B, H/2, W/2, out_channels) and of the hidden map.
        spectral_norm: Whether the convolutions are spectrally normalised.

    Source: the "optimized" block of Miyato et al.'s code, as in InfoMax-GAN's.
    """

    def __init__(self, in_channels: int, out_channels: int, *, spectral_norm: bool = True, **kwargs) -> None:
        super().__init__(**kwargs)
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.spectral_norm = spectral_norm
        common = {"spectral_norm": spectral_norm, "dtype": self.dtype_policy}
        self.conv1 = conv(in_channels, out_channels, residual=True, name="conv1", **common)
        self.conv2 = conv(out_channels, out_channels, residual=True, pooled=True, name="conv2", **common)
        self.shortcut = conv(in_channels, out_channels, kernel_size=1, name="shortcut", **common)

    def build(self, input_shape) -> None:
        self.conv1.build(input_shape)
        self.conv2.build((*input_shape[:-1], self.out_channels))
        self.shortcut.build(input_shape)

    def call(self, inputs: Tensor, training: bool = False) -> Tensor:
        hidden = tf.nn.relu(apply_layer(self.conv1, inputs, training=training))
        hidden = apply_layer(self.conv2, hidden, training=training)
        return hidden + apply_layer(self.shortcut, average_pool(inputs), training=training)

    def compute_output_shape(self, input_shape) -> tuple[int | None, ...]:
        batch, height, width, _ = input_shape
        return batch, height // 2, width // 2, self.out_channels

    def get_config(self) -> dict:
        return {**super().get_config(), **arguments_of(self)}


def upsample(images: Tensor) -> Tensor:
    """Doubles height and width (B, H, W, C) bilinearly with half-pixel centres."""
    height, width = images.shape[1:3]
    return tf.cast(tf.image.resize(images, (2 * height, 2 * width), method="bilinear"), images.dtype)


def average_pool(images: Tensor) -> Tensor:
    """Halves height and width (B, H, W, C) by 2x2 means."""
    return tf.nn.avg_pool2d(images, 2, 2, "VALID")
