import json

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.eager import no_graphs  # noqa: F401
from tests.tiny import (
    IMAGE_SHAPE,
    LATENT_DIM,
    all_state,
    assert_equal_states,
    batches,
    random_images,
    tiny_gan,
    values,
)
from tf_infomax.errors import InputError
from tf_infomax.images import to_float, to_uint8
from tf_infomax.latents import generation_latents
from tf_infomax.layers import BatchNormalization, SpectralNormalization
from tf_infomax.models import GAN
from tf_infomax.models.games import GAMES
from tf_infomax.models.optimizers import default_optimizer
from tf_infomax.models.schedules import LinearDecay
from tf_infomax.objectives import AuxiliaryObjective, InfoMax

LOG_NAMES = {
    "discriminator/adversarial",
    "discriminator/infomax",
    "discriminator/total",
    "generator/adversarial",
    "generator/infomax",
    "generator/total",
    "infomax/accuracy",
    "infomax/fake_accuracy",
}


@pytest.fixture
def gan() -> GAN:
    gan = tiny_gan()
    gan.compile(discriminator_steps=2)
    return gan


def fit(gan: GAN, images: np.ndarray, batch_size: int = 4, **kwargs) -> dict[str, list[float]]:
    return gan.fit(batches(images, batch_size), verbose=0, shuffle=False, **kwargs).history


def train(gan: GAN, data, batch_size: int = 4) -> dict[str, float]:
    """What `fit` does, without the cost of tracing; returns the running means."""
    gan.reset_metrics()
    for batch in batches(data, batch_size):
        logs = gan.train_step(batch)
    return {name: float(value) for name, value in logs.items()}


def layers_of(gan: GAN, kind: type) -> list[keras.layers.Layer]:
    return [layer for layer in gan._flatten_layers() if isinstance(layer, kind)]


def parts(gan: GAN) -> dict[str, list[keras.Variable]]:
    """The variables of a GAN by what may change them."""
    return {
        "generator": gan.generator.trainable_variables,
        "discriminator": gan.discriminator.trainable_variables,
        "heads": gan.objectives[0].trainable_variables,
        "batch_norm": [layer.moving_mean for layer in layers_of(gan, BatchNormalization)],
        "v": [layer.v for layer in layers_of(gan, SpectralNormalization)],
    }


def changed(gan: GAN, update) -> dict[str, set[bool]]:
    """Which kernels and statistics an update changed: {True}, {False} or both."""
    kernels = {
        name: [v for v in variables if len(v.shape) > 1 or not v.trainable] for name, variables in parts(gan).items()
    }
    before = {name: values(variables) for name, variables in kernels.items()}
    update()
    return {
        name: {not np.array_equal(old, new) for old, new in zip(before[name], values(variables), strict=True)}
        for name, variables in kernels.items()
    }


def test_a_discriminator_update_trains_discriminator_and_heads(gan):
    assert changed(gan, lambda: gan.update_discriminator(random_images(4))) == {
        "generator": {False},
        "discriminator": {True},
        "heads": {True},
        "batch_norm": {True},
        "v": {True},
    }
    assert int(gan.discriminator_optimizer.iterations) == 1 and int(gan.generator_optimizer.iterations) == 0


def test_a_generator_update_trains_the_generator_alone(gan):
    assert changed(gan, lambda: gan.update_generator(4)) == {
        "generator": {True},
        "discriminator": {False},
        "heads": {False},
        "batch_norm": {True},
        "v": {True},
    }
    assert int(gan.discriminator_optimizer.iterations) == 0 and int(gan.generator_optimizer.iterations) == 1


def test_fit(gan, with_graphs):
    before = values(gan.trainable_variables)
    history = fit(gan, random_images(12))
    assert set(history) == LOG_NAMES
    assert np.all(np.isfinite([history[name] for name in LOG_NAMES]))
    assert int(gan.generator_optimizer.iterations) == 3
    assert int(gan.discriminator_optimizer.iterations) == 6
    for variable, old in zip(gan.trainable_variables, before, strict=True):
        if len(variable.shape) > 1:
            assert not np.array_equal(variable, old), variable.path


def test_names_of_logs_without_objectives():
    gan = tiny_gan([])
    gan.compile()
    assert set(train(gan, random_images(4))) == {name for name in LOG_NAMES if "infomax" not in name}


