"""A neural estimate of a Kullback-Leibler divergence, by the Donsker-Varadhan bound."""

from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.losses.mutual_information import donsker_varadhan_lower_bound
from tf_infomax.metrics.representation.batches import cosine_decay, endless_batches
from tf_infomax.metrics.representation.descent import training_step
from tf_infomax.types import Array, Tensor

GRADIENT_NORM = 1.0
MARGINAL_DRAWS = 10

Shuffle = Callable[[tuple[Array, ...], np.random.Generator], tuple[Array, ...]]
"""Maps rows of the joint distribution to as many of the product of its marginals."""


def divergence_estimate(
    network: keras.layers.Layer,
    train: tuple[Array, ...],
    test: tuple[Array, ...],
    shuffle: Shuffle,
    *,
    steps: int,
    batch_size: int,
    learning_rate: float,
    seed: int,
) -> float:
    """Returns a lower bound, in nats, of the divergence of a distribution from the product of its marginals.

    A network T is trained on batches of the training rows to maximise the Donsker-Varadhan bound, by Adam whose
    learning rate falls to 0 and with gradients clipped to norm 1. The estimate is the bound on the test rows, against
    ten shuffled copies of them: rows that T was not trained on, or its memory of single rows would count.

    Args:
        network: T, built: maps the columns of rows to scores (B, 1).
        train: The joint distribution in columns, each (N, ...).
        test: Likewise, (M, ...).
        shuffle: What makes pairs that do not belong together.
        steps: Steps of training.
        batch_size: Rows in a step.
        learning_rate: At the start.
        seed: Decides order and shuffles.

    Raises:
        InputError: There are fewer than two rows, or no steps.

    Source: Belghazi et al., ICML 2018 (MINE), Eq. 10; Hjelm et al., ICLR 2019, section 4.2, for the decay.
    """
    if steps < 1 or min(len(train[0]), len(test[0])) < 2:
        received = f"{steps} steps, {len(train[0])} and {len(test[0])} rows"
        raise InputError(f"Needed are at least one step and two rows. Received: {received}")
    rng = np.random.default_rng(seed)
    optimizer = keras.optimizers.Adam(learning_rate, global_clipnorm=GRADIENT_NORM)

    def loss(joint: tuple[Tensor, ...], marginal: tuple[Tensor, ...]) -> Tensor:
        return -donsker_varadhan_lower_bound(network(*joint), network(*marginal))

    update = training_step(loss, network.trainable_variables, optimizer)
    batches = endless_batches(len(train[0]), batch_size, rng)
    for step in range(steps):
        optimizer.learning_rate = learning_rate * cosine_decay(step, steps)
        rows = next(batches)
        joint = tuple(column[rows] for column in train)
        update(joint, shuffle(joint, rng))
    marginals = [_scores(network, shuffle(test, rng), batch_size) for _ in range(MARGINAL_DRAWS)]
    return float(donsker_varadhan_lower_bound(_scores(network, test, batch_size), tf.concat(marginals, axis=0)))


def _scores(network: keras.layers.Layer, columns: tuple[Array, ...], batch_size: int) -> Tensor:
    starts = range(0, len(columns[0]), batch_size)
    return tf.concat([network(*(column[i : i + batch_size] for column in columns)) for i in starts], axis=0)
