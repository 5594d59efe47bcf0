import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.reference import relative_error
from tf_infomax.layers import BatchNormalization

SHAPE = (4, 3, 5, 6)


@pytest.fixture
def inputs() -> np.ndarray:
    return np.random.default_rng(0).normal(size=SHAPE, loc=2.0, scale=3.0).astype(np.float32)


def built_layer(shape=SHAPE, **kwargs) -> BatchNormalization:
    layer = BatchNormalization(**kwargs)
    layer.build((None, *shape[1:]))
    rng = np.random.default_rng(1)
    if layer.affine:
        layer.gamma.assign(rng.normal(size=shape[-1:], loc=1.0))
        layer.beta.assign(rng.normal(size=shape[-1:]))
    return layer


def without_fusion(monkeypatch) -> None:
    monkeypatch.setattr(BatchNormalization, "_can_fuse", staticmethod(lambda inputs: False))


def step(layer: BatchNormalization, inputs: tf.Tensor) -> tuple[tf.Tensor, list[tf.Tensor]]:
    """Outputs of one training call and gradients of a loss wrt inputs, gamma and beta."""
    inputs = tf.convert_to_tensor(inputs)
    variables = [variable.value for variable in layer.trainable_variables]
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        outputs = layer(inputs, training=True)
        loss = tf.reduce_sum(tf.sin(outputs) * tf.cast(tf.range(1, SHAPE[-1] + 1), outputs.dtype))
    return outputs, tape.gradient(loss, [inputs, *variables])


def statistics(layer: BatchNormalization) -> list[np.ndarray]:
    return [layer.moving_mean.numpy(), layer.moving_variance.numpy()]


@pytest.mark.parametrize("fused", [True, False])
def test_training_against_numpy(inputs, fused, monkeypatch):
    if not fused:
        without_fusion(monkeypatch)
    layer = built_layer()
    outputs = layer(inputs, training=True)
    axes = (0, 1, 2)
    normalised = (inputs - inputs.mean(axes)) / np.sqrt(inputs.var(axes) + 1e-5)
    np.testing.assert_allclose(outputs, normalised * layer.gamma + layer.beta, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(layer.moving_mean, 0.1 * inputs.mean(axes), rtol=1e-5)
    np.testing.assert_allclose(layer.moving_variance, 0.9 + 0.1 * inputs.var(axes, ddof=1), rtol=1e-5)


def test_running_variance_is_unbiased():
    """Two values a and b of one channel: biased variance (a - b)^2 / 4, unbiased (a - b)^2 / 2."""
    for shape in ((2, 1), (2, 1, 1, 1)):
        layer = BatchNormalization(momentum=0.0)
        layer(np.float32([1.0, 5.0]).reshape(shape), training=True)
        np.testing.assert_allclose(layer.moving_variance, [8.0], rtol=1e-6)


def test_inference_uses_running_statistics(inputs):
    layer = built_layer()
    layer.moving_mean.assign(np.arange(6.0))
    layer.moving_variance.assign(np.arange(1.0, 7.0))
    before = statistics(layer)
    expected = (inputs - np.arange(6.0)) / np.sqrt(np.arange(1.0, 7.0) + 1e-5) * layer.gamma + layer.beta
    np.testing.assert_allclose(layer(inputs), expected, rtol=1e-4, atol=1e-5)
    for old, new in zip(before, statistics(layer)):
        np.testing.assert_array_equal(old, new)


def test_momentum_and_epsilon(inputs):
    layer = built_layer(momentum=0.5, epsilon=10.0, affine=False)
    outputs = layer(inputs, training=True)
    expected = (inputs - inputs.mean((0, 1, 2))) / np.sqrt(inputs.var((0, 1, 2)) + 10.0)
    np.testing.assert_allclose(outputs, expected, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(layer.moving_mean, 0.5 * inputs.mean((0, 1, 2)), rtol=1e-5)


def test_without_affine(inputs):
    layer = built_layer(affine=False)
    outputs = layer(inputs, training=True).numpy()
    assert layer.trainable_variables == []
    np.testing.assert_allclose(outputs.mean((0, 1, 2)), 0.0, atol=1e-5)
    np.testing.assert_allclose(outputs.var((0, 1, 2)), 1.0, rtol=1e-4)


def test_matrices(inputs):
    matrix = inputs.reshape(-1, 6)
    fused, plain = built_layer(), built_layer((None, 6))
    np.testing.assert_allclose(
        plain(matrix, training=True), tf.reshape(fused(inputs, training=True), [-1, 6]), rtol=1e-4, atol=1e-5
    )


def test_fused_equals_replica_path(inputs, monkeypatch):
    fused, replica = built_layer(), built_layer()
    outputs, gradients = step(fused, inputs)
    without_fusion(monkeypatch)
    expected_outputs, expected_gradients = step(replica, inputs)
    assert relative_error(outputs, expected_outputs) < 1e-6
    for gradient, expected in zip(gradients, expected_gradients, strict=True):
        assert relative_error(gradient, expected) < 2e-6
    for value, expected in zip(statistics(fused), statistics(replica)):
        assert relative_error(value, expected) < 1e-6


@pytest.mark.parametrize("affine", [True, False])
def test_two_replicas_equal_one(inputs, affine, two_replicas):
    one = built_layer(affine=affine)
    with two_replicas.scope():
        two = built_layer(affine=affine)
    expected_outputs, expected_gradients = step(one, inputs)
    halves = two_replicas.experimental_distribute_values_from_function(
        lambda context: tf.constant(np.split(inputs, 2)[context.replica_id_in_sync_group])
    )
    outputs, (d_inputs, *d_variables) = tf.function(lambda x: two_replicas.run(step, (two, x)))(halves)
    locals_of = two_replicas.experimental_local_results
    assert relative_error(tf.concat(locals_of(outputs), 0), expected_outputs) < 1e-6
    assert relative_error(tf.concat(locals_of(d_inputs), 0), expected_gradients[0]) < 2e-6
    for gradient, expected in zip(d_variables, expected_gradients[1:], strict=True):
        assert relative_error(sum(locals_of(gradient)), expected) < 2e-6
    for value, expected in zip(statistics(two), statistics(one)):
        assert relative_error(value, expected) < 1e-6


@pytest.mark.parametrize("fused", [True, False])
def test_mixed_precision_keeps_statistics_in_float32(inputs, fused, monkeypatch):
    if not fused:
        without_fusion(monkeypatch)
    layer = built_layer(dtype="mixed_bfloat16")
    outputs, (gradient, *_) = step(layer, tf.cast(inputs, tf.bfloat16))
    assert outputs.dtype == gradient.dtype == tf.bfloat16
    assert {variable.dtype for variable in layer.variables} == {"float32"}
    rounded = tf.cast(tf.cast(inputs, tf.bfloat16), tf.float32).numpy()
    np.testing.assert_allclose(layer.moving_mean, 0.1 * rounded.mean((0, 1, 2)), rtol=1e-5)
    np.testing.assert_allclose(layer.moving_variance, 0.9 + 0.1 * rounded.var((0, 1, 2), ddof=1), rtol=1e-5)
    assert layer(tf.cast(inputs, tf.bfloat16)).dtype == tf.bfloat16


def test_running_statistics_have_no_gradient(inputs):
    layer = built_layer()
    with tf.GradientTape() as tape:
        layer(inputs, training=True)
        loss = tf.reduce_sum(layer.moving_mean.value)
    assert tape.gradient(loss, layer.gamma.value) is None
    assert isinstance(layer.moving_mean, keras.Variable) and not layer.moving_mean.trainable