def test_the_weighted_terms_add_up(gan):
    logs = train(gan, random_images(12))
    for player in ("discriminator", "generator"):
        adversarial, infomax, total = (logs[f"{player}/{term}"] for term in ("adversarial", "infomax", "total"))
        assert total == pytest.approx(adversarial + 0.2 * infomax, rel=1e-5)


def test_data_of_a_step_are_shared_out(gan, monkeypatch):
    received, update = [], gan.update_discriminator
    monkeypatch.setattr(
        gan, "update_discriminator", lambda *arguments: received.append(arguments) or update(*arguments)
    )
    images, labels = tf.constant(random_images(6)), tf.range(6)
    gan.train_step((images, labels))
    np.testing.assert_array_equal([labels for _, labels in received], [[0, 2, 4], [1, 3, 5]])
    for share, rows in received:
        np.testing.assert_array_equal(share, tf.gather(images, rows))


def test_labels_are_accepted_and_ignored_by_unconditional_networks():
    states = []
    for data in (random_images(8), (random_images(8), np.arange(8))):
        gan = tiny_gan()
        gan.compile()
        train(gan, data)
        states.append(all_state(gan))
    assert_equal_states(*states)


def test_training_is_a_function_of_the_seed():
    states = []
    for seed in (3, 3, 4):
        gan = tiny_gan(seed=seed)
        gan.compile()
        train(gan, random_images(8))
        states.append(all_state(gan))
    assert_equal_states(states[0], states[1])
    assert not np.array_equal(states[0]["weights"][0], states[2]["weights"][0])


def test_latents_of_players_and_steps_differ(gan):
    draws = [
        gan.training_latents(4, player, step).numpy() for player in ("discriminator", "generator") for step in (0, 1)
    ]
    assert draws[0].shape == (4, LATENT_DIM)
    assert len(np.unique(np.concatenate(draws), axis=0)) == 16


@pytest.mark.parametrize("through_fit", [True, False])
@pytest.mark.parametrize(
    "images, message",
    [
        (random_images(3), "A batch must be a multiple of `discriminator_steps` = 2 images. Received: 3"),
        (random_images(4, shape=(16, 16, 1)), r"Images must have shape \(B, H, W, C\) with \(8, 8, 1\)"),
        (random_images(4, shape=(8, 8, 3)), r"Received: \((None|4), 8, 8, 3\)"),
        (
            np.zeros((4, *IMAGE_SHAPE), np.int32),
            r"Images must be uint8, or floating point in \[-1, 1\]. Received: int32",
        ),
        (np.zeros((4, *IMAGE_SHAPE), np.int64), "Received: int64"),
    ],
    ids=["remainder", "size", "channels", "uint8", "int64"],
)
def test_unusable_images(gan, images, message, through_fit):
    before = all_state(gan)
    with pytest.raises(InputError, match=message):
        if through_fit:
            fit(gan, images, batch_size=len(images))
        else:
            gan.train_step(tf.constant(images))
    assert_equal_states(before, gan)


def test_two_objectives_of_one_name():
    with pytest.raises(InputError, match="`objectives` must have distinct names. Received: infomax, infomax"):
        tiny_gan([InfoMax(8), InfoMax(8)])


@pytest.mark.parametrize("name", ["adversarial", "total", "augmentation"])
def test_objectives_that_would_take_the_place_of_the_game(name):
    with pytest.raises(InputError, match=f"must not be called adversarial, total, augmentation. Received: {name}"):
        tiny_gan([InfoMax(8, name=name)])


def test_two_objectives_of_one_kind():
    gan = tiny_gan([InfoMax(8), InfoMax(8, own_locations="excluded", name="excluded")])
    gan.compile()
    added = {"discriminator/excluded", "generator/excluded", "excluded/accuracy", "excluded/fake_accuracy"}
    assert set(train(gan, random_images(4))) == LOG_NAMES | added


@pytest.mark.parametrize("value", [0, -1])
def test_discriminator_steps_below_one(value):
    with pytest.raises(InputError, match=f"`discriminator_steps` must be at least 1. Received: {value}"):
        tiny_gan().compile(discriminator_steps=value)


