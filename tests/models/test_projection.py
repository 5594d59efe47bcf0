"""The search for latents: what a generator drew is found again, and restarts do not see each other."""

import numpy as np
import pytest
import tensorflow as tf

from tests.eager import graphs
from tests.tiny import LATENT_DIM, TinyDiscriminator, random_images, tiny_gan
from tf_infomax.errors import InputError, NotFinite
from tf_infomax.latents import generation_latents
from tf_infomax.models import GAN, Found, LatentSearch, discriminator_features
from tf_infomax.networks import ResNetDiscriminator, ResNetGenerator


def search_of(gan: GAN, **options) -> LatentSearch:
    return LatentSearch(gan.generator, discriminator_features(gan.discriminator), **options)


def drawn(gan: GAN, seed: int = 3) -> np.ndarray:
    """An image of known latents."""
    return gan.generator(generation_latents(1, LATENT_DIM, seed), training=False)[0].numpy()


@pytest.fixture(scope="module")
def gan() -> GAN:
    return tiny_gan([])


@pytest.fixture(scope="module")
def search(gan) -> LatentSearch:
    return search_of(gan, restarts=4, steps=150)


def test_an_image_of_the_generator_is_found_again(gan, search):
    image, counted = drawn(gan), []
    start = search.starts(image, candidates=40, seed=1)
    found = search.search(image, start, on_step=lambda: counted.append(1))
    assert len(counted) == search.steps and found.latents.shape == (4, LATENT_DIM) and found.labels is None
    # The nearest of forty random latents is still a hundred times farther.
    assert found.distances[0] < 0.01 * start.distances[0]
    again = gan.generator(tf.constant(found.latents[:1]), training=False)[0].numpy()
    np.testing.assert_allclose(again, image, atol=0.02)
    np.testing.assert_allclose(found.latents[0], generation_latents(1, LATENT_DIM, 3)[0], atol=0.15)


def test_the_nearest_come_first(gan, search):
    image = drawn(gan)
    start = search.starts(image, candidates=40, seed=1)
    assert np.all(np.diff(start.distances) >= 0)
    found = search.search(image, start)
    assert np.all(np.diff(found.distances) >= 0) and found.distances[0] == found.distances.min()
    fewer = search.starts(image, candidates=10, seed=1)
    assert start.distances[0] <= fewer.distances[0]
    with pytest.raises(InputError, match="`candidates` must be at least `restarts` = 4. Received: 3"):
        search.starts(image, candidates=3)


def test_a_second_search_is_not_changed_by_the_first(gan, search):
    image = drawn(gan)
    start = search.starts(image, seed=1)
    first = search.search(image, start)
    search.search(drawn(gan, seed=8), search.starts(drawn(gan, seed=8)))
    for value, again in zip(first[::2], search.search(image, search.starts(image, seed=1))[::2]):
        np.testing.assert_array_equal(value, again)
    assert np.any(search.starts(image, seed=2).latents != start.latents)


def test_a_restart_in_a_batch_equals_one_alone(gan, search):
    image = drawn(gan)
    start = search.starts(image, candidates=4, seed=1)
    together = search.search(image, start)
    alone = search_of(gan, restarts=1, steps=search.steps)
    singles = [alone.search(image, Found(start.latents[[i]], None, start.distances[[i]])) for i in range(4)]
    distances = sorted(float(single.distances[0]) for single in singles)
    np.testing.assert_allclose(together.distances, distances, rtol=0.05, atol=1e-5)


def test_the_prior_keeps_the_length_of_normal_latents(gan):
    far = 3 * generation_latents(1, LATENT_DIM, 3)
    image = gan.generator(far, training=False)[0].numpy()
    lengths = []
    for weight in (0.0, 100.0):
        search = search_of(gan, restarts=2, steps=150, prior_weight=weight)
        found = search.search(image, search.starts(image, candidates=4))
        lengths.append(np.mean(found.latents[0] ** 2))
    np.testing.assert_allclose(lengths, [np.mean(far**2), 1.0], rtol=0.1)


def test_distances_are_those_of_the_formula(gan):
    search, image = search_of(gan, restarts=2, pixel_weight=3.0), random_images(1)[0]
    start = search.starts(image, candidates=2)
    images = gan.generator(tf.constant(start.latents), training=False).numpy()
    given, own = (gan.discriminator(pixels, training=False) for pixels in (image[None], images))
    for row in range(2):
        relative = [
            np.sum((own[name][row] - given[name][0]) ** 2) / np.sum(np.square(given[name]))
            for name in ("local_features", "global_features")
        ]
        expected = np.mean(relative) + 3.0 * np.mean((images[row] - image) ** 2)
        np.testing.assert_allclose(start.distances[row], expected, rtol=1e-4)


def test_classes_stay_those_of_the_starts():
    classes = {"base_channels": 4, "num_classes": 7}
    gan = GAN(ResNetGenerator(32, **classes), ResNetDiscriminator(32, **classes))
    search = search_of(gan, restarts=3, steps=2)
    image = random_images(1, shape=(32, 32, 3))[0]
    with graphs(False):
        start = search.starts(image, candidates=9, classes=(5, 2))
        found = search.search(image, start)
    assert set(start.labels) <= {5, 2} and start.labels.dtype == np.int64
    assert sorted(found.labels) == sorted(start.labels)


class OnlyLogits(TinyDiscriminator):
    def call(self, images, training=False):
        return {"logits": super().call(images, training=training)["logits"]}


def test_a_discriminator_without_features_is_refused(gan):
    search = LatentSearch(gan.generator, discriminator_features(OnlyLogits()), restarts=1)
    with pytest.raises(InputError, match=r"Projection needs features, .* Received: \['logits'\]"):
        search.starts(random_images(1)[0])


def test_a_generator_that_diverged_is_refused():
    gan = tiny_gan([])
    gan.generator.to_image.bias.assign([np.nan])
    with pytest.raises(NotFinite, match="no image of the generator has a finite distance"):
        search_of(gan, restarts=1).starts(random_images(1)[0], candidates=1)


@pytest.mark.parametrize(
    "options, message",
    [
        ({"restarts": 0}, "`restarts` must be at least 1. Received: 0"),
        ({"steps": 0}, "`steps` must be at least 1. Received: 0"),
        ({"learning_rate": 0.0}, "`learning_rate` must be positive. Received: 0.0"),
        ({"pixel_weight": -1.0}, "`pixel_weight` must be finite and not negative. Received: -1.0"),
        ({"prior_weight": float("nan")}, "`prior_weight` must be finite and not negative. Received: nan"),
    ],
)
def test_wrong_numbers(gan, options, message):
    with pytest.raises(InputError, match=message):
        search_of(gan, **options)
