"""MINE: the mutual information between a representation and its input."""

import numpy as np

from tf_infomax.errors import InputError
from tf_infomax.metrics.representation.batches import standardised
from tf_infomax.metrics.representation.divergence import divergence_estimate
from tf_infomax.networks.statistics import StatisticsNetwork
from tf_infomax.types import Array


def mutual_information_estimate(
    train: tuple[Array, Array],
    test: tuple[Array, Array],
    *,
    hidden_units: int = 512,
    base_channels: int = 16,
    steps: int = 2000,
    batch_size: int = 128,
    learning_rate: float = 1e-3,
    seed: int = 0,
) -> float:
    """Returns a lower bound of the mutual information between inputs X and representations Y, in nats.

    The statistics network T(x, y) sees images through convolutions; it is trained on one set of pairs and evaluated on
    another: see `divergence_estimate`. The information of a deterministic encoder of continuous inputs is infinite; the
    estimate says how much of it T finds.

    Args:
        train: Inputs, images (N, H, W, C) in [-1, 1] or vectors (N, D), and representations (N, Y), float32.
        test: Likewise, of other inputs.
        hidden_units: T's hidden units.
        base_channels: Channels of T's first convolution.
        steps: Steps of training.
        batch_size: Pairs in a step.
        learning_rate: Initial learning rate; it falls to 0.
        seed: Seed of the order and the shuffles.

    Raises:
        InputError: Inputs and representations differ in number.

    Source: Belghazi et al., ICML 2018; Hjelm et al., ICLR 2019, section 4.1.
    """
    for inputs, codes in (train, test):
        if len(inputs) != len(codes):
            raise InputError(
                f"Inputs and representations must have the same length. Received: {len(inputs)} and {len(codes)}"
            )
    # The scale of representations does not change the information, but it does change the training of T.
    train_codes, test_codes = standardised(train[1], test[1])
    network = StatisticsNetwork(hidden_units=hidden_units, base_channels=base_channels)
    network.build((None, *train[0].shape[1:]), (None, *train[1].shape[1:]))
    network.built = True
    return divergence_estimate(
        network,
        (train[0], train_codes),
        (test[0], test_codes),
        _shuffle_representations,
        steps=steps,
        batch_size=batch_size,
        learning_rate=learning_rate,
        seed=seed,
    )


def _shuffle_representations(pairs: tuple[Array, ...], rng: np.random.Generator) -> tuple[Array, ...]:
    inputs, codes = pairs
    return inputs, rng.permutation(codes)