def test_unknown_adversarial_loss():
    with pytest.raises(InputError, match="`adversarial_loss` must be one of hinge, .*. Received: least_squares"):
        tiny_gan().compile("least_squares")


@pytest.mark.parametrize("name", GAMES)
def test_every_adversarial_loss_trains(name):
    gan = tiny_gan()
    gan.compile(name)
    features = gan.discriminator(random_images(4), training=True)
    logs = gan.update_discriminator(random_images(4)) | gan.update_generator(4)
    assert np.all(np.isfinite(list(logs.values())))
    assert not np.allclose(features["logits"], gan.discriminator(random_images(4), training=True)["logits"])
    assert type(gan.game) is GAMES[name]


def test_mixed_precision():
    logs = {}
    for policy in ("mixed_bfloat16", "float32"):
        gan = tiny_gan(dtype=policy)
        gan.compile(discriminator_steps=2)
        before = values(gan.trainable_variables)
        logs[policy] = train(gan, random_images(8))
        assert {variable.dtype for variable in gan.weights} == {"float32"}
        assert not np.array_equal(before[0], gan.trainable_variables[0])
    for name in LOG_NAMES - {"infomax/accuracy", "infomax/fake_accuracy"}:
        assert logs["mixed_bfloat16"][name] != logs["float32"][name]
        assert logs["mixed_bfloat16"][name] == pytest.approx(logs["float32"][name], rel=0.05, abs=0.02)


def test_both_players_stop_at_the_last_step():
    gan, steps = tiny_gan(), 3
    gan.compile(
        discriminator_steps=2,
        generator_optimizer=default_optimizer(LinearDecay(1e-3, steps)),
        discriminator_optimizer=default_optimizer(LinearDecay(1e-3, steps, updates_per_step=2)),
    )
    optimizers = gan.generator_optimizer, gan.discriminator_optimizer
    train(gan, random_images(4 * (steps - 1)))
    assert [float(optimizer.learning_rate) for optimizer in optimizers] == pytest.approx([1e-3 / steps] * 2)
    train(gan, random_images(4))
    assert [float(optimizer.learning_rate) for optimizer in optimizers] == [0.0, 0.0]
    before = values(gan.trainable_variables)
    train(gan, random_images(4))
    for old, new in zip(before, values(gan.trainable_variables), strict=True):
        np.testing.assert_array_equal(old, new)


def components(gan: GAN) -> list[keras.layers.Layer]:
    return [gan.generator, gan.discriminator, *gan.objectives]


def test_saving_and_loading_continues_exactly(tmp_path):
    gan = tiny_gan(seed=5)
    gan.compile(
        "non_saturating",
        discriminator_steps=2,
        generator_optimizer=default_optimizer(LinearDecay(1e-3, 10)),
        discriminator_optimizer=keras.optimizers.Adam(2e-3, beta_1=0.5),
    )
    train(gan, random_images(8))
    gan.save(tmp_path / "gan.keras")
    loaded = keras.models.load_model(tmp_path / "gan.keras")
    assert_equal_states(gan, loaded)
    for part, copy in zip(components(gan), components(loaded), strict=True):
        assert type(part) is type(copy) and part.get_config() == copy.get_config()
    assert loaded.seed == 5
    # As files hold it: shapes are lists there.
    assert json.dumps(loaded.get_compile_config()) == json.dumps(gan.get_compile_config())
    images = random_images(8, seed=1)
    assert train(loaded, images) == train(gan, images)
    assert_equal_states(gan, loaded)


def test_weights_files_hold_the_optimizers(tmp_path, gan):
    train(gan, random_images(8))
    gan.save_weights(tmp_path / "gan.weights.h5")
    copy = tiny_gan(seed=1)
    copy.compile(discriminator_steps=2)
    copy.load_weights(tmp_path / "gan.weights.h5")
    assert_equal_states(gan, copy)


def test_a_gan_that_was_never_compiled_can_be_saved(tmp_path):
    gan = tiny_gan()
    gan.save(tmp_path / "gan.keras")
    loaded = keras.models.load_model(tmp_path / "gan.keras")
    assert not loaded.compiled and loaded.metrics == []
    np.testing.assert_array_equal(loaded.generate(3), gan.generate(3))


