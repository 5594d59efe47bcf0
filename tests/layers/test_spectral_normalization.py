import keras
import numpy as np
import pytest
import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.layers import SpectralNormalization

LAYERS = {
    "conv": (lambda: keras.layers.Conv2D(5, 3), (2, 6, 6, 3)),
    "dense": (lambda: keras.layers.Dense(7), (4, 5)),
    "embedding": (lambda: keras.layers.Embedding(6, 4), (3,)),
    "transposed_conv": (lambda: keras.layers.Conv2DTranspose(5, 4, strides=2), (2, 3, 3, 4)),
}
ITERATIONS = 500


def inputs_of(name: str) -> tf.Tensor:
    shape = LAYERS[name][1]
    if name == "embedding":
        return tf.constant([0, 2, 5])
    return tf.constant(np.random.default_rng(1).normal(size=shape).astype(np.float32))


@pytest.fixture(params=LAYERS)
def name(request) -> str:
    return request.param


@pytest.fixture
def layer(name) -> SpectralNormalization:
    layer = SpectralNormalization(LAYERS[name][0]())
    layer(inputs_of(name))
    return layer


def raw_kernel(layer: SpectralNormalization) -> keras.Variable:
    return layer.layer.embeddings if isinstance(layer.layer, keras.layers.Embedding) else layer.layer.kernel


def as_matrix(name: str, kernel: np.ndarray) -> np.ndarray:
    """The kernel of a layer as (outputs, inputs)."""
    if name == "embedding":
        return kernel
    if name == "transposed_conv":
        kernel = np.swapaxes(kernel, -1, -2)
    return kernel.reshape(-1, kernel.shape[-1]).T


def largest_singular_value(matrix: np.ndarray) -> float:
    return np.linalg.svd(matrix, compute_uv=False)[0]


def converge(layer: SpectralNormalization) -> None:
    for _ in range(ITERATIONS):
        layer.sigma(training=True)


def converged_dense(dtype: str = "float64", **kwargs) -> SpectralNormalization:
    """A 5 -> 3 linear layer whose u and v are the leading singular vectors."""
    layer = SpectralNormalization(keras.layers.Dense(3, dtype=dtype, **kwargs), dtype=dtype)
    layer.build((None, 5))
    left, _, right = np.linalg.svd(layer.layer.kernel.numpy())
    layer.v.assign(left[:, 0])
    layer.u.assign(right[0])
    return layer


def test_sigma_converges_to_the_largest_singular_value(name, layer):
    kernel = raw_kernel(layer).numpy()
    calls = tf.function(lambda inputs: layer(inputs, training=True))
    for _ in range(ITERATIONS):
        calls(inputs_of(name))
    expected = largest_singular_value(as_matrix(name, kernel))
    assert float(layer.sigma()) == pytest.approx(expected, rel=1e-5)
    assert np.linalg.norm(layer.u) == pytest.approx(1.0, rel=1e-6)
    assert np.linalg.norm(layer.v) == pytest.approx(1.0, rel=1e-6)


def test_output_is_that_of_the_normalised_kernel(name, layer):
    plain = LAYERS[name][0]()
    plain.build(inputs_of(name).shape)
    weights = layer.layer.get_weights()
    weights[0] = weights[0] / layer.sigma().numpy()
    plain.set_weights(weights)
    np.testing.assert_allclose(layer(inputs_of(name)), plain(inputs_of(name)), rtol=1e-5, atol=1e-6)


def test_one_power_iteration_for_each_training_call(name, layer):
    kernel = raw_kernel(layer).numpy()
    matrix = as_matrix(name, kernel)
    u = layer.u.numpy()
    for _ in range(2):
        layer(inputs_of(name), training=True)
        v = matrix.T @ u / np.linalg.norm(matrix.T @ u)
        u = matrix @ v / np.linalg.norm(matrix @ v)
        np.testing.assert_allclose(layer.v, v, rtol=1e-4, atol=1e-6)
        np.testing.assert_allclose(layer.u, u, rtol=1e-4, atol=1e-6)
        assert float(layer.sigma()) == pytest.approx(float(u @ matrix @ v), rel=1e-5)


def test_no_power_iteration_at_inference(name, layer):
    before = [layer.u.numpy(), layer.v.numpy()]
    for training in ({}, {"training": False}):
        layer(inputs_of(name), **training)
    np.testing.assert_array_equal(before[0], layer.u)
    np.testing.assert_array_equal(before[1], layer.v)


def test_second_kind_iterates_at_inference_and_stores_nothing(name):
    """Sigma is that of one more step in numpy, on the transposed convolution's reordered kernel, too."""
    layer = SpectralNormalization(LAYERS[name][0](), iterate_at_inference=True)
    layer(inputs_of(name), training=True)
    matrix = as_matrix(name, raw_kernel(layer).numpy())
    before = [layer.u.numpy(), layer.v.numpy()]
    v = matrix.T @ before[0] / np.linalg.norm(matrix.T @ before[0])
    u = matrix @ v / np.linalg.norm(matrix @ v)
    stored_sigma = float(before[0] @ matrix @ before[1])
    for _ in range(2):
        assert float(layer.sigma()) == pytest.approx(float(u @ matrix @ v), rel=1e-5)
        assert abs(float(layer.sigma()) / stored_sigma - 1) > 1e-4
        layer(inputs_of(name))
    np.testing.assert_array_equal(before[0], layer.u)
    np.testing.assert_array_equal(before[1], layer.v)


