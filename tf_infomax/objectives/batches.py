"""Batches of a GAN: the data that an update hands to each objective."""

from typing import NamedTuple

from tf_infomax.types import Features, Tensor


class DiscriminatorBatch(NamedTuple):
    """The data of a discriminator update."""

    latents: Tensor
    """(B, Z) float32."""
    fake_images: Tensor
    """(B, H, W, C) float32 in [-1, 1], or points (B, D) float32, as the discriminator saw them: augmented, if the GAN
    has an augmentation, and then not always in that range."""
    fake_features: Features
    """The discriminator's output on `fake_images`."""
    real_images: Tensor
    """Shape and dtype of `fake_images`."""
    real_features: Features
    """The discriminator's output on `real_images`."""
    seed: Tensor
    """(2,) int32 for `tf.random.stateless_*`: differs between steps, players and objectives, not between replicas."""
    labels: Tensor | None = None
    """(B,) integers of the real images; None without labels."""
    fake_labels: Tensor | None = None
    """(B,) int64 of the fake images; where the generator is conditional."""


class GeneratorBatch(NamedTuple):
    """The data of a generator update, without real images."""

    latents: Tensor
    """(B, Z) float32."""
    fake_images: Tensor
    """(B, H, W, C) float32 in [-1, 1], or points (B, D) float32, as the discriminator saw them: augmented, if the GAN
    has an augmentation, and then not always in that range."""
    fake_features: Features
    """The discriminator's output on `fake_images`."""
    seed: Tensor
    """(2,) int32 for `tf.random.stateless_*`: differs between steps, players and objectives, not between replicas."""
    fake_labels: Tensor | None = None
    """(B,) int64 of the fake images; where the generator is conditional."""
    unaugmented: Tensor | None = None
    """The fake images as the generator made them; None says that `fake_images` are."""

    @property
    def generated_images(self) -> Tensor:
        """The generator's own images, for an objective that does not ask the discriminator."""
        return self.fake_images if self.unaugmented is None else self.unaugmented


Batch = DiscriminatorBatch | GeneratorBatch
"""The data of either player's update; its type tells the player."""
