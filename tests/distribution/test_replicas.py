"""Two replicas of half a batch are one replica of the whole batch."""

import contextlib
import functools

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.tiny import batches, random_images, tiny_gan, values
from tf_infomax import distribution
from tf_infomax.distribution import make_strategy
from tf_infomax.errors import InputError
from tf_infomax.layers import BatchNormalization, SpectralNormalization
from tf_infomax.models import GAN
from tf_infomax.models.optimizers import default_optimizer
from tf_infomax.networks import ResNetDiscriminator, ResNetGenerator
from tf_infomax.objectives import InfoMax

BATCH = 4
TOLERANCE = 1e-5


def resnet_gan() -> GAN:
    keras.utils.set_random_seed(0)
    generator = ResNetGenerator(32, base_channels=8, latent_dim=8)
    return GAN(generator, ResNetDiscriminator(32, base_channels=8), [InfoMax(16)])


OPTIMIZERS = {
    # Adam with beta_1 = 0 divides a gradient by its own size. Where the gradient is zero but for rounding (a bias
    # before batch norm, or one under a softmax), the step is a whole one in a random direction: weights after Adam
    # say nothing about equality. Its slots (the gradient and its square) and the losses do; SGD's weights do, too.
    "adam": default_optimizer,
    "sgd": lambda: keras.optimizers.SGD(0.05, momentum=0.5),
}


def trained(optimizer: str, *, replicas: int, build=tiny_gan) -> tuple[GAN, dict[str, float]]:
    """A GAN after one training step of `fit`, without a graph on one replica, and the step's logs."""
    strategy = make_strategy("mirrored" if replicas > 1 else "default", replicas=replicas)
    with strategy.scope() if replicas > 1 else contextlib.nullcontext():
        gan = build()
        gan.compile(
            discriminator_steps=1,
            generator_optimizer=OPTIMIZERS[optimizer](),
            discriminator_optimizer=OPTIMIZERS[optimizer](),
        )
    gan.run_eagerly = replicas == 1
    images = random_images(BATCH, shape=gan.image_shape)
    history = gan.fit(batches(images, len(images)), verbose=0, shuffle=False).history
    return gan, {name: value for name, (value,) in history.items()}


@functools.cache
def pair(optimizer: str) -> list[tuple[GAN, dict[str, float]]]:
    """The same step on one replica and on two."""
    return [trained(optimizer, replicas=replicas) for replicas in (1, 2)]


def slots(optimizer: keras.optimizers.Optimizer) -> list[keras.Variable]:
    return [variable for variable in optimizer.variables if variable.dtype == "float32" and variable.shape]


def difference(variables, expected) -> float:
    """Largest difference of two lists of variables, relative to the largest magnitude among them."""
    pairs = list(zip(values(variables), values(expected), strict=True))
    assert pairs
    largest = max(float(np.max(np.abs(value))) for _, value in pairs)
    return max(float(np.max(np.abs(value - other))) for value, other in pairs) / largest


def statistics(gan: GAN, kind: type, name: str) -> list[keras.Variable]:
    return [getattr(layer, name) for layer in gan._flatten_layers() if isinstance(layer, kind)]


PARTS = {
    "generator": lambda gan: gan.generator.trainable_variables,
    "discriminator": lambda gan: gan.discriminator.trainable_variables,
    "heads": lambda gan: gan.objectives[0].trainable_variables,
    "u": lambda gan: statistics(gan, SpectralNormalization, "u"),
    "v": lambda gan: statistics(gan, SpectralNormalization, "v"),
    "moving_mean": lambda gan: statistics(gan, BatchNormalization, "moving_mean"),
    "moving_variance": lambda gan: statistics(gan, BatchNormalization, "moving_variance"),
    "generator_slots": lambda gan: slots(gan.generator_optimizer),
    "discriminator_slots": lambda gan: slots(gan.discriminator_optimizer),
}
COMPARABLE = {
    "adam": [part for part in PARTS if part not in ("generator", "discriminator", "heads")],
    "sgd": list(PARTS),
}


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_losses(optimizer):
    (_, expected), (_, logs) = pair(optimizer)
    assert logs == pytest.approx(expected, rel=TOLERANCE, abs=TOLERANCE)


