"""MINE: the mutual information between a representation and its input."""

from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf
from scipy.special import logsumexp

from tf_infomax.images import are_images
from tf_infomax.losses.mutual_information import infonce_loss
from tf_infomax.metrics.representation.batches import check_pairs, endless_batches, standardised
from tf_infomax.metrics.representation.descent import training_step
from tf_infomax.metrics.representation.estimate import (
    GRADIENT_NORM,
    LEAK,
    Estimate,
    Training,
    check_rows,
    dense,
    folds,
    train_to_best,
)
from tf_infomax.types import Array, Tensor

Pairs = tuple[Array, Array]

MAX_CANDIDATES = 4096
"""Most representations that an input is compared with: a table of scores of this size takes 64 MiB."""
PROJECTION_DIM = 64
_NUM_CONVOLUTIONS = 3
_EVALUATION_BATCH = 512


def mutual_information_estimate(
    train: Pairs,
    test: Pairs,
    *,
    hidden_units: int = 256,
    base_channels: int = 16,
    restarts: int = 3,
    steps: int = 2000,
    batch_size: int = 256,
    learning_rate: float = 1e-3,
    seed: int = 0,
) -> Estimate:
    """Returns a lower bound of the mutual information between inputs X and representations Y, in nats.

    `mean over i of: T(x[i], y[i]) - log(mean over j of exp(T(x[i], y[j])))`

    over all pairs of test rows, for T(x, y) = f(x) . g(y) / sqrt(R), where f sees images through convolutions. Each
    restart trains f and g anew on this bound in batches, by Adam with gradients clipped to norm 1 and a learning rate
    that falls to 0, and keeps them as they were at the largest bound on a tenth of the training rows, another tenth
    each time. The bound is concave in T, so the mean of the restarts' scores gives at least the mean of their bounds.

    The expectation is never above the information, nor the estimate above log M for M test rows, or for groups of M at
    most `MAX_CANDIDATES`. A value within a nat of that says only that representations tell nearly all inputs apart. The
    information of a deterministic encoder of continuous inputs is infinite.

    Args:
        train: Inputs, images (N, H, W, C) in [-1, 1] or vectors (N, D), and representations (N, Y), float32.
        test: Likewise, of other inputs.
        hidden_units: Hidden units of f and of g.
        base_channels: Channels of f's first convolution.
        restarts: Networks whose scores are averaged.
        steps: Steps of training of each.
        batch_size: Pairs in a step.
        learning_rate: Initial learning rate; it falls to 0.
        seed: Seed of initial values and of the order.

    Raises:
        InputError: Inputs and representations do not match, there are too few, or some number is not finite.

    Source: the question of Belghazi et al., ICML 2018, and Hjelm et al., ICLR 2019, section 4.1. Deviation: they use
    the Donsker-Varadhan bound, which on a sample is no bound and differs more between seeds; this is the InfoNCE bound
    of van den Oord et al., 2018, never below it on the same scores.
    """
    check_pairs(train, test)
    check_rows(len(train[0]), len(test[0]), training := Training(restarts, steps, batch_size, learning_rate))
    # The scale of representations does not change the information, but it does change the training of T.
    train_codes, test_codes = standardised(train[1], test[1])
    rng = np.random.default_rng(seed)
    groups = np.array_split(rng.permutation(len(test_codes)), -(-len(test_codes) // MAX_CANDIDATES))

    def make() -> keras.Model:
        return _network(train[0].shape[1:], train_codes.shape[1], hidden_units, base_channels, rng)

    test_pairs = [_rows((test[0], test_codes), group) for group in groups]
    scores = _averaged_scores(make, (train[0], train_codes), test_pairs, training, rng)
    return Estimate(np.concatenate([_terms(table) for table in scores]))


def _averaged_scores(
    make: Callable[[], keras.Model], pairs: Pairs, groups: list[Pairs], training: Training, rng: np.random.Generator
) -> list[Array]:
    """Trains networks and returns the mean of their scores, a table (M, M) for each group of test pairs."""
    scores = [np.zeros((len(codes), len(codes)), np.float32) for _, codes in groups]
    for own, held_out in folds(len(pairs[0]), training.restarts, rng):
        network = make()
        update = _update(network, _rows(pairs, own), training, rng)
        validation = _rows(pairs, held_out)

        def bound(network: keras.Model = network, validation: Pairs = validation) -> float:
            return float(np.mean(_terms(_scores(network, validation))))

        if train_to_best(network, update, bound, steps=training.steps):
            for total, group in zip(scores, groups):
                total += _scores(network, group) / training.restarts
    return scores


def _rows(pairs: Pairs, rows: Array) -> Pairs:
    return pairs[0][rows], pairs[1][rows]


def _network(
    input_shape: tuple[int, ...], num_codes: int, hidden_units: int, base_channels: int, rng: np.random.Generator
) -> keras.Model:
    """Maps inputs and representations to f(x) and g(y), each (B, R)."""
    seeds = iter(rng.integers(2**31, size=8).tolist())
    inputs, codes = keras.Input(input_shape), keras.Input((num_codes,))
    features = inputs
    if are_images(input_shape):
        for index in range(_NUM_CONVOLUTIONS):
            kernel = keras.initializers.HeNormal(seed=next(seeds))
            convolution = keras.layers.Conv2D(
                base_channels << index, 4, strides=2, padding="same", kernel_initializer=kernel
            )
            features = keras.layers.LeakyReLU(LEAK)(convolution(features))
    outputs = []
    for part in (keras.layers.Flatten()(features), codes):
        hidden = keras.layers.LeakyReLU(LEAK)(dense(hidden_units, next(seeds))(part))
        outputs.append(dense(PROJECTION_DIM, next(seeds))(hidden))
    return keras.Model([inputs, codes], outputs)


def _update(
    network: keras.Model, pairs: Pairs, training: Training, rng: np.random.Generator
) -> Callable[[float], None]:
    """Returns a step of training, a function of the factor of the learning rate."""
    optimizer = keras.optimizers.Adam(training.learning_rate, global_clipnorm=GRADIENT_NORM)

    def loss(inputs: Tensor, codes: Tensor) -> Tensor:
        features, projected = network([inputs, codes])
        return infonce_loss(_products(features, projected)[:, :, None])

    descend = training_step(loss, network.trainable_variables, optimizer)
    batches = endless_batches(len(pairs[0]), training.batch_size, rng)

    def update(factor: float) -> None:
        optimizer.learning_rate = training.learning_rate * factor
        descend(*_rows(pairs, next(batches)))

    return update


def _products(features: Tensor, projected: Tensor) -> Tensor:
    return tf.matmul(features, projected, transpose_b=True) / PROJECTION_DIM**0.5  # (B, B)


def _scores(network: keras.Model, pairs: Pairs) -> Array:
    """Returns T of every input with every representation (M, M)."""
    starts = range(0, len(pairs[0]), _EVALUATION_BATCH)
    parts = [network([column[i : i + _EVALUATION_BATCH] for column in pairs]) for i in starts]
    return _products(*(tf.concat(column, axis=0) for column in zip(*parts))).numpy()


def _terms(scores: Array) -> Array:
    """Returns the bound's term of each row (M,)."""
    return np.diag(scores) - logsumexp(scores.astype(np.float64), axis=1) + np.log(len(scores))
