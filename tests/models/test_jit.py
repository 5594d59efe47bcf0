"""Training steps compiled with XLA."""

import pytest
import tensorflow as tf

from tests.small_presets import narrow
from tests.tiny import batches, random_images
from tf_infomax import distribution
from tf_infomax.models import GAN, training_draws
from tf_infomax.objectives import gradient_penalty


def small(**settings) -> GAN:
    return narrow("wgan-ver-ring", batch_size=4, **settings).build()


def sines(num_latents: int, latent_dim: int, seed: tf.Tensor) -> tf.Tensor:
    """Latents without a draw: XLA draws other numbers than TensorFlow."""
    return tf.reshape(tf.sin(tf.range(1.0, num_latents * latent_dim + 1)), [num_latents, latent_dim])


def test_the_first_step_is_that_of_tensorflow(monkeypatch):
    monkeypatch.setattr(training_draws, "normal_latents", sines)
    monkeypatch.setattr(distribution, "shuffle", lambda tensor, seed: tf.reverse(tensor, [0]))
    monkeypatch.setattr(gradient_penalty, "interpolate", lambda real, fake, fractions: (real + 3 * fake) / 4)
    data, logs = random_images(4, shape=(2,)), []
    initial = small().get_weights()
    for jit_compile in (True, False):
        trained = small(jit_compile=jit_compile)
        trained.set_weights(initial)
        history = trained.fit(batches(data, 4), shuffle=False, verbose=0).history
        logs.append({name: value for name, (value,) in history.items()})
        assert trained.jit_compile is jit_compile and int(trained.generator_optimizer.iterations) == 1
    assert {"gradient_penalty/gradient_norm", "variational_entropy/clip_factor"} <= set(logs[0])
    assert logs[0] == pytest.approx(logs[1], rel=1e-4, abs=1e-5)


def test_several_replicas_train_without(two_replicas):
    assert small(jit_compile=True).jit_compile is True
    with two_replicas.scope():
        assert small(jit_compile=True).jit_compile is False
