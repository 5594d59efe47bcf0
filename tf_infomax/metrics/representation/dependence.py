"""The neural dependency measure: how much the components of a representation tell about each other."""

from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf

from tf_infomax.metrics.representation.batches import check_codes, endless_batches
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
from tf_infomax.metrics.representation.gaussian_copula import GaussianCopula
from tf_infomax.types import Array, Tensor

NUM_SAMPLES = 5000
"""Samples of the Gaussian copula that codes are compared with."""


def neural_dependency(
    train_codes: Array,
    test_codes: Array,
    *,
    hidden_units: tuple[int, ...] = (256, 256),
    restarts: int = 3,
    steps: int = 2000,
    batch_size: int = 256,
    learning_rate: float = 1e-3,
    seed: int = 0,
) -> Estimate:
    """Returns a lower bound of the total correlation of representations, in nats: 0 for independent components.

    It has two parts, both on test codes: `KL(p, product of marginals) = E[log(g / product of marginals)] + KL(p, g)`.

    The Gaussian copula g is fitted to the training codes: each component is put on a normal scale by its ranks, and the
    scores have the correlations of the codes. The first part is an average over the test codes without any network;
    no number of rows limits it. The second is a neural estimate of what g misses, against samples of g:

    `mean over i of: T(z[i]) - log(mean of exp(T) over z[i] and K samples)`

    Networks T are restarted, stopped and averaged as for `mutual_information_estimate`. The second part is at most
    log(1 + K), 8.5 nats for 5,000 samples. What networks do not find is missing from the estimate.
    Normal scores of the test codes are normal up to the error of the training codes' ranks, by which the first part may
    exceed the total correlation.

    Args:
        train_codes: (N, Y) float32.
        test_codes: (M, Y) float32.
        hidden_units: Units of the networks' hidden layers.
        restarts: Networks whose scores are averaged.
        steps: Steps of training of each.
        batch_size: Codes in a step, and samples.
        learning_rate: Initial learning rate; it falls to 0.
        seed: Seed of initial values, order and samples.

    Raises:
        InputError: There are too few codes to estimate anything, they are not finite, or differ in width.

    Source: Hjelm et al., ICLR 2019, section 4.1 and Figure 12; Brakel and Bengio, 2017. Deviation: they contrast codes
    with codes of shuffled components by one network, whose bound on a finite sample is far above what such a sample can
    show; here the network sees only what correlations leave.
    """
    training = Training(restarts, steps, batch_size, learning_rate)
    check_rows(len(train_codes), len(test_codes), training)
    check_codes(train_codes, test_codes)
    rng = np.random.default_rng(seed)
    own, held_out = next(folds(len(train_codes), 1, rng))
    copula = GaussianCopula.fitted(train_codes[own], train_codes[held_out], rng=rng)
    train, test = (copula.normal_scores(codes, rng) for codes in (train_codes, test_codes))

    def make() -> keras.Model:
        return _network(hidden_units, train.shape[1], rng)

    missed = _missed_by_the_copula(make, copula, train, test, training, rng)
    return Estimate(copula.log_ratio(test) + missed)


def _missed_by_the_copula(
    make: Callable[[], keras.Model],
    copula: GaussianCopula,
    train: Array,
    test: Array,
    training: Training,
    rng: np.random.Generator,
) -> Array:
    """Trains networks to tell normal scores from samples of the copula; returns the bound's terms (M,), or zeros."""
    samples = copula.sample(NUM_SAMPLES, rng)
    test_scores, sample_scores = np.zeros(len(test)), np.zeros(len(samples))
    for own, held_out in folds(len(train), training.restarts, rng):
        network = make()
        update = _update(network, copula, train[own], training, rng)
        others = copula.sample(NUM_SAMPLES, rng)

        def bound(network: keras.Model = network, rows: Array = train[held_out], others: Array = others) -> float:
            return float(np.mean(_terms(*(_scores(network, copula, part) for part in (rows, others)))))

        if train_to_best(network, update, bound, steps=training.steps):
            test_scores += _scores(network, copula, test) / training.restarts
            sample_scores += _scores(network, copula, samples) / training.restarts
    terms = _terms(test_scores, sample_scores)
    # A constant T gives 0: what is negative on test rows is a failure of T.
    return terms if np.mean(terms) > 0 else np.zeros(len(test))


def _network(hidden_units: tuple[int, ...], num_components: int, rng: np.random.Generator) -> keras.Model:
    """Maps normal scores, and the same whitened, (B, 2 Y) to T (B, 1)."""
    layers: list[keras.layers.Layer] = []
    for units in hidden_units:
        layers += [dense(units, int(rng.integers(2**31))), keras.layers.LeakyReLU(LEAK)]
    network = keras.Sequential([*layers, dense(1, int(rng.integers(2**31)))])
    network.build((None, 2 * num_components))
    return network


def _update(
    network: keras.Model,
    copula: GaussianCopula,
    rows: Array,
    training: Training,
    rng: np.random.Generator,
) -> Callable[[float], None]:
    """Returns a step of training, a function of the factor of the learning rate."""
    optimizer = keras.optimizers.Adam(training.learning_rate, global_clipnorm=GRADIENT_NORM)

    def loss(rows: Tensor, samples: Tensor) -> Tensor:
        row_scores, sample_scores = network(rows)[:, 0], network(samples)[:, 0]
        return tf.reduce_mean(tf.nn.softplus(tf.reduce_logsumexp(sample_scores) - row_scores))

    descend = training_step(loss, network.trainable_variables, optimizer)
    batches = endless_batches(len(rows), training.batch_size, rng)

    def update(factor: float) -> None:
        optimizer.learning_rate = training.learning_rate * factor
        batch = rows[next(batches)]
        descend(_inputs(copula, batch), _inputs(copula, copula.sample(len(batch), rng)))

    return update


def _inputs(copula: GaussianCopula, scores: Array) -> Array:
    return np.concatenate([scores, copula.whitened(scores)], axis=1).astype(np.float32)


def _scores(network: keras.Model, copula: GaussianCopula, scores: Array) -> Array:
    return network(_inputs(copula, scores)).numpy()[:, 0].astype(np.float64)


def _terms(row_scores: Array, sample_scores: Array) -> Array:
    """Returns the bound's term of each row (M,)."""
    total = np.logaddexp(row_scores, np.logaddexp.reduce(sample_scores))
    return row_scores - total + np.log(len(sample_scores) + 1)
