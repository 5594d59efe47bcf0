"""Walks: their ends are the images of their seeds, they move evenly, and every frame keeps to the bound."""

import numpy as np
import pytest

from tests.tiny import LATENT_DIM, tiny_gan
from tf_infomax.callbacks.sample_grids import sample_grid
from tf_infomax.errors import InputError
from tf_infomax.images import image_grid
from tf_infomax.latents import generation_latents, interpolated_latents
from tf_infomax.models import GAN
from tf_infomax.networks import ResNetDiscriminator, ResNetGenerator
from tf_infomax.plots import with_row_names
from tf_infomax.runs.walk import Walk


@pytest.fixture(scope="module")
def gan() -> GAN:
    return tiny_gan([])


@pytest.mark.parametrize("truncation", [None, 0.7])
def test_frames_at_seeds_are_the_grids_of_these_seeds(gan, truncation):
    walk = Walk(gan, (0, 7, -3), steps=4, num_images=3, truncation=truncation)
    frames = list(walk.frames())
    assert len(frames) == walk.num_frames == 7
    for frame, seed in zip(frames[::3], (0, 7, -3)):
        np.testing.assert_array_equal(frame, sample_grid(gan, num_images=3, seed=seed, truncation=truncation))
    assert all(np.any(frame != after) for frame, after in zip(frames, frames[1:]))


def test_frames_between_are_on_the_arc(gan):
    frame = list(Walk(gan, (0, 7), steps=5, num_images=3).frames())[1]
    latents = interpolated_latents(generation_latents(3, LATENT_DIM, 0), generation_latents(3, LATENT_DIM, 7), 0.25)
    np.testing.assert_array_equal(frame, image_grid(gan.sampler.render(latents)))


def test_a_walk_may_return_to_its_beginning(gan):
    once, loop = Walk(gan, (0, 7), steps=4), Walk(gan, (0, 7), steps=4, loop=True)
    there, around = list(once.frames()), list(loop.frames())
    assert (once.num_frames, loop.num_frames) == (len(there), len(around)) == (4, 6)
    np.testing.assert_array_equal(around[:4], there)
    np.testing.assert_allclose(np.array(around[4:], int), np.array(there[2:0:-1], int), atol=1)  # back, without the end


def test_a_strip_has_a_row_for_each_image(gan):
    walk = Walk(gan, (0, 7), steps=4, num_images=3)
    strip, frames = walk.strip(), list(Walk(gan, (0, 7), steps=4, num_images=1).frames())
    assert strip.shape == (3 * 66 + 2, 4 * 66 + 2, 1)
    for number, frame in enumerate(frames):
        np.testing.assert_allclose(
            strip[2:66, 2 + 66 * number : 66 + 66 * number].astype(int), frame[2:66, 2:66], atol=1
        )


def test_rows_keep_their_classes():
    classes = {"base_channels": 4, "num_classes": 3}
    gan = GAN(ResNetGenerator(32, **classes), ResNetDiscriminator(32, **classes))
    names = ("cats", "dogs", "mice")
    walk = Walk(gan, (0, 7), steps=2, num_images=4, classes=(2, 0), class_names=names)
    for frame, seed in zip(walk.frames(), (0, 7)):
        expected = sample_grid(gan, num_images=4, seed=seed, classes=(2, 0), class_names=names)
        np.testing.assert_array_equal(frame, expected)
    images = [gan.generate(1, seed, labels=[label]) for label in (2, 0) for seed in (0, 7)]
    strip = Walk(gan, (0, 7), steps=2, classes=(2, 0), class_names=names).strip()
    assert strip.shape == with_row_names(image_grid(np.concatenate(images), columns=2), ["mice", "cats"]).shape
    assert len(list(Walk(gan, (0, 7), steps=2).frames())[0]) == 3 * 66 + 2  # all classes


@pytest.mark.parametrize(
    "seeds, options, message",
    [
        ((0,), {}, "`interpolate` must be at least two seeds, .* Received: 0"),
        ((), {}, "`interpolate` must be at least two seeds, .* Received: none"),
        ((0, 7, 7), {}, "each other than the one before it. Received: 0 7 7"),
        ((0, 7, 0), {"loop": True}, "each other than the one before it. Received: 0 7 0"),
        ((0, 2**31), {}, "`seed` must be from .* Received: 2147483648"),
        ((0, 7), {"steps": 1}, "`steps` must be at least 2, .* Received: 1"),
        ((0, 7), {"truncation": 0.0}, "`truncation` must be positive. Received: 0.0"),
        ((0, 7), {"classes": (1,)}, "`classes` need a conditional GAN"),
        ((0, 7), {"weights": "average"}, "`weights` must be raw"),
    ],
)
def test_what_is_no_walk(gan, seeds, options, message):
    with pytest.raises(InputError, match=message):
        Walk(gan, seeds, **options)
