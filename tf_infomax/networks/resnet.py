"""The residual generator and discriminator of SNGAN and InfoMax-GAN at 32, 48, 64, 128 and 256 pixels."""

import math
from typing import NamedTuple

import keras
import tensorflow as tf

from tf_infomax.errors import InputError, check_positive
from tf_infomax.layers import (
    BatchNormalization,
    DiscriminatorBlock,
    GeneratorBlock,
    InputDiscriminatorBlock,
    conv,
    embedding,
    linear,
)
from tf_infomax.layers.precision import full_precision
from tf_infomax.networks.conditioning import require_labels
from tf_infomax.networks.features import discriminator_outputs, projection_logits, sum_over_locations
from tf_infomax.signatures import arguments_of
from tf_infomax.sizes import ImageSize, checked_size, height_and_width, size_text
from tf_infomax.types import Features, Tensor


class ChannelPlan(NamedTuple):
    """Widths of one resolution's networks, each given as a power of two below its base width."""

    bottom_width: int
    """Height and width of the generator's first map; the shorter side of a rectangle's."""
    generator_channels: int
    """The published base width of the generator."""
    generator_shifts: tuple[int, ...]
    """Channels of the first map and after each block: `base >> shift`."""
    discriminator_channels: int
    """The published base width of the discriminator."""
    discriminator_shifts: tuple[int, ...]
    """Channels after each block."""
    downsample: tuple[bool, ...]
    """Which discriminator blocks halve the resolution."""

    @property
    def doublings(self) -> int:
        """Blocks of the generator, each of which doubles the resolution."""
        return len(self.generator_shifts) - 1

    @property
    def multiple(self) -> int:
        """What divides both sides of a rectangle, so that all maps of both networks have whole numbers of pixels."""
        return 2 ** max(self.doublings, sum(self.downsample))


# Source: InfoMax-GAN, Tables 7-9, and the authors' library for the widths that the tables leave out; BigGAN (Brock et
# al., 2019), Table 5, for 256, with the base width of 128, whose plan is its Table 4.
CHANNEL_PLANS = {
    32: ChannelPlan(4, 256, (0, 0, 0, 0), 128, (0, 0, 0, 0), (True, True, False, False)),
    48: ChannelPlan(6, 512, (0, 1, 2, 3), 1024, (4, 3, 2, 1, 0), (True, True, True, True, False)),
    64: ChannelPlan(4, 1024, (0, 1, 2, 3, 4), 1024, (4, 3, 2, 1, 0), (True,) * 5),
    128: ChannelPlan(4, 1024, (0, 0, 1, 2, 3, 4), 1024, (4, 3, 2, 1, 0, 0), (True,) * 5 + (False,)),
    256: ChannelPlan(4, 1024, (0, 0, 1, 1, 2, 3, 4), 1024, (4, 3, 2, 1, 1, 0, 0), (True,) * 6 + (False,)),
}


def channel_plan(image_size: ImageSize) -> ChannelPlan:
    """Returns the plan for images of a size: that of the shorter side.

    Raises:
        InputError: There is no plan for the shorter side, or the longer one is no multiple of the plan's.
    """
    shorter, longer = sorted(height_and_width(image_size))
    if shorter not in CHANNEL_PLANS:
        known = ", ".join(map(str, CHANNEL_PLANS))
        side = "" if isinstance(image_size, int) else "The shorter side of "
        raise InputError(f"{side}`image_size` must be one of {known} for a ResNet. Received: {size_text(image_size)}")
    plan = CHANNEL_PLANS[shorter]
    if not isinstance(image_size, int) and longer % plan.multiple:
        raise InputError(
            f"The longer side of `image_size` must be a multiple of {plan.multiple} for a ResNet whose shorter side is "
            f"{shorter}. Received: {size_text(image_size)}"
        )
    return plan


@keras.saving.register_keras_serializable(package="tf_infomax")
class ResNetGenerator(keras.Model):
    """Maps latents (B, Z) to images (B, H, W, C) float32 in [-1, 1].

    A conditional generator takes latents and labels (B,), integers: every normalisation but the last depends on the
    label.

    Args:
        image_size: Height and width in pixels: 32, 48, 64, 128 or 256; or both, such as `(32, 64)`: the shorter side is
            one of these and decides on blocks and widths, the longer one is a multiple of 8, 16, 32, 32 or 64.
        base_channels: Base width in channels; the published one of the resolution if None.
        latent_dim: Size of the latents (Z).
        num_channels: Image channels (C).
        num_classes: Number of classes (K); None for an unconditional generator, which ignores labels.

    Raises:
        InputError: There is no channel plan for the image size, or a size is too small.

    Source: InfoMax-GAN, Tables 7a, 8a, 9a; Miyato and Koyama, 2018, for the classes.
    """

    def __init__(
        self,
        image_size: ImageSize = 32,
        *,
        base_channels: int | None = None,
        latent_dim: int = 128,
        num_channels: int = 3,
        num_classes: int | None = None,
        **kwargs,
    ) -> None:
        super().__init__(**kwargs)
        check_positive(latent_dim=latent_dim, num_channels=num_channels)
        self.image_size = checked_size(image_size)
        plan = channel_plan(self.image_size)
        self.base_channels = plan.generator_channels if base_channels is None else base_channels
        self.latent_dim = latent_dim
        self.num_channels = num_channels
        self.num_classes = num_classes
        widths = _widths(self.base_channels, plan.generator_shifts)
        height, width = (side >> plan.doublings for side in height_and_width(self.image_size))
        self.bottom_shape = (height, width, widths[0])
        self.project = linear(latent_dim, math.prod(self.bottom_shape), name="project", dtype=self.dtype_policy)
        self.blocks = [
            GeneratorBlock(*pair, num_classes=num_classes, name=f"block{i}", dtype=self.dtype_policy)
            for i, pair in enumerate(zip(widths, widths[1:]))
        ]
        self.norm = BatchNormalization(name="norm", dtype=self.dtype_policy)
        self.to_image = conv(widths[-1], num_channels, name="to_image", dtype=self.dtype_policy)

    def build(self, input_shape) -> None:
        self.project.build(input_shape)
        shape: tuple[int | None, ...] = (input_shape[0], *self.bottom_shape)
        for block in self.blocks:
            block.build(shape)
            shape = block.compute_output_shape(shape)
        self.norm.build(shape)
        self.to_image.build(shape)

    def call(self, latents: Tensor, labels: Tensor | None = None, training: bool = False) -> Tensor:
        require_labels(labels, num_classes=self.num_classes)
        hidden = tf.reshape(self.project(latents), [-1, *self.bottom_shape])
        for block in self.blocks:
            hidden = block(hidden, labels, training=training)
        hidden = self.to_image(tf.nn.relu(self.norm(hidden, training=training)))
        return tf.tanh(full_precision(hidden))

    def get_config(self) -> dict:
        return {**super().get_config(), **arguments_of(self)}


