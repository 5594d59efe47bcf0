import numpy as np
import pytest
import tensorflow as tf

from tf_infomax.losses import gradient_norms, gradient_penalty, interpolate


def random_gradients(shape: tuple[int, ...], seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape)


@pytest.mark.parametrize("shape", [(5, 7), (5, 4, 3, 2)])
def test_norms_of_each_image(shape):
    gradients = random_gradients(shape)
    expected = np.linalg.norm(gradients.reshape(5, -1), axis=1)
    np.testing.assert_allclose(gradient_norms(tf.constant(gradients)), expected, rtol=1e-12)


def test_a_norm_of_zero_has_the_derivative_zero():
    gradients = tf.constant([[0.0, 0.0], [3.0, 4.0]])
    with tf.GradientTape() as tape:
        tape.watch(gradients)
        norms = gradient_norms(gradients)
        loss = gradient_penalty(norms)
    np.testing.assert_array_equal(norms, [0.0, 5.0])
    np.testing.assert_allclose(tape.gradient(loss, gradients), [[0.0, 0.0], [4 * 0.6, 4 * 0.8]], rtol=1e-6)


def test_norms_are_float32_for_narrow_gradients():
    ones = tf.ones([2, 20, 20, 3], tf.bfloat16)  # 1,200 ones: in bfloat16 their sum would stick at 256
    norms = gradient_norms(ones)
    assert norms.dtype == tf.float32
    np.testing.assert_allclose(norms, np.sqrt([1200.0, 1200.0]), rtol=1e-6)


def test_penalty_by_hand():
    assert float(gradient_penalty(tf.constant([1.0, 1.0]))) == 0.0
    assert float(gradient_penalty(tf.constant([0.0, 3.0]))) == pytest.approx((1 + 4) / 2)


def test_derivative_by_finite_differences():
    gradients, step = random_gradients((3, 2, 2, 1)), 1e-6
    with tf.GradientTape() as tape:
        variable = tf.constant(gradients)
        tape.watch(variable)
        loss = gradient_penalty(gradient_norms(variable))
    derivative = tape.gradient(loss, variable).numpy()
    for index in np.ndindex(gradients.shape):
        sides = []
        for sign in (1, -1):
            moved = gradients.copy()
            moved[index] += sign * step
            sides.append(float(gradient_penalty(gradient_norms(tf.constant(moved)))))
        assert derivative[index] == pytest.approx((sides[0] - sides[1]) / (2 * step), rel=1e-5, abs=1e-9)


@pytest.mark.parametrize("shape", [(2,), (4, 3, 2)], ids=["points", "images"])
def test_between_each_pair(shape):
    real, fake = (random_gradients((3, *shape), seed) for seed in (0, 1))
    between = interpolate(tf.constant(real), tf.constant(fake), tf.constant([1.0, 0.0, 0.25], tf.float64))
    expected = np.stack([real[0], fake[1], 0.25 * real[2] + 0.75 * fake[2]])
    np.testing.assert_allclose(between, expected, rtol=1e-12)


def test_a_target_is_a_unit_of_the_norms():
    norms = tf.constant([1.0, 4.0])
    assert float(gradient_penalty(norms, target=2.0)) == pytest.approx((0.25 + 1.0) / 2)
    assert float(gradient_penalty(3 * norms, target=3.0)) == pytest.approx(float(gradient_penalty(norms)))