def test_generate(gan):
    images = gan.generate(5, seed=2)
    assert images.shape == (5, *IMAGE_SHAPE) and images.dtype == np.uint8
    np.testing.assert_array_equal(images, gan.generate(5, seed=2))
    assert not np.array_equal(images, gan.generate(5, seed=3))
    batched = gan.generate(5, seed=2, batch_size=2).astype(np.int16)
    assert np.max(np.abs(batched - images)) <= 1


def test_generating_uses_inference_mode_and_changes_nothing(gan):
    gan.train_step(tf.constant(random_images(8)))
    before = all_state(gan)
    images = gan.generate(4, seed=1)
    latents = generation_latents(4, LATENT_DIM, 1)
    assert_equal_states(before, gan)
    np.testing.assert_array_equal(images, to_uint8(gan.generator(latents, training=False)))
    assert np.any(images != to_uint8(gan.generator(latents, training=True)))


@pytest.mark.parametrize("value", [0, -2])
def test_generate_no_images(gan, value):
    with pytest.raises(InputError, match=f"`num_images` must be at least 1. Received: {value}"):
        gan.generate(value)


def test_calling_a_gan_calls_its_generator(gan):
    latents = tf.random.normal([2, LATENT_DIM])
    np.testing.assert_array_equal(gan(latents), gan.generator(latents))


@keras.saving.register_keras_serializable(package="tests")
class LatentRegression(AuxiliaryObjective):
    """A head on the global features guesses a fake image's latents; both players help it."""

    metric_names = ("error",)

    def __init__(self, *, norm: float = 2.0, name: str = "regression", **kwargs) -> None:
        super().__init__(**{"discriminator_weight": 0.5, "generator_weight": 0.1, **kwargs}, name=name)
        self.norm = norm

    def build(self, shapes) -> None:
        self.head = keras.layers.Dense(shapes["latents"][-1])
        self.head.build(shapes["global_features"])

    def discriminator_loss(self, discriminator, batch):
        loss = self.generator_loss(discriminator, batch)[0]
        return loss, {"error": loss}

    def generator_loss(self, discriminator, batch):
        guess = self.head(batch.fake_features["global_features"])
        return tf.reduce_mean(tf.abs(guess - batch.latents) ** self.norm), {}

    def get_config(self) -> dict:
        return {**super().get_config(), "norm": self.norm}


def test_an_objective_of_the_users_own(tmp_path):
    gan = tiny_gan([InfoMax(8), LatentRegression(norm=1.0)])
    gan.compile()
    kernel = values(gan.objectives[1].trainable_variables)[0]
    history = fit(gan, random_images(8))
    added = {"discriminator/regression", "generator/regression", "regression/error"}
    assert set(history) == LOG_NAMES | added
    assert history["regression/error"] == history["discriminator/regression"]
    assert not np.array_equal(kernel, gan.objectives[1].trainable_variables[0])
    gan.save(tmp_path / "gan.keras")
    loaded = keras.models.load_model(tmp_path / "gan.keras")
    assert loaded.objectives[1].norm == 1.0
    assert train(loaded, random_images(8)) == train(gan, random_images(8))
    assert_equal_states(gan, loaded)


@pytest.mark.parametrize("as_dataset", [False, True])
def test_images_out_of_range(as_dataset):
    gan = tiny_gan()
    gan.compile()
    images = 255 * np.abs(random_images(4))
    with pytest.raises(InputError, match=r"Images must lie in \[-1, 1\]. Received: 0"):
        gan.fit(batches(images, 4) if as_dataset else images, shuffle=False, verbose=0)
    assert int(gan.generator_optimizer.iterations) == 0


@pytest.mark.parametrize("as_dataset", [False, True])
def test_images_as_bytes(as_dataset):
    """A quarter of what float32 images need on their way to a device, and the same losses but for rounding."""
    images = np.random.default_rng(0).integers(0, 256, (4, *IMAGE_SHAPE), np.uint8)
    logs = []
    for data in (images, to_float(images).numpy()):
        gan = tiny_gan()
        gan.compile()
        dataset = batches(data, 4) if as_dataset else data
        logs.append(gan.fit(dataset, shuffle=False, verbose=0).history)
    assert {name: value[0] for name, value in logs[0].items()} == pytest.approx(
        {name: value[0] for name, value in logs[1].items()}, rel=1e-5, abs=1e-6
    )
