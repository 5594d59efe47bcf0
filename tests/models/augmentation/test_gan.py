"""Augmentations in a GAN: what each part sees, state, saving and replicas."""

import contextlib

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.eager import no_graphs  # noqa: F401
from tests.models.augmentation.test_augmentations import OFTEN, Darker
from tests.tiny import (
    TinyDiscriminator,
    TinyGenerator,
    all_state,
    assert_equal_states,
    batches,
    random_images,
    tiny_gan,
    values,
)
from tf_infomax.errors import InputError
from tf_infomax.models import GAN, AdaptiveAugmentation, DiffAugment, all_variables
from tf_infomax.objectives import AuxiliaryObjective, VariationalEntropy
from tf_infomax.presets import preset_named


class Watcher(AuxiliaryObjective):
    """Keeps the batches that it is given."""

    def __init__(self) -> None:
        super().__init__(discriminator_weight=1.0, generator_weight=1.0, name="watcher")
        self.batches: dict = {}

    def discriminator_loss(self, discriminator, batch):
        self.batches["discriminator"] = batch
        return tf.zeros([]), {}

    def generator_loss(self, discriminator, batch):
        self.batches["generator"] = batch
        return tf.zeros([]), {}


def watched(augmentation, **arguments) -> dict:
    """Batches of one step."""
    watcher = Watcher()
    gan = tiny_gan([watcher])
    gan.compile(augmentation=augmentation, **arguments)
    gan.train_step(tf.constant(random_images(4)))
    return watcher.batches


def test_objectives_see_what_the_discriminator_saw():
    plain, darker = watched(None)["discriminator"], watched(Darker())["discriminator"]
    np.testing.assert_array_equal(darker.real_images, random_images(4) - 0.5)
    np.testing.assert_allclose(darker.fake_images, plain.fake_images - 0.5, atol=1e-6)
    gan = tiny_gan([Watcher()])
    expected = gan.discriminator(random_images(4) - 0.5, training=True)["logits"]
    np.testing.assert_allclose(darker.real_features["logits"], expected, atol=1e-5)


def test_the_generators_own_images_are_beside_them():
    batch = watched(Darker())["generator"]
    np.testing.assert_allclose(batch.fake_images, batch.generated_images - 0.5)
    plain = watched(None)["generator"]
    np.testing.assert_array_equal(plain.fake_images, plain.generated_images)


def test_variational_entropy_is_of_the_generators_own_images():
    logs = []
    for augmentation in (None, OFTEN()):
        gan = tiny_gan([VariationalEntropy(base_channels=4)])
        gan.compile(augmentation=augmentation)
        logs.append(float(gan.update_generator(4)["variational_entropy/information"]))
    assert logs[0] == logs[1]


def test_real_and_generated_images_have_draws_of_their_own():
    """With the same images on both sides."""
    seeds = []

    class Spy(Darker):
        def call(self, images, seed):
            seeds.append(tuple(seed.numpy()))
            return images

    gan = tiny_gan([])
    gan.compile(augmentation=Spy())
    for _ in range(2):
        gan.train_step(tf.constant(random_images(4)))
    assert len(seeds) == len(set(seeds)) == 6


def test_the_generator_learns_through_the_augmentation():
    """A cut-out hides a quarter; the gradient goes through what is left, and differs from the one without."""
    changes = []
    for augmentation in (None, "diffaugment"):
        gan = tiny_gan([])
        optimizers = {f"{player}_optimizer": keras.optimizers.SGD(1.0) for player in ("generator", "discriminator")}
        gan.compile(augmentation=augmentation, **optimizers)
        before = values([gan.generator.to_image.kernel])[0]
        gan.update_generator(4)
        changes.append(values([gan.generator.to_image.kernel])[0] - before)
    assert all(np.abs(change).max() > 0 for change in changes)
    assert not np.allclose(changes[0], changes[1])


def test_logs():
    gan = tiny_gan([])
    for augmentation, added in (("ada", {"augmentation/probability", "augmentation/sign"}), ("diffaugment", set())):
        gan.compile(augmentation=augmentation)
        history = gan.fit(batches(random_images(8), 4), verbose=0, shuffle=False).history
        assert {name for name in history if name.startswith("augmentation")} == added


def test_the_wasserstein_game_has_no_zero():
    """Its logits count by their differences alone: a constant more changes neither the sign nor the probability."""
    logs = []
    for bias in (0.0, 1000.0):
        gan = tiny_gan([])
        gan.compile("wasserstein", augmentation=OFTEN(interval=1))
        gan.discriminator.to_logits.layer.bias.assign([bias])
        logs.append(gan.update_discriminator(tf.constant(random_images(8)))["augmentation/sign"])
    assert float(logs[0]) == float(logs[1]) < 1


