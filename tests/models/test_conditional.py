"""A conditional GAN: labels reach both networks, and only valid ones are accepted."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.eager import no_graphs  # noqa: F401
from tests.tiny import all_state, batches, random_images
from tf_infomax.callbacks.sample_grids import sample_grid
from tf_infomax.errors import InputError
from tf_infomax.latents import generation_labels
from tf_infomax.models import GAN
from tf_infomax.networks import ConvolutionalDiscriminator, ConvolutionalGenerator
from tf_infomax.serving import export_generator, verify_generator_export

CLASSES = 3
SIZE = 8


def conditional_gan(*, num_classes: int | None = CLASSES, **kwargs) -> GAN:
    keras.utils.set_random_seed(0)
    networks = (
        ConvolutionalGenerator(SIZE, base_channels=8, latent_dim=4, num_channels=1, num_classes=num_classes),
        ConvolutionalDiscriminator(SIZE, base_channels=8, num_channels=1, num_classes=num_classes),
    )
    gan = GAN(*networks, **kwargs)
    gan.compile()
    return gan


def labels(count: int) -> np.ndarray:
    return np.arange(count) % CLASSES


def distinct_classes(gan: GAN) -> GAN:
    """Classes whose images differ at once: a new embedding is nearly the same for all."""
    for variable in gan.generator.variables:
        if "embed" in variable.path:
            variable.assign(variable + keras.random.normal(variable.shape, seed=1))
    return gan


@pytest.fixture(scope="module")
def gan() -> GAN:
    return distinct_classes(conditional_gan())


def test_labels_of_the_data_matter():
    states = []
    for shift in (0, 1):
        model = conditional_gan()
        data = random_images(4), (labels(4) + shift) % CLASSES
        model.fit(batches(data, 4), shuffle=False, verbose=0)
        states.append(all_state(model)["weights"])
    assert any(not np.array_equal(value, other) for value, other in zip(*states))


def test_arrays_train_as_datasets_do():
    by_array, by_dataset = conditional_gan(), conditional_gan()
    data = random_images(4), labels(4)
    by_array.fit(*data, batch_size=4, shuffle=False, verbose=0)
    by_dataset.fit(batches(data, 4), shuffle=False, verbose=0)
    for value, other in zip(all_state(by_array)["weights"], all_state(by_dataset)["weights"], strict=True):
        np.testing.assert_array_equal(value, other)


def test_training_labels_are_uniform_and_fresh(gan, two_replicas):
    drawn = gan.training_labels(3000, "generator", 0).numpy()
    np.testing.assert_allclose(np.bincount(drawn, minlength=CLASSES) / 3000, 1 / CLASSES, atol=0.04)
    assert np.any(drawn != gan.training_labels(3000, "generator", 1).numpy())
    assert np.any(drawn != gan.training_labels(3000, "discriminator", 0).numpy())
    halves = two_replicas.run(gan.training_labels, (3, "generator", 0))
    halves = tf.concat(two_replicas.experimental_local_results(halves), 0)
    np.testing.assert_array_equal(halves, gan.training_labels(6, "generator", 0))


def test_generating_classes(gan):
    images = [gan.generate(4, seed=1, labels=np.full(4, label)) for label in range(CLASSES)]
    assert np.any(images[0] != images[1]) and np.any(images[1] != images[2])
    drawn = generation_labels(4, CLASSES, 1).numpy()
    expected = np.stack([images[label][row] for row, label in enumerate(drawn)])
    np.testing.assert_array_equal(gan.generate(4, seed=1), expected)


def test_a_row_for_each_class(gan):
    picture = sample_grid(gan, num_images=6, seed=2)
    assert picture.shape == (CLASSES * 66 + 2, 2 * 66 + 2, 1)
    tiles = [[picture[2 + 66 * r : 66 + 66 * r : 8, 2 + 66 * c : 66 + 66 * c : 8] for c in (0, 1)] for r in range(3)]
    for label, row in enumerate(tiles):
        np.testing.assert_array_equal(row, gan.generate(2, seed=2, labels=[label, label]))
    assert sample_grid(gan, num_images=6, classes=[2]).shape == (66 + 2, 6 * 66 + 2, 1)


def test_many_classes_give_ten_rows():
    many = conditional_gan(num_classes=1000)
    assert sample_grid(many, num_images=20).shape == (10 * 66 + 2, 2 * 66 + 2, 1)


def test_serving(gan, tmp_path):
    folder = export_generator(gan.generator, tmp_path)
    result = verify_generator_export(folder, gan.generator, num_images=5)
    assert result.passed
    number, seed, images = "num_images int32 () or (M,)", "seed int32 () or (M,)", "images uint8 (None, 8, 8, 1)"
    expected = {
        "serving_default": f"labels int64 (None,), latents float32 (None, 4) -> {images}",
        "generate": f"{number}, {seed} -> {images}, labels int64 (None,)",
        "generate_class": f"label int64 () or (M,), {number}, {seed} -> {images}",
    }
    assert {name: result.signatures[name] for name in expected} == expected
    served = tf.saved_model.load(str(folder)).signatures["generate_class"](
        num_images=tf.constant(3), seed=tf.constant(7), label=tf.constant(2, tf.int64)
    )["images"]
    np.testing.assert_allclose(served, gan.generate(3, seed=7, labels=[2, 2, 2]), atol=1)


@pytest.mark.parametrize(
    "data, message",
    [
        (random_images(4, shape=(8, 8, 1)), "trains on images and integer labels .*Received: no labels"),
        ((random_images(4), np.zeros(4, np.float32)), "Labels must be integers. Received: float32"),
        ((random_images(4), np.full(4, CLASSES)), "Labels must be from 0 to 2. Received: 3 to 3"),
        ((random_images(4), np.full(4, -1)), "Labels must be from 0 to 2. Received: -1 to -1"),
    ],
)
def test_wrong_labels(data, message):
    with pytest.raises(InputError, match=message):
        conditional_gan().fit(batches(data, 4), shuffle=False, verbose=0)


@pytest.mark.parametrize(
    "wrong, message",
    [
        ([0], "`labels` must be 2, one for each image. Received: 1"),
        ([0, 3], "from 0 to 2. Received: 0 to 3"),
        ([0.5, 1.0], "Labels must be integers. Received: float64"),
    ],
)
def test_wrong_labels_to_generate(gan, wrong, message):
    with pytest.raises(InputError, match=message):
        gan.generate(2, labels=wrong)


def test_labels_for_an_unconditional_gan():
    gan = conditional_gan(num_classes=None)
    with pytest.raises(InputError, match="must not be given to an unconditional GAN"):
        gan.generate(2, labels=[0, 1])
    with pytest.raises(InputError, match="`classes` need a conditional GAN"):
        sample_grid(gan, classes=[0])


def test_networks_of_different_classes():
    generator = ConvolutionalGenerator(SIZE, base_channels=8, num_channels=1, num_classes=2)
    with pytest.raises(InputError, match="same `num_classes`. Received: 2 and None"):
        GAN(generator, ConvolutionalDiscriminator(SIZE, base_channels=8, num_channels=1))
