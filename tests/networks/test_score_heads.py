"""Score heads equal the paper's tables, pair by pair."""

import numpy as np
import pytest
import tensorflow as tf

from tf_infomax.networks import ConcatAndConvolve, EncodeAndDot, ScoreEmbedding

HEADS = {"encode_and_dot": EncodeAndDot, "concat_and_convolve": ConcatAndConvolve}


def random_features(rows: int = 3, images: int = 4, locations: int = 5) -> tuple[tf.Tensor, tf.Tensor]:
    rng = np.random.default_rng(0)
    global_features = rng.normal(size=(rows, 6)).astype(np.float32)
    local_features = rng.normal(size=(images, locations, 7)).astype(np.float32)
    return tf.constant(global_features), tf.constant(local_features)


def built(name: str, units: int = 8):
    head = HEADS[name](units)
    head.build((None, 6), (None, 5, 7))
    return head


def test_concatenation_is_one_layer_on_both():
    head, (queries, local) = built("concat_and_convolve"), random_features()
    kernel = np.concatenate([head.from_local.kernel, head.from_global.kernel])
    for layer in (head.from_local, head.hidden, head.to_scores):
        layer.bias.assign(np.random.default_rng(1).normal(size=layer.bias.shape))
    scores = head(queries, local).numpy()
    for i, j, m in ((0, 0, 0), (1, 3, 4), (2, 1, 2)):
        pair = np.concatenate([local[j, m], queries[i]])
        hidden = np.maximum(pair @ kernel + head.from_local.bias, 0)
        hidden = np.maximum(hidden @ head.hidden.kernel.numpy() + head.hidden.bias, 0)
        expected = hidden @ head.to_scores.kernel.numpy() + head.to_scores.bias
        assert scores[i, j, m] == pytest.approx(float(expected[0]), rel=1e-4, abs=1e-5)


def test_first_layer_has_the_spread_of_one_kernel():
    head = ConcatAndConvolve(512)
    head.build((None, 64), (None, 1, 192))
    limit = (6 / (256 + 512)) ** 0.5
    for layer in (head.from_local, head.from_global):
        assert float(tf.reduce_max(tf.abs(layer.kernel))) == pytest.approx(limit, rel=0.01)


def test_dot_products_of_embeddings():
    head, (queries, local) = built("encode_and_dot"), random_features()
    scores = head(queries, local).numpy()
    left, right = head.global_embedding(queries).numpy(), head.local_embedding(local).numpy()
    np.testing.assert_allclose(scores, np.einsum("ir,jmr->ijm", left, right), rtol=1e-5, atol=1e-5)


def test_embedding_starts_near_the_identity_and_is_normalised():
    layer = ScoreEmbedding(8)
    layer.build((None, 5))
    shortcut = layer.shortcut.kernel.numpy()
    np.testing.assert_array_equal(np.diag(shortcut), np.ones(5))
    others = shortcut - np.eye(5, 8)
    assert 0 < np.abs(others).max() <= 0.01
    outputs = layer(tf.random.normal([16, 5], seed=0)).numpy()
    np.testing.assert_allclose(outputs.mean(axis=-1), 0, atol=1e-5)
    np.testing.assert_allclose(outputs.std(axis=-1), 1, atol=1e-3)


@pytest.mark.parametrize("name", HEADS)
def test_candidates_are_chosen_images(name):
    head, (queries, local) = built(name), random_features()
    candidates = tf.constant([[0, 2], [1, 3], [2, 0]])
    everything = head(queries, local).numpy()
    chosen = head.score(queries, head.encode_local(local), candidates).numpy()
    expected = np.stack([everything[i, candidates[i].numpy()] for i in range(3)])
    np.testing.assert_allclose(chosen, expected, rtol=1e-5, atol=1e-6)