@pytest.mark.parametrize("optimizer, part", [(name, part) for name in OPTIMIZERS for part in COMPARABLE[name]])
def test_state(optimizer, part):
    (one, _), (two, _) = pair(optimizer)
    assert difference(PARTS[part](two), PARTS[part](one)) <= TOLERANCE


@pytest.mark.slow
def test_residual_networks():
    (one, expected), (two, logs) = (trained("sgd", replicas=replicas, build=resnet_gan) for replicas in (1, 2))
    assert logs == pytest.approx(expected, rel=TOLERANCE, abs=TOLERANCE)
    errors = {name: difference(part(two), part(one)) for name, part in PARTS.items()}
    assert max(errors.values()) <= TOLERANCE, errors


def test_replicas_draw_what_one_replica_draws(two_replicas):
    gan = tiny_gan()
    for player, step in (("discriminator", 0), ("generator", 3)):
        expected = gan.training_latents(6, player, step).numpy()
        drawn = two_replicas.run(gan.training_latents, (3, player, step))
        halves = [half.numpy() for half in two_replicas.experimental_local_results(drawn)]
        np.testing.assert_array_equal(np.concatenate(halves), expected)
        assert not np.any(np.isin(halves[0], halves[1]))


def test_shares_of_an_unknown_batch_size(two_replicas):
    gan = tiny_gan()
    draw = tf.function(lambda rows: two_replicas.run(gan.training_latents, (rows, "generator", 0)))
    halves = two_replicas.experimental_local_results(draw(tf.constant(3)))
    np.testing.assert_array_equal(tf.concat(halves, 0), gan.training_latents(6, "generator", 0))


def per_replica(strategy: tf.distribute.Strategy, whole: np.ndarray):
    halves = np.split(whole, 2)
    return strategy.experimental_distribute_values_from_function(
        lambda context: tf.constant(halves[context.replica_id_in_sync_group])
    )


def contrast_on_two_replicas(strategy: tf.distribute.Strategy, negatives: str, features: dict) -> float:
    with strategy.scope():
        gan = tiny_gan([InfoMax(8, negatives=negatives)])
    halves = {name: per_replica(strategy, feature.numpy()) for name, feature in features.items()}
    step = tf.function(lambda values: strategy.run(lambda f: gan.objectives[0].contrast(f)[0], (values,)))
    return float(np.mean(strategy.experimental_local_results(step(halves))))


def test_negatives_of_a_replica(two_replicas):
    gan = tiny_gan()
    features = gan.discriminator(random_images(6), training=True)
    halves = [
        {name: half for name, half in zip(features, pair)} for pair in zip(*(tf.split(f, 2) for f in features.values()))
    ]
    expected = {
        "global": float(tiny_gan().objectives[0].contrast(features)[0]),
        "replica": float(np.mean([tiny_gan().objectives[0].contrast(half)[0] for half in halves])),
    }
    assert expected["global"] > expected["replica"] + 0.1
    for negatives, loss in expected.items():
        assert contrast_on_two_replicas(two_replicas, negatives, features) == pytest.approx(loss, rel=TOLERANCE)


def test_gather_and_its_gradient(two_replicas):
    """Replica r weighs what it gathers by its own numbers: every row's gradient is the sum over replicas."""
    rng = np.random.default_rng(0)
    whole, weights = rng.normal(size=(4, 3)).astype(np.float32), rng.normal(size=(8, 3)).astype(np.float32)

    def step(rows, weights):
        with tf.GradientTape() as tape:
            tape.watch(rows)
            gathered = distribution.gather(rows)
            loss = tf.reduce_sum(gathered * weights)
        return gathered, tape.gradient(loss, rows)

    inputs = per_replica(two_replicas, whole), per_replica(two_replicas, weights)
    gathered, gradients = tf.function(lambda *arguments: two_replicas.run(step, arguments))(*inputs)
    for replica in two_replicas.experimental_local_results(gathered):
        np.testing.assert_array_equal(replica, whole)
    gradient = tf.concat(two_replicas.experimental_local_results(gradients), 0)
    np.testing.assert_allclose(gradient, weights[:4] + weights[4:], rtol=1e-6)


