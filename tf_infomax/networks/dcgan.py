"""The small DCGAN pair of the Stacked MNIST benchmark."""

import math
from collections.abc import Callable, Mapping
from typing import Literal

import keras
import tensorflow as tf

from tf_infomax.errors import InputError, check_choice, check_positive
from tf_infomax.layers import BatchNormalization
from tf_infomax.layers.initializers import dcgan_kernel, kaiming_kernel
from tf_infomax.layers.precision import full_precision
from tf_infomax.networks.features import discriminator_outputs
from tf_infomax.signatures import arguments_of
from tf_infomax.sizes import ImageSize, checked_size, height_and_width, size_text
from tf_infomax.types import Features, Tensor

LEAK = 0.3
HALVINGS = 3

KernelInit = Literal["dcgan", "kaiming"]
KERNELS: Mapping[str, Callable[[], keras.initializers.Initializer]] = {"dcgan": dcgan_kernel, "kaiming": kaiming_kernel}
"""Initial values of all kernels, by name."""


@keras.saving.register_keras_serializable(package="tf_infomax")
class DCGANGenerator(keras.Model):
    """Maps latents (B, Z) to images (B, H, W, C) float32 in [-1, 1].

    Linear to the smallest map - BN - ReLU, then three times transposed conv 3x3/2 to half the channels - BN - ReLU,
    then conv 3x3 - tanh.

    Args:
        image_size: Height and width in pixels; or both, such as `(28, 56)`. Each map before it has half the size,
            rounded up: 14, 7 and 4 for 28.
        base_channels: Channels of the smallest map.
        latent_dim: Size of the latents (Z).
        num_channels: Image channels (C).
        kernel_init: Initial values of all kernels: `"dcgan"`, normal with standard deviation 0.02, or `"kaiming"`.

    Raises:
        InputError: The image size is below 8, the channels are not a multiple of 8, or the initial values are unknown.

    Source: the Stacked MNIST network of Metz et al., 2017, as in InfoMax-GAN, Table 5.
    """

    def __init__(
        self,
        image_size: ImageSize = 28,
        *,
        base_channels: int = 64,
        latent_dim: int = 256,
        num_channels: int = 3,
        kernel_init: KernelInit = "dcgan",
        **kwargs,
    ) -> None:
        super().__init__(**kwargs)
        check_positive(latent_dim=latent_dim, num_channels=num_channels)
        self.image_size = checked_size(image_size)
        self.base_channels = base_channels
        self.latent_dim = latent_dim
        self.num_channels = num_channels
        self.kernel_init = kernel_init
        sizes = _map_sizes(self.image_size)[::-1]
        widths = _halved(base_channels, HALVINGS)
        self.bottom_shape = (*sizes[0], base_channels)
        common = {"kernel_init": kernel_init, "dtype": self.dtype_policy}
        self.project = _linear(math.prod(self.bottom_shape), name="project", **common)
        self.norms = [BatchNormalization(name=f"norm{i}", dtype=self.dtype_policy) for i in range(len(widths))]
        self.convs = [
            # An even size is twice the one before, an odd size one less.
            _convolution(
                keras.layers.Conv2DTranspose,
                width,
                strides=2,
                output_padding=tuple(1 - side % 2 for side in size),
                name=f"conv{i}",
                **common,
            )
            for i, (width, size) in enumerate(zip(widths[1:], sizes[1:]))
        ]
        self.to_image = _convolution(keras.layers.Conv2D, num_channels, name="to_image", **common)

    def build(self, input_shape) -> None:
        self.project.build(input_shape)
        shape = (input_shape[0], *self.bottom_shape)
        self.norms[0].build(shape)
        for convolution, norm in zip(self.convs, self.norms[1:]):
            convolution.build(shape)
            shape = convolution.compute_output_shape(shape)
            norm.build(shape)
        self.to_image.build(shape)

    def call(self, latents: Tensor, training: bool = False) -> Tensor:
        hidden = tf.reshape(self.project(latents), [-1, *self.bottom_shape])
        hidden = tf.nn.relu(self.norms[0](hidden, training=training))
        for convolution, norm in zip(self.convs, self.norms[1:]):
            hidden = tf.nn.relu(norm(convolution(hidden), training=training))
        return tf.tanh(full_precision(self.to_image(hidden)))

    def get_config(self) -> dict:
        return {**super().get_config(), **arguments_of(self)}


