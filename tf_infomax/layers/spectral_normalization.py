"""Spectral normalisation as a wrapper around a layer."""

import keras
import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.layers.initializers import unit_vector
from tf_infomax.types import Tensor

EPSILON = 1e-12


@keras.saving.register_keras_serializable(package="tf_infomax")
class SpectralNormalization(keras.layers.Wrapper):
    """Divides a layer's kernel by its largest singular value on every call.

    `W / sigma, sigma = u^T M v`, where M is the kernel as a matrix (outputs, inputs). In training each call makes one
    step of power iteration (v = M^T u, u = M v, both normalised) and stores the pair; at inference the stored pair is
    used as it is, or with `iterate_at_inference` one step from the stored u. The kernel stays the variable that is
    trained: the gradient flows through sigma; u and v are constants. Everything is computed in the precision of the
    variable, float32 under a mixed dtype policy.

    Keras' own layer of this name is a different algorithm: it overwrites the kernel and has no gradient through sigma.

    Args:
        layer: A layer with a `kernel` (..., inputs, outputs), as Dense and Conv2D have; a Conv2DTranspose, whose last
            two axes are exchanged; or one with `embeddings` (classes, features), whose outputs are the classes.
        iterate_at_inference: Whether a call at inference also makes one step from the stored u, without storing the
            result. The last layers of SSGAN and of the conditional GAN in the authors' library are of this second kind.

    Raises:
        InputError: When built, if the layer has neither a kernel nor embeddings.

    Source: Miyato et al., 2018, Algorithm 1.
    """

    def __init__(self, layer: keras.layers.Layer, *, iterate_at_inference: bool = False, **kwargs) -> None:
        # Without autocast the kernel is read in float32; the wrapped layer casts the normalised one by its own policy.
        kwargs["autocast"] = False
        super().__init__(layer, **kwargs)
        self.iterate_at_inference = iterate_at_inference

    def build(self, input_shape) -> None:
        super().build(input_shape)
        rows, columns = self._matrix().shape
        self.u = self._unit_vector(columns, name="u")
        self.v = self._unit_vector(rows, name="v")

    def _unit_vector(self, size: int, *, name: str) -> keras.Variable:
        return self.add_weight(
            shape=(size,),
            initializer=unit_vector(),
            trainable=False,
            # Every replica computes the same vector from the same kernel.
            aggregation="only_first_replica",
            name=name,
        )

    def call(self, inputs: Tensor, training: bool = False) -> Tensor:
        with keras.StatelessScope(state_mapping=[(self._kernel(), self.normalised_kernel(training=training))]):
            return self.layer(inputs)

    def normalised_kernel(self, *, training: bool = False) -> Tensor:
        """Returns the kernel divided by `sigma(training=training)`."""
        return tf.convert_to_tensor(self._kernel()) / self.sigma(training=training)

    def sigma(self, *, training: bool = False) -> Tensor:
        """Returns the estimate of the largest singular value, a scalar; in training after one power iteration.

        A frozen layer keeps u and v.
        """
        training = training and self.trainable
        matrix = self._matrix()  # (inputs, outputs), M transposed
        u, v = tf.convert_to_tensor(self.u), tf.convert_to_tensor(self.v)
        if training or self.iterate_at_inference:
            u, v = _power_iteration(tf.stop_gradient(matrix), u)
        if training:
            self.u.assign(u)
            self.v.assign(v)
        return tf.tensordot(v, tf.linalg.matvec(matrix, u), 1)

    def _kernel(self) -> keras.Variable:
        for name in ("kernel", "embeddings"):
            if hasattr(self.layer, name):
                return getattr(self.layer, name)
        raise InputError(f"`layer` must have a kernel or embeddings. Received: {type(self.layer).__name__}")

    def _matrix(self) -> Tensor:
        kernel = self._kernel()
        if hasattr(self.layer, "embeddings"):
            return tf.transpose(kernel)
        if isinstance(self.layer, keras.layers.Conv2DTranspose):
            kernel = tf.transpose(kernel, [0, 1, 3, 2])
        return tf.reshape(kernel, [-1, kernel.shape[-1]])

    def compute_output_shape(self, input_shape) -> tuple[int | None, ...]:
        return self.layer.compute_output_shape(input_shape)

    def get_config(self) -> dict:
        config = super().get_config()
        config.pop("autocast", None)
        return {**config, "iterate_at_inference": self.iterate_at_inference}


def _power_iteration(matrix: Tensor, u: Tensor) -> tuple[Tensor, Tensor]:
    """Returns the next u (outputs,) and v (inputs,) for a matrix (inputs, outputs)."""
    v = _normalise(tf.linalg.matvec(matrix, u))
    return _normalise(tf.linalg.matvec(matrix, v, transpose_a=True)), v


def _normalise(vector: Tensor) -> Tensor:
    return vector / tf.maximum(tf.norm(vector), EPSILON)
