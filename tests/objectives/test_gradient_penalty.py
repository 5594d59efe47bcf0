import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.objectives.training import (
    LabelledDiscriminator,
    real_and_fake,
    small_gan,
    trained,
)
from tests.tiny import IMAGE_SHAPE, random_images, values
from tf_infomax.errors import InputError
from tf_infomax.networks import ConvolutionalDiscriminator, ResNetDiscriminator
from tf_infomax.objectives import DiscriminatorBatch, GradientPenalty

SEED = tf.constant([3, 4])


def batch_between(real: np.ndarray, fake: np.ndarray, seed: tf.Tensor = SEED, **fields) -> DiscriminatorBatch:
    return DiscriminatorBatch(tf.zeros([len(real), 4]), tf.constant(fake), {}, tf.constant(real), {}, seed, **fields)


def batch_of(num_images: int, shape: tuple[int, ...] = IMAGE_SHAPE, **fields) -> DiscriminatorBatch:
    return batch_between(*(random_images(num_images, seed, shape) for seed in (0, 1)), **fields)


class Critic(keras.Model):
    """`D(x) = sum(activation(x * w))`."""

    def __init__(self, weights: np.ndarray, activation=tf.identity) -> None:
        super().__init__(dtype=weights.dtype.name)
        self.kernel = tf.Variable(weights)
        self.activation = activation

    def call(self, images, training=False):
        return {
            "logits": tf.reduce_sum(self.activation(images * self.kernel), axis=range(1, len(images.shape)))[:, None]
        }


def loss_and_gradient(critic: Critic, batch: DiscriminatorBatch):
    with tf.GradientTape() as tape:
        loss, logs = GradientPenalty().discriminator_loss(critic, batch)
    return loss, tape.gradient(loss, critic.kernel), logs


def test_the_papers_defaults():
    objective = GradientPenalty()
    assert (objective.discriminator_weight, objective.generator_weight) == (10.0, 0.0)
    assert objective.name == "gradient_penalty" and objective.metric_names == ("gradient_norm",)


def test_a_negative_weight():
    with pytest.raises(InputError, match="`discriminator_weight` must not be negative. Received: -1"):
        GradientPenalty(discriminator_weight=-1.0)


def test_the_generators_weight_is_no_argument():
    assert "generator_weight" not in GradientPenalty().get_config()
    with pytest.raises(InputError, match="`generator_weight` must be 0 for GradientPenalty, .* Received: 0.5"):
        GradientPenalty(generator_weight=0.5)


@pytest.mark.parametrize("shape", [IMAGE_SHAPE, (2,)], ids=["images", "points"])
def test_a_linear_discriminator_by_hand(shape):
    """`D(x) = w . x` has the gradient w everywhere: the penalty is `(||w|| - 1)^2`."""
    weights = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    norm = np.linalg.norm(weights)
    loss, gradient, logs = loss_and_gradient(Critic(weights), batch_of(5, shape))
    assert float(loss) == pytest.approx((norm - 1) ** 2, rel=1e-5)
    assert float(logs["gradient_norm"]) == pytest.approx(norm, rel=1e-6)
    np.testing.assert_allclose(gradient, 2 * (norm - 1) * weights / norm, rtol=1e-4)


def test_a_gradient_of_the_target_costs_nothing():
    weights, batch = np.full((8, 8, 1), 3 / 8, np.float32), batch_of(3)
    for target, penalty in ((3.0, 0.0), (6.0, 0.25), (1.0, 4.0)):
        loss, logs = GradientPenalty(target=target).discriminator_loss(Critic(weights), batch)
        assert float(loss) == pytest.approx(penalty, abs=1e-5) and float(logs["gradient_norm"]) == pytest.approx(3.0)


@pytest.mark.parametrize(
    ("target", "rule"), [(0.0, "positive"), (-1.0, "positive"), (float("nan"), "finite"), (float("inf"), "finite")]
)
def test_a_target_that_is_not_positive_and_finite(target, rule):
    with pytest.raises(InputError, match=f"`target` must be {rule}. Received: {target}"):
        GradientPenalty(target=target)


def test_a_unit_gradient_costs_nothing():
    weights = np.full((8, 8, 1), 1 / 8, np.float32)
    assert float(loss_and_gradient(Critic(weights), batch_of(3))[0]) == pytest.approx(0.0, abs=1e-12)


def test_a_constant_discriminator():
    loss, gradient, logs = loss_and_gradient(Critic(np.zeros((8, 8, 1), np.float32)), batch_of(3))
    assert float(loss) == 1.0 and float(logs["gradient_norm"]) == 0.0
    np.testing.assert_array_equal(gradient, np.zeros((8, 8, 1)))


