"""The contract of auxiliary objectives, and the batches that a GAN hands to them."""

import keras
import pytest
import tensorflow as tf

from tests.tiny import batches, random_images, tiny_gan
from tf_infomax.errors import InputError
from tf_infomax.models.optimizers import default_optimizer
from tf_infomax.objectives import (
    AuxiliaryObjective,
    Batch,
    DiscriminatorBatch,
    GeneratorBatch,
    InfoMax,
    LocalInfoMax,
)


class Recorder(AuxiliaryObjective):
    """Keeps what the GAN hands to each player's loss."""

    metric_names = ("measured",)

    def __init__(self, name: str = "recorder", **weights) -> None:
        super().__init__(**{"discriminator_weight": 1.0, "generator_weight": 1.0, **weights}, name=name)
        self.batches: dict[str, list[Batch]] = {"discriminator": [], "generator": []}
        self.shapes = None

    def build(self, shapes) -> None:
        self.shapes = dict(shapes)

    def discriminator_loss(self, discriminator, batch):
        self.batches["discriminator"].append(batch)
        return tf.constant(3.0), {"measured": tf.constant(7.0)}

    def generator_loss(self, discriminator, batch):
        self.batches["generator"].append(batch)
        return tf.constant(5.0), {}


@pytest.mark.parametrize("player", ["discriminator", "generator"])
def test_negative_weights(player):
    weights = {"discriminator_weight": 1.0, "generator_weight": 1.0, f"{player}_weight": -0.5}
    with pytest.raises(InputError, match=f"`{player}_weight` must not be negative. Received: -0.5"):
        Recorder(**weights)


class OfOnePlayer(AuxiliaryObjective):
    def discriminator_loss(self, discriminator, batch):
        return tf.constant(2.0), {}


def test_a_subclass_may_leave_a_player_out():
    gan = tiny_gan([OfOnePlayer(discriminator_weight=0.5, name="one")])
    gan.compile()
    logs = gan.update_discriminator(random_images(2)) | gan.update_generator(2)
    assert float(logs["discriminator/one"]) == 2.0 and "generator/one" not in logs
    config = gan.objectives[0].get_config()
    assert config["discriminator_weight"] == 0.5 and "generator_weight" not in config
    assert OfOnePlayer.from_config(config).player_weights == {"discriminator": 0.5, "generator": 0.0}


def test_a_weight_without_a_loss():
    message = "`generator_weight` must be 0 for OfOnePlayer, which does not override `generator_loss`. Received: 0.5"
    with pytest.raises(InputError, match=message):
        OfOnePlayer(discriminator_weight=1.0, generator_weight=0.5)


def test_a_misspelt_loss():
    class Misspelt(AuxiliaryObjective):
        def discriminator_los(self, discriminator, batch):
            return tf.constant(0.0), {}

    message = "Misspelt must override `discriminator_loss`, `generator_loss` or both. Received: `discriminator_los`"
    with pytest.raises(InputError, match=message):
        Misspelt(discriminator_weight=1.0)

    class HalfMisspelt(OfOnePlayer):
        generatorloss = OfOnePlayer.discriminator_loss

    with pytest.raises(InputError, match="`generator_weight` must be 0 .* Received: 0.5, and `generatorloss`"):
        HalfMisspelt(generator_weight=0.5)


class Unannounced(AuxiliaryObjective):
    metric_names = ("announced",)

    def generator_loss(self, discriminator, batch):
        return tf.constant(0.0), {"measured": tf.constant(1.0)}


@pytest.mark.parametrize("through_fit", [True, False])
def test_a_metric_that_was_not_announced(through_fit):
    gan = tiny_gan([Unannounced(generator_weight=1.0, name="secret")])
    gan.compile()
    message = "`metric_names` of secret must announce the metric `measured`, .* Received: announced"
    with pytest.raises(InputError, match=message):
        if through_fit:
            gan.fit(batches(random_images(4), 4), shuffle=False, verbose=0)
        else:
            gan.update_generator(4)


