import keras
import numpy as np
import pytest
import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.layers import ClassEmbedding, SpectralNormalization, embedding
from tf_infomax.layers.class_embedding import class_rows

LABELS = [2, 0, 2]


def built_layer(**kwargs) -> ClassEmbedding:
    layer = ClassEmbedding(4, 3, **kwargs)
    layer.build((None,))
    return layer


def gradients(rows_of, table: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """First and second derivative of a loss on the rows of LABELS wrt the table."""
    with tf.GradientTape() as outer:
        outer.watch(table)
        with tf.GradientTape() as inner:
            inner.watch(table)
            loss = tf.reduce_sum(rows_of(table) ** 3)
        gradient = inner.gradient(loss, table)
        slope = tf.reduce_sum(tf.sin(tf.convert_to_tensor(gradient)))
    return gradient, outer.gradient(slope, table)


@pytest.mark.parametrize("dtype", [tf.int32, tf.int64])
def test_rows(dtype):
    layer = built_layer()
    rows = layer(tf.constant(LABELS, dtype))
    np.testing.assert_array_equal(rows, layer.embeddings.numpy()[LABELS])
    assert layer.compute_output_shape((3,)) == rows.shape == (3, 3)


def test_gradients_equal_those_of_a_product_with_one_hot_labels():
    table = tf.constant(np.random.default_rng(0).normal(size=(4, 3)))
    one_hot = tf.one_hot(LABELS, 4, dtype=table.dtype)
    actual = gradients(lambda table: class_rows(table, LABELS), table)
    expected = gradients(lambda table: one_hot @ table, table)
    for value, expected_value in zip(actual, expected, strict=True):
        assert isinstance(value, tf.Tensor)  # and no IndexedSlices
        np.testing.assert_allclose(value, expected_value, rtol=1e-12)


def test_the_moments_of_absent_classes_decay():
    """With beta_1 = 0.5 Adam moves a class on in the update after the one that it was in."""
    layer = built_layer()
    optimizer = keras.optimizers.Adam(0.1, beta_1=0.5)
    history = [layer.embeddings.numpy()]
    for labels in ([0, 2], [2, 3]):
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(layer(tf.constant(labels)))
        optimizer.apply(tape.gradient(loss, [layer.embeddings.value]), [layer.embeddings])
        history.append(layer.embeddings.numpy())
    moved = [np.any(before != after, axis=-1).tolist() for before, after in zip(history, history[1:])]
    assert moved == [[True, False, True, False], [True, False, True, True]]


def test_mixed_precision_keeps_float32():
    assert built_layer(dtype="mixed_bfloat16")(tf.constant(LABELS)).dtype == tf.float32


@pytest.mark.parametrize("spectral_norm", [True, False])
def test_spectral_norm(spectral_norm):
    layer = embedding(4, 3, spectral_norm=spectral_norm, name="embedding")
    rows = layer(tf.constant(LABELS))
    assert isinstance(layer, SpectralNormalization) == spectral_norm and layer.name == "embedding"
    table = layer.layer.embeddings / layer.sigma() if spectral_norm else layer.embeddings
    np.testing.assert_allclose(rows, tf.gather(table, LABELS), rtol=1e-6)


def test_no_class():
    with pytest.raises(InputError, match="`num_classes` must be at least 1. Received: 0"):
        ClassEmbedding(0, 3)