def test_derivative_of_a_nonlinear_discriminator_by_finite_differences():
    weights = np.random.default_rng(0).normal(size=(2, 2, 1))
    images = [np.random.default_rng(seed).uniform(-1, 1, (3, 2, 2, 1)) for seed in (1, 2)]
    batch, step = batch_between(*images), 1e-6
    _, gradient, _ = loss_and_gradient(Critic(weights, tf.tanh), batch)
    for index in np.ndindex(weights.shape):
        sides = []
        for sign in (1, -1):
            moved = weights.copy()
            moved[index] += sign * step
            sides.append(float(loss_and_gradient(Critic(moved, tf.tanh), batch)[0]))
        assert gradient[index].numpy() == pytest.approx((sides[0] - sides[1]) / (2 * step), rel=1e-5, abs=1e-9)


def test_one_fraction_for_each_image():
    fractions = GradientPenalty().interpolations(batch_between(np.ones([64, 4, 4, 1]), np.zeros([64, 4, 4, 1])))
    fractions = fractions.numpy().reshape(64, -1)
    np.testing.assert_array_equal(fractions, np.tile(fractions[:, :1], (1, 16)))
    assert len(np.unique(fractions[:, 0])) == 64
    assert 0 <= fractions.min() < 0.1 and 0.9 < fractions.max() < 1


def test_fractions_differ_between_steps():
    first, again, other = (
        GradientPenalty().interpolations(batch_of(2, seed=tf.constant(seed))) for seed in ([1, 2], [1, 2], [1, 3])
    )
    np.testing.assert_array_equal(first, again)
    assert np.all(np.any(first != other, axis=(1, 2, 3)))


def test_a_conditional_discriminator_sees_the_real_labels():
    discriminator = LabelledDiscriminator([0.0, 0.5])
    batch = batch_of(4, labels=tf.constant([1, 1, 1, 0]), fake_labels=tf.constant([0, 0, 0, 0]))
    loss, logs = GradientPenalty().discriminator_loss(discriminator, batch)
    assert discriminator.seen == [[1, 1, 1, 0]]
    assert float(logs["gradient_norm"]) == pytest.approx(0.75 * 0.5 * 8)  # sqrt(8 * 8 * 1) = 8
    assert float(loss) == pytest.approx(0.75 * (4 - 1) ** 2 + 0.25)


def test_logs_and_training():
    gan = small_gan([GradientPenalty()])
    logs = trained(gan)
    assert "discriminator/gradient_penalty" in logs and "gradient_penalty/gradient_norm" in logs
    assert "generator/gradient_penalty" not in logs
    assert np.all(np.isfinite(list(logs.values()))) and gan.objectives[0].weights == []


def test_the_penalty_reaches_the_discriminators_weights():
    gan = small_gan([GradientPenalty()])
    with tf.GradientTape() as tape:
        loss, _ = gan.objectives[0].discriminator_loss(gan.discriminator, real_and_fake(gan, seed=SEED))
    gradients = tape.gradient(loss, [layer.layer.kernel.value for layer in gan.discriminator.layers])
    assert all(float(tf.norm(gradient)) > 0 for gradient in gradients)


def test_mixed_precision():
    gan = small_gan([GradientPenalty(dtype="mixed_bfloat16")], dtype="mixed_bfloat16")
    loss, logs = gan.objectives[0].discriminator_loss(gan.discriminator, real_and_fake(gan, seed=SEED))
    assert loss.dtype == logs["gradient_norm"].dtype == tf.float32
    full = small_gan([GradientPenalty()])
    expected, _ = full.objectives[0].discriminator_loss(full.discriminator, real_and_fake(full, seed=SEED))
    assert float(loss) == pytest.approx(float(expected), rel=0.05)


def test_real_images_of_another_precision():
    batch = batch_of(3)
    wide = batch._replace(fake_images=tf.cast(batch.fake_images, tf.float64))
    assert GradientPenalty().interpolations(wide).dtype == tf.float64


@pytest.mark.parametrize("network", [ResNetDiscriminator, ConvolutionalDiscriminator], ids=["resnet", "convolutional"])
def test_second_derivatives_of_the_networks(network):
    """Along the gradient that backpropagation returns, the penalty changes as finite differences say.

    In float64, as the penalty of a network with ReLU jumps: a step must be short enough to cross no kink.
    """
    critic = network(32, base_channels=16, num_channels=1, spectral_norm=False, dtype="float64")
    images = [random_images(2, seed, shape=(32, 32, 1)).astype(np.float64) for seed in (0, 1)]
    critic(images[0])
    batch, variables = batch_between(*images), critic.trainable_variables
    with tf.GradientTape() as tape:
        loss, _ = GradientPenalty().discriminator_loss(critic, batch)
    gradients = tape.gradient(loss, [v.value for v in variables], unconnected_gradients="zero")
    norm, step, start = float(tf.linalg.global_norm(gradients)), 1e-7, values(variables)
    sides = []
    for sign in (1, -1):
        for variable, value, gradient in zip(variables, start, gradients, strict=True):
            variable.assign(value + sign * step / norm * gradient.numpy())
        sides.append(float(GradientPenalty().discriminator_loss(critic, batch)[0]))
    assert loss.dtype == tf.float64 and norm > 0
    assert (sides[0] - sides[1]) / (2 * step) == pytest.approx(norm, rel=1e-4)
