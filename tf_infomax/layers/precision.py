"""Full precision under any dtype policy: losses, logits, scores and statistics are float32 or better."""

import tensorflow as tf

from tf_infomax.types import Tensor

_NARROW = (tf.float16, tf.bfloat16)


def full_precision(tensor: Tensor) -> Tensor:
    """Widens a 16-bit float tensor to float32; float32 and float64 stay as they are."""
    return tf.cast(tensor, tf.float32) if tensor.dtype in _NARROW else tensor
