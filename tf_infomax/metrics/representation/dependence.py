"""The neural dependency measure: how much the components of a representation tell about each other."""

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
    """Returns a lower bound, in nats, of the total correlation of representations: 0 for independent components.

    It is the divergence of the representations from copies with each component shuffled over the batch separately. The
    network that estimates it is trained on some codes and evaluated on others: see `divergence_estimate`.

    Args:
        train_codes: (N, Y) float32.
        test_codes: (M, Y) float32.
        hidden_units: Units of the network's hidden layers.
        steps: Steps of training.
        batch_size: Codes in a step.
        learning_rate: Initial learning rate; it falls to 0.
        seed: Seed of the order and the shuffles.

    Source: Hjelm et al., ICLR 2019, section 4.1 and Figure 12; Brakel and Bengio, 2017.
    """
    train, test = standardised(train_codes, test_codes)  # leaves the dependence as it is
    return divergence_estimate(
        _network(hidden_units, train.shape[1]),
        (train,),
        (test,),
        _shuffle_each_component,
        steps=steps,
        batch_size=batch_size,
        learning_rate=learning_rate,
        seed=seed,
    )


def _shuffle_each_component(codes: tuple[Array, ...], rng: np.random.Generator) -> tuple[Array, ...]:
    return (rng.permuted(codes[0], axis=0),)


def _network(hidden_units: tuple[int, ...], num_features: int) -> keras.Model:
    """Maps codes (B, Y) to scores (B, 1)."""
    hidden = [
        keras.layers.Dense(units, activation="leaky_relu", kernel_initializer="he_normal") for units in hidden_units
    ]
    network = keras.Sequential([*hidden, keras.layers.Dense(1, use_bias=False)])
    network.build((None, num_features))
    return network