@keras.saving.register_keras_serializable(package="tf_infomax")
class DCGANDiscriminator(keras.Model):
    """Maps images (B, H, W, C) in [-1, 1] to logits and features, all float32; without spectral normalisation.

    Three times conv 3x3/2 to twice the channels - BN - leaky ReLU 0.3, then linear. The convolutions have biases, with
    or without batch normalisation.

    Returns a dict: `logits` (B, 1); `local_features` (B, h, w, C), the input of the last convolution;
    `global_features` (B, F), the last map after its activation, flattened; `block0`, `block1`, `block2`, all three maps
    after activation.

    Args:
        image_size: Height and width in pixels; or both, such as `(28, 56)`. Each map has half the size, rounded up: 14,
            7 and 4 for 28.
        base_channels: Channels of the smallest map: 8 in the benchmark's K = 1/4, 16 in its K = 1/2.
        num_channels: Image channels.
        batch_norm: Whether the maps are normalised; False for a gradient penalty, which needs the gradient of one
            image's logit with respect to that image alone.
        kernel_init: Initial values of all kernels, as for the generator.

    Raises:
        InputError: The image size is below 8, the channels are not a multiple of 4, or the initial values are unknown.

    Source: the Stacked MNIST network of Metz et al., 2017, as in InfoMax-GAN, Table 5.
    """

    def __init__(
        self,
        image_size: ImageSize = 28,
        *,
        base_channels: int = 8,
        num_channels: int = 3,
        batch_norm: bool = True,
        kernel_init: KernelInit = "dcgan",
        **kwargs,
    ) -> None:
        super().__init__(**kwargs)
        check_positive(num_channels=num_channels)
        self.image_size = checked_size(image_size)
        _map_sizes(self.image_size)
        self.base_channels = base_channels
        self.num_channels = num_channels
        self.batch_norm = batch_norm
        self.kernel_init = kernel_init
        common = {"kernel_init": kernel_init, "dtype": self.dtype_policy}
        widths = _halved(base_channels, HALVINGS - 1)[::-1]
        self.convs = [
            _convolution(keras.layers.Conv2D, width, strides=2, name=f"conv{i}", **common)
            for i, width in enumerate(widths)
        ]
        num_norms = len(widths) if batch_norm else 0
        self.norms = [BatchNormalization(name=f"norm{i}", dtype=self.dtype_policy) for i in range(num_norms)]
        common["dtype"] = self.variable_dtype  # Logits are not rounded.
        self.to_logits = _linear(1, name="to_logits", **common)

    @property
    def samplewise(self) -> bool:
        """Whether an image's outputs depend on that image alone and a call changes no state, as without batch norm.

        Real and fake images can then share one pass.
        """
        return not self.batch_norm

    def build(self, input_shape) -> None:
        shape = tuple(input_shape)
        for i, convolution in enumerate(self.convs):
            convolution.build(shape)
            shape = convolution.compute_output_shape(shape)
            if self.batch_norm:
                self.norms[i].build(shape)
        _, height, width, channels = shape
        self.to_logits.build((shape[0], height * width * channels))

    def call(self, images: Tensor, training: bool = False) -> Features:
        hidden, maps = images, []
        for i, convolution in enumerate(self.convs):
            hidden = convolution(hidden)
            if self.batch_norm:
                hidden = self.norms[i](hidden, training=training)
            hidden = tf.nn.leaky_relu(hidden, LEAK)
            maps.append(hidden)
        global_features = tf.reshape(hidden, [-1, hidden.shape[1] * hidden.shape[2] * hidden.shape[3]])
        return discriminator_outputs(self.to_logits(global_features), maps, global_features)

    def get_config(self) -> dict:
        return {**super().get_config(), **arguments_of(self)}


def _convolution(
    layer_class: type[keras.layers.Layer], filters: int, *, kernel_init: KernelInit, **kwargs
) -> keras.layers.Layer:
    return layer_class(filters, 3, padding="same", kernel_initializer=_kernel_initializer(kernel_init), **kwargs)


def _linear(units: int, *, kernel_init: KernelInit, **kwargs) -> keras.layers.Layer:
    return keras.layers.Dense(units, kernel_initializer=_kernel_initializer(kernel_init), **kwargs)


def _kernel_initializer(name: KernelInit) -> keras.initializers.Initializer:
    """Returns a new initializer for each layer: one initializer gives the same values at every call."""
    check_choice("kernel_init", name, KERNELS)
    return KERNELS[name]()


def _map_sizes(image_size: ImageSize) -> list[tuple[int, int]]:
    """Returns height and width of the image and of its maps, down to the smallest one."""
    smallest, (height, width) = 2**HALVINGS, height_and_width(image_size)
    if min(height, width) < smallest:
        raise InputError(f"`image_size` must be at least {smallest} for a DCGAN. Received: {size_text(image_size)}")
    sizes = [(height, width)]
    for _ in range(HALVINGS):
        height, width = (height + 1) // 2, (width + 1) // 2
        sizes.append((height, width))
    return sizes


def _halved(base_channels: int, halvings: int) -> list[int]:
    """Returns the channels of the smallest map and of the next ones, halved from map to map."""
    if base_channels < 1 or base_channels % 2**halvings:
        raise InputError(f"`base_channels` must be a multiple of {2**halvings} for a DCGAN. Received: {base_channels}")
    return [base_channels >> shift for shift in range(halvings + 1)]
