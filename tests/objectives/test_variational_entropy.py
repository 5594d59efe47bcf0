"""VariationalEntropy: its estimate, the training of its network, and the effect of its term."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.objectives.training import real_and_fake, small_gan, trained
from tests.tiny import LATENT_DIM, random_images, values
from tf_infomax.errors import InputError
from tf_infomax.objectives import AuxiliaryObjective, GeneratorBatch, VariationalEntropy

POINTS = {"latents": (None, 2), "images": (None, 2)}
IMAGES = {"latents": (None, LATENT_DIM), "images": (None, 8, 8, 1)}
SEED = tf.constant([3, 4])


def small(**kwargs) -> VariationalEntropy:
    return VariationalEntropy(**{"hidden_units": 8, "base_channels": 4, **kwargs})


def built(shapes: dict, **kwargs) -> VariationalEntropy:
    objective = small(**kwargs)
    objective.build(shapes)
    return objective


def normal(num_rows: int, dim: int = 2, seed: int = 0) -> tf.Tensor:
    return tf.random.stateless_normal([num_rows, dim], [seed, dim])


def trained_alone(objective: VariationalEntropy, samples_of, *, steps: int = 80, num_rows: int = 512) -> None:
    """Trains the statistics network alone, on fresh latents in each step."""
    optimizer = keras.optimizers.Adam(0.02)
    variables = objective.trainable_variables
    optimizer.build(variables)

    @tf.function
    def step(number: tf.Tensor) -> None:
        latents = tf.random.stateless_normal([num_rows, 2], [0, number])
        with tf.GradientTape() as tape:
            loss = -objective.information(samples_of(latents, number), latents, tf.stack([1, number]))
        optimizer.apply(tape.gradient(loss, [variable.value for variable in variables]), variables)

    for number in range(steps):
        step(tf.constant(number))


def test_samples_that_follow_from_the_latents_have_much_information():
    objective = built(POINTS, hidden_units=32)
    trained_alone(objective, lambda latents, number: 2.0 * latents[:, ::-1])
    latents = normal(2000)
    assert float(objective.information(2.0 * latents[:, ::-1], latents, SEED)) > 1.5


def test_samples_of_their_own_have_none():
    objective = built(POINTS, hidden_units=32)
    trained_alone(objective, lambda latents, number: tf.random.stateless_normal(tf.shape(latents), [7, number]))
    information = float(objective.information(normal(2000, seed=1), normal(2000), SEED))
    assert information == pytest.approx(0.0, abs=0.1)


def test_a_collapsed_generator_has_none():
    objective, latents = built(POINTS), normal(512)
    # Shuffling changes no score then, and the mean is at most the logarithm of the mean exponential.
    assert -1.0 < float(objective.information(tf.zeros_like(latents), latents, SEED)) < 0.0
    trained_alone(objective, lambda latents, number: tf.zeros_like(latents), steps=30)
    assert -0.1 < float(objective.information(tf.zeros_like(latents), latents, SEED)) < 1e-6


def test_the_shuffling_is_a_function_of_the_seed():
    objective, latents = built(POINTS), normal(16)
    seeds = map(tf.constant, ([0, 1], [0, 1], [0, 2]))
    first, again, other = (float(objective.information(latents, latents, seed)) for seed in seeds)
    assert first == again != other


def test_the_bound_in_numpy():
    objective, latents, seed = built(POINTS), normal(16), tf.constant([0, 1])
    samples = latents[:, :1] * tf.constant([[1.0, -2.0]])
    order = np.argsort(tf.random.stateless_uniform([16], seed))
    joint, marginal = (objective.statistics(samples, z).numpy() for z in (latents, latents.numpy()[order]))
    expected = joint.mean() - np.log(np.exp(marginal).mean())
    assert sorted(order) != list(order)
    assert float(objective.information(samples, latents, seed)) == pytest.approx(expected, rel=1e-5)


def test_the_term_is_the_information_with_its_sign_changed():
    gan = small_gan([small()])
    seen = real_and_fake(gan, seed=SEED)
    own = -seen.fake_images  # What the discriminator saw may have been changed.
    batch = GeneratorBatch(normal(8, LATENT_DIM), seen.fake_images, seen.fake_features, SEED, unaugmented=own)
    loss, logs = gan.objectives[0].generator_loss(gan.discriminator, batch)
    expected = gan.objectives[0].information(own, batch.latents, SEED)
    assert float(loss) == -float(expected) != 0.0 and float(logs["information"]) == float(expected)


def test_the_published_defaults():
    objective = VariationalEntropy()
    assert (objective.discriminator_weight, objective.hidden_units, objective.clip_to_adversarial) == (0.0, 128, True)
    assert objective.heads_train_with == "generator" and objective.metric_names == ("information",)
    assert (AuxiliaryObjective.heads_train_with, AuxiliaryObjective.clip_to_adversarial) == ("discriminator", False)
    config = VariationalEntropy(generator_weight=0.5, clip_to_adversarial=False, architecture="mlp").get_config()
    assert "discriminator_weight" not in config
    assert (config["generator_weight"], config["clip_to_adversarial"], config["architecture"]) == (0.5, False, "mlp")


@pytest.mark.parametrize(
    "shapes, architecture, convolutions", [(POINTS, None, 0), (IMAGES, None, 1), (IMAGES, "mlp", 0)]
)
def test_the_network_that_the_samples_ask_for(shapes, architecture, convolutions):
    objective = built(shapes, architecture=architecture)
    assert len(objective.statistics.convs) == convolutions
    samples, latents = (tf.ones([4, *shapes[name][1:]]) for name in ("images", "latents"))
    assert float(objective.information(samples, latents, SEED)) == pytest.approx(0.0, abs=1e-6)


def test_points_cannot_be_convolved():
    with pytest.raises(InputError, match=r"`samples` must be images \(H, W, C\) .* Received: shape \(2,\)"):
        built(POINTS, architecture="convolutional")


@pytest.mark.parametrize("dtype", ["float32", "mixed_bfloat16"])
def test_logs_and_training(dtype):
    gan = small_gan([small(dtype=dtype)], dtype=dtype)
    (objective,) = gan.objectives
    kernels = [variable for variable in objective.trainable_variables if len(variable.shape) > 1]
    start = values(kernels)
    logs = trained(gan)
    assert len(objective.statistics.convs) == 1
    assert all(np.any(old != new) for old, new in zip(start, values(kernels), strict=True))
    own = {"generator/variational_entropy", "variational_entropy/information", "variational_entropy/clip_factor"}
    assert own == {name for name in logs if "variational_entropy" in name}
    assert np.all(np.isfinite(list(logs.values()))) and 0 < logs["variational_entropy/clip_factor"] <= 1
    assert logs["variational_entropy/information"] == -logs["generator/variational_entropy"]


def test_mixed_precision_is_near_full_precision():
    losses = []
    for dtype in ("mixed_bfloat16", "float32"):
        gan = small_gan([small(dtype=dtype)], dtype=dtype)
        seen = real_and_fake(gan, seed=SEED)
        batch = GeneratorBatch(normal(8, LATENT_DIM), seen.fake_images, seen.fake_features, SEED)
        losses.append(gan.objectives[0].generator_loss(gan.discriminator, batch)[0])
    assert {loss.dtype for loss in losses} == {tf.float32}
    assert float(losses[0]) == pytest.approx(float(losses[1]), rel=0.1)


def test_the_generators_optimizer_trains_the_network():
    gan = small_gan([small()])
    gan.compile()
    heads = gan.objectives[0].trainable_variables
    assert gan.generator_variables == gan.generator.trainable_variables + heads
    assert gan.discriminator_variables == gan.discriminator.trainable_variables
    start = values(heads)
    gan.update_discriminator(tf.constant(random_images(4)))
    assert all(np.array_equal(old, new) for old, new in zip(start, values(heads), strict=True))
    gan.update_generator(4)
    assert all(np.any(old != new) for old, new in zip(start, values(heads), strict=True))


def test_a_weight_of_zero_skips_the_term():
    gan = small_gan([small(generator_weight=0.0)])
    start = values(gan.objectives[0].weights)
    logs = trained(gan)
    assert gan.generator_variables == gan.generator.trainable_variables
    assert not [name for name in logs if "variational_entropy" in name]
    assert all(np.array_equal(*pair) for pair in zip(start, values(gan.objectives[0].weights), strict=True))


def test_without_clipping_there_is_no_factor():
    logs = trained(small_gan([small(clip_to_adversarial=False)]))
    assert {name for name in logs if "variational" in name} == {
        "generator/variational_entropy",
        "variational_entropy/information",
    }
