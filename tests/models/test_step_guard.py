"""Steps that are undone because their numbers are not finite."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.tiny import batches, random_images, tiny_gan
from tf_infomax.callbacks import SkippedSteps
from tf_infomax.callbacks.divergence import MAX_SKIPPED
from tf_infomax.errors import Diverged
from tf_infomax.models import GAN, all_variables, current_step

BATCH = 4


def guarded(**kwargs) -> GAN:
    gan = tiny_gan([], ema_decay=0.9)
    gan.compile(skip_non_finite=True, **kwargs)
    return gan


def images_of(broken_row: int) -> np.ndarray:
    """Images of three steps; one row of the second step is NaN."""
    images = random_images(3 * BATCH)
    images[BATCH + broken_row] = np.nan
    return images


def state(gan: GAN) -> list[np.ndarray]:
    return [variable.numpy() for variable in all_variables(gan)]


def kept(gan: GAN) -> list[np.ndarray]:
    """What a step that is undone leaves as it was: all but counters."""
    return [value for value in state(gan) if np.issubdtype(value.dtype, np.floating)]


def assert_equal(values: list[np.ndarray], expected: list[np.ndarray]) -> None:
    for value, other in zip(values, expected, strict=True):
        np.testing.assert_array_equal(value, other)


def train(gan: GAN, images: np.ndarray, *watchers: keras.callbacks.Callback) -> keras.callbacks.History:
    return gan.fit(batches(images, BATCH), verbose=0, shuffle=False, callbacks=[SkippedSteps(), *watchers])


@pytest.mark.parametrize("jit_compile", [False, True])
def test_a_step_is_undone_as_a_whole(jit_compile):
    """Weights, optimizers, the moving average and the running statistics stay; the counters go on."""
    gan, states = guarded(jit_compile=jit_compile), []
    watcher = keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: states.append(kept(gan)))
    train(gan, images_of(0)[: 2 * BATCH], watcher)
    assert current_step(gan) == 2 and gan.num_skipped == 1
    assert_equal(states[1], states[0])


def test_training_goes_on_and_counts():
    gan = guarded()
    history = train(gan, images_of(0)).history
    assert gan.num_skipped == 1 and history["skipped_steps"] == [1]
    assert all(np.all(np.isfinite(value)) for value in state(gan))
    assert all(np.isfinite(values).all() for values in history.values())  # The means are over the other two steps.


def test_sound_steps_are_as_without_it():
    gan, plain = guarded(), tiny_gan([], ema_decay=0.9)
    plain.compile()
    for model in (gan, plain):
        model.fit(batches(random_images(3 * BATCH), BATCH), verbose=0, shuffle=False)
    assert gan.num_skipped == 0
    assert_equal(state(gan), state(plain))


def test_weights_that_break_after_finite_losses():
    """The losses of the step are computed before its update."""
    gan = guarded(generator_optimizer=keras.optimizers.SGD(np.inf))
    history = train(gan, random_images(BATCH)).history
    assert history["skipped_steps"] == [1] and all(np.all(np.isfinite(weight)) for weight in gan.get_weights())


def test_replicas_decide_together(two_replicas):
    """The second of them alone meets the broken image."""
    with two_replicas.scope():
        gan = guarded()
    single = guarded()
    for model in (gan, single):
        train(model, images_of(BATCH - 1))
    assert gan.num_skipped == 1
    for variable in gan.trainable_variables:
        values = [value.numpy() for value in two_replicas.experimental_local_results(variable.value)]
        np.testing.assert_array_equal(values[0], values[1])
    for mine, its in zip(gan.trainable_variables, single.trainable_variables, strict=True):
        np.testing.assert_allclose(mine, its, atol=1e-3)


def test_endless_skipping_is_a_divergence():
    gan = guarded(generator_optimizer=keras.optimizers.SGD(np.inf))
    with pytest.raises(Diverged, match=f"the numbers of {MAX_SKIPPED} steps in a row are not finite"):
        train(gan, random_images(BATCH * MAX_SKIPPED * 2))
    assert current_step(gan) == MAX_SKIPPED


def test_the_choice_is_saved_with_the_model(tmp_path):
    gan = guarded()
    gan.save(tmp_path / "gan.keras")
    assert keras.models.load_model(tmp_path / "gan.keras").skip_non_finite
    gan.compile()
    assert not gan.skip_non_finite


def test_it_can_be_switched_before_training():
    gan = tiny_gan([])
    gan.compile()
    gan.skip_non_finite = True
    assert "skipped_steps" in train(gan, random_images(BATCH)).history
    assert tf.is_tensor(gan._guard.num_skipped)


def test_it_can_be_switched_between_trainings(with_graphs):
    gan = tiny_gan([])
    gan.compile()
    train(gan, random_images(BATCH))
    gan.skip_non_finite = True
    assert "skipped_steps" in train(gan, images_of(0)).history and gan.num_skipped == 1
    gan.skip_non_finite = False
    assert "skipped_steps" not in train(gan, random_images(BATCH)).history
