"""The batches of a GAN's updates: what the discriminator says of real and of generated samples."""

import keras

from tf_infomax.models.augmentation import Augmentation
from tf_infomax.models.augmentation.base import AUGMENTATION
from tf_infomax.models.games import AdversarialGame
from tf_infomax.models.training_draws import TrainingDraws
from tf_infomax.networks.conditioning import call_discriminator, call_network
from tf_infomax.objectives import DiscriminatorBatch, GeneratorBatch
from tf_infomax.types import Logs, Tensor

Samples = tuple[Tensor, Tensor | None]
"""Images (B, H, W, C) or points (B, D), and their labels (B,), if any."""


def augmented(samples: Samples, augmentation: Augmentation | None, seed: Tensor) -> Samples:
    """Returns samples as the discriminator sees them; unchanged without an augmentation."""
    images, labels = samples
    return (images if augmentation is None else augmentation(images, seed)), labels


def discriminator_batch(
    discriminator: keras.Model,
    augmentation: Augmentation | None,
    draws: TrainingDraws,
    latents: Tensor,
    *,
    real: Samples,
    fake: Samples,
) -> DiscriminatorBatch:
    """Calls a discriminator on real and generated samples, each with changes of their own, in training mode."""
    real = augmented(real, augmentation, draws.seed_for("augmentation/real"))
    fake = augmented(fake, augmentation, draws.seed_for("augmentation/fake"))
    real_features, fake_features = call_discriminator(discriminator, real, fake)
    return DiscriminatorBatch(
        latents=latents,
        fake_images=fake[0],
        fake_features=fake_features,
        real_images=real[0],
        real_features=real_features,
        seed=draws.seed_for("batch"),
        labels=real[1],
        fake_labels=fake[1],
    )


def generator_batch(
    discriminator: keras.Model,
    augmentation: Augmentation | None,
    draws: TrainingDraws,
    latents: Tensor,
    fake: Samples,
) -> GeneratorBatch:
    """Calls a discriminator on generated samples, likewise."""
    images, labels = augmented(fake, augmentation, draws.seed_for("augmentation/fake"))
    return GeneratorBatch(
        latents=latents,
        fake_images=images,
        fake_features=call_network(discriminator, images, labels, training=True),
        seed=draws.seed_for("batch"),
        fake_labels=labels,
        unaugmented=fake[0],
    )


def update_augmentation(augmentation: Augmentation | None, game: AdversarialGame, batch: DiscriminatorBatch) -> Logs:
    """Updates the state of an augmentation after a discriminator's update, and returns its metrics by their logs."""
    if augmentation is None:
        return {}
    real, fake = batch.real_features["logits"], batch.fake_features["logits"]
    metrics = augmentation.update(real - game.indifferent_logit(real, fake))
    return {f"{AUGMENTATION}/{name}": value for name, value in metrics.items()}
