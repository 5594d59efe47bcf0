import math

import numpy as np
import pytest
import tensorflow as tf

from tests.reference import Recording, relative_error
from tf_infomax.losses import contrastive_accuracy, infonce_loss, local_global_scores

TAGS = ("small", "unit", "large")
OWN_LOCATIONS = ("negatives", "masked", "excluded")
RECORDED_LOSS = {"negatives": "eq4", "masked": "mimicry_np", "excluded": "mimicry_np_noleak"}
RECORDED_GRADIENT = {"negatives": "eq4_grad", "masked": "mimicry_grad"}


def to_rows(local: np.ndarray) -> np.ndarray:
    """(N, R, H, W) as (N, M, R)."""
    return local.reshape(*local.shape[:2], -1).transpose(0, 2, 1)


@pytest.fixture(scope="module")
def recording() -> Recording:
    return Recording("infonce_unit")


@pytest.fixture(params=TAGS)
def features(recording, request) -> tuple[np.ndarray, np.ndarray]:
    return to_rows(recording[f"{request.param}/local"]), recording[f"{request.param}/global"]


def random_scores(num_images: int, num_locations: int, scale: float = 1.0) -> np.ndarray:
    shape = (num_images, num_images, num_locations)
    return np.random.default_rng(0).normal(size=shape, scale=scale).astype(np.float32)


def loss_and_gradients(local, global_, own_locations):
    local, global_ = tf.convert_to_tensor(local), tf.convert_to_tensor(global_)
    with tf.GradientTape() as tape:
        tape.watch([local, global_])
        loss = infonce_loss(local_global_scores(local, global_), own_locations=own_locations)
    return loss, tape.gradient(loss, [local, global_])


def excluded_in_numpy(local, global_):
    """Loss and gradients of the exact exclusion, one pair after another in float64."""
    local, global_ = local.astype(np.float64), global_.astype(np.float64)
    (num_images, num_locations, _), loss = local.shape, 0.0
    scores = np.einsum("ir,jmr->ijm", global_, local)
    d_scores = np.zeros_like(scores)
    for i in range(num_images):
        for m in range(num_locations):
            candidates = np.append(np.delete(scores[i], i, axis=0).reshape(-1), scores[i, i, m])
            shifted = np.exp(candidates - candidates.max())
            loss += math.log(shifted.sum()) + candidates.max() - scores[i, i, m]
            probabilities = shifted / shifted.sum()
            others = np.arange(num_images) != i
            d_scores[i, others] += probabilities[:-1].reshape(num_images - 1, num_locations)
            d_scores[i, i, m] += probabilities[-1] - 1
    pairs = num_images * num_locations
    d_scores /= pairs
    return loss / pairs, (np.einsum("ijm,ir->jmr", d_scores, global_), np.einsum("ijm,jmr->ir", d_scores, local))


@pytest.mark.parametrize("own_locations", OWN_LOCATIONS)
@pytest.mark.parametrize("tag", TAGS)
def test_recorded_losses(recording, tag, own_locations):
    loss, _ = loss_and_gradients(to_rows(recording[f"{tag}/local"]), recording[f"{tag}/global"], own_locations)
    assert float(loss) == pytest.approx(float(recording[f"{tag}/{RECORDED_LOSS[own_locations]}"]), rel=1e-6)


def test_recorded_loss_of_the_authors_code(recording):
    for tag in TAGS:
        loss, _ = loss_and_gradients(to_rows(recording[f"{tag}/local"]), recording[f"{tag}/global"], "masked")
        assert float(loss) == pytest.approx(float(recording[f"{tag}/mimicry_loss"]), rel=1e-6)


@pytest.mark.parametrize("own_locations", RECORDED_GRADIENT)
@pytest.mark.parametrize("tag", TAGS)
def test_recorded_gradients(recording, tag, own_locations):
    key = f"{tag}/{RECORDED_GRADIENT[own_locations]}"
    _, (d_local, d_global) = loss_and_gradients(
        to_rows(recording[f"{tag}/local"]), recording[f"{tag}/global"], own_locations
    )
    assert relative_error(d_local, to_rows(recording[f"{key}_local"])) <= 2e-6
    assert relative_error(d_global, recording[f"{key}_global"]) <= 2e-6


def test_gradients_of_the_exact_exclusion(features):
    expected, (expected_d_local, expected_d_global) = excluded_in_numpy(*features)
    loss, (d_local, d_global) = loss_and_gradients(*features, "excluded")
    assert float(loss) == pytest.approx(expected, rel=1e-6)
    assert relative_error(d_local, expected_d_local) <= 2e-6
    assert relative_error(d_global, expected_d_global) <= 2e-6


@pytest.mark.parametrize("own_locations", OWN_LOCATIONS)
def test_scores_in_the_hundreds(own_locations):
    scores = tf.constant(random_scores(4, 6, scale=300.0))
    with tf.GradientTape() as tape:
        tape.watch(scores)
        loss = infonce_loss(scores, own_locations=own_locations)
    gradient = tape.gradient(loss, scores)
    assert 100 < float(loss) < 2000
    assert np.all(np.isfinite(gradient)) and np.any(gradient != 0)