@pytest.mark.parametrize(
    "augmentation", [DiffAugment(["cutout"]), OFTEN(interval=3, num_images=1000)], ids=["diff", "ada"]
)
def test_saving(augmentation, tmp_path):
    gan, data = tiny_gan([]), batches(random_images(8), 4)
    gan.compile(augmentation=augmentation, discriminator_steps=2)
    gan.fit(data, verbose=0, shuffle=False)
    gan.save(tmp_path / "gan.keras")
    loaded = keras.models.load_model(tmp_path / "gan.keras")
    assert loaded.augmentation.get_config() == augmentation.get_config()
    assert_equal_states(gan, loaded)
    for model in (gan, loaded):
        model.fit(data, verbose=0, shuffle=False)
    assert_equal_states(gan, loaded)
    if augmentation.weights:
        assert float(loaded.augmentation.current_probability) not in (0.0, augmentation.probability)


def test_weights_files_hold_the_probability(tmp_path):
    gan, copy = tiny_gan([]), tiny_gan([])
    for model, probability in ((gan, 0.25), (copy, 0.0)):
        model.compile(augmentation=AdaptiveAugmentation(probability=probability))
    gan.save_weights(tmp_path / "gan.weights.h5")
    copy.load_weights(tmp_path / "gan.weights.h5")
    assert float(copy.augmentation.current_probability) == 0.25


def test_compiling_again_puts_one_in_place_of_the_other():
    gan = tiny_gan([])
    num_weights = len(gan.weights)
    for augmentation, added in ((OFTEN(), 2), (OFTEN(), 2), ("diffaugment", 0), (None, 0), ("ada", 2)):
        gan.compile(augmentation=augmentation)
        assert len(gan.weights) == num_weights + added
    gan.compile(augmentation=gan.augmentation)
    assert len(gan.weights) == num_weights + 2


def test_a_step_that_is_undone_leaves_the_probability():
    gan = tiny_gan([])
    gan.compile(augmentation=OFTEN(interval=1), skip_non_finite=True)
    before = values(gan.augmentation.weights)
    gan.train_step(tf.fill([4, 8, 8, 1], np.nan))
    assert gan.num_skipped == 1
    np.testing.assert_array_equal(np.concatenate([*map(np.ravel, before)]), flat(gan))


def flat(gan: GAN) -> np.ndarray:
    return np.concatenate([np.ravel(value) for value in values(gan.augmentation.weights)])


def trained_on(replicas: tf.distribute.Strategy | None) -> tuple[GAN, dict]:
    with contextlib.nullcontext() if replicas is None else replicas.scope():
        gan = tiny_gan([])
        optimizers = {f"{player}_optimizer": keras.optimizers.SGD(0.05) for player in ("generator", "discriminator")}
        gan.compile(augmentation=OFTEN(interval=1, num_images=100), **optimizers)
    gan.run_eagerly = replicas is None
    history = gan.fit(batches(random_images(8), 8), verbose=0, shuffle=False).history
    return gan, {name: value for name, (value,) in history.items()}


def test_two_replicas_train_as_one(two_replicas):
    (one, logs), (two, others) = trained_on(None), trained_on(two_replicas)
    assert others == pytest.approx(logs, rel=1e-4, abs=1e-5)
    assert flat(one).tolist() == flat(two).tolist() and flat(two)[0] != 0.9
    pairs = zip(values(all_variables(one)), values(all_variables(two)), strict=True)
    for value, other in pairs:
        np.testing.assert_allclose(other, value, rtol=1e-3, atol=1e-4)


def test_mixed_precision():
    gan = tiny_gan([], dtype="mixed_bfloat16")
    gan.compile(augmentation=OFTEN())
    logs = gan.train_step(tf.constant(random_images(4)))
    assert np.all(np.isfinite(list(map(float, logs.values())))) and {v.dtype for v in gan.augmentation.weights} == {
        "float32"
    }


def test_points_are_not_augmented():
    with pytest.raises(InputError, match="^`augmentation` must be None for a GAN of points"):
        preset_named("vgan-ring").override({"augment": "ada"}).build()


def test_a_wide_gan_is_augmented():
    """Height and width of an image need not be equal."""

    class Wide(TinyGenerator):
        def call(self, latents, training=False):
            return super().call(latents, training=training)[:, :6]

    gan = GAN(Wide(), TinyDiscriminator())
    gan.compile(augmentation=OFTEN())
    logs = gan.train_step(tf.constant(random_images(4, shape=(6, 8, 1))))
    assert np.all(np.isfinite(list(map(float, logs.values()))))
    assert all_state(gan)