@keras.saving.register_keras_serializable(package="tf_infomax")
class ResNetDiscriminator(keras.Model):
    """Maps images (B, H, W, C) in [-1, 1] to logits and features, all float32.

    A conditional discriminator takes images and labels (B,), integers: the logits include the global features' product
    with the label's embedding.

    Returns a dict: `logits` (B, 1); `local_features` (B, h, w, C), the input of the last block; `global_features`
    (B, F), the last map after ReLU, summed over its locations; `block0`, `block1`, ..., the output of every block as
    the next one receives it, the last one's after ReLU.

    Args:
        image_size: Height and width in pixels: 32, 48, 64, 128 or 256; or both, such as `(32, 64)`: the shorter side is
            one of these and decides on blocks and widths, the longer one is a multiple of 8, 16, 32, 32 or 64.
        base_channels: Base width in channels; the published one of the resolution if None.
        num_channels: Image channels.
        num_classes: Number of classes (K); None for an unconditional discriminator, which ignores labels.
        spectral_norm: Whether all layers are spectrally normalised.
        activate_shortcut: Whether shortcuts receive relu(x): True, as in the authors' library, where all maps pass a
            ReLU; False gives the papers' blocks.

    Raises:
        InputError: There is no channel plan for the image size, or a size is too small.

    Source: InfoMax-GAN, Tables 7b, 8b, 9b; Miyato and Koyama, 2018, for the classes.
    """

    def __init__(
        self,
        image_size: ImageSize = 32,
        *,
        base_channels: int | None = None,
        num_channels: int = 3,
        num_classes: int | None = None,
        spectral_norm: bool = True,
        activate_shortcut: bool = True,
        **kwargs,
    ) -> None:
        super().__init__(**kwargs)
        check_positive(num_channels=num_channels)
        self.image_size = checked_size(image_size)
        plan = channel_plan(self.image_size)
        self.base_channels = plan.discriminator_channels if base_channels is None else base_channels
        self.num_channels = num_channels
        self.num_classes = num_classes
        self.spectral_norm = spectral_norm
        self.activate_shortcut = activate_shortcut
        widths = _widths(self.base_channels, plan.discriminator_shifts)
        common = {"spectral_norm": spectral_norm, "dtype": self.dtype_policy}
        self.blocks = [InputDiscriminatorBlock(num_channels, widths[0], name="block0", **common)]
        for i, downsample in enumerate(plan.downsample[1:], start=1):
            options = {"downsample": downsample, "activate_shortcut": activate_shortcut, **common}
            self.blocks.append(DiscriminatorBlock(widths[i - 1], widths[i], name=f"block{i}", **options))
        common["dtype"] = self.variable_dtype  # Logits are not rounded.
        self.to_logits = linear(widths[-1], 1, name="to_logits", **common)
        self.embedding = None
        if num_classes is not None:
            self.embedding = embedding(num_classes, widths[-1], name="embedding", **common)

    def build(self, input_shape) -> None:
        shape = tuple(input_shape)
        for block in self.blocks:
            block.build(shape)
            shape = block.compute_output_shape(shape)
        self.to_logits.build((shape[0], shape[-1]))
        if self.embedding is not None:
            self.embedding.build((shape[0],))

    def call(self, images: Tensor, labels: Tensor | None = None, training: bool = False) -> Features:
        require_labels(labels, num_classes=self.num_classes)
        hidden, maps = images, []
        for block in self.blocks:
            hidden = block(hidden, training=training)
            maps.append(tf.nn.relu(hidden) if self.activate_shortcut else hidden)
        maps[-1] = tf.nn.relu(hidden)
        global_features = sum_over_locations(maps[-1])
        logits = projection_logits(self.to_logits, self.embedding, global_features, labels, training=training)
        return discriminator_outputs(logits, maps, global_features)

    def get_config(self) -> dict:
        return {**super().get_config(), **arguments_of(self)}


def _widths(base_channels: int, shifts: tuple[int, ...]) -> list[int]:
    widths = [base_channels >> shift for shift in shifts]
    if min(widths) < 1:
        smallest = 2 ** max(shifts)
        raise InputError(f"`base_channels` must be at least {smallest} at this image size. Received: {base_channels}")
    return widths
