"""MS-SSIM of images decoded from a representation: how much of the pixels it keeps."""

import math

import keras
import numpy as np
import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.metrics.representation.batches import check_pairs, cosine_decay, endless_batches, standardised
from tf_infomax.metrics.representation.descent import training_step
from tf_infomax.networks.convolutional import ConvolutionalGenerator
from tf_infomax.types import Array, Tensor

_WINDOW = 11
_SCALE_WEIGHTS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)


def ms_ssim(images: Array, others: Array) -> float:
    """Returns the mean multi-scale structural similarity of pairs of images, 1 for equal ones.

    Each scale has half the size of the one before. Only scales that the 11x11 window fits count, with the paper's
    weights in proportion: two for 28 and 32 pixels, three for 64, all five from 176 on.

    Args:
        images: (N, H, W, C) float32 in [-1, 1].
        others: Likewise.

    Raises:
        InputError: The images are smaller than the window, or the shapes differ.

    Source: Wang et al., 2003.
    """
    _check_images(images, others)
    # From 0 on: of numbers around 0, means of both signs would be taken for another brightness altogether.
    levels, other_levels = images + 1.0, others + 1.0
    num_scales = min(len(_SCALE_WEIGHTS), int(math.log2(min(images.shape[1:3]) / _WINDOW)) + 1)
    weights = np.array(_SCALE_WEIGHTS[:num_scales]) / sum(_SCALE_WEIGHTS[:num_scales])
    values = tf.image.ssim_multiscale(
        levels, other_levels, max_val=2.0, power_factors=weights.tolist(), filter_size=_WINDOW
    )
    return float(tf.reduce_mean(values))


def _check_images(images: Array, others: Array) -> None:
    if images.shape != others.shape or min(images.shape[1:3]) < _WINDOW:
        raise InputError(
            f"Images must have the same shape, of at least {_WINDOW} pixels a side. "
            f"Received: {images.shape} and {others.shape}"
        )


def reconstruction_ms_ssim(
    train: tuple[Array, Array],
    test: tuple[Array, Array],
    *,
    base_channels: int = 128,
    steps: int = 2000,
    batch_size: int = 64,
    learning_rate: float = 1e-3,
    seed: int = 0,
) -> float:
    """Returns the MS-SSIM of test images and images decoded from their representations.

    The decoder is a convolutional generator trained on the squared error, by Adam with a learning rate that falls to 0.

    Args:
        train: Images (N, H, W, C) float32 in [-1, 1] and representations (N, Y) float32.
        test: Likewise.
        base_channels: Width of the decoder.
        steps: Steps of training.
        batch_size: Images in a step.
        learning_rate: Initial learning rate.
        seed: Seed of the order.

    Raises:
        InputError: The images are smaller than the window, there are more or fewer of them than representations, or
            some number is not finite.

    Source: Hjelm et al., ICLR 2019, section 4.1. Deviation: the DCGAN-like generator is Miyato et al.'s.
    """
    check_pairs(train, test)
    images = train[0]
    _check_images(images[:1], test[0][:1])
    train_codes, test_codes = standardised(train[1], test[1])
    decoder = ConvolutionalGenerator(
        images.shape[1:3], base_channels=base_channels, latent_dim=train_codes.shape[1], num_channels=images.shape[3]
    )
    decoder(tf.zeros([1, decoder.latent_dim]))
    optimizer = keras.optimizers.Adam(learning_rate)

    def loss(codes: Tensor, images: Tensor) -> Tensor:
        return tf.reduce_mean(tf.square(decoder(codes, training=True) - images))

    update = training_step(loss, decoder.trainable_variables, optimizer)
    batches = endless_batches(len(images), batch_size, np.random.default_rng(seed))
    for step in range(steps):
        optimizer.learning_rate = learning_rate * cosine_decay(step, steps)
        rows = next(batches)
        update(train_codes[rows], images[rows])
    starts = range(0, len(test[0]), batch_size)
    decoded = np.concatenate([decoder(test_codes[i : i + batch_size], training=False).numpy() for i in starts])
    return ms_ssim(test[0], decoded)