def test_sum_over_replicas(two_replicas):
    summed = tf.function(lambda x: two_replicas.run(lambda t: distribution.sum_over_replicas([t])[0], (x,)))(
        per_replica(two_replicas, np.float32([[1.0], [10.0]]))
    )
    for replica in two_replicas.experimental_local_results(summed):
        np.testing.assert_array_equal(replica, [[11.0]])


def test_replicas_shuffle_the_whole_batch(two_replicas):
    rows, seed = np.arange(12, dtype=np.float32).reshape(6, 2), tf.constant([3, 4])
    shuffled = tf.function(lambda x: two_replicas.run(distribution.shuffle, (x, seed)))(per_replica(two_replicas, rows))
    halves = [half.numpy() for half in two_replicas.experimental_local_results(shuffled)]
    whole = np.concatenate(halves)
    np.testing.assert_array_equal(whole, distribution.shuffle(tf.constant(rows), seed))
    np.testing.assert_array_equal(whole[np.argsort(whole[:, 0])], rows)
    assert np.any(np.isin(halves[0], rows[3:])) and np.any(whole != rows)


def test_scaled_losses_add_up_to_the_mean(two_replicas):
    scaled = two_replicas.run(lambda loss: distribution.scale_loss(loss), (tf.constant(3.0),))
    assert [float(loss) for loss in two_replicas.experimental_local_results(scaled)] == [1.5, 1.5]
    ids = two_replicas.run(distribution.replica_id)
    assert [int(i) for i in two_replicas.experimental_local_results(ids)] == [0, 1]


def test_norm_of_gradients(two_replicas):
    gradients = [tf.constant([3.0, 0.0]), None, tf.constant([[4.0]], tf.bfloat16)]
    norm = distribution.gradient_norm(gradients)
    assert float(norm) == 5.0 and norm.dtype == tf.float32
    halves = per_replica(two_replicas, np.float32([[3.0, -1.0], [0.0, 5.0]]))
    step = tf.function(lambda x: two_replicas.run(lambda t: distribution.gradient_norm([t, None]), (x,)))
    assert [float(norm) for norm in two_replicas.experimental_local_results(step(halves))] == [5.0, 5.0]


def test_one_replica_is_left_alone():
    rows = tf.ones([2, 3])
    assert distribution.num_replicas() == 1 and distribution.replica_id() == 0
    assert distribution.gather(rows) is rows
    assert distribution.sum_over_replicas([rows])[0] is rows
    assert distribution.replica_share(lambda count: rows[:count], 2).shape == (2, 3)


def test_make_strategy():
    assert make_strategy().num_replicas_in_sync == 1
    assert make_strategy("mirrored").num_replicas_in_sync == 2
    assert make_strategy("mirrored", replicas=1).num_replicas_in_sync == 1
    assert make_strategy("mirrored", replicas=2) is make_strategy("mirrored", replicas=2)


@pytest.mark.parametrize(
    "name, replicas, message",
    [
        ("horovod", None, "`strategy` must be one of default, mirrored, workers, tpu. Received: horovod"),
        ("default", 2, "`replicas` must be 1 unless `strategy` is mirrored or workers. Received: 2"),
        ("mirrored", 3, "`replicas` must be from 1 to 2, the number of devices. Received: 3"),
        ("mirrored", 0, "`replicas` must be from 1 to 2, the number of devices. Received: 0"),
        ("tpu", 2, "`replicas` must be none for a TPU, all of whose cores train. Received: 2"),
    ],
)
def test_strategies_that_cannot_be(name, replicas, message, two_replicas):
    """The fixture starts TensorFlow with two devices, which fixes their number."""
    with pytest.raises(InputError, match=message):
        make_strategy(name, replicas=replicas)
