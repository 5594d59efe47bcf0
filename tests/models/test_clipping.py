"""Adaptive clipping, against numpy and in a GAN's update."""

from collections.abc import Callable, Mapping

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.tiny import random_images, tiny_gan, values
from tf_infomax import distribution
from tf_infomax.latents import stateless_seed
from tf_infomax.models.clipping import clipped_gradients
from tf_infomax.objectives import AuxiliaryObjective, VariationalEntropy

ADVERSARIAL, ENTROPY, FREE, HEAD = (np.float32(values) for values in ([3, 0, 4], [0, 8, 6], [100, 0, 0], [1e4, -1e4]))
"""Gradients with respect to the network's three numbers, and to the head's two."""
Terms = Callable[[keras.Variable, keras.Variable], Mapping[str, tf.Tensor]]


def clipped(terms_of: Terms, names: tuple[str, ...] = ("entropy",)):
    """Gradients and factors of terms of a network (3,) and a head (2,), which all are zero."""
    network, head = (keras.Variable(np.zeros(size, np.float32)) for size in (3, 2))
    with tf.GradientTape(persistent=True) as tape:
        terms = terms_of(network, head)
    gradients, factors = clipped_gradients(tape, terms, names, network=[network], heads=[head])
    gradients = [None if gradient is None else gradient.numpy() for gradient in gradients]
    return gradients, {name: float(factor) for name, factor in factors.items()}


def linear(gradient: np.ndarray, variable: keras.Variable) -> tf.Tensor:
    return tf.reduce_sum(variable * gradient)


def test_a_larger_gradient_is_scaled_down_to_the_adversarial_norm():
    (network, head), factors = clipped(
        lambda w, h: {"adversarial": linear(ADVERSARIAL, w), "entropy": linear(ENTROPY, w) + linear(HEAD, h)}
    )
    assert factors == {"entropy": pytest.approx(0.5)}  # 5 over 10
    np.testing.assert_allclose(network, ADVERSARIAL + ENTROPY / 2, rtol=1e-6)
    np.testing.assert_array_equal(head, HEAD)


@pytest.mark.parametrize("scale", [0.01, 0.499])
def test_a_smaller_gradient_is_left_as_it_is(scale):
    (network, _), factors = clipped(
        lambda w, h: {"adversarial": linear(ADVERSARIAL, w), "entropy": linear(scale * ENTROPY, w)}
    )
    assert factors == {"entropy": 1.0}
    np.testing.assert_allclose(network, ADVERSARIAL + scale * ENTROPY, rtol=1e-6)


def test_a_gradient_of_zero():
    (network, head), factors = clipped(
        lambda w, h: {"adversarial": linear(ADVERSARIAL, w), "entropy": linear(0 * ENTROPY, w) + linear(HEAD, h)}
    )
    assert factors == {"entropy": 1.0}
    np.testing.assert_array_equal(network, ADVERSARIAL)
    np.testing.assert_array_equal(head, HEAD)


def test_an_adversarial_gradient_of_zero_leaves_nothing():
    (network, head), factors = clipped(
        lambda w, h: {"adversarial": linear(0 * ADVERSARIAL, w), "entropy": linear(ENTROPY, w) + linear(HEAD, h)}
    )
    assert factors == {"entropy": 0.0}
    np.testing.assert_array_equal(network, np.zeros(3))
    np.testing.assert_array_equal(head, HEAD)


def test_terms_that_depend_on_one_part_alone():
    (network, head), factors = clipped(lambda w, h: {"adversarial": linear(ADVERSARIAL, w), "entropy": linear(HEAD, h)})
    assert factors == {"entropy": 1.0}
    np.testing.assert_array_equal(network, ADVERSARIAL)
    np.testing.assert_array_equal(head, HEAD)
    (network, head), factors = clipped(
        lambda w, h: {"adversarial": linear(ADVERSARIAL, w), "entropy": linear(ENTROPY, w)}
    )
    assert head is None and factors == {"entropy": pytest.approx(0.5)}


def test_the_limit_is_the_adversarial_norm_alone():
    (network, head), factors = clipped(
        lambda w, h: {
            "adversarial": linear(ADVERSARIAL, w),
            "free": linear(FREE, w) + linear(HEAD, h),
            "entropy": linear(ENTROPY, w),
        }
    )
    assert factors == {"entropy": pytest.approx(0.5)}
    np.testing.assert_allclose(network, ADVERSARIAL + FREE + ENTROPY / 2, rtol=1e-6)
    np.testing.assert_array_equal(head, HEAD)


def test_each_clipped_term_has_a_factor_of_its_own():
    (network, _), factors = clipped(
        lambda w, h: {
            "adversarial": linear(ADVERSARIAL, w),
            "entropy": linear(ENTROPY, w),
            "other": linear(FREE, w),
        },
        ("entropy", "other"),
    )
    assert factors == {"entropy": pytest.approx(0.5), "other": pytest.approx(0.05)}
    np.testing.assert_allclose(network, ADVERSARIAL + ENTROPY / 2 + FREE / 20, rtol=1e-6)


