"""Exponential moving average of a network's weights."""

import keras
import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.networks.conditioning import call_network
from tf_infomax.types import Tensor


def check_decay(ema_decay: float) -> None:
    """Raises an InputError unless a decay is in [0, 1); 0 stands for no average."""
    if not 0 <= ema_decay < 1:
        raise InputError(f"`ema_decay` must be at least 0 and below 1. Received: {ema_decay}")


def averaged_copy(generator: keras.Model, latents: Tensor, labels: Tensor | None) -> keras.Model:
    """Returns a copy of a generator that no optimizer trains, built on example inputs.

    Raises:
        InputError: The class of the generator does not set `latent_dim`, so that a copy lacks it.
    """
    copy = type(generator).from_config(generator.get_config())
    if not hasattr(copy, "latent_dim"):
        received = f"a {type(generator).__name__} that got it later"
        raise InputError(
            f"`latent_dim` must be set by the class of the generator, for copies of it. Received: {received}"
        )
    call_network(copy, latents, labels, training=False)
    copy.set_weights(generator.get_weights())
    copy.trainable = False
    return copy


def update_average(average: keras.Model, network: keras.Model, *, decay: float, num_updates: int | Tensor) -> None:
    """Moves every variable of `average` towards its counterpart: `a = d * a + (1 - d) * w`.

    `d = min(decay, (1 + t) / (10 + t))`, so the first steps do not cling to the initial weights. Running
    statistics of normalisation layers are averaged like weights: they belong with the weights.

    Args:
        average: The slow copy.
        network: The network that trains.
        decay: Decay after the warm-up, in (0, 1).
        num_updates: Updates of the network so far (t), including this one.

    Source: the warm-up of `tf.train.ExponentialMovingAverage`.
    """
    count = tf.cast(num_updates, tf.float32)
    rate = 1.0 - tf.minimum(decay, (1.0 + count) / (10.0 + count))
    pairs = list(zip(average.variables, network.variables, strict=True))

    def update(strategy: tf.distribute.Strategy, rate: Tensor) -> None:
        for old, new in pairs:
            strategy.extended.update(old.value, _move, args=(new.value, rate))

    # Variables of all replicas are written from outside the replicas, as optimizers do.
    tf.distribute.get_replica_context().merge_call(update, args=(rate,))


def _move(old: tf.Variable, new: Tensor, rate: Tensor) -> tf.Operation:
    if not old.dtype.is_floating:
        return old.assign(new)
    return old.assign_add(tf.cast(rate, old.dtype) * (new - old))
