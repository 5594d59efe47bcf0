"""The batches of a GAN: what an update of each player has computed before its objectives are asked."""

from typing import NamedTuple

from tf_infomax.types import Features, Tensor


class DiscriminatorBatch(NamedTuple):
    """What an update of the discriminator knows."""

    latents: Tensor
    """(B, Z) float32."""
    fake_images: Tensor
    """(B, H, W, C) float32 in [-1, 1], or points (B, D) float32."""
    fake_features: Features
    """The discriminator's output on `fake_images`."""
    real_images: Tensor
    """As `fake_images`."""
    real_features: Features
    """The discriminator's output on `real_images`."""
    seed: Tensor
    """(2,) int32 for `tf.random.stateless_*`: differs between steps, players and objectives, not between replicas."""
    labels: Tensor | None = None
    """(B,) integers of the real images; where the data has them."""
    fake_labels: Tensor | None = None
    """(B,) int64 of the fake images; where the generator is conditional."""


class GeneratorBatch(NamedTuple):
    """What an update of the generator knows: real images are not part of it."""

    latents: Tensor
    """(B, Z) float32."""
    fake_images: Tensor
    """(B, H, W, C) float32 in [-1, 1], or points (B, D) float32."""
    fake_features: Features
    """The discriminator's output on `fake_images`."""
    seed: Tensor
    """(2,) int32 for `tf.random.stateless_*`: differs between steps, players and objectives, not between replicas."""
    fake_labels: Tensor | None = None
    """(B,) int64 of the fake images; where the generator is conditional."""


Batch = DiscriminatorBatch | GeneratorBatch
"""What the update of either player knows; whose it is, its type says."""
