"""Augmentations as layers: gradients, precision, replicas, XLA, state and wrong input."""

import functools

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.models.test_jit import no_draws  # noqa: F401
from tests.tiny import random_images, values
from tf_infomax.errors import InputError
from tf_infomax.models import AdaptiveAugmentation, Augmentation, DiffAugment
from tf_infomax.models.augmentation import as_augmentation

SEED = tf.constant([1, 2])
OFTEN = functools.partial(AdaptiveAugmentation, probability=0.9)
BOTH = pytest.mark.parametrize("make", [DiffAugment, OFTEN], ids=["diffaugment", "ada"])


@BOTH
@pytest.mark.parametrize("shape", [(8, 8, 1), (6, 9, 3)])
def test_shapes_and_values(make, shape):
    images = random_images(16, shape=shape)
    changed = make()(images, SEED).numpy()
    assert changed.shape == images.shape and np.isfinite(changed).all()
    assert np.all(np.abs(changed - images).max(axis=(1, 2, 3)) > 0)
    np.testing.assert_array_equal(make()(images, SEED), changed)


@BOTH
def test_the_gradient_is_that_of_finite_differences(make):
    augmentation, images = make(), tf.constant(random_images(4, shape=(6, 5, 3)))
    weights, direction = (tf.constant(random_images(4, seed, (6, 5, 3))) for seed in (1, 2))

    def value(images: tf.Tensor) -> tf.Tensor:
        return tf.reduce_sum(weights * augmentation(images, SEED))

    with tf.GradientTape() as tape:
        tape.watch(images)
        total = value(images)
    slope = tf.reduce_sum(tape.gradient(total, images) * direction)
    # Linear in the images, so that long steps are as good as short ones.
    difference = (value(images + direction) - value(images - direction)) / 2
    assert float(difference) == pytest.approx(float(slope), rel=1e-3)


@BOTH
def test_images_keep_their_precision(make):
    images = random_images(4)
    layer = make(dtype="mixed_bfloat16")
    np.testing.assert_array_equal(layer(images, SEED), make()(images, SEED))
    low = layer(tf.cast(images, tf.bfloat16), SEED)
    assert low.dtype == tf.bfloat16
    np.testing.assert_allclose(tf.cast(low, tf.float32), make()(tf.cast(images, tf.bfloat16), SEED), atol=1e-6)


@BOTH
def test_two_replicas_draw_what_one_does(make, two_replicas):
    images = random_images(6)
    whole = make()(images, SEED)
    with two_replicas.scope():
        augmentation = make()
    halves = two_replicas.experimental_distribute_values_from_function(
        lambda context: tf.constant(np.split(images, 2)[context.replica_id_in_sync_group])
    )
    changed = two_replicas.experimental_local_results(two_replicas.run(augmentation, (halves, SEED)))
    np.testing.assert_allclose(tf.concat(changed, 0), whole, atol=1e-6)


