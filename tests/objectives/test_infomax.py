import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.tiny import random_images, tiny_gan, values
from tf_infomax.errors import InputError
from tf_infomax.losses import contrastive_accuracy, infonce_loss, local_global_scores
from tf_infomax.models import GAN
from tf_infomax.objectives import DiscriminatorBatch, InfoMax

CHOICES = {
    "own_locations": "negatives, masked, excluded",
    "negatives": "global, replica",
}


@pytest.mark.parametrize("name", CHOICES)
def test_unknown_choices(name):
    with pytest.raises(InputError, match=f"`{name}` must be one of {CHOICES[name]}. Received: some$"):
        InfoMax(**{name: "some"})


@pytest.mark.parametrize("value", [0, -1])
def test_projection_dim_below_one(value):
    with pytest.raises(InputError, match=f"`projection_dim` must be at least 1. Received: {value}"):
        InfoMax(value)


@pytest.mark.parametrize("player", ["discriminator", "generator"])
def test_negative_weights(player):
    with pytest.raises(InputError, match=f"`{player}_weight` must not be negative. Received: -1"):
        InfoMax(**{f"{player}_weight": -1.0})


def test_the_papers_defaults():
    objective = InfoMax()
    assert objective.discriminator_weight == objective.generator_weight == 0.2
    assert objective.projection_dim == 1024 and objective.spectral_norm
    assert objective.own_locations == "negatives" and objective.negatives == "global"
    assert objective.name == "infomax"


class LogitsOnly(keras.Model):
    def call(self, images, training=False):
        return {"logits": tf.reduce_mean(images, [1, 2]), "global_features": tf.reduce_mean(images, [1, 2])}


def test_a_discriminator_without_local_features():
    generator = tiny_gan().generator
    message = "discriminator that returns `local_features`. Received: logits, global_features$"
    with pytest.raises(InputError, match=message):
        GAN(generator, LogitsOnly(), [InfoMax(8)])


@pytest.fixture
def gan() -> GAN:
    gan = tiny_gan()
    gan.compile()
    return gan


def batch_of(gan: GAN, images: np.ndarray, fake_images: np.ndarray) -> DiscriminatorBatch:
    features = gan.discriminator(images)
    return DiscriminatorBatch(
        tf.zeros([len(images), 4]), fake_images, gan.discriminator(fake_images), images, features, tf.constant([0, 0])
    )


def test_real_features_for_the_discriminator_and_fake_ones_for_the_generator():
    gan = tiny_gan([InfoMax(8, spectral_norm=False)])  # so that a training call changes nothing
    (objective,) = gan.objectives
    batch = batch_of(gan, random_images(4), random_images(4, seed=1))
    real, fake = objective.contrast(batch.real_features), objective.contrast(batch.fake_features)
    assert float(real[0]) != pytest.approx(float(fake[0]), rel=1e-3)
    loss, logs = objective.discriminator_loss(gan.discriminator, batch)
    assert float(loss) == float(real[0]) and {**logs} == {"accuracy": real[1]}
    loss, logs = objective.generator_loss(gan.discriminator, batch)
    assert float(loss) == float(fake[0]) and {**logs} == {"fake_accuracy": fake[1]}


@pytest.mark.parametrize("own_locations", ["negatives", "masked", "excluded"])
def test_loss_of_the_projected_features(own_locations):
    gan = tiny_gan([InfoMax(8, own_locations=own_locations)])
    (objective,) = gan.objectives
    features = gan.discriminator(random_images(4))
    local, global_ = objective.project(features)
    assert local.shape == (4, 4 * 4, 8) and global_.shape == (4, 8)
    scores = local_global_scores(local, global_)
    loss, accuracy = objective.contrast(features, training=False)
    assert float(loss) == pytest.approx(float(infonce_loss(scores, own_locations=own_locations)))
    assert float(accuracy) == float(contrastive_accuracy(scores))


def test_locations_are_rows_of_the_map(gan):
    (objective,) = gan.objectives
    features = gan.discriminator(random_images(2))
    local, _ = objective.project(features)
    for location, (row, column) in enumerate(np.ndindex(4, 4)):
        expected = objective.local_head(features["local_features"][:, row, column])
        # A number near zero is a difference of large ones.
        np.testing.assert_allclose(local[:, location], expected, rtol=1e-4, atol=1e-7 * np.max(np.abs(local)))


def test_on_one_replica_global_negatives_are_the_replicas_own():
    losses = []
    for negatives in ("global", "replica"):
        gan = tiny_gan([InfoMax(8, negatives=negatives)])
        losses.append(float(gan.objectives[0].contrast(gan.discriminator(random_images(4)), training=False)[0]))
    assert losses[0] == losses[1]


def test_equal_features_give_chance_level_and_zero_accuracy():
    gan = tiny_gan([InfoMax(8, spectral_norm=False)])
    features = {"local_features": tf.ones([5, 4, 4, 6]), "global_features": tf.ones([5, 8])}
    loss, accuracy = gan.objectives[0].contrast(features)
    assert float(loss) == pytest.approx(np.log(5 * 16), rel=1e-5)
    assert float(accuracy) == 0.0


@pytest.mark.parametrize("player", ["discriminator", "generator"])
def test_a_weight_of_zero_leaves_no_log(player):
    gan = tiny_gan([InfoMax(8, **{f"{player}_weight": 0.0})])
    gan.compile()
    skipped = {"discriminator": "infomax/accuracy", "generator": "infomax/fake_accuracy"}
    assert set(gan.train_step(tf.constant(random_images(2)))) == {
        "discriminator/adversarial",
        "discriminator/total",
        "generator/adversarial",
        "generator/total",
        *({"discriminator/infomax", "generator/infomax"} - {f"{player}/infomax"}),
        *(set(skipped.values()) - {skipped[player]}),
    }


def test_heads_train_with_the_discriminator(gan):
    heads = gan.objectives[0].trainable_variables
    assert len(heads) == 2 * 3 * 2  # two heads of three layers, each with kernel and bias
    trained = {id(variable) for variable in gan.discriminator_variables}
    assert {id(variable) for variable in heads} <= trained
    assert not {id(variable) for variable in gan.generator.trainable_variables} & trained


def test_heads_outside_the_discriminators_loss_do_not_train():
    gan = tiny_gan([InfoMax(8, discriminator_weight=0.0)])
    gan.compile()
    before = values(gan.objectives[0].trainable_variables)
    gan.train_step(tf.constant(random_images(2)))
    for old, new in zip(before, values(gan.objectives[0].trainable_variables), strict=True):
        np.testing.assert_array_equal(old, new)
