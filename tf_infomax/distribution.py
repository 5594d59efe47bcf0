"""Distribution strategies, and operations of a training step inside one: loss scaling, random draws, gathers."""

import functools
from collections.abc import Callable

import tensorflow as tf

from tf_infomax.errors import InputError, check_choice
from tf_infomax.types import Tensor

STRATEGIES = ("default", "mirrored")
"""Names of the strategies."""


def make_strategy(name: str = "default", *, replicas: int | None = None) -> tf.distribute.Strategy:
    """Returns the strategy that a program's `--strategy` names.

    Args:
        name: `"default"`, one device; or `"mirrored"`, synchronous copies on the devices of this machine: its GPUs,
            or without GPUs its logical CPU devices.
        replicas: Number of devices for `"mirrored"`; all of them if None. On a machine without GPUs the CPU is split
            into this many logical devices, which must happen before TensorFlow is first used.

    Raises:
        InputError: The name is unknown, or there are fewer devices than replicas.
    """
    check_choice("strategy", name, STRATEGIES)
    if name == "default":
        if replicas not in (None, 1):
            raise InputError(f"`replicas` must be 1 unless `strategy` is mirrored. Received: {replicas}")
        return tf.distribute.get_strategy()
    devices = _local_devices(replicas)
    if replicas is not None and not 1 <= replicas <= len(devices):
        raise InputError(f"`replicas` must be from 1 to {len(devices)}, the number of devices. Received: {replicas}")
    return _mirrored(tuple(devices[:replicas]))


@functools.cache
def _mirrored(devices: tuple[str, ...]) -> tf.distribute.Strategy:
    # One strategy for the same devices: every strategy numbers its collectives from the same start, and TensorFlow
    # confuses those of two strategies in one process.
    return tf.distribute.MirroredStrategy(devices)


def _local_devices(replicas: int | None) -> list[str]:
    gpus = tf.config.list_logical_devices("GPU") if tf.config.list_physical_devices("GPU") else []
    if gpus:
        return [device.name for device in gpus]
    if replicas is not None and replicas > 1:
        _split_cpu(replicas)
    return [device.name for device in tf.config.list_logical_devices("CPU")]


def _split_cpu(replicas: int) -> None:
    cpu = tf.config.list_physical_devices("CPU")[0]
    try:
        tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * replicas)
    except RuntimeError:
        # TensorFlow has started, so its devices are fixed; the caller checks their number.
        pass


def num_replicas() -> int:
    """Returns the number of replicas that train in step."""
    return tf.distribute.get_strategy().num_replicas_in_sync


def scale_loss(loss: Tensor) -> Tensor:
    """Divides a replica's mean so that Keras' sum of gradients over the replicas is the gradient of the global mean."""
    return loss / tf.cast(num_replicas(), loss.dtype)


def replica_id() -> Tensor | int:
    """Returns the position of this replica: 0 outside a replica context."""
    context = tf.distribute.get_replica_context()
    return 0 if context is None or num_replicas() == 1 else context.replica_id_in_sync_group


def num_rows(tensor: Tensor) -> int | Tensor:
    """Returns the size of the batch axis (B), as a Python integer if it is known at tracing time."""
    return tf.shape(tensor)[0] if tensor.shape[0] is None else tensor.shape[0]


def replica_share(draw: Callable[[int | Tensor], Tensor], batch_size: int | Tensor) -> Tensor:
    """Returns this replica's rows of one draw for all replicas.

    Every replica draws the same global sample and keeps its own rows. So replicas never see equal latents, and the
    numbers do not depend on how many replicas share a batch. Drawing the other replicas' rows as well is a negligible
    cost for latents.

    Args:
        draw: Maps a number of rows to a tensor with that many rows.
        batch_size: Rows of one replica (B), the same on all.
    """
    if num_replicas() == 1:
        return draw(batch_size)
    rows = draw(batch_size * num_replicas())
    share = rows[replica_id() * batch_size : (replica_id() + 1) * batch_size]
    return tf.ensure_shape(share, [batch_size if isinstance(batch_size, int) else None, *rows.shape[1:]])


def gather(tensor: Tensor) -> Tensor:
    """Concatenates the replicas' tensors along axis 0, in replica order; differentiable."""
    if num_replicas() == 1:
        return tensor
    return tf.distribute.get_replica_context().all_gather(tensor, axis=0)


def shuffle(tensor: Tensor, seed: Tensor) -> Tensor:
    """Permutes the rows of all replicas together, by a stateless seed (2,), and returns this replica's share."""
    everyone = gather(tensor)
    keys = tf.random.stateless_uniform([num_rows(everyone)], seed)
    return replica_share(lambda rows: tf.gather(everyone, tf.argsort(keys)), num_rows(tensor))


def sum_over_replicas(tensors: list[Tensor]) -> list[Tensor]:
    """Sums each tensor over the replicas; differentiable, the identity on one replica."""
    context = tf.distribute.get_replica_context()
    if num_replicas() == 1 or context is None:
        return tensors
    return context.all_reduce(tf.distribute.ReduceOp.SUM, tensors)


def gradient_norm(gradients: list[Tensor | None]) -> Tensor:
    """Returns the float32 norm of all gradients together; those of scaled losses are summed over the replicas."""
    summed = sum_over_replicas([tf.convert_to_tensor(gradient) for gradient in gradients if gradient is not None])
    return tf.linalg.global_norm([tf.cast(gradient, tf.float32) for gradient in summed])


def random_integers(num_rows: int | Tensor, seed: Tensor, limit: int) -> Tensor:
    """Draws one integer below `limit` for each row of this replica; rows do not depend on the number of replicas."""
    return replica_share(lambda rows: tf.random.stateless_uniform([rows], seed, maxval=limit, dtype=tf.int32), num_rows)