def test_equal_scores_give_chance_level():
    scores = tf.fill([5, 5, 9], 3.5)
    assert float(infonce_loss(scores)) == pytest.approx(math.log(5 * 9))
    assert float(infonce_loss(scores, own_locations="excluded")) == pytest.approx(math.log(1 + 4 * 9))


def test_masked_counts_own_locations_at_minus_ten():
    scores = tf.zeros([5, 5, 9])
    expected = math.log(1 + 4 * 9 + 9 * math.exp(-10))
    assert float(infonce_loss(scores, own_locations="masked")) == pytest.approx(expected, rel=1e-7)


def test_a_constant_shift_changes_nothing():
    scores = random_scores(4, 6)
    for own_locations in ("negatives", "excluded"):
        loss, shifted = (float(infonce_loss(tf.constant(s), own_locations=own_locations)) for s in (scores, scores + 7))
        assert shifted == pytest.approx(loss, rel=1e-5)


@pytest.mark.parametrize("own_locations", OWN_LOCATIONS)
def test_rows_of_a_replica_are_rows_of_the_whole_batch(own_locations):
    scores = random_scores(6, 4)  # a replica holds I = 3 of the J = 6 images
    halves = [(tf.constant(scores[rows]), tf.range(6)[rows]) for rows in (slice(0, 3), slice(3, 6))]
    losses = [float(infonce_loss(half, own_images=own, own_locations=own_locations)) for half, own in halves]
    accuracies = [float(contrastive_accuracy(half, own_images=own)) for half, own in halves]
    assert losses[0] != pytest.approx(losses[1], rel=1e-3)
    assert np.mean(losses) == pytest.approx(float(infonce_loss(tf.constant(scores), own_locations=own_locations)))
    assert np.mean(accuracies) == pytest.approx(float(contrastive_accuracy(tf.constant(scores))))


def test_accuracy_limits():
    separable = np.tile(np.eye(5, dtype=np.float32)[:, :, None], (1, 1, 9))
    assert float(contrastive_accuracy(tf.constant(separable))) == 1.0
    assert float(contrastive_accuracy(tf.constant(-separable))) == 0.0


def test_accuracy_of_a_collapsed_generator_is_zero():
    # All images are the same: a location's own image scores as any other, and at best that is a tie.
    scores = np.tile(random_scores(1, 9), (5, 5, 1))
    assert float(contrastive_accuracy(tf.constant(scores))) == 0.0


def test_accuracy_ignores_the_own_image():
    scores = np.zeros((2, 2, 3), np.float32)
    scores[0, 0] = [1.0, 2.0, 50.0]  # row 0 beats image 1 at every location, whatever its own others score
    scores[1, 1] = [1.0, -1.0, -1.0]
    assert float(contrastive_accuracy(tf.constant(scores))) == pytest.approx(4 / 6)


def test_scores_are_float32_for_narrow_features():
    local, global_ = tf.ones([2, 3, 4], tf.bfloat16), tf.ones([2, 4], tf.bfloat16)
    scores = local_global_scores(local, global_)
    assert scores.dtype == tf.float32 and scores.shape == (2, 2, 3)
    assert local_global_scores(tf.cast(local, tf.float64), tf.cast(global_, tf.float64)).dtype == tf.float64


@pytest.mark.parametrize("own_locations", OWN_LOCATIONS)
def test_nothing_larger_than_the_scores_is_built(own_locations):
    num_images, num_locations, dim = 16, 25, 8
    shapes = [tf.TensorSpec([num_images, num_locations, dim]), tf.TensorSpec([num_images, dim])]

    @tf.function
    def step(local, global_):
        loss, gradients = loss_and_gradients(local, global_, own_locations)
        return loss, gradients, contrastive_accuracy(local_global_scores(local, global_))

    graph = step.get_concrete_function(*shapes).graph
    sizes = {output.name: output.shape.num_elements() for op in graph.get_operations() for output in op.outputs}
    assert None not in sizes.values()
    assert max(sizes.values()) == num_images * num_images * num_locations


def test_the_gradient_is_the_softmax_less_the_positives_and_differentiable_itself():
    scores = tf.random.stateless_normal([3, 3, 4], [1, 2])

    def gradient(point: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            tape.watch(point)
            loss = infonce_loss(point)
        return tape.gradient(loss, point)

    softmax = tf.reshape(tf.nn.softmax(tf.reshape(scores, [3, -1])), scores.shape)
    positives = tf.eye(3)[:, :, None] / 4
    np.testing.assert_allclose(gradient(scores), (softmax - positives) / 3, atol=1e-7)
    direction = tf.random.stateless_normal(scores.shape, [3, 4])
    with tf.GradientTape() as tape:
        tape.watch(scores)
        slope = tf.reduce_sum(gradient(scores) * direction)
    step = 1e-2 * direction
    difference = (gradient(scores + step) - gradient(scores - step)) / 2e-2
    np.testing.assert_allclose(tape.gradient(slope, scores), difference, atol=1e-4)
