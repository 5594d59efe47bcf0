"""The encoders of Deep InfoMax."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast, get_args

import keras
import tensorflow as tf

from tf_infomax.errors import InputError, check_choice, check_positive
from tf_infomax.layers.precision import full_precision
from tf_infomax.networks.encoder_blocks import ConvolutionBlock, FullyConnectedBlock, FullyConnectedNetwork
from tf_infomax.signatures import arguments_of
from tf_infomax.types import Features, Tensor

EncoderArchitecture = Literal["dcgan", "alexnet"]


@dataclass(frozen=True)
class PlannedConvolution:
    """A convolution, batch normalisation and ReLU, followed by max pooling 3x3/2 if `pool`."""

    width: int  # channels where base_channels is 64
    kernel_size: int
    strides: int
    padding: int
    pool: bool = False

    def channels(self, base_channels: int) -> int:
        """Returns the channels of the output."""
        return max(1, self.width * base_channels // 64)


@dataclass(frozen=True)
class EncoderPlan:
    """The layers of an encoder, which decoders and discriminators of pairs share."""

    convs: tuple[PlannedConvolution, ...]
    num_fc: int
    """Hidden fully connected layers."""
    local: int
    """The convolution whose output is the local features."""


def _halving(*widths: int) -> tuple[PlannedConvolution, ...]:
    return tuple(PlannedConvolution(width, 4, 2, 1) for width in widths)


# Source: Deep InfoMax, Tables 1 and 2 of its authors' code; the local features as in Appendix A.2.
_PLANS: Mapping[tuple[str, int], EncoderPlan] = {
    ("dcgan", 28): EncoderPlan((PlannedConvolution(64, 5, 2, 2), PlannedConvolution(128, 5, 2, 2)), num_fc=1, local=1),
    ("dcgan", 32): EncoderPlan(_halving(64, 128, 256), num_fc=1, local=1),
    ("dcgan", 64): EncoderPlan(_halving(64, 128, 256, 512), num_fc=1, local=2),
    ("alexnet", 64): EncoderPlan(
        (
            PlannedConvolution(96, 3, 1, 1, pool=True),
            PlannedConvolution(192, 3, 1, 1, pool=True),
            PlannedConvolution(384, 3, 1, 1),
            PlannedConvolution(384, 3, 1, 1),
            PlannedConvolution(192, 3, 1, 1, pool=True),
        ),
        num_fc=2,
        local=2,
    ),
}
_FC_UNITS: Mapping[str, int] = {"dcgan": 1024, "alexnet": 4096}


@keras.saving.register_keras_serializable(package="tf_infomax")
class ConvolutionalEncoder(keras.Model):
    """Maps images (B, H, W, C) in [-1, 1] to features at several depths, all float32.

    Convolutions, flattened, then fully connected layers, each with batch normalisation and ReLU, and a linear output.
    Returns a dict: `local_features` (B, h, w, C'), the map whose locations objectives compare; `conv`, the last map;
    `fc` (B, F), the last hidden layer; `output` (B, Y).

    | architecture | pixels | convolutions                                              | local features | fc          |
    | ------------ | ------ | --------------------------------------------------------- | -------------- | ----------- |
    | dcgan        | 28     | 64, 128 of 5x5/2                                          | the second     | 1024        |
    | dcgan        | 32     | 64, 128, 256 of 4x4/2                                     | the second     | 1024        |
    | dcgan        | 64     | 64, 128, 256, 512 of 4x4/2                                | the third      | 1024        |
    | alexnet      | 64     | 96, 192, 384, 384, 192 of 3x3; max pooling after 1, 2, 5  | the third      | 4096, 4096  |

    Args:
        image_size: Height and width in pixels.
        architecture: `"dcgan"` or `"alexnet"`.
        output_dim: Size of the output (Y).
        base_channels: Channels of the first layer of `dcgan`, to which all others are in proportion; 64 in the paper.
        fc_units: Units of the fully connected layers (F); the architecture's own if None.
        num_channels: Image channels (C).

    Raises:
        InputError: The architecture is unknown or has no encoder for the image size, or a size is below 1.

    Source: Hjelm et al., ICLR 2019, Appendix A.2, with the layer sizes of its authors' code.
    """

    def __init__(
        self,
        image_size: int = 32,
        *,
        architecture: EncoderArchitecture = "dcgan",
        output_dim: int = 64,
        base_channels: int = 64,
        fc_units: int | None = None,
        num_channels: int = 3,
        **kwargs,
    ) -> None:
        super().__init__(**kwargs)
        plan = encoder_plan(architecture, image_size)
        fc_units = _FC_UNITS[architecture] if fc_units is None else fc_units
        check_positive(output_dim=output_dim, base_channels=base_channels, fc_units=fc_units, num_channels=num_channels)
        self.image_size = image_size
        self.architecture = architecture
        self.output_dim = output_dim
        self.base_channels = base_channels
        self.fc_units = fc_units
        self.num_channels = num_channels
        self._local = plan.local
        self.blocks = [
            ConvolutionBlock(
                conv.channels(base_channels),
                kernel_size=conv.kernel_size,
                strides=conv.strides,
                padding=conv.padding,
                pool=conv.pool,
                name=f"conv{i}",
                dtype=self.dtype_policy,
            )
            for i, conv in enumerate(plan.convs)
        ]
        self.fully_connected = FullyConnectedNetwork(
            (fc_units,) * plan.num_fc, output_dim, name="fully_connected", dtype=self.dtype_policy
        )

    def build(self, input_shape) -> None:
        shape = tuple(input_shape)
        for block in self.blocks:
            block.build(shape)
            shape = block.compute_output_shape(shape)
        self._flat_size = math.prod(shape[1:])
        self.fully_connected.build((shape[0], self._flat_size))

    def call(self, images: Tensor, training: bool = False) -> Features:
        hidden, maps = images, []
        for block in self.blocks:
            hidden = block(hidden, training=training)
            maps.append(hidden)
        flat = tf.reshape(hidden, [tf.shape(hidden)[0], self._flat_size])  # Larger images fail, and are no more rows.
        fc, output = self.fully_connected(flat, training=training)
        features = {"local_features": maps[self._local], "conv": hidden, "fc": fc, "output": output}
        return {name: full_precision(feature) for name, feature in features.items()}

    def get_config(self) -> dict:
        return {**super().get_config(), **arguments_of(self)}


@keras.saving.register_keras_serializable(package="tf_infomax")
class StridedCropEncoder(keras.Model):
    """Encodes overlapping crops separately: each location of the local features depends on its own crop alone.

    A crop has a quarter of the image's height and width and starts half a crop after the one before: 7x7 crops. Each
    passes 4x4/2 convolutions of 64 and 128 channels and a fully connected layer, with batch normalisation and ReLU. The
    mean over locations passes the fully connected layers. Any part of the locations has a mean, so several blocks of
    them give several global features.

    Returns a dict as `ConvolutionalEncoder` does; `local_features` and `conv` are both (B, 7, 7, L).

    Args:
        image_size: Height and width in pixels, a multiple of 8 and at least 32.
        output_dim: Size of the output (Y).
        base_channels: Channels of the first convolution.
        local_units: Size of a crop's features (L).
        fc_units: Units of the fully connected layer (F).
        num_channels: Image channels (C).

    Raises:
        InputError: The image size is not a multiple of 8 or is below 32, or a size is below 1.

    Source: Hjelm et al., ICLR 2019, section 4.2 (the comparison with CPC). Deviation: the encoder of a crop, a
    ResNet-50 in the paper.
    """

    def __init__(
        self,
        image_size: int = 32,
        *,
        output_dim: int = 64,
        base_channels: int = 64,
        local_units: int = 256,
        fc_units: int = 1024,
        num_channels: int = 3,
        **kwargs,
    ) -> None:
        super().__init__(**kwargs)
        if not isinstance(image_size, int) or image_size % 8 or image_size < 32:
            raise InputError(f"`image_size` must be a multiple of 8 and at least 32. Received: {image_size}")
        check_positive(
            output_dim=output_dim,
            base_channels=base_channels,
            local_units=local_units,
            fc_units=fc_units,
            num_channels=num_channels,
        )
        self.image_size = image_size
        self.output_dim = output_dim
        self.base_channels = base_channels
        self.local_units = local_units
        self.fc_units = fc_units
        self.num_channels = num_channels
        self.crop_size = image_size // 4
        self.blocks = [
            ConvolutionBlock(
                base_channels << i, kernel_size=4, strides=2, padding=1, name=f"conv{i}", dtype=self.dtype_policy
            )
            for i in range(2)
        ]
        self.crop_features = FullyConnectedBlock(local_units, name="crop_features", dtype=self.dtype_policy)
        self.fully_connected = FullyConnectedNetwork(
            (fc_units,), output_dim, name="fully_connected", dtype=self.dtype_policy
        )

    def build(self, input_shape) -> None:
        shape: tuple[int | None, ...] = (None, self.crop_size, self.crop_size, self.num_channels)
        for block in self.blocks:
            block.build(shape)
            shape = block.compute_output_shape(shape)
        self._flat_size = math.prod(cast(tuple[int, ...], shape[1:]))
        self.crop_features.build((None, self._flat_size))
        self.fully_connected.build((None, self.local_units))

    def call(self, images: Tensor, training: bool = False) -> Features:
        hidden, num_crops = self._crops(images)
        for block in self.blocks:
            hidden = block(hidden, training=training)
        local = self.crop_features(tf.reshape(hidden, [-1, self._flat_size]), training=training)
        local = tf.reshape(local, [-1, num_crops, num_crops, self.local_units])
        features = {"local_features": local, "conv": local, **self.summarise(local, training=training)}
        return {name: full_precision(feature) for name, feature in features.items()}

    def summarise(self, local_features: Tensor, training: bool = False) -> Features:
        """Maps local features (B, h, w, L) of all locations or of a block to `fc` (B, F) and `output` (B, Y)."""
        fc, output = self.fully_connected(tf.reduce_mean(local_features, axis=[1, 2]), training=training)
        return {"fc": full_precision(fc), "output": full_precision(output)}

    def _crops(self, images: Tensor) -> tuple[Tensor, int]:
        """Returns the crops (B * 7 * 7, h, w, C), and how many there are on a side."""
        size, stride = self.crop_size, self.crop_size // 2
        patches = tf.image.extract_patches(
            images, [1, size, size, 1], [1, stride, stride, 1], [1, 1, 1, 1], padding="VALID"
        )
        return tf.reshape(patches, [-1, size, size, self.num_channels]), patches.shape[1]

    def get_config(self) -> dict:
        return {**super().get_config(), **arguments_of(self)}


def encoder_plan(architecture: str, image_size: int) -> EncoderPlan:
    """Returns the layers of an architecture for an image size.

    Raises:
        InputError: The architecture is unknown or has no encoder for the image size.
    """
    check_choice("architecture", architecture, get_args(EncoderArchitecture))
    sizes = [size for name, size in _PLANS if name == architecture]
    if image_size not in sizes:
        known = ", ".join(map(str, sizes))
        raise InputError(f"`image_size` of architecture {architecture} must be one of {known}. Received: {image_size}")
    return _PLANS[architecture, image_size]
