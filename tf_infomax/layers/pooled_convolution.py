"""A convolution and the average pooling after it, as one strided convolution."""

import keras
import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.types import Tensor


@keras.saving.register_keras_serializable(package="tf_infomax")
class PooledConv2D(keras.layers.Conv2D):
    """Zero-padded convolution of odd size k followed by 2x2 mean pooling: (B, 2H, 2W, C) -> (B, H, W, filters).

    The mean of four shifted convolutions is one convolution of size k + 1 and stride 2 whose kernel is the mean of
    the four shifted kernels; for k = 3 it takes 16 products per output and channel instead of 36. The variable remains
    the k x k kernel.

    Args:
        filters: Channels of the output.
        kernel_size: Height and width of the kernel (k), odd.
        **kwargs: Initializers, name and dtype, as for `keras.layers.Conv2D`.

    Raises:
        InputError: The kernel size is even.
    """

    def __init__(self, filters: int, kernel_size: int = 3, **kwargs) -> None:
        super().__init__(filters, kernel_size, **{**kwargs, "strides": 1, "padding": "same"})
        if any(size % 2 == 0 for size in self.kernel_size):
            raise InputError(f"`kernel_size` must be odd. Received: {kernel_size}")

    def call(self, inputs: Tensor) -> Tensor:
        outputs = tf.nn.conv2d(inputs, pooled_kernel(tf.convert_to_tensor(self.kernel)), strides=2, padding="SAME")
        return tf.nn.bias_add(outputs, tf.convert_to_tensor(self.bias)) if self.use_bias else outputs

    def compute_output_shape(self, input_shape) -> tuple[int | None, ...]:
        batch, height, width, _ = input_shape
        return batch, height // 2, width // 2, self.filters


def pooled_kernel(kernel: Tensor) -> Tensor:
    """Maps a kernel (k, k, C, filters) to the one (k + 1, k + 1, C, filters) that also takes 2x2 means."""
    shifts = [[(top, 1 - top), (left, 1 - left), (0, 0), (0, 0)] for top in (0, 1) for left in (0, 1)]
    return tf.add_n([tf.pad(kernel, shift) for shift in shifts]) / 4
