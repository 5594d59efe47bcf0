"""Estimates of information: a number with its standard error, and the training of the networks behind it."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import keras
import numpy as np

from tf_infomax.errors import InputError, check_positive
from tf_infomax.metrics.representation.batches import cosine_decay
from tf_infomax.types import Array

GRADIENT_NORM = 1.0
HELD_OUT = 0.1
"""Fraction of the training rows that is kept back to choose the best step."""
NUM_READINGS = 10
"""Bounds on them during training."""
LEAK = 0.2


class Estimate(float):
    """An estimate in nats: a float that also knows its standard error.

    Args:
        terms: One term for each test row (M,); the estimate is their mean, or 0 if that is negative.

    Attributes:
        standard_error: Standard error of the mean over the test rows. It does not contain what other training rows or
            other networks would change.
    """

    standard_error: float

    def __new__(cls, terms: Array) -> "Estimate":
        """Averages the terms."""
        estimate = super().__new__(cls, np.maximum(0.0, np.mean(terms)))  # NaN stays.
        estimate.standard_error = float(np.std(terms) / np.sqrt(len(terms)))
        return estimate

    def __reduce__(self) -> tuple[Any, ...]:
        # A copy is made of the number and its error: the terms are gone.
        return _copied, (float(self), self.standard_error)


def _copied(value: float, standard_error: float) -> Estimate:
    estimate = Estimate(np.array([value]))
    estimate.standard_error = standard_error
    return estimate


class Training(NamedTuple):
    """How the networks of an estimate are trained."""

    restarts: int
    steps: int
    batch_size: int
    learning_rate: float


def check_rows(num_train: int, num_test: int, training: Training) -> None:
    """Refuses what nothing can be estimated from.

    Raises:
        InputError: There are fewer than four training rows or two test rows, or no steps or restarts.
    """
    check_positive(**training._asdict())
    if num_train < 4 or num_test < 2:
        raise InputError(f"An estimate needs four training rows and two test rows. Received: {num_train}, {num_test}")


def folds(num_rows: int, restarts: int, rng: np.random.Generator) -> Iterator[tuple[Array, Array]]:
    """Yields, for each restart, the rows to train on and those to choose the best step by, others each time.

    Args:
        num_rows: Number of rows (N).
        restarts: Number of pairs.
        rng: Draws the order.
    """
    order, num_held_out = rng.permutation(num_rows), max(2, round(HELD_OUT * num_rows))
    for restart in range(restarts):
        turned = np.roll(order, -restart * num_held_out)
        yield turned[num_held_out:], turned[:num_held_out]


def train_to_best(
    network: keras.Model, update: Callable[[float], None], bound: Callable[[], float], *, steps: int
) -> bool:
    """Trains a network and leaves it as it was at the largest bound.

    Args:
        network: Its weights are read and set.
        update: Makes a step; its argument is the factor of the learning rate, which falls from 1 to 0.
        bound: The bound on rows that no step sees.
        steps: Steps of training.

    Returns:
        Whether the bound was ever above 0, that of a constant; otherwise the network is as after the last step.
    """
    largest, best = 0.0, None
    for step in range(steps):
        update(cosine_decay(step, steps))
        if (step + 1) % max(1, steps // NUM_READINGS) == 0:
            value = bound()
            if value > largest:
                largest, best = value, network.get_weights()
    if best is not None:
        network.set_weights(best)
    return best is not None


def dense(units: int, seed: int) -> keras.layers.Layer:
    """Returns a linear layer whose initial values are a function of the seed."""
    return keras.layers.Dense(units, kernel_initializer=keras.initializers.HeNormal(seed=seed))
