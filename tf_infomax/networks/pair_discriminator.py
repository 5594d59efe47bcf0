"""The discriminator of adversarial inference."""

import math

import keras
import tensorflow as tf

from tf_infomax.errors import check_positive
from tf_infomax.layers import apply_layer, conv, linear
from tf_infomax.layers.precision import full_precision
from tf_infomax.networks.encoders import encoder_plan
from tf_infomax.signatures import arguments_of
from tf_infomax.types import Tensor

LEAK = 0.2


@keras.saving.register_keras_serializable(package="tf_infomax")
class PairDiscriminator(keras.Model):
    """Maps pairs of images (B, H, W, C) in [-1, 1] and codes (B, Y) to logits (B, 1) float32.

    The convolutions of the `dcgan` encoder of that size with leaky ReLU 0.2; then the flattened map beside the code
    passes a fully connected layer with leaky ReLU, and a linear one. All layers are spectrally normalised.

    Args:
        image_size: Height and width in pixels.
        base_channels: Channels of the first convolution, to which all others are in proportion.
        fc_units: Units of the fully connected layer (F).
        num_channels: Image channels (C).

    Raises:
        InputError: The `dcgan` architecture has no encoder for the image size, or a size is below 1.

    Source: BiGAN (Donahue et al., ICLR 2017), with the convolutions of DCGAN's discriminator, as Hjelm et al., ICLR
    2019, give no sizes. Deviation: spectral normalisation in place of batch normalisation, with which the discriminator
    runs away from encoder and generator.
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
        plan = encoder_plan("dcgan", image_size).convs
        check_positive(base_channels=base_channels, fc_units=fc_units, num_channels=num_channels)
        self.image_size = image_size
        self.base_channels = base_channels
        self.fc_units = fc_units
        self.num_channels = num_channels
        widths = [num_channels, *(planned.channels(base_channels) for planned in plan)]
        self.convs = [
            conv(
                *widths[i : i + 2],
                kernel_size=planned.kernel_size,
                strides=planned.strides,
                spectral_norm=True,
                name=f"conv{i}",
                dtype=self.dtype_policy,
            )
            for i, planned in enumerate(plan)
        ]
        size = image_size // math.prod(planned.strides for planned in plan)
        self._flat_size = size**2 * widths[-1]
        # Logits are not rounded.
        self.to_logits = linear(fc_units, 1, spectral_norm=True, name="to_logits", dtype=self.variable_dtype)

    def build(self, image_shape, code_shape) -> None:
        shape = tuple(image_shape)
        for convolution in self.convs:
            convolution.build(shape)
            shape = convolution.compute_output_shape(shape)
        num_features = self._flat_size + code_shape[-1]
        self.hidden = linear(num_features, self.fc_units, spectral_norm=True, name="hidden", dtype=self.dtype_policy)
        self.hidden.build((shape[0], num_features))
        self.to_logits.build((shape[0], self.fc_units))

    def call(self, images: Tensor, codes: Tensor, training: bool = False) -> Tensor:
        maps = images
        for convolution in self.convs:
            maps = tf.nn.leaky_relu(apply_layer(convolution, maps, training=training), LEAK)
        flat = tf.reshape(maps, [-1, self._flat_size])
        pairs = tf.concat([flat, tf.cast(codes, flat.dtype)], axis=1)  # (B, F + Y)
        hidden = tf.nn.leaky_relu(apply_layer(self.hidden, pairs, training=training), LEAK)
        return full_precision(apply_layer(self.to_logits, hidden, training=training))

    def get_config(self) -> dict:
        return {**super().get_config(), **arguments_of(self)}
