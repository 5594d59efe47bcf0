"""Games by name, by instance, and from outside the package."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.eager import no_graphs  # noqa: F401
from tests.tiny import all_state, assert_equal_states, batches, random_images, tiny_gan, values
from tf_infomax import losses
from tf_infomax.errors import InputError
from tf_infomax.models import AdversarialGame, Hinge, PriorMatchingGame, ThreePlayerGame, Wasserstein
from tf_infomax.models.games import GAMES, as_game

LOSSES = {
    "hinge": (losses.hinge_discriminator_loss, losses.linear_generator_loss),
    "non_saturating": (losses.minimax_discriminator_loss, losses.non_saturating_generator_loss),
    "minimax": (losses.minimax_discriminator_loss, losses.minimax_generator_loss),
    "wasserstein": (losses.wasserstein_discriminator_loss, losses.linear_generator_loss),
}


@keras.saving.register_keras_serializable(package="tests")
class LeastSquares(AdversarialGame):
    """Source: Mao et al., 2017."""

    def __init__(self, target: float = 1.0, **kwargs) -> None:
        super().__init__(**kwargs)
        self.target = target

    def discriminator_loss(self, real_logits, fake_logits):
        return tf.reduce_mean((real_logits - self.target) ** 2) + tf.reduce_mean(fake_logits**2)

    def generator_loss(self, fake_logits):
        return tf.reduce_mean((fake_logits - self.target) ** 2)

    def get_config(self) -> dict:
        return {**super().get_config(), "target": self.target}


@keras.saving.register_keras_serializable(package="tests")
class Calibrated(ThreePlayerGame):
    """The critic learns a scale and an offset of the logits from which both others train."""

    def build(self, shapes):
        self.calibration = keras.layers.Dense(1, kernel_initializer="ones")
        self.calibration.build(shapes["logits"])

    def discriminator_loss(self, real_logits, fake_logits):
        return losses.hinge_discriminator_loss(self.calibration(real_logits), self.calibration(fake_logits))

    def generator_loss(self, fake_logits):
        return losses.linear_generator_loss(self.calibration(fake_logits))

    def critic_loss(self, real_logits, fake_logits, seed_for):
        noise = tf.random.stateless_normal(tf.shape(real_logits), seed_for("noise"))
        return losses.minimax_discriminator_loss(self.calibration(real_logits + noise), self.calibration(fake_logits))


OWN = {"two_players": lambda: LeastSquares(2.0), "three_players": Calibrated}


def test_every_named_game_is_tested():
    assert set(GAMES) == {*LOSSES, "prior_matching"}


@pytest.mark.parametrize("name", LOSSES)
def test_a_game_has_the_losses_of_its_name(name):
    real, fake = (tf.constant(np.random.default_rng(seed).normal(size=(8, 1)), tf.float32) for seed in (0, 1))
    game, (discriminator, generator) = as_game(name), LOSSES[name]
    assert float(game.discriminator_loss(real, fake)) == float(discriminator(real, fake))
    assert float(game.generator_loss(fake)) == float(generator(fake))


def test_an_unknown_name():
    known = "hinge, non_saturating, minimax, wasserstein, prior_matching"
    with pytest.raises(InputError, match=f"`adversarial_loss` must be one of {known}. Received: hing$"):
        as_game("hing")


@pytest.mark.parametrize("name", OWN)
def test_a_game_of_ones_own_trains_and_is_saved(name, tmp_path):
    gan = tiny_gan()
    gan.compile(OWN[name](), discriminator_steps=2)
    before = values(gan.trainable_variables)
    data = batches(random_images(8), 4)
    gan.fit(data, verbose=0, shuffle=False)
    assert np.mean([np.any(old != new) for old, new in zip(before, values(gan.trainable_variables))]) > 0.9
    gan.save(tmp_path / "gan.keras")
    loaded = keras.models.load_model(tmp_path / "gan.keras")
    assert type(loaded.game) is type(gan.game) and loaded.game.get_config() == gan.game.get_config()
    for model in (gan, loaded):
        model.fit(data, verbose=0, shuffle=False)
    assert_equal_states(gan, loaded)


def test_the_critic_is_of_the_gan_and_trained_by_its_own_optimizer():
    gan = tiny_gan()
    gan.compile(Calibrated(), critic_optimizer=keras.optimizers.SGD(0.1))
    assert list(gan.players) == ["generator", "discriminator", "critic"]
    before = {id(variable): values([variable])[0] for variable in gan.trainable_variables}
    logs = gan.game.update_critic(
        tf.ones([4, 1]), tf.zeros([4, 1]), optimizer=gan.critic_optimizer, seed_for=lambda purpose: tf.constant([1, 2])
    )
    changed = {id(v) for v in gan.trainable_variables if np.any(values([v])[0] != before[id(v)])}
    assert changed == {id(v) for v in gan.game.trainable_variables} and list(logs) == ["critic/total"]


def test_compiling_again_puts_one_game_in_place_of_the_other(tmp_path):
    gan = tiny_gan()
    gan(tf.zeros([1, 4]))
    num_weights = len(gan.weights)
    for game, num_critics in ((Calibrated(), 2), (Calibrated(), 2), ("hinge", 0), (Calibrated(), 2)):
        gan.compile(game)
        assert len(gan.weights) == num_weights + num_critics
        assert gan.fit(batches(random_images(4), 4), verbose=0, shuffle=False)
    gan.save(tmp_path / "gan.keras")
    assert_equal_states(gan, keras.models.load_model(tmp_path / "gan.keras"))


def test_a_game_that_a_gan_has_played_keeps_its_critic():
    gan = tiny_gan()
    gan.compile(Calibrated())
    gan.game.calibration.kernel.assign([[3.0]])
    gan.compile(gan.game, discriminator_steps=2)
    assert float(gan.game.calibration.kernel[0, 0]) == 3.0 and len(gan.game.weights) == 2


def test_weights_files_hold_the_critic(tmp_path):
    gan, copy = tiny_gan(), tiny_gan(seed=1)
    for model in (gan, copy):
        model.compile(PriorMatchingGame(critic_units=(3,)))
    gan.fit(batches(random_images(4), 4), verbose=0, shuffle=False)
    gan.save_weights(tmp_path / "gan.weights.h5")
    copy.load_weights(tmp_path / "gan.weights.h5")
    assert_equal_states(gan, copy)
    assert "critic_optimizer" in all_state(copy)


def test_an_optimizer_without_a_critic():
    gan = tiny_gan()
    gan.compile("wasserstein")
    with pytest.raises(InputError, match="`critic_optimizer` must be None .* as Hinge is. Received: SGD"):
        gan.compile("hinge", critic_optimizer=keras.optimizers.SGD())
    assert type(gan.game) is Wasserstein


def test_games_that_are_not_finished():
    with pytest.raises(InputError, match="AdversarialGame must override `discriminator_loss`. Received: no method"):
        AdversarialGame()

    class Misspelt(Hinge):
        generator_los = Hinge.generator_loss
        generator_loss = AdversarialGame.generator_loss

    with pytest.raises(InputError, match="Misspelt must override `generator_loss`. Received: `generator_los`"):
        Misspelt()

    class WithoutCritic(ThreePlayerGame):
        discriminator_loss, generator_loss = Hinge.discriminator_loss, Hinge.generator_loss

    with pytest.raises(InputError, match="WithoutCritic must override `critic_loss`"):
        WithoutCritic()
