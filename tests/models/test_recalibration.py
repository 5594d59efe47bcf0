"""Statistics of batch normalisation over many latents."""

import keras
import numpy as np
import pytest

from tests.tiny import tiny_gan
from tf_infomax.errors import InputError
from tf_infomax.latents import generation_labels, generation_latents
from tf_infomax.layers import BatchNormalization
from tf_infomax.models.gan_networks import example_inputs
from tf_infomax.models.recalibration import recalibrate
from tf_infomax.networks import ConvolutionalGenerator, MLPGenerator, ResNetGenerator
from tf_infomax.networks.conditioning import call_network

NUM = 300
GENERATORS = {
    "points": lambda: MLPGenerator(2, base_channels=6, latent_dim=3),
    "images": lambda: ConvolutionalGenerator(28, base_channels=4, latent_dim=3),
    "classes": lambda: ResNetGenerator(32, base_channels=4, latent_dim=3, num_classes=3),
}


def built(kind: str):
    keras.utils.set_random_seed(0)
    generator = GENERATORS[kind]()
    call_network(generator, *example_inputs(generator))
    rng = np.random.default_rng(0)
    for variable in generator.variables:
        variable.assign(variable + np.abs(rng.normal(size=variable.shape)))
    return generator


def inputs_of(generator, number: int = NUM):
    classes = getattr(generator, "num_classes", None)
    labels = generation_labels(number, classes, 0) if classes else None
    return generation_latents(number, generator.latent_dim, 0), labels


@pytest.mark.parametrize("kind", GENERATORS)
def test_it_is_one_batch_in_training_mode(kind):
    """Then inference draws what training mode does with all latents in one batch: two ways to the same numbers."""
    generator = built(kind)
    recalibrate(generator, NUM, batch_size=64)
    found = call_network(generator, *inputs_of(generator), training=False)
    expected = call_network(generator, *inputs_of(generator), training=True)
    # Training divides by the biased variance, which is smaller by 1 in 300 where there is one value for a latent.
    np.testing.assert_allclose(found, expected, rtol=1e-2 if kind == "points" else 0, atol=2e-2)


def test_the_first_layer_by_numpy():
    generator = built("points")
    first = next(layer for layer in generator._flatten_layers() if isinstance(layer, BatchNormalization))
    seen = []
    first.observer = lambda layer, inputs: seen.append(inputs.numpy().astype(np.float64))
    call_network(generator, *inputs_of(generator), training=False)
    first.observer = None
    recalibrate(generator, NUM, batch_size=77)
    np.testing.assert_allclose(first.moving_mean, seen[0].mean(axis=0), rtol=1e-6)
    np.testing.assert_allclose(first.moving_variance, seen[0].var(axis=0, ddof=1), rtol=1e-5)


def test_the_batch_size_does_not_matter():
    one, other = built("classes"), built("classes")
    recalibrate(one, NUM, batch_size=300)
    recalibrate(other, NUM, batch_size=7)
    for variable, its in zip(one.variables, other.variables, strict=True):
        np.testing.assert_allclose(variable, its, rtol=1e-4, atol=1e-5)


def test_nothing_else_changes():
    generator = built("images")
    before = {variable.path: variable.numpy() for variable in generator.variables}
    recalibrate(generator, NUM)
    for variable in generator.variables:
        same = np.array_equal(before[variable.path], variable)
        assert same != variable.path.endswith(("moving_mean", "moving_variance")), variable.path
    assert all(getattr(layer, "observer", None) is None for layer in generator._flatten_layers())


@pytest.mark.parametrize("num_latents", [1, 0, -3])
def test_too_few_latents(num_latents):
    with pytest.raises(InputError, match=f"`num_latents` must be at least 2. Received: {num_latents}"):
        recalibrate(built("points"), num_latents)


def test_a_generator_without_batch_normalisation():
    with pytest.raises(InputError, match="must have batch normalisation. Received: TinyDiscriminator"):
        generator = tiny_gan([]).discriminator
        generator.latent_dim = 4
        recalibrate(generator, 4)
