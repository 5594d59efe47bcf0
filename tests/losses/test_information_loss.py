"""Identities, limits and an independent computation of the losses of Deep InfoMax."""

import math

import numpy as np
import pytest
import tensorflow as tf

from tf_infomax.losses import donsker_varadhan_lower_bound, information_loss, jensen_shannon_lower_bound

ESTIMATORS = ("dv", "jsd", "infonce")


def random_scores(num_rows: int, num_locations: int, num_images: int | None = None) -> np.ndarray:
    shape = (num_rows, num_images or num_rows, num_locations)
    return np.random.default_rng(0).normal(size=shape).astype(np.float32)


def loss(scores: np.ndarray, estimator: str, **kwargs) -> float:
    return float(information_loss(tf.constant(scores), estimator, **kwargs))


def loss_by_loops(scores: np.ndarray, estimator: str, own_images: np.ndarray) -> float:
    """The same from the definitions, in float64 and one pair at a time."""
    num_rows, num_images, num_locations = scores.shape
    positives, negatives, contrasts = [], [], []
    for i in range(num_rows):
        others = [float(scores[i, j, m]) for j in range(num_images) if j != own_images[i] for m in range(num_locations)]
        negatives += others
        for m in range(num_locations):
            own = float(scores[i, own_images[i], m])
            positives.append(own)
            contrasts.append(math.log(sum(math.exp(s) for s in [own, *others])) - own)
    if estimator == "infonce":
        return float(np.mean(contrasts))
    if estimator == "dv":
        return math.log(np.mean(np.exp(negatives))) - float(np.mean(positives))
    return float(np.mean(np.log1p(np.exp(-np.array(positives)))) + np.mean(np.log1p(np.exp(negatives))))


@pytest.mark.parametrize("estimator", ESTIMATORS)
@pytest.mark.parametrize("num_images", [4, 7])
def test_agrees_with_the_definition(estimator, num_images):
    scores = random_scores(4, 3, num_images)
    own = np.array([2, 0, 3, 1])
    expected = loss_by_loops(scores, estimator, own)
    assert loss(scores, estimator, own_images=tf.constant(own)) == pytest.approx(expected, rel=1e-5, abs=1e-6)


@pytest.mark.parametrize(
    "estimator, expected", [("dv", 0.0), ("jsd", 2 * math.log(2)), ("infonce", math.log(4 * 9 + 1))]
)
def test_scores_of_zero(estimator, expected):
    assert loss(np.zeros((5, 5, 9), np.float32), estimator) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("estimator, limit", [("dv", -100.0), ("jsd", 0.0), ("infonce", 0.0)])
def test_perfect_scores(estimator, limit):
    scores = 100.0 * np.tile(np.eye(5, dtype=np.float32)[:, :, None], (1, 1, 4)) - 50.0
    assert loss(scores, estimator) == pytest.approx(limit, abs=1e-4)


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_huge_scores_are_finite_and_so_are_their_gradients(estimator):
    scores = tf.constant(1e4 * random_scores(4, 3))
    with tf.GradientTape() as tape:
        tape.watch(scores)
        value = information_loss(scores, estimator)
    assert np.isfinite(value) and np.isfinite(tape.gradient(value, scores)).all()


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_one_image_alone_has_its_own_pairs_only(estimator):
    scores = tf.constant(random_scores(1, 3))
    expected = {"dv": -np.mean(scores), "jsd": np.mean(np.log1p(np.exp(-scores.numpy()))), "infonce": 0.0}
    with tf.GradientTape() as tape:
        tape.watch(scores)
        value = information_loss(scores, estimator)
    assert float(value) == pytest.approx(expected[estimator], rel=1e-5, abs=1e-7)
    assert np.isfinite(tape.gradient(value, scores)).all()


def test_jensen_shannon_of_known_distributions():
    # The best T for a joint and a product of two fair coins that always agree is log(p / q) = log 2 and minus infinity.
    joint, marginal = tf.fill([10], math.log(2.0)), tf.constant([math.log(2.0)] * 5 + [-60.0] * 5)
    mixture = {"agree": 0.75, "differ": 0.25}
    divergence = 0.5 * math.log(1 / mixture["agree"]) + 0.5 * (
        0.5 * math.log(0.5 / mixture["agree"]) + 0.5 * math.log(0.5 / mixture["differ"])
    )
    bound = float(jensen_shannon_lower_bound(joint, marginal))
    assert bound == pytest.approx(2 * (divergence - math.log(2)), rel=1e-5)


@pytest.mark.parametrize("bound", [donsker_varadhan_lower_bound, jensen_shannon_lower_bound])
def test_a_mask_equals_leaving_out(bound):
    joint, marginal = tf.constant([0.5, -1.0]), tf.constant([[1.0, 2.0], [3.0, -4.0]])
    where = tf.constant([[True, False], [False, True]])
    masked = bound(joint, marginal, where=where)
    np.testing.assert_allclose(masked, bound(joint, tf.constant([1.0, -4.0])), rtol=1e-6)