def test_two_replicas_have_the_factor_of_one(two_replicas):
    """The norm is that of the gradient of the whole batch: those of the halves cancel in part."""
    rows = np.random.default_rng(0).normal(size=(8, 3)).astype(np.float32)

    def step(data: tf.Tensor, network: keras.Variable):
        with tf.GradientTape(persistent=True) as tape:
            score = tf.reduce_mean(tf.linalg.matvec(data, network))
            entropy = tf.reduce_mean(10 * data[:, 0] ** 2) * network[0]
            terms = {"adversarial": distribution.scale_loss(score), "entropy": distribution.scale_loss(entropy)}
        gradients, factors = clipped_gradients(tape, terms, ["entropy"], network=[network], heads=[])
        return distribution.sum_over_replicas(gradients)[0], factors["entropy"]

    expected = step(tf.constant(rows), keras.Variable(np.zeros(3, np.float32)))
    with two_replicas.scope():
        network = keras.Variable(np.zeros(3, np.float32))
    halves = two_replicas.experimental_distribute_values_from_function(
        lambda context: tf.constant(np.split(rows, 2)[context.replica_id_in_sync_group])
    )
    results = tf.function(lambda data: two_replicas.run(step, (data, network)))(halves)
    assert 0 < float(expected[1]) < 0.5
    for result, value in zip(results, expected, strict=True):
        for replica in two_replicas.experimental_local_results(result):
            np.testing.assert_allclose(replica, value, rtol=1e-5)


@keras.saving.register_keras_serializable(package="tests")
class LogitSize(AuxiliaryObjective):
    """Another term of the generator, which is not clipped."""

    def __init__(self, name: str = "size", **weights) -> None:
        super().__init__(**{"discriminator_weight": 0.0, "generator_weight": 3.0, **weights}, name=name)

    def generator_loss(self, discriminator, batch):
        return tf.reduce_mean(batch.fake_features["logits"] ** 2), {}


def entropy_gan(weight: float, *others: AuxiliaryObjective):
    gan = tiny_gan([VariationalEntropy(generator_weight=weight, hidden_units=8, base_channels=4), *others])
    gan.compile(generator_optimizer=keras.optimizers.SGD(0.1), discriminator_optimizer=keras.optimizers.SGD(0.1))
    return gan


@pytest.mark.parametrize("others", [(), (LogitSize,)], ids=["alone", "beside_another"])
@pytest.mark.parametrize("weight, is_clipped", [(200.0, True), (1e-3, False)])
def test_the_update_of_a_generator(weight, is_clipped, others):
    gan, copy = (entropy_gan(weight, *(other() for other in others)) for _ in range(2))
    objective, variables = copy.objectives[0], copy.generator.trainable_variables
    with tf.GradientTape(persistent=True) as tape:
        latents = copy.training_latents(6, "generator", 0)
        fakes = copy.generator(latents, training=True)
        logits = copy.discriminator(fakes, training=True)["logits"]
        seed = stateless_seed(copy.seed, 0, "generator/variational_entropy")
        adversarial, information = -tf.reduce_mean(logits), objective.information(fakes, latents, seed)
        entropy = -weight * information
        free = adversarial + (3.0 * tf.reduce_mean(logits**2) if others else 0.0)
    own, of_entropy, of_free = (
        [gradient.numpy() for gradient in tape.gradient(loss, [v.value for v in variables])]
        for loss in (adversarial, entropy, free)
    )
    norms = [np.sqrt(sum(np.sum(np.square(g, dtype=np.float64)) for g in gradients)) for gradients in (own, of_entropy)]
    factor = min(1.0, norms[0] / norms[1])
    expected = [v - 0.1 * (g + factor * e) for v, g, e in zip(values(variables), of_free, of_entropy)]
    heads = objective.trainable_variables
    gradients = tape.gradient(entropy, [v.value for v in heads])
    expected_heads = [v - 0.1 * gradient.numpy() for v, gradient in zip(values(heads), gradients)]

    logs = gan.update_generator(6)
    assert (factor < 1.0) == is_clipped
    assert float(logs["variational_entropy/clip_factor"]) == pytest.approx(factor, rel=1e-5)
    assert float(logs["variational_entropy/information"]) == pytest.approx(float(information), rel=1e-5)
    assert float(logs["generator/adversarial"]) == pytest.approx(float(adversarial), rel=1e-6)
    for variable, value in zip(values(gan.generator_variables), [*expected, *expected_heads], strict=True):
        np.testing.assert_allclose(variable, value, rtol=1e-5, atol=1e-6)


def test_the_discriminators_update_is_not_clipped():
    gan = entropy_gan(200.0)
    logs = gan.update_discriminator(tf.constant(random_images(4)))
    assert not [name for name in logs if "entropy" in name]
