"""Workers: processes, on one machine or several, that train one model in step."""

import contextlib
import functools
import json
import os
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import tensorflow as tf

from tf_infomax import compat
from tf_infomax.cluster import Cluster, find_cluster
from tf_infomax.distribution.devices import split_cpu
from tf_infomax.distribution.replicas import sum_over_replicas
from tf_infomax.errors import InputError, check_positive
from tf_infomax.types import Array, Tensor

_CHUNK = 2**23
"""Numbers in one exchange: 32 MiB."""


def worker_strategy(replicas: int | None) -> tf.distribute.Strategy:
    """Returns the strategy of this process and the other workers.

    Args:
        replicas: Devices of each worker; its GPUs, or one CPU device, if None.

    Raises:
        InputError: No workers are named, or TensorFlow was used before.
    """
    return _strategy_of(find_cluster(os.environ).tf_config(), replicas)


@functools.cache
def _strategy_of(tf_config: str, replicas: int | None) -> tf.distribute.Strategy:
    if replicas is not None:
        check_positive(replicas=replicas)
    cluster = find_cluster({"TF_CONFIG": tf_config})
    gpus = len(tf.config.list_physical_devices("GPU"))
    if gpus and replicas not in (None, gpus):
        raise InputError(f"`replicas` must be none, or all {gpus} GPUs of a worker. Received: {replicas}")
    if not gpus and replicas:
        split_cpu(replicas)
    try:
        with compat.cpu_devices_of_a_worker(replicas or 1):
            return tf.distribute.MultiWorkerMirroredStrategy(_resolver(cluster, gpus))
    except RuntimeError as error:
        raise InputError(f"Workers must be set up before TensorFlow is used. Received: {error}") from None


def _resolver(cluster: Cluster, gpus: int) -> tf.distribute.cluster_resolver.ClusterResolver:
    return tf.distribute.cluster_resolver.SimpleClusterResolver(
        tf.train.ClusterSpec(cluster.jobs),
        task_type=cluster.job,
        task_id=cluster.index,
        num_accelerators={"GPU": gpus},
        rpc_layer="grpc",
    )


def num_workers(strategy: tf.distribute.Strategy | None = None) -> int:
    """Returns the number of processes of a strategy, the one in scope if None."""
    strategy = strategy or tf.distribute.get_strategy()
    if not isinstance(strategy, tf.distribute.MultiWorkerMirroredStrategy):
        return 1
    cluster = strategy.cluster_resolver.cluster_spec()
    return sum(cluster.num_tasks(job) for job in cluster.jobs)


def deal_out(strategy: tf.distribute.Strategy, batches: tf.data.Dataset) -> tf.data.Dataset:
    """Orders the rows of batches so that replica i of R trains on part i of each.

    TensorFlow cuts a batch into R parts and deals them out to the workers in turns: part p goes to worker p mod W.
    Where each worker has several replicas, an image would meet other draws than on one device.

    Args:
        strategy: The strategy of the training.
        batches: Batches (B, ...) for all replicas together, the same on every worker.

    Returns:
        The batches for `fit`, of which each worker takes its share.
    """
    workers, replicas = num_workers(strategy), strategy.num_replicas_in_sync
    if workers == 1:
        return batches

    def in_turns(rows: Tensor) -> Tensor:
        parts = tf.split(rows, replicas)
        return tf.concat(
            [part for turn in range(replicas // workers) for part in parts[turn :: replicas // workers]], 0
        )

    options = tf.data.Options()
    # OFF would give every worker the whole batch, and there are no files to divide.
    options.experimental_distribute.auto_shard_policy = tf.data.experimental.AutoShardPolicy.DATA
    return batches.map(lambda *parts: tf.nest.map_structure(in_turns, parts), deterministic=True).with_options(options)


def is_chief(strategy: tf.distribute.Strategy) -> bool:
    """Whether this process writes files and prints: the first of several workers."""
    return strategy.extended.should_checkpoint


def raise_together(strategy: tf.distribute.Strategy, error: Exception | None) -> None:
    """Raises on all workers if one of them has an error: its own there, an InputError on the others.

    Every worker calls this at the same point; nothing is exchanged where there is only one.
    """
    own = np.array([error is not None], np.float32)
    failed = num_workers(strategy) > 1 and _sum(strategy, own, own)[0] > 0
    if error is not None:
        raise error
    if failed:
        raise InputError("Another worker ended; its message says why.")


@contextlib.contextmanager
def together(strategy: tf.distribute.Strategy) -> Iterator[None]:
    """Ends a block on all workers in the same way: wrong input, or a disk's error, of one of them ends it on all."""
    try:
        yield
    except (InputError, OSError) as error:
        raise_together(strategy, error)
    else:
        raise_together(strategy, None)


def broadcast(strategy: tf.distribute.Strategy, values: Sequence[Array]) -> list[Array]:
    """Returns the chief's values on every worker, bit for bit.

    Every worker calls this at the same point.

    Args:
        strategy: The workers' strategy.
        values: Arrays of the same shapes and dtypes on all workers.
    """
    # Halves of words are exact as float32, the dtype that every kind of device can add.
    halves = np.frombuffer(b"".join(_padded(value) for value in values), np.uint16).astype(np.float32)
    chunks = [halves[start : start + _CHUNK] for start in range(0, len(halves), _CHUNK)]
    sums = [_sum(strategy, chunk, np.zeros_like(chunk)) for chunk in chunks]
    content = np.concatenate([np.zeros(0, np.float32), *sums]).astype(np.uint16).tobytes()
    return list(_unpacked(content, values))


def broadcast_json(strategy: tf.distribute.Strategy, value: Any) -> Any:
    """Returns what the chief gives, on every worker, as JSON keeps it; every worker calls this at the same point."""
    if num_workers(strategy) == 1:
        return value
    content = np.frombuffer(json.dumps(value).encode(), np.uint8)
    (length,) = broadcast(strategy, [np.array(len(content), np.int64)])
    (received,) = broadcast(strategy, [np.resize(content, int(length))])
    return json.loads(received.tobytes())


def _padded(value: Array) -> bytes:
    content = np.asarray(value).tobytes()
    return content + b"\0" * (len(content) % 2)


def _unpacked(content: bytes, like: Sequence[Array]) -> Iterator[Array]:
    start = 0
    for value in like:
        yield np.frombuffer(content, value.dtype, count=value.size, offset=start).reshape(value.shape)
        start += len(_padded(value))


def _sum(strategy: tf.distribute.Strategy, of_chief: Array, of_others: Array) -> Array:
    """Sums what the chief's first replica and all other replicas give."""

    def own(context: tf.distribute.experimental.ValueContext) -> Tensor:
        return tf.constant(of_others if context.replica_id_in_sync_group else of_chief)

    @tf.function(autograph=False)
    def add(shares: Tensor) -> Tensor:
        # The identity: a share that no operation has placed on the replica's device cannot be reduced.
        return strategy.run(lambda share: sum_over_replicas([tf.identity(share)])[0], args=(shares,))

    sums = add(strategy.experimental_distribute_values_from_function(own))
    return strategy.experimental_local_results(sums)[0].numpy()
