"""The convolutional generator and discriminator of SNGAN: smaller and faster than the ResNets."""

import keras
import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.layers import BatchNormalization, conv, linear
from tf_infomax.layers.initializers import fan_in_bias, xavier_kernel
from tf_infomax.precision import full_precision
from tf_infomax.types import Features, Tensor

LEAK = 0.1


@keras.saving.register_keras_serializable(package="tf_infomax")
class ConvolutionalGenerator(keras.Model):
    """Maps latents (B, Z) to images (B, H, W, C) float32 in [-1, 1]: linear, three 4x4/2 transposed convs, conv 3x3.

    Args:
        image_size: Height and width in pixels, a multiple of 8.
        base_channels: Channels of the first map (512 in the paper); halved by each of three transposed convolutions.
        latent_dim: Size of the latents (Z).
        num_channels: Image channels (C).

    Raises:
        InputError: The size or the width is not a multiple of 8.

    Source: Miyato et al., 2018, Table 3a.
    """

    def __init__(
        self,
        image_size: int = 32,
        *,
        base_channels: int = 512,
        latent_dim: int = 128,
        num_channels: int = 3,
        **kwargs,
    ) -> None:
        super().__init__(**kwargs)
        _check_multiples_of_eight(image_size=image_size, base_channels=base_channels)
        self.image_size = image_size
        self.base_channels = base_channels
        self.latent_dim = latent_dim
        self.num_channels = num_channels
        self.bottom_shape = (image_size // 8, image_size // 8, base_channels)
        widths = [base_channels >> shift for shift in range(4)]
        self.project = linear(latent_dim, image_size**2 // 64 * base_channels, name="project", dtype=self.dtype_policy)
        self.norms = [BatchNormalization(name=f"norm{i}", dtype=self.dtype_policy) for i in range(4)]
        self.convs = [
            _transposed_conv(*pair, name=f"conv{i}", dtype=self.dtype_policy)
            for i, pair in enumerate(zip(widths, widths[1:]))
        ]
        self.to_image = conv(widths[-1], num_channels, name="to_image", dtype=self.dtype_policy)

    def build(self, input_shape) -> None:
        self.project.build(input_shape)
        shape = (input_shape[0], *self.bottom_shape)
        for norm, convolution in zip(self.norms, self.convs):
            norm.build(shape)
            convolution.build(shape)
            shape = convolution.compute_output_shape(shape)
        self.norms[-1].build(shape)
        self.to_image.build(shape)

    def call(self, latents: Tensor, training: bool = False) -> Tensor:
        hidden = tf.reshape(self.project(latents), [-1, *self.bottom_shape])
        for norm, convolution in zip(self.norms, self.convs):
            hidden = convolution(tf.nn.relu(norm(hidden, training=training)))
        hidden = self.to_image(tf.nn.relu(self.norms[-1](hidden, training=training)))
        return tf.tanh(full_precision(hidden))

    def get_config(self) -> dict:
        config = {
            "image_size": self.image_size,
            "base_channels": self.base_channels,
            "latent_dim": self.latent_dim,
            "num_channels": self.num_channels,
        }
        return {**super().get_config(), **config}


@keras.saving.register_keras_serializable(package="tf_infomax")
class ConvolutionalDiscriminator(keras.Model):
    """Maps images (B, H, W, C) in [-1, 1] to logits and features, all float32; spectrally normalised.

    Returns a dict: `logits` (B, 1); `local_features` (B, H/8, W/8, C), what the last convolution receives;
    `global_features` (B, F), its output summed over locations.

    The paper's table has a linear layer on the flattened last map; here the map is summed first, as in the ResNets,
    so that there is a global feature vector for objectives to use. Its 3x3 convolutions at strides 1 keep their place.

    Args:
        image_size: Height and width in pixels, a multiple of 8.
        base_channels: Channels of the last map (512 in the paper).
        num_channels: Image channels.

    Raises:
        InputError: The size or the width is not a multiple of 8.

    Source: Miyato et al., 2018, Table 3b.
    """

    def __init__(self, image_size: int = 32, *, base_channels: int = 512, num_channels: int = 3, **kwargs) -> None:
        super().__init__(**kwargs)
        _check_multiples_of_eight(image_size=image_size, base_channels=base_channels)
        self.image_size = image_size
        self.base_channels = base_channels
        self.num_channels = num_channels
        width = base_channels // 8
        # (in, out, kernel size, strides) of each convolution.
        plan = [
            (num_channels, width, 3, 1),
            (width, 2 * width, 4, 2),
            (2 * width, 2 * width, 3, 1),
            (2 * width, 4 * width, 4, 2),
            (4 * width, 4 * width, 3, 1),
            (4 * width, 8 * width, 4, 2),
            (8 * width, 8 * width, 3, 1),
        ]
        self.convs = [
            conv(
                i,
                o,
                kernel_size=size,
                strides=strides,
                spectral_norm=True,
                name=f"conv{index}",
                dtype=self.dtype_policy,
            )
            for index, (i, o, size, strides) in enumerate(plan)
        ]
        self.to_logits = linear(base_channels, 1, spectral_norm=True, name="to_logits", dtype=self.dtype_policy)

    def build(self, input_shape) -> None:
        shape = tuple(input_shape)
        for convolution in self.convs:
            convolution.build(shape)
            shape = convolution.compute_output_shape(shape)
        self.to_logits.build((shape[0], shape[-1]))

    def call(self, images: Tensor, training: bool = False) -> Features:
        hidden = images
        for convolution in self.convs[:-1]:
            hidden = tf.nn.leaky_relu(convolution(hidden, training=training), LEAK)
        local_features = hidden
        hidden = tf.nn.leaky_relu(self.convs[-1](hidden, training=training), LEAK)
        global_features = tf.reduce_sum(full_precision(hidden), axis=[1, 2])
        return {
            "logits": full_precision(self.to_logits(global_features, training=training)),
            "local_features": full_precision(local_features),
            "global_features": global_features,
        }

    def get_config(self) -> dict:
        config = {
            "image_size": self.image_size,
            "base_channels": self.base_channels,
            "num_channels": self.num_channels,
        }
        return {**super().get_config(), **config}


def _transposed_conv(in_channels: int, out_channels: int, **kwargs) -> keras.layers.Layer:
    return keras.layers.Conv2DTranspose(
        out_channels,
        4,
        strides=2,
        padding="same",
        kernel_initializer=xavier_kernel(),
        bias_initializer=fan_in_bias(in_channels * 4),  # each output pixel sees 2x2 inputs
        **kwargs,
    )


def _check_multiples_of_eight(**values: int) -> None:
    for name, value in values.items():
        if value < 8 or value % 8:
            raise InputError(f"`{name}` must be a multiple of 8. Received: {value}")
