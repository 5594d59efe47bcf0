import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.reference import relative_error
from tf_infomax.errors import InputError
from tf_infomax.layers import BatchNormalization, ConditionalBatchNormalization, batch_norm, normalise

SHAPE = (4, 3, 5, 6)
LABELS = np.array([1, 0, 1, 2])


@pytest.fixture
def inputs() -> np.ndarray:
    return np.random.default_rng(0).normal(size=SHAPE, loc=2.0, scale=3.0).astype(np.float32)


def built_layer(shape=SHAPE, **kwargs) -> ConditionalBatchNormalization:
    layer = ConditionalBatchNormalization(3, **kwargs)
    layer.build((None, *shape[1:]))
    layer.embeddings.assign(np.random.default_rng(1).normal(size=(3, 2 * shape[-1])))
    return layer


def set_to_identity(layer: ConditionalBatchNormalization) -> None:
    channels = layer.embeddings.shape[1] // 2
    layer.embeddings.assign(np.repeat([[1.0, 0.0]], channels, axis=1).reshape(1, -1).repeat(3, axis=0))


def step(layer: ConditionalBatchNormalization, inputs, labels) -> tuple[tf.Tensor, list[tf.Tensor]]:
    """Outputs of one training call and gradients of a loss wrt inputs and embeddings."""
    inputs = tf.convert_to_tensor(inputs)
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        outputs = layer(inputs, labels, training=True)
        loss = tf.reduce_sum(tf.sin(outputs) * tf.cast(tf.range(1, SHAPE[-1] + 1), outputs.dtype))
    return outputs, tape.gradient(loss, [inputs, layer.embeddings.value])


def statistics(layer: ConditionalBatchNormalization) -> list[np.ndarray]:
    return [layer.norm.moving_mean.numpy(), layer.norm.moving_variance.numpy()]


def test_training_against_numpy(inputs):
    layer = built_layer()
    scale, offset = np.split(layer.embeddings.numpy()[LABELS][:, None, None, :], 2, axis=-1)
    axes = (0, 1, 2)
    normalised = (inputs - inputs.mean(axes)) / np.sqrt(inputs.var(axes) + 1e-5)
    outputs = layer(inputs, LABELS, training=True)
    np.testing.assert_allclose(outputs, normalised * scale + offset, rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(layer.norm.moving_mean, 0.1 * inputs.mean(axes), rtol=1e-5)
    np.testing.assert_allclose(layer.norm.moving_variance, 0.9 + 0.1 * inputs.var(axes, ddof=1), rtol=1e-5)


@pytest.mark.parametrize("training", [True, False])
def test_gamma_one_and_beta_zero_are_plain_normalisation(inputs, training):
    layer, plain = built_layer(), BatchNormalization()
    set_to_identity(layer)
    outputs, expected = layer(inputs, LABELS, training=training), plain(inputs, training=training)
    np.testing.assert_allclose(outputs, expected, rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(layer.norm.moving_mean, plain.moving_mean)
    np.testing.assert_array_equal(layer.norm.moving_variance, plain.moving_variance)


def test_a_class_changes_only_its_own_images(inputs):
    layer = built_layer()
    before = layer(inputs, LABELS, training=True).numpy()
    embeddings = layer.embeddings.numpy()
    embeddings[1] += 1.0
    layer.embeddings.assign(embeddings)
    after = layer(inputs, LABELS, training=True).numpy()
    assert np.any(before != after, axis=(1, 2, 3)).tolist() == (LABELS == 1).tolist()


def test_initial_values():
    layer = ConditionalBatchNormalization(20)
    layer.build((None, 500))
    gamma, beta = np.split(layer.embeddings.numpy(), 2, axis=1)
    assert gamma.mean() == pytest.approx(1.0, abs=1e-3) and gamma.std() == pytest.approx(0.02, rel=0.05)
    assert not beta.any()


def test_only_the_embeddings_train(inputs):
    layer = built_layer()
    assert [variable.name for variable in layer.trainable_variables] == ["embeddings"]
    assert len(layer.non_trainable_variables) == 2


def test_momentum_and_epsilon_reach_the_statistics(inputs):
    layer = built_layer(momentum=0.5, epsilon=10.0)
    set_to_identity(layer)
    expected = BatchNormalization(momentum=0.5, epsilon=10.0)(inputs, training=True)
    np.testing.assert_allclose(layer(inputs, LABELS, training=True), expected, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(layer.norm.moving_mean, 0.5 * inputs.mean((0, 1, 2)), rtol=1e-5)


def test_matrices(inputs):
    matrix = inputs[:, 0, 0]
    layer = built_layer(matrix.shape)
    expected = layer(matrix[:, None, None], LABELS, training=True)
    np.testing.assert_allclose(layer(matrix, LABELS, training=True), expected[:, 0, 0], rtol=1e-4, atol=1e-5)
    assert layer.compute_output_shape(matrix.shape) == matrix.shape


def test_two_replicas_equal_one(inputs, two_replicas):
    one = built_layer()
    with two_replicas.scope():
        two = built_layer()
    expected_outputs, expected_gradients = step(one, inputs, LABELS)

    def halves(values):
        return two_replicas.experimental_distribute_values_from_function(
            lambda context: tf.constant(np.split(values, 2)[context.replica_id_in_sync_group])
        )

    run = tf.function(lambda images, labels: two_replicas.run(step, (two, images, labels)))
    outputs, gradients = run(halves(inputs), halves(LABELS))
    locals_of = two_replicas.experimental_local_results
    assert relative_error(tf.concat(locals_of(outputs), 0), expected_outputs) < 1e-6
    assert relative_error(tf.concat(locals_of(gradients[0]), 0), expected_gradients[0]) < 2e-6
    assert relative_error(sum(locals_of(gradients[1])), expected_gradients[1]) < 2e-6
    for value, expected in zip(statistics(two), statistics(one), strict=True):
        assert relative_error(value, expected) < 1e-6


def test_mixed_precision(inputs):
    layer = built_layer(dtype="mixed_bfloat16")
    narrow = tf.cast(inputs, tf.bfloat16)
    outputs, (gradient, embedding_gradient) = step(layer, narrow, LABELS)
    assert outputs.dtype == gradient.dtype == tf.bfloat16 and embedding_gradient.dtype == tf.float32
    assert {variable.dtype for variable in layer.variables} == {"float32"}
    expected = built_layer()(tf.cast(narrow, tf.float32), LABELS, training=True)
    np.testing.assert_allclose(tf.cast(outputs, tf.float32), expected, rtol=0.02, atol=0.03)


def test_batch_norm_and_normalise(inputs):
    plain, conditional = batch_norm(None, name="plain"), batch_norm(3, name="conditional")
    assert type(plain) is BatchNormalization and plain.name == "plain"
    assert type(conditional) is ConditionalBatchNormalization and conditional.num_classes == 3
    np.testing.assert_array_equal(
        normalise(plain, inputs, LABELS, training=True), BatchNormalization()(inputs, training=True)
    )
    outputs = normalise(conditional, inputs, LABELS, training=True)
    np.testing.assert_array_equal(outputs, conditional(inputs, LABELS, training=True))


def test_saving(inputs, tmp_path):
    images, labels = keras.Input(SHAPE[1:]), keras.Input((), dtype="int64")
    layer = built_layer()
    model = keras.Model([images, labels], layer(images, labels))
    layer(inputs, LABELS, training=True)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded([inputs, LABELS]), model([inputs, LABELS]))


def test_no_class():
    with pytest.raises(InputError, match="`num_classes` must be at least 1. Received: 0"):
        ConditionalBatchNormalization(0)
