import keras
import numpy as np
import pytest
import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.layers import Maxout


def built_layer(features: int, units: int, num_pieces: int = 5, **kwargs) -> Maxout:
    layer = Maxout(units, num_pieces, **kwargs)
    layer.build((None, features))
    layer.bias.assign(np.random.default_rng(1).normal(size=layer.bias.shape))
    return layer


@pytest.mark.parametrize("shape", [(6, 3), (2, 4, 3), (2, 3, 4, 3)])
def test_the_largest_of_the_linear_maps(shape):
    layer = built_layer(3, units=4, num_pieces=5)
    inputs = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    kernel, bias = layer.kernel.numpy(), layer.bias.numpy()
    pieces = [inputs @ kernel[:, 4 * j : 4 * j + 4] + bias[4 * j : 4 * j + 4] for j in range(5)]
    outputs = layer(inputs)
    np.testing.assert_allclose(outputs, np.max(pieces, axis=0), rtol=1e-5, atol=1e-6)
    assert layer.compute_output_shape(shape) == outputs.shape == (*shape[:-1], 4)


def test_one_piece_is_a_linear_layer():
    layer = built_layer(3, units=4, num_pieces=1)
    inputs = np.random.default_rng(0).normal(size=(6, 3)).astype(np.float32)
    np.testing.assert_allclose(layer(inputs), inputs @ layer.kernel.numpy() + layer.bias.numpy(), rtol=1e-5, atol=1e-6)


def test_two_opposite_pieces_are_the_absolute_value():
    layer = Maxout(1, 2)
    layer.build((None, 1))
    layer.kernel.assign([[1.0, -1.0]])
    np.testing.assert_array_equal(layer(tf.constant([[-3.0], [2.0]])), [[3.0], [2.0]])


def test_initial_values():
    layer = Maxout(200, 5)
    layer.build((None, 50))
    kernel = layer.kernel.numpy()
    assert kernel.shape == (50, 1000) and not layer.bias.numpy().any()
    assert kernel.std() == pytest.approx(np.sqrt(2 / 50), rel=0.02)
    assert np.abs(kernel).max() > 3 * kernel.std(), "not truncated"


def test_static_shape_and_precision():
    layer = Maxout(4, 3, dtype="mixed_bfloat16")
    outputs = tf.function(layer)(tf.zeros([2, 3]))
    assert outputs.dtype == tf.bfloat16 and layer.kernel.dtype == "float32"
    concrete = tf.function(layer, input_signature=[tf.TensorSpec([None, 3])]).get_concrete_function()
    assert concrete.output_shapes.as_list() == [None, 4]
    assert Maxout(4, dtype="float64")(tf.zeros([2, 3], tf.float64)).dtype == tf.float64


def test_gradient_of_its_gradient():
    """As a gradient penalty needs it: inside of a linear region the input's gradient is the chosen column."""
    layer = built_layer(3, units=1, num_pieces=4)
    inputs = tf.constant(np.random.default_rng(0).normal(size=(1, 3)).astype(np.float32))
    chosen = int(np.argmax(inputs.numpy() @ layer.kernel.numpy() + layer.bias.numpy()))
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            inner.watch(inputs)
            outputs = layer(inputs)
        gradient = inner.gradient(outputs, inputs)
        norm = tf.reduce_sum(gradient**2)
    np.testing.assert_allclose(gradient[0], layer.kernel.numpy()[:, chosen], rtol=1e-6)
    expected = np.zeros((3, 4))
    expected[:, chosen] = 2 * layer.kernel.numpy()[:, chosen]
    np.testing.assert_allclose(outer.gradient(norm, layer.kernel.value), expected, rtol=1e-5)


def test_saving(tmp_path):
    model = keras.Sequential([keras.Input((3,)), Maxout(4, 2)])
    model.save(tmp_path / "model.keras")
    inputs = np.random.default_rng(0).normal(size=(6, 3)).astype(np.float32)
    np.testing.assert_array_equal(keras.models.load_model(tmp_path / "model.keras")(inputs), model(inputs))


@pytest.mark.parametrize("sizes, message", [((0, 5), "`units`.*Received: 0"), ((2, 0), "`num_pieces`.*Received: 0")])
def test_refused(sizes, message):
    with pytest.raises(InputError, match=message):
        Maxout(*sizes)
