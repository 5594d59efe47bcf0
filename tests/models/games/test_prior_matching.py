"""The game of prior matching: losses, players, and the training of a generator."""

import contextlib

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.eager import graphs, no_graphs  # noqa: F401
from tests.tiny import TinyDiscriminator, TinyGenerator, all_state, assert_equal_states, batches, random_images, values
from tf_infomax.data import MIXTURES
from tf_infomax.errors import InputError
from tf_infomax.models import GAN, LinearDecay, PriorMatchingGame
from tf_infomax.models.optimizers import default_optimizer
from tf_infomax.models.training_draws import TrainingDraws
from tf_infomax.networks import MLPDiscriminator, MLPGenerator
from tf_infomax.objectives import ContractivePenalty


def tiny(**settings) -> GAN:
    keras.utils.set_random_seed(0)
    gan = GAN(TinyGenerator(name="generator"), TinyDiscriminator(name="discriminator"))
    gan.compile(
        PriorMatchingGame(**{"critic_units": (8,), **settings}),
        generator_optimizer=keras.optimizers.SGD(0.1),
        discriminator_optimizer=keras.optimizers.SGD(0.1),
        critic_optimizer=keras.optimizers.SGD(0.1),
    )
    return gan


def softplus(values: np.ndarray) -> np.ndarray:
    return np.log1p(np.exp(values))


def test_losses():
    """Equations 14 and 15 from the logits of critics and encoder."""
    game = tiny(separation=3.0).game
    real, fake = (tf.constant([[0.5], [2.0], [-1.0]]), tf.constant([[0.0], [4.0]]))
    real_logits, fake_logits = game.real_critic(real).numpy(), game.fake_critic(fake).numpy()
    expected = softplus(-real_logits).mean() + softplus(-fake_logits).mean()
    assert float(game.discriminator_loss(real, fake)) == pytest.approx(expected, rel=1e-5)
    assert float(game.generator_loss(fake)) == pytest.approx((2.0 - 1.5) ** 2)


def test_each_player_trains_its_own_variables():
    gan = tiny()
    images = tf.constant(random_images(4))
    groups = {
        "generator": gan.generator.trainable_variables,
        "discriminator": gan.discriminator.trainable_variables,
        "critic": gan.game.trainable_variables,
    }
    assert set(gan.players) == set(groups) and sum(map(len, groups.values())) == len(gan.trainable_variables)

    def changed(update) -> set[str]:
        before = {name: values(group) for name, group in groups.items()}
        update()
        return {
            name
            for name, group in groups.items()
            if any(np.any(old != new) for old, new in zip(before[name], values(group), strict=True))
        }

    assert changed(lambda: gan.update_discriminator(images)) == {"discriminator", "critic"}
    assert changed(lambda: gan.update_generator(4)) == {"generator"}


def test_critics_gradients_are_clipped():
    gan = tiny(critic_clip_norm=1e-3)
    before = values(gan.game.trainable_variables)
    gan.update_discriminator(tf.constant(random_images(4)))
    step = np.sqrt(sum(np.sum(np.square(new - old)) for old, new in zip(before, values(gan.game.trainable_variables))))
    assert step == pytest.approx(0.1 * 1e-3, rel=1e-3)


def test_critics_learn_their_priors():
    """At encodings near 0, T_P prefers what is right of them and T_Q what is left."""
    game = PriorMatchingGame(6.0, critic_units=(8,))
    game.build({"logits": (None, 1)})
    optimizer = default_optimizer(1e-2)
    for step in range(200):
        encodings = 0.1 * tf.random.stateless_normal([64, 1], [step, 1])
        draws = TrainingDraws(0, "critic", step)
        game.update_critic(encodings, encodings, optimizer=optimizer, seed_for=draws.seed_for)
    means = tf.constant([[3.0], [0.0]])
    (real_prior, real_zero), (fake_prior, fake_zero) = game.real_critic(means).numpy(), game.fake_critic(-means).numpy()
    assert real_prior > 1 > -1 > real_zero and fake_prior > 1 > -1 > fake_zero


@pytest.fixture(scope="module")
def ring() -> GAN:
    """Trained on the ring for a few seconds."""
    keras.utils.set_random_seed(0)
    unit, points = 0.2, MIXTURES["ring"].sample(20_000, seed=0)[0]
    gan = GAN(
        MLPGenerator(base_channels=64, unit=unit),
        MLPDiscriminator(base_channels=32, num_pieces=3, unit=unit, data_range=1.0),
        [ContractivePenalty(discriminator_weight=1.0)],
    )
    batch_size, epochs = 64, 4
    # Rates fall to zero: at a constant one the mean radius goes on swinging by a fifth, differently on each processor.
    rate = LinearDecay(1e-3, epochs * -(-len(points) // batch_size))
    optimizers = {f"{player}_optimizer": default_optimizer(rate) for player in ("generator", "discriminator", "critic")}
    gan.compile("prior_matching", **optimizers)
    with graphs(True):
        gan.fit(points.astype(np.float32), batch_size=batch_size, epochs=epochs, verbose=0)
    return gan


def test_the_generator_learns_a_ring(ring):
    radii = np.linalg.norm(ring.generate(1000), axis=1)
    angles = np.unwrap(np.sort(np.arctan2(*ring.generate(1000).T)))
    assert abs(np.mean(radii) - 1) < 0.2 and np.std(radii) < 0.3
    assert np.max(np.diff(angles)) < np.pi / 2  # all around, not at one side


def test_two_replicas_are_one(two_replicas):
    data = random_images(8)
    single = tiny()
    single.fit(batches(data, 4), verbose=0, shuffle=False)
    with two_replicas.scope():
        double = tiny()
    double.fit(batches(data, 4), verbose=0, shuffle=False)
    for one, two in zip(values(single.trainable_variables), values(double.trainable_variables), strict=True):
        np.testing.assert_allclose(two, one, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("replicas", [1, 2])
def test_goes_on_after_loading(replicas, tmp_path, request):
    scope = request.getfixturevalue("two_replicas").scope if replicas == 2 else contextlib.nullcontext
    data = random_images(8)
    with scope():
        gan = tiny(separation=1.5, critic_clip_norm=0.5)
    gan.fit(batches(data, 4), verbose=0, shuffle=False)
    gan.save(tmp_path / "gan.keras")
    with scope():
        loaded = keras.models.load_model(tmp_path / "gan.keras")
    game = loaded.game
    assert (game.separation, game.critic_units, game.critic_clip_norm) == (1.5, (8,), 0.5)
    assert int(loaded.critic_optimizer.iterations.numpy()) == 2
    assert_equal_states(gan, loaded)
    for model in (gan, loaded):
        model.fit(batches(data, 4), verbose=0, shuffle=False)
    assert_equal_states(gan, loaded)
    assert all(np.all(np.isfinite(value)) for value in all_state(gan)["weights"])


def test_refusals():
    with pytest.raises(InputError, match="`separation` must be positive. Received: 0"):
        PriorMatchingGame(0)
    with pytest.raises(InputError, match="`critic_clip_norm` must be positive. Received: -1"):
        PriorMatchingGame(critic_clip_norm=-1)