def test_shapes_at_build():
    objective = Recorder()
    tiny_gan([objective])
    assert {name: tuple(shape) for name, shape in objective.shapes.items()} == {
        "latents": (None, 4),
        "images": (None, 8, 8, 1),
        "logits": (None, 1),
        "local_features": (None, 4, 4, 6),
        "global_features": (None, 8),
    }


def test_the_batch_of_a_discriminator_update():
    objective = Recorder()
    gan = tiny_gan([objective])
    gan.compile()
    images, labels = tf.constant(random_images(3)), tf.constant([2, 0, 1])
    gan.update_discriminator(images, labels)
    (batch,) = objective.batches["discriminator"]
    assert isinstance(batch, DiscriminatorBatch)
    assert batch.latents.shape == (3, 4) and batch.fake_images.shape == (3, 8, 8, 1)
    assert batch.real_images is images and batch.labels is labels
    assert batch.seed.shape == (2,) and batch.seed.dtype == tf.int32
    for features in (batch.real_features, batch.fake_features):
        assert set(features) == {"logits", "local_features", "global_features"}
    assert objective.batches["generator"] == []


def test_the_batch_of_a_generator_update():
    objective = Recorder()
    gan = tiny_gan([objective])
    gan.compile()
    gan.update_generator(3)
    (batch,) = objective.batches["generator"]
    assert batch.latents.shape == (3, 4) and batch.fake_features["logits"].shape == (3, 1)
    assert isinstance(batch, GeneratorBatch) and batch.fake_labels is None


def test_seeds_differ_between_steps_players_and_objectives():
    objectives = [Recorder("first"), Recorder("second")]
    gan = tiny_gan(objectives)
    gan.compile()
    for _ in range(2):
        gan.update_discriminator(random_images(2))
        gan.update_generator(2)
    batches = [batch for objective in objectives for player in objective.batches.values() for batch in player]
    assert len({tuple(batch.seed.numpy()) for batch in batches}) == len(batches) == 8


def test_terms_are_weighed_added_and_logged_unweighted():
    gan = tiny_gan([Recorder(discriminator_weight=0.25, generator_weight=0.5)])
    gan.compile()
    logs = gan.update_discriminator(random_images(2))
    assert float(logs["discriminator/recorder"]) == 3.0 and float(logs["recorder/measured"]) == 7.0
    assert float(logs["discriminator/total"]) == pytest.approx(float(logs["discriminator/adversarial"]) + 0.25 * 3.0)
    logs = gan.update_generator(2)
    assert float(logs["generator/recorder"]) == 5.0
    assert float(logs["generator/total"]) == pytest.approx(float(logs["generator/adversarial"]) + 0.5 * 5.0)


@pytest.mark.parametrize("player", ["discriminator", "generator"])
def test_a_weight_of_zero_skips_the_term(player):
    objective = Recorder(**{f"{player}_weight": 0.0})
    gan = tiny_gan([objective])
    gan.compile()
    logs = gan.update_discriminator(random_images(2)) | gan.update_generator(2)
    assert f"{player}/recorder" not in logs
    assert objective.batches.pop(player) == []
    assert len(objective.batches.popitem()[1]) == 1


def test_an_objective_that_is_built_already_keeps_its_weights():
    gan = tiny_gan()
    (objective,) = gan.objectives
    kernel = objective.local_head.hidden.layer.kernel
    keras.utils.set_random_seed(5)
    again = tiny_gan([objective])
    assert again.objectives[0].local_head.hidden.layer.kernel is kernel


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_weights_that_are_not_finite(value):
    for player in ("generator", "discriminator"):
        with pytest.raises(InputError, match=f"`{player}_weight` must be finite. Received: {value}"):
            InfoMax(8, **{f"{player}_weight": value})
    with pytest.raises(InputError, match="`weight` must be finite"):
        LocalInfoMax(value)
    with pytest.raises(InputError, match="`learning_rate` must be finite"):
        default_optimizer(value)
