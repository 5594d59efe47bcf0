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
from tests.reference import Recording
from tests.tiny import random_images, values
from tf_infomax.errors import InputError
from tf_infomax.layers import SpectralNormalization
from tf_infomax.objectives import RotationPrediction, rotate

SHAPES = {"images": (None, 8, 8, 1), "global_features": (None, 4)}


@pytest.mark.parametrize("num_images", [1, 2, 4, 6, 8])
def test_rotations_of_numpy(num_images):
    images = random_images(num_images, shape=(5, 5, 3))
    rotated, rotations = rotate(tf.constant(images))
    np.testing.assert_array_equal(rotations, [i * 4 // num_images for i in range(num_images)])
    for image, result, rotation in zip(images, rotated, rotations.numpy(), strict=True):
        np.testing.assert_array_equal(result, np.rot90(image, rotation))


@pytest.fixture(scope="module")
def recording() -> Recording:
    return Recording("ssgan_32")


def test_rotations_of_the_authors_code(recording):
    rotated, rotations = rotate(tf.constant(recording.images("x")))
    np.testing.assert_array_equal(rotated, recording.images("eval/x_rot"))
    np.testing.assert_array_equal(rotations, recording["eval/rot_labels"])


def test_replicas_rotate_quarters_of_the_whole_batch(two_replicas):
    images = random_images(8)
    halves = two_replicas.experimental_distribute_values_from_function(
        lambda context: tf.constant(np.split(images, 2)[context.replica_id_in_sync_group])
    )
    results = tf.function(lambda values: two_replicas.run(rotate, (values,)))(halves)
    for parts, expected in zip(results, rotate(tf.constant(images)), strict=True):
        np.testing.assert_array_equal(tf.concat(two_replicas.experimental_local_results(parts), 0), expected)


def test_an_unknown_batch_size():
    images = random_images(8)
    rotated, _ = tf.function(rotate, input_signature=[tf.TensorSpec([None, 8, 8, 1])])(images)
    np.testing.assert_array_equal(rotated, rotate(tf.constant(images))[0])


class Corners(keras.Model):
    """Global features: the four corners, counter-clockwise from the upper left."""

    def call(self, images, training=False):
        corners = [images[:, row, column, 0] for row, column in ((0, 0), (-1, 0), (-1, -1), (0, -1))]
        return {"global_features": tf.stack(corners, axis=1)}


class Recorded(keras.Model):
    """Global features that are given, whatever the images."""

    def __init__(self, features: np.ndarray) -> None:
        super().__init__()
        self.features = tf.constant(features)

    def call(self, images, training=False):
        return {"global_features": self.features}


def with_head(kernel: np.ndarray) -> RotationPrediction:
    """An objective on four global features, its head of this kernel and without bias."""
    objective = RotationPrediction(spectral_norm=False)
    objective.build(SHAPES)
    objective.head.kernel.assign(kernel)
    objective.head.bias.assign(np.zeros(4))
    return objective


def marked_upper_left(num_images: int) -> np.ndarray:
    images = np.zeros((num_images, 8, 8, 1), np.float32)
    images[:, 0, 0] = 1.0
    return images


def test_the_published_defaults():
    objective = RotationPrediction()
    assert (objective.discriminator_weight, objective.generator_weight) == (1.0, 0.2)
    assert objective.spectral_norm and objective.name == "rotation"
    assert objective.metric_names == ("accuracy", "fake_accuracy")


def test_equal_logits_give_chance_level():
    loss, accuracy = with_head(np.zeros((4, 4))).predict_rotations(Corners(), tf.constant(random_images(8)))
    assert float(loss) == pytest.approx(np.log(4), rel=1e-6)
    assert float(accuracy) == 0.25  # the first of equal logits counts


def test_a_perfect_head():
    images = tf.constant(marked_upper_left(8))
    loss, accuracy = with_head(30 * np.eye(4)).predict_rotations(Corners(), images)
    assert float(accuracy) == 1.0 and float(loss) < 1e-6
    loss, accuracy = with_head(-30 * np.eye(4)).predict_rotations(Corners(), images)
    assert float(accuracy) == 0.0 and float(loss) == pytest.approx(30 + np.log(3), rel=1e-6)


def test_cross_entropy_in_numpy():
    gan = small_gan([RotationPrediction(spectral_norm=False)])
    (objective,) = gan.objectives
    images = tf.constant(random_images(8))
    rotated, rotations = rotate(images)
    logits = objective.head(gan.discriminator(rotated)["global_features"]).numpy().astype(np.float64)
    probabilities = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    loss, accuracy = objective.predict_rotations(gan.discriminator, images, training=False)
    assert float(loss) == pytest.approx(-np.mean(np.log(probabilities[np.arange(8), rotations])), rel=1e-5)
    assert float(accuracy) == np.mean(logits.argmax(axis=1) == rotations.numpy())


def test_recorded_losses_of_the_authors_code(recording):
    images = tf.constant(recording.images("x"))
    loss, _ = with_head(np.eye(4)).predict_rotations(Recorded(recording["eval/D_rot_logits_xrot"]), images)
    for weight in (1, 0.2):
        assert weight * float(loss) == pytest.approx(float(recording[f"eval/ss_loss_scale{weight}"]), rel=1e-6)


def test_real_images_for_the_discriminator_and_fake_ones_for_the_generator():
    gan = small_gan([RotationPrediction(spectral_norm=False)])
    (objective,) = gan.objectives
    batch = real_and_fake(gan)
    state = values(gan.discriminator.weights)  # a pass in training mode iterates the spectral norms
    for player, images, metric in (
        ("discriminator", batch.real_images, "accuracy"),
        ("generator", batch.fake_images, "fake_accuracy"),
    ):
        gan.discriminator.set_weights(state)
        expected, accuracy = objective.predict_rotations(gan.discriminator, images)
        gan.discriminator.set_weights(state)
        loss, logs = getattr(objective, f"{player}_loss")(gan.discriminator, batch)
        assert float(loss) == float(expected) and float(logs[metric]) == float(accuracy)


def test_the_generators_gradient_goes_through_the_rotated_images():
    gan = small_gan([RotationPrediction()])
    batch = real_and_fake(gan)
    with tf.GradientTape() as tape:
        tape.watch(batch.fake_images)
        loss, _ = gan.objectives[0].generator_loss(gan.discriminator, batch)
    gradient = tape.gradient(loss, batch.fake_images)
    assert np.all(np.any(gradient != 0, axis=(1, 2, 3)))


def test_labels_of_a_conditional_discriminator():
    objective, discriminator = RotationPrediction(), LabelledDiscriminator([1.0] * 10)
    objective.build({"images": (None, 8, 8, 1), "global_features": (None, 64)})
    gan = small_gan([])
    batch = real_and_fake(gan, num_images=2, labels=tf.constant([7, 3]), fake_labels=tf.constant([4, 2]))
    objective.discriminator_loss(discriminator, batch)
    objective.generator_loss(discriminator, batch)
    assert discriminator.seen == [[7, 3], [4, 2]]


def test_images_that_are_not_square():
    with pytest.raises(InputError, match="RotationPrediction needs square images. Received: 8x6"):
        RotationPrediction().build({**SHAPES, "images": (None, 8, 6, 1)})


def test_a_discriminator_without_global_features():
    with pytest.raises(InputError, match="needs a discriminator that returns `global_features`. Received: none"):
        RotationPrediction().build({"images": (None, 8, 8, 1)})


@pytest.mark.parametrize("spectral_norm", [True, False])
def test_the_head(spectral_norm):
    gan = small_gan([RotationPrediction(spectral_norm=spectral_norm)])
    (objective,) = gan.objectives
    start = values(objective.weights)
    logs = trained(gan)
    assert isinstance(objective.head, SpectralNormalization) == spectral_norm
    assert all(np.any(old != new) for old, new in zip(start, values(objective.weights), strict=True))
    assert {"discriminator/rotation", "generator/rotation", "rotation/accuracy", "rotation/fake_accuracy"} <= {*logs}
    assert np.all(np.isfinite(list(logs.values())))


@pytest.mark.parametrize("player, metrics", [("discriminator", ("fake_accuracy",)), ("generator", ("accuracy",))])
def test_a_weight_of_zero_leaves_no_metric(player, metrics):
    assert RotationPrediction(**{f"{player}_weight": 0.0}).metric_names == metrics


def test_mixed_precision():
    gan = small_gan([RotationPrediction(dtype="mixed_bfloat16")], dtype="mixed_bfloat16")
    loss, logs = gan.objectives[0].discriminator_loss(gan.discriminator, real_and_fake(gan))
    assert loss.dtype == logs["accuracy"].dtype == tf.float32
