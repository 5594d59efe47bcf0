"""Heads that score pairs of a global and a local feature: T(x, y) of Deep InfoMax."""

from collections.abc import Callable

import keras
import tensorflow as tf

from tf_infomax.errors import check_positive
from tf_infomax.layers import BatchNormalization
from tf_infomax.layers.initializers import fan_in_bias, kaiming_kernel, xavier_kernel
from tf_infomax.layers.precision import full_precision
from tf_infomax.losses.mutual_information import local_global_scores
from tf_infomax.signatures import arguments_of
from tf_infomax.types import Tensor

_SHORTCUT_NOISE = 0.01
_LAYER_NORM_EPSILON = 1e-5


class ScoreHead(keras.layers.Layer):
    """Scores every global feature against the local features of its candidate images.

    A subclass encodes local features and scores globals against the encodings, which may be gathered from all replicas
    in between. `build` takes the shapes of the globals (I, F) and of the local features (J, M, C).
    """

    def encode_local(self, local_features: Tensor, training: bool = False) -> Tensor:
        """Maps local features (J, M, C) to encodings (J, M, E) float32 for `score`."""
        raise NotImplementedError

    def score(
        self, global_features: Tensor, encoded: Tensor, candidates: Tensor | None = None, training: bool = False
    ) -> Tensor:
        """Scores globals (I, F) against encoded local features (J, M, E).

        Args:
            global_features: The globals.
            encoded: Encodings by `encode_local`.
            candidates: (I, K) integers, the images that each global is compared with; all J of them if None.
            training: Whether normalisation uses the statistics of the batch.

        Returns:
            (I, K, M) or (I, J, M) float32.
        """
        raise NotImplementedError

    def call(self, global_features: Tensor, local_features: Tensor, training: bool = False) -> Tensor:
        return self.score(global_features, self.encode_local(local_features, training), training=training)


@keras.saving.register_keras_serializable(package="tf_infomax")
class EncodeAndDot(ScoreHead):
    """Embeds both features in one space and takes dot products.

    Each embedding is linear - batch normalisation - ReLU - linear, plus a linear shortcut, then layer normalisation.
    The shortcut starts near the identity: uniform in +-0.01, with ones on the diagonal.

    Args:
        units: Size of the embeddings and of the hidden layers.

    Source: Hjelm et al., ICLR 2019, Tables 8 and 9; initial values and batch normalisation from its authors' code.
    """

    def __init__(self, units: int = 2048, **kwargs) -> None:
        super().__init__(**kwargs)
        check_positive(units=units)
        self.units = units
        self.global_embedding = ScoreEmbedding(units, name="global_embedding", dtype=self.dtype_policy)
        self.local_embedding = ScoreEmbedding(units, name="local_embedding", dtype=self.dtype_policy)

    def build(self, global_shape, local_shape) -> None:
        self.global_embedding.build(global_shape)
        self.local_embedding.build(local_shape)

    def encode_local(self, local_features: Tensor, training: bool = False) -> Tensor:
        return self.local_embedding(local_features, training=training)

    def score(
        self, global_features: Tensor, encoded: Tensor, candidates: Tensor | None = None, training: bool = False
    ) -> Tensor:
        scores = local_global_scores(encoded, self.global_embedding(global_features, training=training))
        return scores if candidates is None else tf.gather(scores, candidates, axis=1, batch_dims=1)

    def get_config(self) -> dict:
        return {**super().get_config(), **arguments_of(self)}


