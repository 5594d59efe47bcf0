"""Operations of a training step inside a strategy: loss scaling, random draws, sums and gathers."""

from collections.abc import Callable

import tensorflow as tf

from tf_infomax.types import Tensor


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


def interleaved(rows: Tensor, parts: int) -> list[Tensor]:
    """Deals rows out to parts, row i to part i modulo `parts`: so a replica's share of all is its share of each part.

    Args:
        rows: (parts * B, ...).
        parts: Number of parts.

    Returns:
        A tensor (B, ...) for each part.
    """
    return tf.unstack(tf.reshape(rows, [-1, parts, *rows.shape[1:]]), num=parts, axis=1)


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


def mean_over_replicas(tensor: Tensor) -> Tensor:
    """Returns the mean of a tensor over the replicas, the same on all; the identity on one replica."""
    (total,) = sum_over_replicas([tensor])
    return total / tf.cast(num_replicas(), tensor.dtype)


def gradient_norm(gradients: list[Tensor | None]) -> Tensor:
    """Returns the float32 norm of all gradients together; those of scaled losses are summed over the replicas."""
    summed = sum_over_replicas([tf.convert_to_tensor(gradient) for gradient in gradients if gradient is not None])
    return tf.linalg.global_norm([tf.cast(gradient, tf.float32) for gradient in summed])


def random_integers(num_rows: int | Tensor, seed: Tensor, limit: int) -> Tensor:
    """Draws one integer below `limit` for each row of this replica; rows do not depend on the number of replicas."""
    return replica_share(lambda rows: tf.random.stateless_uniform([rows], seed, maxval=limit, dtype=tf.int32), num_rows)
