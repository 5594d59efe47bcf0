"""Distribution strategies by name."""

import functools
import os
from collections.abc import Callable

import tensorflow as tf

from tf_infomax.distribution.devices import local_devices
from tf_infomax.distribution.workers import worker_strategy
from tf_infomax.errors import InputError, check_choice


def make_strategy(name: str = "default", *, replicas: int | None = None) -> tf.distribute.Strategy:
    """Returns the strategy that a program's `--strategy` names.

    Args:
        name: `"default"`, one device; `"mirrored"`, synchronous copies on the devices of this machine: its GPUs, or
            without GPUs its logical CPU devices; `"workers"`, the devices of all processes that `TF_CONFIG` or Slurm
            name; `"tpu"`, all cores of the TPU that `TPU_NAME` names, or of this machine's.
        replicas: Number of devices of this process for `"mirrored"` and `"workers"`; all of them if None. Without GPUs
            the CPU is split into this many logical devices, which must happen before TensorFlow is first used.

    Raises:
        InputError: The name is unknown, there are fewer devices than replicas, no workers, or no TPU.
    """
    check_choice("strategy", name, STRATEGIES)
    return _STRATEGIES[name](replicas)


def _default(replicas: int | None) -> tf.distribute.Strategy:
    if replicas not in (None, 1):
        raise InputError(f"`replicas` must be 1 unless `strategy` is mirrored or workers. Received: {replicas}")
    return tf.distribute.get_strategy()


def _mirrored(replicas: int | None) -> tf.distribute.Strategy:
    devices = local_devices(replicas)
    if replicas is not None and not 1 <= replicas <= len(devices):
        raise InputError(f"`replicas` must be from 1 to {len(devices)}, the number of devices. Received: {replicas}")
    return _mirrored_on(tuple(devices[:replicas]))


@functools.cache
def _mirrored_on(devices: tuple[str, ...]) -> tf.distribute.Strategy:
    # One strategy for the same devices: every strategy numbers its collectives from the same start, and TensorFlow
    # confuses those of two strategies in one process.
    return tf.distribute.MirroredStrategy(devices)


def _tpu(replicas: int | None) -> tf.distribute.Strategy:
    if replicas is not None:
        raise InputError(f"`replicas` must be none for a TPU, all of whose cores train. Received: {replicas}")
    return _tpu_named(os.environ.get("TPU_NAME", "local"))


@functools.cache
def _tpu_named(name: str) -> tf.distribute.Strategy:
    try:
        resolver = tf.distribute.cluster_resolver.TPUClusterResolver(tpu=name)
        if name != "local":
            tf.config.experimental_connect_to_cluster(resolver)
        tf.tpu.experimental.initialize_tpu_system(resolver)
    except (ValueError, RuntimeError, OSError, tf.errors.OpError) as error:
        reason = str(error).strip().splitlines()[0]
        raise InputError(f"`strategy` tpu needs a TPU that answers. Received: {name} ({reason})") from None
    return tf.distribute.TPUStrategy(resolver)


_STRATEGIES: dict[str, Callable[[int | None], tf.distribute.Strategy]] = {
    "default": _default,
    "mirrored": _mirrored,
    "workers": worker_strategy,
    "tpu": _tpu,
}
STRATEGIES = tuple(_STRATEGIES)
"""Names of the strategies."""