def test_both_kinds_are_one_in_training(name):
    kernels = []
    for iterate_at_inference in (True, False):
        keras.utils.set_random_seed(0)
        layer = SpectralNormalization(LAYERS[name][0](), iterate_at_inference=iterate_at_inference)
        layer(inputs_of(name), training=True)
        kernels.append(layer.normalised_kernel(training=True))
    np.testing.assert_array_equal(*kernels)


def test_calls_leave_the_kernel_alone(name, layer):
    before = raw_kernel(layer).numpy()
    for training in (True, False):
        layer(inputs_of(name), training=training)
    np.testing.assert_array_equal(before, raw_kernel(layer))


def test_only_the_wrapped_layers_weights_train(layer):
    assert [id(v) for v in layer.trainable_variables] == [id(v) for v in layer.layer.trainable_variables]
    assert {v.name for v in layer.non_trainable_variables} == {"u", "v"}


def test_gradient_is_that_of_the_kernel_over_its_norm():
    """Finite differences of W / sigma(W) with numpy's sigma, at the fixed point of the power iteration."""
    layer, rng = converged_dense(), np.random.default_rng(0)
    inputs, weights = rng.normal(size=(4, 5)), rng.normal(size=(4, 3))
    kernel = layer.layer.kernel.numpy()

    def loss(kernel):
        return np.sum(weights * (inputs @ kernel / largest_singular_value(kernel)))

    with tf.GradientTape() as tape:
        value = tf.reduce_sum(weights * layer(inputs, training=True))
    gradient = tape.gradient(value, layer.layer.kernel.value).numpy()
    assert float(value) == pytest.approx(loss(kernel), rel=1e-10)  # the bias is zero
    for index in np.ndindex(*kernel.shape):
        step = np.zeros_like(kernel)
        step[index] = 1e-6
        expected = (loss(kernel + step) - loss(kernel - step)) / 2e-6
        assert gradient[index] == pytest.approx(expected, rel=1e-6, abs=1e-8)


def test_singular_vectors_are_constants_for_the_gradient():
    """Away from the fixed point sigma = u^T M v is linear in M: its gradient is the outer product of u and v."""
    layer = SpectralNormalization(keras.layers.Dense(3))
    layer.build((None, 5))
    with tf.GradientTape() as tape:
        sigma = layer.sigma(training=True)
    gradient = tape.gradient(sigma, layer.layer.kernel.value)
    np.testing.assert_allclose(gradient, np.outer(layer.v, layer.u), rtol=1e-5, atol=1e-7)


def test_gradient_is_orthogonal_to_the_kernel():
    """A layer without bias does not depend on the scale of its kernel."""
    layer = converged_dense(use_bias=False)
    inputs = np.random.default_rng(0).normal(size=(4, 5))
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(layer(inputs, training=True) ** 3)
    kernel = layer.layer.kernel
    gradient = tape.gradient(loss, kernel.value)
    scale = np.linalg.norm(gradient) * np.linalg.norm(kernel)
    assert scale > 0.1
    assert abs(float(tf.reduce_sum(gradient * kernel.value))) < 1e-12 * scale


def test_mixed_precision_normalises_in_float32():
    policy = "mixed_bfloat16"
    layer = SpectralNormalization(keras.layers.Dense(7, dtype=policy), dtype=policy)
    inputs = tf.cast(inputs_of("dense"), tf.bfloat16)
    outputs = layer(inputs, training=True)
    assert outputs.dtype == tf.bfloat16
    assert {v.dtype for v in (layer.u, layer.v, layer.layer.kernel)} == {"float32"}
    converge(layer)
    assert layer.sigma().dtype == tf.float32
    assert float(layer.sigma()) == pytest.approx(largest_singular_value(layer.layer.kernel.numpy()), rel=1e-5)
    expected = inputs_of("dense") @ (layer.layer.kernel / layer.sigma())
    np.testing.assert_allclose(tf.cast(layer(inputs), tf.float32), expected, atol=0.05)


@pytest.mark.parametrize("wrapped", [keras.layers.ReLU, keras.layers.LayerNormalization])
def test_a_layer_without_kernel(wrapped):
    layer = SpectralNormalization(wrapped())
    with pytest.raises(InputError, match=f"kernel or embeddings. Received: {wrapped.__name__}"):
        layer.build((None, 4))


def test_saving(name, layer, tmp_path):
    inputs = inputs_of(name)
    model = keras.Sequential([keras.Input(inputs.shape[1:], dtype=inputs.dtype.name), layer])
    layer(inputs, training=True)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded(inputs), model(inputs))
    for original, copy in zip(model.weights, loaded.weights, strict=True):
        np.testing.assert_array_equal(original, copy)
    np.testing.assert_array_equal(loaded(inputs, training=True), model(inputs, training=True))


def test_output_shape(name, layer):
    inputs = inputs_of(name)
    assert layer.compute_output_shape(inputs.shape) == layer(inputs).shape
