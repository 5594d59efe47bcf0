"""The neural dependency measure: how much the numbers of a representation tell about each other."""

import keras
import numpy as np

from tf_infomax.metrics.representation.batches import standardised
from tf_infomax.metrics.representation.divergence import divergence_estimate
from tf_infomax.types import Array


def neural_dependency(
    train_codes: Array,
    test_codes: Array,
    *,
    hidden_units: tuple[int, ...] = (256, 256),
    steps: int = 2000,
    batch_size: int = 256,
    learning_rate: float = 1e-3,
    seed: int = 0,
) -> float:
    """Returns a lower bound, in nats, of the total correlation of representations: 0 for independent numbers.

    It is the divergence between the representations and copies whose numbers are shuffled over the batch, each by
    itself. A network tells the two apart, trained on some of the codes and read on others: see `divergence_estimate`.

    Args:
        train_codes: (N, Y) float32.
        test_codes: (M, Y) float32.
        hidden_units: Units of the network's hidden layers.
        steps: Steps of training.
        batch_size: Codes in a step.
        learning_rate: At the start; it falls to 0.
        seed: Decides order and shuffles.

    Source: Hjelm et al., ICLR 2019, section 4.1 and Figure 12; Brakel and Bengio, 2017.
    """
    train, test = standardised(train_codes, test_codes)  # changes nothing of the dependence
    return divergence_estimate(
        _network(hidden_units, train.shape[1]),
        (train,),
        (test,),
        _shuffle_each_number,
        steps=steps,
        batch_size=batch_size,
        learning_rate=learning_rate,
        seed=seed,
    )


def _shuffle_each_number(codes: tuple[Array, ...], rng: np.random.Generator) -> tuple[Array, ...]:
    return (rng.permuted(codes[0], axis=0),)


def _network(hidden_units: tuple[int, ...], num_features: int) -> keras.Model:
    """Maps codes (B, Y) to scores (B, 1)."""
    hidden = [
        keras.layers.Dense(units, activation="leaky_relu", kernel_initializer="he_normal") for units in hidden_units
    ]
    network = keras.Sequential([*hidden, keras.layers.Dense(1, use_bias=False)])
    network.build((None, num_features))
    return network
