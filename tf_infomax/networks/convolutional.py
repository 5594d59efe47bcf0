"""A plain convolutional generator and discriminator: smaller and faster than the ResNets."""

import math

import keras
import tensorflow as tf

from tf_infomax.errors import InputError, check_positive
from tf_infomax.layers import apply_layer, batch_norm, conv, embedding, linear, normalise
from tf_infomax.layers.initializers import fan_in_bias, xavier_kernel
from tf_infomax.layers.precision import full_precision
from tf_infomax.networks.conditioning import require_labels
from tf_infomax.networks.features import discriminator_outputs, projection_logits, sum_over_locations
from tf_infomax.signatures import arguments_of
from tf_infomax.sizes import ImageSize, checked_size, height_and_width, size_text
from tf_infomax.types import Features, Tensor

LEAK = 0.1
SMALLEST_MAP = 4


@keras.saving.register_keras_serializable(package="tf_infomax")
class ConvolutionalGenerator(keras.Model):
    """Maps latents (B, Z) to images (B, H, W, C) float32 in [-1, 1].

    Linear to the smallest map, then for each doubling BN - ReLU - transposed conv 4x4/2 to half the channels, then
    BN - ReLU - conv 3x3 - tanh. A conditional generator takes latents and labels (B,), integers: every normalisation
    but the last depends on the label.

    Args:
        image_size: Height and width in pixels, even; or both, such as `(32, 64)`. The smallest map has the size that is
            left after halving while the shorter side is a whole number of at least 4: 4 for 32 pixels, 7 for 28. The
            longer side can be halved as often.
        base_channels: Channels of the smallest map; 512 in the paper.
        latent_dim: Size of the latents (Z).
        num_channels: Image channels (C).
        num_classes: Number of classes (K); None for an unconditional generator, which ignores labels.

    Raises:
        InputError: The image size cannot be halved, the channels cannot be halved as often, or a size is below 1.

    Source: Miyato et al., 2018, Table 3a.
    """

    def __init__(
        self,
        image_size: ImageSize = 32,
        *,
        base_channels: int = 512,
        latent_dim: int = 128,
        num_channels: int = 3,
        num_classes: int | None = None,
        **kwargs,
    ) -> None:
        super().__init__(**kwargs)
        check_positive(latent_dim=latent_dim, num_channels=num_channels)
        self.image_size = checked_size(image_size)
        self.base_channels = base_channels
        self.latent_dim = latent_dim
        self.num_channels = num_channels
        self.num_classes = num_classes
        widths = _halved_widths(self.image_size, base_channels)
        height, width = (side >> (len(widths) - 1) for side in height_and_width(self.image_size))
        self.bottom_shape = (height, width, base_channels)
        self.project = linear(latent_dim, math.prod(self.bottom_shape), name="project", dtype=self.dtype_policy)
        conditions = [num_classes] * (len(widths) - 1) + [None]
        self.norms = [
            batch_norm(condition, name=f"norm{i}", dtype=self.dtype_policy) for i, condition in enumerate(conditions)
        ]
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

    def call(self, latents: Tensor, labels: Tensor | None = None, training: bool = False) -> Tensor:
        require_labels(labels, num_classes=self.num_classes)
        hidden = tf.reshape(self.project(latents), [-1, *self.bottom_shape])
        for norm, convolution in zip(self.norms, self.convs):
            hidden = convolution(tf.nn.relu(normalise(norm, hidden, labels, training=training)))
        hidden = self.to_image(tf.nn.relu(self.norms[-1](hidden, training=training)))
        return tf.tanh(full_precision(hidden))

    def get_config(self) -> dict:
        return {**super().get_config(), **arguments_of(self)}


