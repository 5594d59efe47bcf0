"""MINE and NDM as they were measured up to version 0.1: the Donsker-Varadhan bound of one network.

The study of estimators compares the library's with these, and the committed table of Deep InfoMax on digits holds them.
"""

from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.losses.mutual_information import donsker_varadhan_lower_bound
from tf_infomax.metrics.representation.batches import cosine_decay, endless_batches, standardised
from tf_infomax.metrics.representation.descent import training_step
from tf_infomax.networks import StatisticsNetwork
from tf_infomax.types import Array, Tensor

GRADIENT_NORM = 1.0
MARGINAL_DRAWS = 10
HELD_OUT = 0.1
"""Fraction of the training rows that is kept back to choose the best T."""
NUM_READINGS = 10
"""Evaluations on them during training."""

Shuffle = Callable[[tuple[Array, ...], np.random.Generator], tuple[Array, ...]]
"""Maps rows of the joint distribution to the same number of rows of the product of its marginals."""


def single_network_information(
    train: tuple[Array, Array], test: tuple[Array, Array], *, steps: int, seed: int
) -> float:
    """Returns the estimate of the information between inputs and representations, in nats.

    Args:
        train: Inputs and representations.
        test: Likewise, of other inputs.
        steps: Steps of training.
        seed: Seed of the order and the shuffles.
    """
    train_codes, test_codes = standardised(train[1], test[1])
    network = StatisticsNetwork(hidden_units=512, base_channels=16)
    network.build((None, *train[0].shape[1:]), (None, *train[1].shape[1:]))
    network.built = True
    return divergence_estimate(
        network,
        (train[0], train_codes),
        (test[0], test_codes),
        _shuffle_representations,
        steps=steps,
        batch_size=128,
        learning_rate=1e-3,
        seed=seed,
    )


def single_network_dependency(train_codes: Array, test_codes: Array, *, steps: int, seed: int) -> float:
    """Returns the estimate of the total correlation of representations, in nats.

    Args:
        train_codes: (N, Y).
        test_codes: (M, Y).
        steps: Steps of training.
        seed: Seed of the order and the shuffles.
    """
    train, test = standardised(train_codes, test_codes)
    hidden = [keras.layers.Dense(256, activation="leaky_relu", kernel_initializer="he_normal") for _ in range(2)]
    network = keras.Sequential([*hidden, keras.layers.Dense(1, use_bias=False)])
    network.build((None, train.shape[1]))
    return divergence_estimate(
        network,
        (train,),
        (test,),
        _shuffle_each_component,
        steps=steps,
        batch_size=256,
        learning_rate=1e-3,
        seed=seed,
    )


def _shuffle_representations(pairs: tuple[Array, ...], rng: np.random.Generator) -> tuple[Array, ...]:
    inputs, codes = pairs
    return inputs, rng.permutation(codes)


def _shuffle_each_component(codes: tuple[Array, ...], rng: np.random.Generator) -> tuple[Array, ...]:
    return (rng.permuted(codes[0], axis=0),)


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

    A network T is trained on batches of the training rows to maximise the Donsker-Varadhan bound, by Adam with
    gradients clipped to norm 1 and a learning rate that falls to 0. A tenth of the rows is held out: the bound on them
    is computed ten times, and T is kept as it was at the largest. The estimate is the bound on the test rows against
    ten shuffled copies of them; on its training rows T would be credited for remembering single rows. It is at least 0,
    the bound of a constant T.

    Args:
        network: T, built: maps the columns of rows to scores (B, 1).
        train: The joint distribution in columns, each (N, ...).
        test: Likewise, (M, ...).
        shuffle: Breaks the rows of the joint distribution apart.
        steps: Steps of training.
        batch_size: Rows in a step.
        learning_rate: Initial learning rate.
        seed: Seed of the order and the shuffles.

    Raises:
        InputError: There are fewer than four training rows or two test rows, or no steps.

    Source: Belghazi et al., ICML 2018 (MINE), Eq. 10; Hjelm et al., ICLR 2019, section 4.2, for the decay.
    """
    if steps < 1 or min(len(train[0]) - 2, len(test[0])) < 2:
        received = f"{steps} steps, {len(train[0])} and {len(test[0])} rows"
        raise InputError(f"An estimate needs a step, four training rows and two test rows. Received: {received}")
    rng = np.random.default_rng(seed)
    num_held_out = max(2, round(HELD_OUT * len(train[0])))
    held_out, rest = (
        tuple(column[part] for column in train) for part in (slice(num_held_out), slice(num_held_out, None))
    )
    update = _update(network, learning_rate)
    batches = endless_batches(len(rest[0]), batch_size, rng)
    largest, best = 0.0, None
    for step in range(steps):
        rows = next(batches)
        joint = tuple(column[rows] for column in rest)
        update(cosine_decay(step, steps), joint, shuffle(joint, rng))
        if (step + 1) % max(1, steps // NUM_READINGS) == 0:
            bound = _bound(network, held_out, shuffle, batch_size, rng)
            if bound > largest:
                largest, best = bound, network.get_weights()
    if best is None:
        return 0.0
    network.set_weights(best)
    return max(0.0, _bound(network, test, shuffle, batch_size, rng))


def _update(network: keras.layers.Layer, learning_rate: float) -> Callable[..., None]:
    """Returns a training step, a function of a factor of the learning rate and rows of both distributions."""
    optimizer = keras.optimizers.Adam(learning_rate, global_clipnorm=GRADIENT_NORM)

    def loss(joint: tuple[Tensor, ...], marginal: tuple[Tensor, ...]) -> Tensor:
        return -donsker_varadhan_lower_bound(network(*joint), network(*marginal))

    descend = training_step(loss, network.trainable_variables, optimizer)

    def update(factor: float, joint: tuple[Array, ...], marginal: tuple[Array, ...]) -> None:
        optimizer.learning_rate = learning_rate * factor
        descend(joint, marginal)

    return update


def _bound(
    network: keras.layers.Layer,
    rows: tuple[Array, ...],
    shuffle: Shuffle,
    batch_size: int,
    rng: np.random.Generator,
) -> float:
    marginals = [_scores(network, shuffle(rows, rng), batch_size) for _ in range(MARGINAL_DRAWS)]
    return float(donsker_varadhan_lower_bound(_scores(network, rows, batch_size), tf.concat(marginals, axis=0)))


def _scores(network: keras.layers.Layer, columns: tuple[Array, ...], batch_size: int) -> Tensor:
    starts = range(0, len(columns[0]), batch_size)
    return tf.concat([network(*(column[i : i + batch_size] for column in columns)) for i in starts], axis=0)
