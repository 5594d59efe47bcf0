"""A discriminator outside of a GAN: it classifies images, or contrasts them, or both."""

import functools
from collections.abc import Iterator
from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.images import to_float
from tf_infomax.networks import ResNetDiscriminator
from tf_infomax.objectives import InfoMax
from tf_infomax.reproduction.table_data import TableData
from tf_infomax.types import Array, Tensor


@dataclass(frozen=True)
class ClassifierOptions:
    """Network and optimisation of a discriminator that classifies or contrasts.

    Attributes:
        base_channels: Width of the discriminator.
        projection_dim: R of InfoMax.
        batch_size: Images of an update.
        learning_rate: Adam's, with decays 0 and 0.9 as in the GANs.
    """

    base_channels: int = 32
    projection_dim: int = 128
    batch_size: int = 64
    learning_rate: float = 2e-4


DEFAULT_OPTIONS = ClassifierOptions()


class ContrastiveClassifier:
    """The 32 px discriminator of SNGAN with one logit, and InfoMax on its features.

    The loss of a batch is the logistic one of its logits, if there are targets, plus the weighted contrastive one, if
    there is InfoMax.

    Args:
        num_channels: Channels of the images.
        options: Network and optimisation.
        infomax: The contrastive objective; its discriminator's weight counts. None for none.
    """

    def __init__(self, num_channels: int, options: ClassifierOptions, infomax: InfoMax | None = None) -> None:
        self.discriminator = ResNetDiscriminator(32, base_channels=options.base_channels, num_channels=num_channels)
        self.discriminator.build((None, 32, 32, num_channels))
        self.infomax = infomax
        if infomax is not None:
            features = self.discriminator(tf.zeros((2, 32, 32, num_channels)))
            infomax.build({name: (None, *feature.shape[1:]) for name, feature in features.items()})
        self.optimizer = keras.optimizers.Adam(options.learning_rate, beta_1=0.0, beta_2=0.9, epsilon=1e-8)
        self.optimizer.build(self.trainable_variables)

    @property
    def trainable_variables(self) -> list[keras.Variable]:
        """Variables of the network and of the heads."""
        heads = [] if self.infomax is None else self.infomax.trainable_variables
        return [*self.discriminator.trainable_variables, *heads]

    @tf.function(reduce_retracing=True)
    def update(self, images: Tensor, targets: Tensor | None = None) -> None:
        """Takes one step of Adam.

        Args:
            images: (B, 32, 32, C) uint8.
            targets: (B,) float32, 1 for the class and 0 for the rest; None to contrast alone.
        """
        with tf.GradientTape() as tape:
            features = self.discriminator(to_float(images), training=True)
            loss = tf.constant(0.0)
            if targets is not None:
                logits = features["logits"][:, 0]
                loss += tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(targets, logits))
            if self.infomax is not None:
                loss += self.infomax.discriminator_weight * self.infomax.contrast(features)[0]
        values = [variable.value for variable in self.trainable_variables]
        # Zeros, not none, for the logits' layer where there are no targets.
        gradients = tape.gradient(loss, values, unconnected_gradients=tf.UnconnectedGradients.ZERO)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables))

    @tf.function(reduce_retracing=True)
    def logits(self, images: Tensor) -> Tensor:
        """Returns the logits (B,) of images (B, 32, 32, C) uint8."""
        return self.discriminator(to_float(images))["logits"][:, 0]

    @tf.function(reduce_retracing=True)
    def contrastive_accuracy(self, images: Tensor) -> Tensor:
        """Returns InfoMax' accuracy on one batch (B, 32, 32, C) uint8, see `losses.contrastive_accuracy`."""
        if self.infomax is None:
            raise InputError("The classifier must have `infomax`. Received: None")
        return self.infomax.contrast(self.discriminator(to_float(images)), training=False)[1]


@functools.cache
def images_by_class(data: TableData, split: str) -> list[Array]:
    """Reads all images (N, 32, 32, C) uint8 of a split, a list by their class."""
    source = data.source(split=split, image_size=32)
    images, labels = (part.numpy() for part in source.read(np.arange(source.num_images)))
    return [images[labels == number] for number in range(source.num_classes or 1)]


def one_vs_rest(classes: list[Array], chosen: int, batch_size: int, seed: tuple[int, ...]) -> tuple[Array, Array]:
    """Draws a batch of which half is of one class and half of all others.

    Args:
        classes: Images by class.
        chosen: Number of the class.
        batch_size: B.
        seed: Seed of the draw.

    Returns:
        Images (B, H, W, C) uint8 and targets (B,) float32.
    """
    rng = np.random.default_rng(seed)
    others = [number for number in range(len(classes)) if number != chosen]
    numbers = [chosen] * (batch_size // 2) + list(rng.choice(others, batch_size - batch_size // 2))
    images = np.stack([classes[number][rng.integers(len(classes[number]))] for number in numbers])
    return images, (np.array(numbers) == chosen).astype(np.float32)


def shuffled_batches(images: Array, batch_size: int, seed: int) -> Iterator[Array]:
    """Yields batches of images without end, each epoch in an order of its own; a rest is left out.

    Raises:
        InputError: There are fewer images than a batch has.
    """
    if len(images) < batch_size:
        raise InputError(f"A batch of {batch_size} needs as many images. Received: {len(images)}")
    epoch = 0
    while True:
        order = np.random.default_rng((seed, epoch)).permutation(len(images))
        for start in range(0, len(images) - batch_size + 1, batch_size):
            yield images[order[start : start + batch_size]]
        epoch += 1
