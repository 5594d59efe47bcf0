"""What Keras users reach for works, or is answered by one sentence on what to do instead."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.eager import no_graphs  # noqa: F401
from tests.small_presets import narrow
from tests.tiny import LATENT_DIM, TinyDiscriminator, TinyGenerator, batches, random_images, tiny_gan
from tf_infomax.errors import InputError
from tf_infomax.images import to_uint8
from tf_infomax.models import GAN, DeepInfoMax, PlayersModel
from tf_infomax.models.optimizers import default_optimizer
from tf_infomax.networks import ConvolutionalEncoder, ResNetDiscriminator, ResNetGenerator
from tf_infomax.objectives import Classification, GlobalInfoMax, InfoMax


def tiny_encoder() -> DeepInfoMax:
    keras.utils.set_random_seed(0)
    encoder = ConvolutionalEncoder(28, num_channels=1, base_channels=2, fc_units=4, output_dim=4)
    return DeepInfoMax(encoder, [GlobalInfoMax(head_units=4)])


@pytest.fixture(params=["gan", "encoder"])
def model(request) -> PlayersModel:
    built = {"gan": tiny_gan, "encoder": tiny_encoder}[request.param]()
    built.compile()
    return built


def images_for(model: PlayersModel, number: int = 4) -> np.ndarray:
    return random_images(number, shape=model.image_shape if isinstance(model, GAN) else (28, 28, 1))


@pytest.mark.parametrize(
    "arguments, instead",
    [
        ({"sample_weight": np.ones(4)}, "`sample_weight`; repeat images"),
        ({"class_weight": {0: 2.0}}, "`class_weight`; repeat images of classes"),
        ({"validation_data": (np.ones(4),)}, "`validation_data`; measure samples with the callback `SampleMetrics`"),
        ({"validation_split": 0.5}, "`validation_split`; measure samples"),
        ({"callbacks": [keras.callbacks.ReduceLROnPlateau()]}, "`ReduceLROnPlateau` works on .* give each player's"),
        ({"callbacks": keras.callbacks.LearningRateScheduler(lambda epoch: 0.1)}, "`LearningRateScheduler` works on"),
        ({"callbacks": [keras.callbacks.BackupAndRestore("folder")]}, "`BackupAndRestore` .* `TrainingState`"),
        ({"callbacks": (keras.callbacks.TerminateOnNaN(),)}, "`TerminateOnNaN` .* `StopAtDivergence`"),
        (
            {"callbacks": keras.callbacks.CallbackList([keras.callbacks.ReduceLROnPlateau()])},
            "`ReduceLROnPlateau` works on",
        ),
    ],
)
def test_arguments_of_fit(model, arguments, instead):
    with pytest.raises(InputError, match=instead):
        model.fit(images_for(model), verbose=0, **arguments)
    assert int(model.step_counter) == 0


def test_weights_in_a_dataset(model):
    dataset = tf.data.Dataset.from_tensors((images_for(model), np.arange(4), np.ones(4)))
    with pytest.raises(InputError, match="images have no weights in training"):
        model.fit(dataset, verbose=0, shuffle=False)


def test_arguments_at_their_defaults_are_no_trouble(model):
    model.fit(images_for(model), None, 4, 1, 0, [keras.callbacks.History()], 0.0, None, False)
    assert int(model.step_counter) == 1


@pytest.mark.parametrize(
    "arguments, instead",
    [
        ({"optimizer": "adam"}, "`optimizer`; give each player its own: `.*_optimizer` and `.*_optimizer`"),
        ({"loss": "mse"}, "`loss`; add losses as `objectives`, and choose a GAN's game by `adversarial_loss`"),
        ({"metrics": ["accuracy"]}, "`metrics`; return them from an objective"),
        ({"loss_weights": [1.0]}, "`loss_weights`; give the objectives their weights"),
    ],
)
def test_arguments_of_compile(model, arguments, instead):
    with pytest.raises(InputError, match=instead):
        model.compile(**arguments)


def test_optimizers_by_name_or_with_scaled_losses(model):
    (first, second), keywords = model.players, {}
    for player in (first, second):
        keywords[f"{player}_optimizer"] = "sgd"
    model.compile(**keywords, steps_per_execution=2)
    assert {type(optimizer) for optimizer in model.players.values()} == {keras.optimizers.SGD}
    scaled = keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD())
    with pytest.raises(InputError, match="must not scale losses; the precision mixed_bfloat16 does without"):
        model.compile(**{f"{first}_optimizer": scaled})


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"gradient_accumulation_steps": 4}, "must not accumulate gradients.*gradient_accumulation_steps=4"),
        ({"use_ema": True}, "must not average weights; `ema_decay` averages a GAN's generator"),
    ],
)
def test_optimizers_that_do_not_step_each_time_or_keep_weights_of_their_own(model, settings, message):
    optimizer = keras.optimizers.Adam(**settings)
    with pytest.raises(InputError, match=message):
        model.compile(**{f"{next(iter(model.players))}_optimizer": optimizer})


def test_half_precision():
    with pytest.raises(InputError, match="^generator must not train in float16; mixed_bfloat16"):
        tiny_gan(dtype="mixed_float16").compile()


def test_several_steps_at_once_are_saved(model, tmp_path):
    model.compile(steps_per_execution=2)
    model.save(tmp_path / "model.keras")
    assert keras.models.load_model(tmp_path / "model.keras").steps_per_execution == 2


@pytest.mark.parametrize("kind", [np.uint8, np.int16, np.uint32, np.uint64])
def test_labels_of_any_integer_type(kind):
    labels = np.arange(4, dtype=kind) % 3
    encoder = tiny_encoder().encoder
    model = DeepInfoMax(encoder, [Classification(3)])
    gan = narrow("cgan-digits", discriminator_steps=1).build()
    for each in (model, gan):
        each.compile()
        each.fit(random_images(4, shape=(28, 28, 1)), labels, batch_size=4, verbose=0)
        assert int(each.step_counter) == 1


def test_datasets_of_dictionaries():
    data = tf.data.Dataset.from_tensors({"image": random_images(4), "label": np.zeros(4, int)})
    for model in (tiny_gan(), tiny_encoder()):
        model.compile()
        with pytest.raises(InputError, match=r"images, or images and labels .a tuple.; .* dictionary of image, label"):
            model.fit(data, shuffle=False, verbose=0)


def test_a_step_on_arrays_without_a_graph():
    gan = tiny_gan()
    gan.compile(run_eagerly=True)
    gan.train_on_batch(np.zeros((4, 8, 8, 1), np.uint8))
    assert int(gan.step_counter) == 1


def test_a_share_of_no_images_for_validation():
    gan = tiny_gan()
    gan.compile()
    gan.fit(random_images(4), validation_split=0, batch_size=4, verbose=0)


@pytest.mark.parametrize("rows", [5, 7])
def test_replicas_with_unequal_shares(rows, two_replicas, with_graphs):
    with two_replicas.scope():
        gan = tiny_gan()
        gan.compile()
    images = random_images(rows)
    with pytest.raises(InputError, match="All replicas must have the same number of images, in the last batch too"):
        gan.fit(tf.data.Dataset.from_tensor_slices(images).batch(4), verbose=0, shuffle=False)
    gan.fit(tf.data.Dataset.from_tensor_slices(images[:4]).batch(4), verbose=0, shuffle=False)


def test_predictions_of_an_encoder_of_bytes():
    model, images = tiny_encoder(), np.random.default_rng(0).integers(0, 256, [3, 28, 28, 1], np.uint8)
    np.testing.assert_allclose(model.predict(images, verbose=0)["output"], model.encode(images)["output"], rtol=1e-5)


def test_one_optimizer_for_two_players(model):
    optimizer = default_optimizer()
    with pytest.raises(InputError, match="Each player needs an optimizer of its own"):
        model.compile(**{f"{player}_optimizer": optimizer for player in model.players})


def test_evaluation(model):
    with pytest.raises(InputError, match="no loss to evaluate .* `tf-infomax evaluate`"):
        model.evaluate(images_for(model))


def test_predictions_are_samples_of_the_generator_that_is_sampled():
    gan = tiny_gan(ema_decay=0.5)
    gan.compile()
    gan.fit(random_images(4), verbose=0, shuffle=False)
    latents = np.random.default_rng(0).normal(size=(5, LATENT_DIM)).astype(np.float32)
    np.testing.assert_array_equal(to_uint8(gan.predict(latents, verbose=0)), gan.sampler.render(tf.constant(latents)))


def test_predictions_of_an_encoder_are_its_features():
    model = tiny_encoder()
    predicted = model.predict(images_for(model, 3), verbose=0)
    assert predicted["output"].shape == (3, 4)


def test_predictions_of_a_conditional_gan():
    networks = (cls(32, base_channels=4, num_classes=2) for cls in (ResNetGenerator, ResNetDiscriminator))
    with pytest.raises(InputError, match=r"use `generate\(labels=...\)`"):
        GAN(*networks).predict(np.zeros((1, 128), np.float32), verbose=0)


@pytest.mark.parametrize("name", ["model.h5", "model.hdf5"])
def test_hdf5(model, name, tmp_path):
    with pytest.raises(InputError, match=r"saved as `model.keras`.*`save_weights\('model.weights.h5'\)`"):
        model.save(tmp_path / name)


@pytest.mark.parametrize("as_dataset", [False, True])
def test_a_last_batch_that_cannot_be_divided(as_dataset, with_graphs):
    gan = tiny_gan()
    gan.compile(discriminator_steps=2)
    images = random_images(7)
    data = tf.data.Dataset.from_tensor_slices(images).batch(4) if as_dataset else images
    with pytest.raises(InputError, match="multiple of `discriminator_steps` = 2 images, the last one too"):
        gan.fit(data, batch_size=None if as_dataset else 4, verbose=0, shuffle=False)
    gan.fit(batches(images, 4), verbose=0, shuffle=False)


def test_a_partial_batch_that_can_be_divided():
    gan = tiny_gan()
    gan.compile(discriminator_steps=2)
    gan.fit(random_images(6), batch_size=4, verbose=0, shuffle=False)
    assert int(gan.step_counter) == 2


def in_colour() -> ResNetDiscriminator:
    discriminator = ResNetDiscriminator(32, base_channels=4)
    discriminator(tf.zeros([1, 32, 32, 3]))
    return discriminator


@pytest.mark.parametrize(
    "networks, message",
    [
        (
            lambda: (ResNetGenerator(64, base_channels=16), ResNetDiscriminator(32, base_channels=4)),
            "images of 32 pixels",
        ),
        (lambda: (TinyGenerator(), ResNetDiscriminator(32, base_channels=4)), "Received: a generator of"),
        (
            lambda: (ResNetGenerator(32, base_channels=4, num_channels=1), in_colour()),
            r"samples of 3 channels. Received: a generator of \(32, 32, 1\)",
        ),
        (
            lambda: (ResNetGenerator(32, base_channels=4, num_classes=3), ResNetDiscriminator(32, base_channels=4)),
            "same `num_classes`",
        ),
    ],
)
def test_networks_that_do_not_fit_each_other(networks, message):
    with pytest.raises(InputError, match=message):
        GAN(*networks())


def test_objectives_without_a_list():
    networks = TinyGenerator(), TinyDiscriminator()
    for objectives in (InfoMax(8), [InfoMax]):
        with pytest.raises(InputError, match=r"`objectives` must be a list of objectives, such as \[InfoMax"):
            GAN(*networks, objectives)
    with pytest.raises(InputError, match="`objectives` must be a list"):
        DeepInfoMax(tiny_encoder().encoder, GlobalInfoMax(head_units=4))
