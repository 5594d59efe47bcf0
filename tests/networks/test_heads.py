import numpy as np
import pytest
import tensorflow as tf

from tf_infomax.layers import SpectralNormalization
from tf_infomax.networks import ProjectionHead


@pytest.mark.parametrize("shape", [(3, 6), (3, 4, 5, 6)])
@pytest.mark.parametrize("spectral_norm", [True, False])
def test_shapes(shape, spectral_norm):
    head = ProjectionHead(7, spectral_norm=spectral_norm)
    projected = head(tf.ones(shape), training=True)
    assert projected.shape == head.compute_output_shape(shape) == (*shape[:-1], 7)
    assert isinstance(head.hidden, SpectralNormalization) == spectral_norm
    assert bool(head.non_trainable_variables) == spectral_norm


def test_formula():
    features = np.random.default_rng(0).normal(size=(3, 6)).astype(np.float32)
    head = ProjectionHead(7, spectral_norm=False)
    head.build((None, 6))
    hidden = np.maximum(features @ head.hidden.kernel + head.hidden.bias, 0)
    expected = hidden @ head.output_layer.kernel + head.output_layer.bias
    expected += features @ head.shortcut.kernel + head.shortcut.bias
    np.testing.assert_allclose(head(features), expected, rtol=1e-4, atol=1e-5)


def test_locations_are_projected_one_by_one():
    maps = np.random.default_rng(0).normal(size=(3, 4, 5, 6)).astype(np.float32)
    head = ProjectionHead(7)
    head.build((None, 6))
    rows = head(maps.reshape(-1, 6))
    np.testing.assert_allclose(tf.reshape(head(maps), [-1, 7]), rows, rtol=1e-4, atol=1e-5)


def test_a_training_call_iterates_every_layer_once():
    head = ProjectionHead(7)
    features = np.random.default_rng(0).normal(size=(3, 6)).astype(np.float32)
    head(features)
    before = [variable.numpy() for variable in head.non_trainable_variables]
    assert len(before) == 6  # u and v of three layers
    head(features)
    assert all(np.array_equal(old, new) for old, new in zip(before, head.non_trainable_variables))
    head(features, training=True)
    assert not any(np.array_equal(old, new) for old, new in zip(before, head.non_trainable_variables))


def test_a_frozen_head_keeps_its_vectors():
    head = ProjectionHead(7)
    features = np.random.default_rng(0).normal(size=(3, 6)).astype(np.float32)
    head(features)
    head.trainable = False
    before = [variable.numpy() for variable in head.variables]
    head(features, training=True)
    head.pull_back(tf.zeros([2, 7]), training=True)
    assert all(np.array_equal(old, new) for old, new in zip(before, head.variables))


def test_parameters_of_the_published_heads():
    head = ProjectionHead()
    head.build((None, 128))
    expected = (128 + 1) * 128 + 2 * (128 + 1) * 1024
    assert sum(int(np.prod(variable.shape)) for variable in head.trainable_variables) == expected == 280_704


@pytest.mark.parametrize("spectral_norm", [True, False])
def test_pulled_back_vectors_give_the_dot_products_of_projections(spectral_norm):
    head = ProjectionHead(7, spectral_norm=spectral_norm)
    generator = np.random.default_rng(0)
    features = tf.constant(generator.normal(size=(2, 3, 3, 5)).astype(np.float32))
    vectors = tf.constant(generator.normal(size=(4, 7)).astype(np.float32))
    head(features, training=True)
    directions, offsets = head.pull_back(vectors)
    pulled = tf.einsum("nc,bhwc->nbhw", directions, head.encode(features)) + offsets[:, None, None, None]
    np.testing.assert_allclose(pulled, tf.einsum("nr,bhwr->nbhw", vectors, head(features)), rtol=1e-4, atol=1e-5)
