"""The decoder of Deep InfoMax's generative baselines."""

import math

import keras
import tensorflow as tf

from tf_infomax.errors import check_positive
from tf_infomax.layers import BatchNormalization
from tf_infomax.layers.initializers import fan_in_bias, xavier_kernel
from tf_infomax.layers.precision import full_precision
from tf_infomax.networks.encoder_blocks import FullyConnectedBlock
from tf_infomax.networks.encoders import encoder_plan
from tf_infomax.signatures import arguments_of
from tf_infomax.types import Tensor


@keras.saving.register_keras_serializable(package="tf_infomax")
class ConvolutionalDecoder(keras.Model):
    """Maps codes (B, Y) to images (B, H, W, C) float32 in [-1, 1]: the `dcgan` encoder of that size in reverse order.

    Fully connected layers to F and to the smallest map, then the transposes of the encoder's convolutions, each with
    batch normalisation and ReLU but for the last one, which has a bias and tanh.

    | pixels | smallest map | transposed convolutions        |
    | ------ | ------------ | ------------------------------ |
    | 28     | 7x7x128      | 64, C of 5x5/2                 |
    | 32     | 4x4x256      | 128, 64, C of 4x4/2            |
    | 64     | 4x4x512      | 256, 128, 64, C of 4x4/2       |

    Args:
        image_size: Height and width in pixels.
        base_channels: Channels of the last map before the image, to which all others are in proportion.
        fc_units: Units of the hidden fully connected layer (F).
        num_channels: Image channels (C).

    Raises:
        InputError: The `dcgan` architecture has no encoder for the image size, or a size is below 1.

    Source: DCGAN's generator, as in Hjelm et al., ICLR 2019, Appendix A.2, which gives no sizes. Deviation: the hidden
    fully connected layer, which mirrors the encoder's.
    """

    def __init__(
        self,
        image_size: int = 32,
        *,
        base_channels: int = 64,
        fc_units: int = 1024,
        num_channels: int = 3,
        **kwargs,
    ) -> None:
        super().__init__(**kwargs)
        plan = encoder_plan("dcgan", image_size)
        check_positive(base_channels=base_channels, fc_units=fc_units, num_channels=num_channels)
        self.image_size = image_size
        self.base_channels = base_channels
        self.fc_units = fc_units
        self.num_channels = num_channels
        widths = [num_channels, *(conv.channels(base_channels) for conv in plan.convs)]
        size = image_size // math.prod(conv.strides for conv in plan.convs)
        self.bottom_shape = (size, size, widths[-1])
        self.hidden_layers = [
            FullyConnectedBlock(units, name=f"hidden{i}", dtype=self.dtype_policy)
            for i, units in enumerate([fc_units] * plan.num_fc + [math.prod(self.bottom_shape)])
        ]
        self._planned = plan.convs[::-1]
        self.convs = [
            keras.layers.Conv2DTranspose(
                width,
                conv.kernel_size,
                strides=conv.strides,
                use_bias=i == len(self._planned) - 1,
                kernel_initializer=xavier_kernel(),
                # Each output pixel sees that many inputs.
                bias_initializer=fan_in_bias(before * (conv.kernel_size // conv.strides) ** 2),
                name=f"conv{i}",
                dtype=self.dtype_policy,
            )
            for i, (conv, before, width) in enumerate(zip(self._planned, widths[:0:-1], widths[-2::-1], strict=True))
        ]
        self.norms = [BatchNormalization(name=f"norm{i}", dtype=self.dtype_policy) for i in range(len(self.convs) - 1)]

    def build(self, input_shape) -> None:
        shape = tuple(input_shape)
        for layer in self.hidden_layers:
            layer.build(shape)
            shape = layer.compute_output_shape(shape)
        shape = (shape[0], *self.bottom_shape)
        for i, (convolution, conv) in enumerate(zip(self.convs, self._planned)):
            convolution.build(shape)
            shape = (shape[0], shape[1] * conv.strides, shape[2] * conv.strides, convolution.filters)
            if i < len(self.norms):
                self.norms[i].build(shape)

    def call(self, codes: Tensor, training: bool = False) -> Tensor:
        hidden = codes
        for layer in self.hidden_layers:
            hidden = layer(hidden, training=training)
        hidden = tf.reshape(hidden, [-1, *self.bottom_shape])
        for i, norm in enumerate(self.norms):
            hidden = tf.nn.relu(norm(self._transpose(i, hidden), training=training))
        return tf.tanh(full_precision(self._transpose(len(self.norms), hidden)))

    def _transpose(self, number: int, maps: Tensor) -> Tensor:
        """Applies a transposed convolution, and cuts off the rows and columns that the encoder's convolution pads."""
        conv = self._planned[number]
        kept = slice(conv.padding, conv.padding + maps.shape[1] * conv.strides)
        return self.convs[number](maps)[:, kept, kept]

    def get_config(self) -> dict:
        return {**super().get_config(), **arguments_of(self)}