@keras.saving.register_keras_serializable(package="tf_infomax")
class ConvolutionalDiscriminator(keras.Model):
    """Maps images (B, H, W, C) in [-1, 1] to logits and features, all float32.

    For each halving conv 4x4/2 to twice the channels - leaky ReLU 0.1; then conv 3x3 - leaky ReLU, summed over its
    locations, and linear. The paper's network also has a 3x3 convolution before each strided one, and a linear layer on
    the unsummed map; the sum gives objectives a global feature vector, as in the ResNets. A conditional discriminator
    takes images and labels (B,), integers: the logits include the global features' product with the label's embedding.

    Returns a dict: `logits` (B, 1); `local_features` (B, h, w, C), the input of the last convolution;
    `global_features` (B, F), the input of the linear layer; `block0`, `block1`, ..., the output of every convolution
    after its leaky ReLU.

    Args:
        image_size: Height and width in pixels, as for the generator.
        base_channels: Channels of the smallest map; 512 in the paper.
        num_channels: Image channels.
        num_classes: Number of classes (K); None for an unconditional discriminator, which ignores labels.
        spectral_norm: Whether all layers are spectrally normalised.

    Raises:
        InputError: The image size cannot be halved, the channels cannot be halved as often, or a size is below 1.

    Source: after Miyato et al., 2018, Table 3b.
    """

    def __init__(
        self,
        image_size: ImageSize = 32,
        *,
        base_channels: int = 512,
        num_channels: int = 3,
        num_classes: int | None = None,
        spectral_norm: bool = True,
        **kwargs,
    ) -> None:
        super().__init__(**kwargs)
        check_positive(num_channels=num_channels)
        self.image_size = checked_size(image_size)
        self.base_channels = base_channels
        self.num_channels = num_channels
        self.num_classes = num_classes
        self.spectral_norm = spectral_norm
        widths = [num_channels, *reversed(_halved_widths(self.image_size, base_channels)[:-1])]
        common = {"spectral_norm": spectral_norm, "dtype": self.dtype_policy}
        self.convs = [
            conv(*pair, kernel_size=4, strides=2, name=f"conv{i}", **common)
            for i, pair in enumerate(zip(widths, widths[1:]))
        ]
        self.last_conv = conv(base_channels, base_channels, name="last_conv", **common)
        common["dtype"] = self.variable_dtype  # Logits are not rounded.
        self.to_logits = linear(base_channels, 1, name="to_logits", **common)
        self.embedding = None
        if num_classes is not None:
            self.embedding = embedding(num_classes, base_channels, name="embedding", **common)

    def build(self, input_shape) -> None:
        shape = tuple(input_shape)
        for convolution in (*self.convs, self.last_conv):
            convolution.build(shape)
            shape = convolution.compute_output_shape(shape)
        self.to_logits.build((shape[0], shape[-1]))
        if self.embedding is not None:
            self.embedding.build((shape[0],))

    def call(self, images: Tensor, labels: Tensor | None = None, training: bool = False) -> Features:
        require_labels(labels, num_classes=self.num_classes)
        hidden, maps = images, []
        for convolution in (*self.convs, self.last_conv):
            hidden = tf.nn.leaky_relu(apply_layer(convolution, hidden, training=training), LEAK)
            maps.append(hidden)
        global_features = sum_over_locations(hidden)
        logits = projection_logits(self.to_logits, self.embedding, global_features, labels, training=training)
        return discriminator_outputs(logits, maps, global_features)

    def get_config(self) -> dict:
        return {**super().get_config(), **arguments_of(self)}


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


def _halved_widths(image_size: ImageSize, base_channels: int) -> list[int]:
    """Returns the channels of each map, from the smallest one to that of the image's size."""
    size, longer = sorted(height_and_width(image_size))
    halvings = 0
    while size % 2 == 0 and size // 2 >= SMALLEST_MAP:
        halvings, size = halvings + 1, size // 2
    text = size_text(image_size)
    if not halvings:
        raise InputError(f"`image_size` must be even and at least {2 * SMALLEST_MAP}. Received: {text}")
    if longer % 2**halvings:
        raise InputError(f"The longer side of `image_size` must be a multiple of {2**halvings}. Received: {text}")
    if base_channels % 2**halvings or base_channels < 1:
        raise InputError(
            f"`base_channels` must be a multiple of {2**halvings} at {text} pixels. Received: {base_channels}"
        )
    return [base_channels >> shift for shift in range(halvings + 1)]