@keras.saving.register_keras_serializable(package="tf_infomax")
class ConcatAndConvolve(ScoreHead):
    """Scores [local, global] by linear layers with ReLU, which on maps are 1x1 convolutions.

    The first layer acts on both features separately and adds the results: the same function, without building pairs.
    The second layer needs all pairs, I * K * M * 512 numbers, so it pays to limit the candidates.

    Args:
        units: Units of the two hidden layers.

    Source: Hjelm et al., ICLR 2019, Table 7; Table 6 for a map that is flattened to one location.
    """

    def __init__(self, units: int = 512, **kwargs) -> None:
        super().__init__(**kwargs)
        check_positive(units=units)
        self.units = units

    def build(self, global_shape, local_shape) -> None:
        fan_in = global_shape[-1] + local_shape[-1]
        # The two kernels are the halves of one with `fan_in` inputs.
        initializers = [
            keras.initializers.RandomUniform(-limit, limit) for limit in [(6.0 / (fan_in + self.units)) ** 0.5] * 2
        ]
        self.from_local = self._linear(self.units, fan_in, kernel_initializer=initializers[0], name="from_local")
        self.from_global = keras.layers.Dense(
            self.units, use_bias=False, kernel_initializer=initializers[1], name="from_global", dtype=self.dtype_policy
        )
        self.hidden = self._linear(self.units, self.units, kernel_initializer=xavier_kernel(), name="hidden")
        self.to_scores = self._linear(1, self.units, kernel_initializer=xavier_kernel(), name="to_scores")
        self.from_local.build(local_shape)
        self.from_global.build(global_shape)
        self.hidden.build((None, self.units))
        self.to_scores.build((None, self.units))

    def _linear(self, units: int, fan_in: int, **kwargs) -> keras.layers.Layer:
        return keras.layers.Dense(units, bias_initializer=fan_in_bias(fan_in), dtype=self.dtype_policy, **kwargs)

    def encode_local(self, local_features: Tensor, training: bool = False) -> Tensor:
        return full_precision(self.from_local(local_features))

    def score(
        self, global_features: Tensor, encoded: Tensor, candidates: Tensor | None = None, training: bool = False
    ) -> Tensor:
        rows = encoded[None] if candidates is None else tf.gather(encoded, candidates)  # (1 or I, K, M, U)
        hidden = tf.nn.relu(full_precision(self.from_global(global_features))[:, None, None] + rows)
        hidden = tf.nn.relu(self.hidden(hidden))  # (I, K, M, U)
        return full_precision(self.to_scores(hidden))[..., 0]

    def get_config(self) -> dict:
        return {**super().get_config(), **arguments_of(self)}


@keras.saving.register_keras_serializable(package="tf_infomax")
class ScoreEmbedding(keras.layers.Layer):
    """Maps features (..., C) to (..., U) with a residual block and layer normalisation."""

    def __init__(self, units: int, **kwargs) -> None:
        super().__init__(**kwargs)
        self.units = units
        self.norm = BatchNormalization(name="norm", dtype=self.dtype_policy)
        self.layer_norm = keras.layers.LayerNormalization(
            epsilon=_LAYER_NORM_EPSILON, name="layer_norm", dtype=self.dtype_policy
        )

    def build(self, input_shape) -> None:
        wide = (*input_shape[:-1], self.units)
        self.hidden = self._linear(input_shape, use_bias=False, kernel_initializer=kaiming_kernel(), name="hidden")
        self.output_layer = self._linear(wide, kernel_initializer=xavier_kernel(), name="output")
        self.shortcut = self._linear(input_shape, kernel_initializer=_near_identity(), name="shortcut")
        self.norm.build(wide)
        self.layer_norm.build(wide)

    def _linear(self, shape, **kwargs) -> keras.layers.Layer:
        layer = keras.layers.Dense(
            self.units, bias_initializer=fan_in_bias(shape[-1]), dtype=self.dtype_policy, **kwargs
        )
        layer.build(shape)
        return layer

    def call(self, features: Tensor, training: bool = False) -> Tensor:
        hidden = tf.nn.relu(self.norm(self.hidden(features), training=training))
        return full_precision(self.layer_norm(self.output_layer(hidden) + self.shortcut(features)))

    def get_config(self) -> dict:
        return {**super().get_config(), **arguments_of(self)}


def _near_identity() -> Callable[[tuple[int, ...], str], Tensor]:
    """Ones on the diagonal of a kernel (C, U), uniform in +-0.01 elsewhere."""
    uniform = keras.initializers.RandomUniform(-_SHORTCUT_NOISE, _SHORTCUT_NOISE)

    def initialize(shape: tuple[int, ...], dtype: str) -> Tensor:
        noise = uniform(shape, dtype=dtype)
        return tf.linalg.set_diag(noise, tf.ones([min(shape)], noise.dtype))

    return initialize