@BOTH
def test_xla_computes_the_same(make, no_draws, with_graphs):  # noqa: F811
    augmentation, images = make(), tf.constant(random_images(4, shape=(6, 5, 3)))

    def value_and_gradient(images: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        with tf.GradientTape() as tape:
            tape.watch(images)
            changed = augmentation(images, SEED)
            total = tf.reduce_sum(tf.square(changed))
        return changed, tape.gradient(total, images)

    compiled = tf.function(value_and_gradient, jit_compile=True, autograph=False)
    for found, expected in zip(compiled(images), value_and_gradient(images), strict=True):
        np.testing.assert_allclose(found, expected, atol=1e-4)


def test_parts_of_a_policy_are_those_of_the_whole_in_order():
    images = random_images(4, shape=(8, 8, 3))
    colour, cutout = DiffAugment(["colour"])(images, SEED), DiffAugment(["cutout"])(images, SEED)
    assert not np.any(np.all(np.equal(colour, 0), axis=-1)) and np.any(np.all(np.equal(cutout, 0), axis=-1))
    last = DiffAugment(["colour", "cutout"])(images, SEED).numpy()
    hidden = np.all(last == 0, axis=-1)
    np.testing.assert_array_equal(last[~hidden], colour.numpy()[~hidden])


def signs(positive: int, rows: int = 10) -> tf.Tensor:
    """Logits (rows, 1), so many of them positive."""
    return tf.constant([[3.0]] * positive + [[-0.5]] * (rows - positive))


def test_the_probability_follows_the_sign():
    """9 of 10 are a mean of 0.8, above 0.6; 7 of 10 one of 0.4, below it."""
    ada = AdaptiveAugmentation(interval=2, num_images=100)
    found = [ada.update(signs(positive)) for positive in (9, 9, 9, 9, 7, 7, 7, 7, 7, 7)]
    expected = [0, 0.2, 0.2, 0.4, 0.4, 0.2, 0.2, 0, 0, 0]
    np.testing.assert_allclose([logs["probability"] for logs in found], expected, atol=1e-6)
    np.testing.assert_allclose([logs["sign"] for logs in found], [0.8] * 4 + [0.4] * 6, atol=1e-6)
    assert set(found[0]) == set(ada.metric_names)


def test_the_mean_is_over_the_interval():
    ada = AdaptiveAugmentation(interval=2, num_images=100, probability=0.5)
    for positive in (10, 5):  # 1 and 0: a mean of 0.5
        ada.update(signs(positive))
    assert float(ada.current_probability) == pytest.approx(0.3)


def test_the_probability_ends_at_one():
    ada = AdaptiveAugmentation(interval=1, num_images=8, probability=0.5)
    assert float(ada.update(signs(10))["probability"]) == 1.0
    images = random_images(4)
    assert np.isfinite(ada(images, SEED)).all()


def test_replicas_share_one_probability(two_replicas):
    with two_replicas.scope():
        ada = AdaptiveAugmentation(interval=1, num_images=100)
    halves = two_replicas.experimental_distribute_values_from_function(
        lambda context: signs([5, 4][context.replica_id_in_sync_group], 5)
    )
    logs = two_replicas.run(ada.update, (halves,))
    alone = AdaptiveAugmentation(interval=1, num_images=100).update(signs(9))
    for name, value in logs.items():
        assert [float(own) for own in two_replicas.experimental_local_results(value)] == [float(alone[name])] * 2
    assert values(ada.weights)[0] == float(alone["probability"]) == pytest.approx(0.1)


def test_names():
    assert type(as_augmentation("diffaugment", (8, 8, 1))) is DiffAugment
    assert type(as_augmentation("ada", (8, 8, 3))) is AdaptiveAugmentation
    assert as_augmentation(None, (2,)) is None
    own = OFTEN()
    assert as_augmentation(own, (8, 8, 1)) is own


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: as_augmentation("mixup", (8, 8, 1)),
            "`augmentation` must be one of diffaugment, ada. Received: mixup",
        ),
        (lambda: as_augmentation("ada", (2,)), "`augmentation` must be None for a GAN of points, .*Received: ada"),
        (lambda: as_augmentation(OFTEN(), (2,)), ".* of points, .*Received: AdaptiveAugmentation"),
        (lambda: DiffAugment(["color"]), "`policy` must be one of colour, translation, cutout. Received: color"),
        (lambda: DiffAugment([]), r"`policy` must have distinct parts, at least one. Received: \[\]"),
        (lambda: DiffAugment(["cutout"] * 2), "`policy` must have distinct parts, at least one. Received: .*cutout"),
        (lambda: AdaptiveAugmentation(1.5), "`target` must be from 0 to 1. Received: 1.5"),
        (lambda: AdaptiveAugmentation(probability=-0.1), "`probability` must be from 0 to 1. Received: -0.1"),
        (lambda: AdaptiveAugmentation(interval=0), "`interval` must be at least 1. Received: 0"),
        (lambda: AdaptiveAugmentation(num_images=0), "`num_images` must be at least 1. Received: 0"),
        (type("Empty", (Augmentation,), {}), "Empty must override `call`. Received: no method"),
    ],
)
def test_wrong_input(make, message):
    with pytest.raises(InputError, match=f"^{message}"):
        make()


@keras.saving.register_keras_serializable(package="tests")
class Darker(Augmentation):
    """An augmentation of one's own."""

    def call(self, images, seed):
        return images - 0.5
