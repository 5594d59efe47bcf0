"""A generator that is trained by prior matching alone: its losses, its players, and what it learns."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.tiny import TinyDiscriminator, TinyGenerator, all_state, assert_equal_states, batches, random_images, values
from tf_infomax.data import MIXTURES
from tf_infomax.errors import InputError
from tf_infomax.models import PriorMatchingGAN
from tf_infomax.models.optimizers import default_optimizer
from tf_infomax.networks import MLPDiscriminator, MLPGenerator
from tf_infomax.objectives import ContractivePenalty


def tiny(**settings) -> PriorMatchingGAN:
    keras.utils.set_random_seed(0)
    gan = PriorMatchingGAN(
        TinyGenerator(name="generator"), TinyDiscriminator(name="discriminator"), critic_units=(8,), **settings
    )
    gan.compile(
        generator_optimizer=keras.optimizers.SGD(0.1),
        discriminator_optimizer=keras.optimizers.SGD(0.1),
        critic_optimizer=keras.optimizers.SGD(0.1),
    )
    return gan


def softplus(values: np.ndarray) -> np.ndarray:
    return np.log1p(np.exp(values))


def test_losses():
    """Equations 14 and 15 from the logits of critics and encoder."""
    gan = tiny(separation=3.0)
    real, fake = (tf.constant([[0.5], [2.0], [-1.0]]), tf.constant([[0.0], [4.0]]))
    real_logits, fake_logits = gan.real_critic(real).numpy(), gan.fake_critic(fake).numpy()
    expected = softplus(-real_logits).mean() + softplus(-fake_logits).mean()
    assert float(gan._game.discriminator(real, fake)) == pytest.approx(expected, rel=1e-5)
    assert float(gan._game.generator(fake)) == pytest.approx((2.0 - 1.5) ** 2)


def test_each_player_trains_its_own_variables():
    gan = tiny()
    images = tf.constant(random_images(4))
    groups = {
        "generator": gan.generator.trainable_variables,
        "discriminator": gan.discriminator.trainable_variables,
        "critic": gan.critic_variables,
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
    gan = tiny()
    gan.critic_clip_norm = 1e-3
    before = values(gan.critic_variables)
    gan.update_discriminator(tf.constant(random_images(4)))
    step = np.sqrt(sum(np.sum(np.square(new - old)) for old, new in zip(before, values(gan.critic_variables))))
    assert step == pytest.approx(0.1 * 1e-3, rel=1e-3)


def test_critics_learn_their_priors():
    """With a frozen encoder: at encodings near 0, T_P prefers what is right of them and T_Q what is left."""
    gan = tiny(separation=6.0)
    gan.discriminator.trainable = False
    gan.critic_optimizer = default_optimizer(1e-2)
    for step in range(200):
        encodings = {"logits": 0.1 * tf.random.stateless_normal([64, 1], [step, 1])}
        gan._update_critics(encodings, encodings, tf.constant(step))
    means = tf.constant([[3.0], [0.0]])
    (real_prior, real_zero), (fake_prior, fake_zero) = gan.real_critic(means).numpy(), gan.fake_critic(-means).numpy()
    assert real_prior > 1 > -1 > real_zero and fake_prior > 1 > -1 > fake_zero


@pytest.fixture(scope="module")
def ring() -> PriorMatchingGAN:
    """Trained on the ring for a few seconds."""
    keras.utils.set_random_seed(0)
    unit, points = 0.2, MIXTURES["ring"].sample(20_000, seed=0)[0]
    gan = PriorMatchingGAN(
        MLPGenerator(base_channels=64, unit=unit),
        MLPDiscriminator(base_channels=32, num_pieces=3, unit=unit, data_range=1.0),
        [ContractivePenalty(discriminator_weight=1.0)],
    )
    optimizers = {f"{player}_optimizer": default_optimizer(1e-3) for player in ("generator", "discriminator", "critic")}
    gan.compile(**optimizers, jit_compile=True)
    gan.fit(points.astype(np.float32), batch_size=64, epochs=4, verbose=0)
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


def test_goes_on_after_loading(tmp_path):
    data = random_images(8)
    gan = tiny(separation=1.5)
    gan.fit(batches(data, 4), verbose=0, shuffle=False)
    gan.save(tmp_path / "gan.keras")
    loaded = keras.models.load_model(tmp_path / "gan.keras")
    assert (loaded.separation, loaded.critic_clip_norm, loaded.critic_units) == (1.5, 1.0, (8,))
    assert_equal_states(gan, loaded)
    for model in (gan, loaded):
        model.fit(batches(data, 4), verbose=0, shuffle=False)
    assert_equal_states(gan, loaded)
    assert all(np.all(np.isfinite(value)) for value in all_state(gan)["weights"])


def test_refusals():
    with pytest.raises(InputError, match="`separation` must be positive. Received: 0"):
        tiny(separation=0)
    with pytest.raises(InputError, match="`critic_clip_norm` must be positive. Received: -1"):
        tiny().compile(critic_clip_norm=-1)
    with pytest.raises(InputError, match="must be prior_matching. Received: hinge"):
        tiny().compile("hinge")
