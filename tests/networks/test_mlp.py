import keras
import numpy as np
import pytest
import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.networks import MLPDiscriminator, MLPGenerator


def random(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).normal(size=shape).astype(np.float32)


def trainable_parameters(network: keras.Model) -> int:
    return sum(int(np.prod(variable.shape)) for variable in network.trainable_variables)


def test_parameters_of_the_published_generator():
    generator = MLPGenerator()
    generator.build((None, 2))
    hidden = 2 * 400 + 3 * 400 * 400 + 4 * 2 * 400
    assert trainable_parameters(generator) == hidden + 400 * 2 + 2 == 484_802


def test_parameters_of_the_published_discriminator():
    discriminator = MLPDiscriminator()
    discriminator.build((None, 2))
    first, later = (2 + 1) * 5 * 200, (200 + 1) * 5 * 200
    assert trainable_parameters(discriminator) == first + 2 * later + 200 + 1 == 405_201


def test_generator_step_by_step():
    generator = MLPGenerator(3, base_channels=7, num_layers=2, latent_dim=5)
    latents = 4 * random(6, 5)
    points = generator(latents, training=True)
    hidden = latents
    for layer in generator.hidden_layers:
        hidden = hidden @ layer.kernel.numpy()
        hidden = np.maximum((hidden - hidden.mean(0)) / np.sqrt(hidden.var(0) + 1e-5), 0)
    generator.to_points.bias.assign([10.0, 20.0, 30.0])
    np.testing.assert_allclose(points, hidden @ generator.to_points.kernel.numpy(), rtol=1e-3, atol=1e-4)
    shifted = generator(latents, training=True)
    np.testing.assert_allclose(shifted - points, np.tile([10.0, 20.0, 30.0], (6, 1)), rtol=1e-5)


def test_training_moves_the_running_statistics():
    generator = MLPGenerator(base_channels=4)
    generator.build((None, 2))
    before = generator(random(5, 2))
    generator(random(5, 2), training=True)
    assert np.abs(generator(random(5, 2)) - before).max() > 1e-3


def test_running_statistics_are_those_of_a_hundred_batches():
    generator = MLPGenerator(base_channels=4)
    generator.build((None, 2))
    latents = 3 + random(50, 2)
    generator(latents, training=True)
    expected = 0.01 * (latents @ generator.hidden_layers[0].kernel.numpy()).mean(0)
    np.testing.assert_allclose(generator.norms[0].moving_mean, expected, rtol=1e-4, atol=1e-6)


def test_discriminator_step_by_step():
    discriminator = MLPDiscriminator(3, base_channels=4, num_layers=2, num_pieces=2)
    outputs = discriminator(random(6, 3), training=True)
    assert set(outputs) == {"logits", "global_features"}
    hidden = random(6, 3)
    for layer in discriminator.hidden_layers:
        maps = hidden @ layer.kernel.numpy()
        hidden = np.maximum(maps[:, :4], maps[:, 4:])
    np.testing.assert_allclose(outputs["global_features"], hidden, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(outputs["logits"], hidden @ discriminator.to_logits.kernel.numpy(), rtol=1e-4, atol=1e-5)
    assert outputs["logits"].shape == (6, 1)


def test_the_discriminator_is_samplewise():
    discriminator = MLPDiscriminator(base_channels=4)
    together = discriminator(random(6, 2), training=True)
    before = [variable.numpy() for variable in discriminator.variables]
    halves = [discriminator(half, training=True) for half in np.split(random(6, 2), 2)]
    for name, output in together.items():
        np.testing.assert_allclose(output, tf.concat([half[name] for half in halves], axis=0), rtol=1e-5, atol=1e-6)
    for variable, old in zip(discriminator.variables, before, strict=True):
        np.testing.assert_array_equal(variable, old)
    assert discriminator.samplewise and not discriminator.non_trainable_variables


def test_initial_values():
    generator, discriminator = MLPGenerator(base_channels=100, latent_dim=64), MLPDiscriminator(base_channels=100)
    generator.build((None, 64))
    discriminator.build((None, 2))
    fan_ins = [64, 100, 100, 100, 100, 2, 100, 100, 100]
    kernels = [v.numpy() for v in (*generator.variables, *discriminator.variables) if v.name == "kernel"]
    assert [len(kernel) for kernel in kernels] == fan_ins
    for kernel, fan_in in zip(kernels, fan_ins):
        error = 5 / np.sqrt(2 * kernel.size)  # five standard deviations of a sample's standard deviation
        assert kernel.std() == pytest.approx(np.sqrt(2 / fan_in), rel=error)
    biases = [v.numpy() for v in (*generator.variables, *discriminator.variables) if v.name == "bias"]
    assert len(biases) == 1 + 4 and not any(bias.any() for bias in biases)


@pytest.mark.parametrize("network, power", [(MLPGenerator, 1), (MLPDiscriminator, 0)])
def test_the_unit_scales_points_and_nothing_else(network, power):
    """Points in a unit of 0.25 are a quarter of those in a unit of 1, to networks of the same weights."""
    one, quarter = (network(base_channels=4, unit=unit) for unit in (1.0, 0.25))
    outputs, _ = one(random(5, 2)), quarter(random(5, 2))
    quarter.set_weights(one.get_weights())
    scaled = quarter(random(5, 2) * (1.0 if power else 0.25))
    output, other = (result if power else result["logits"] for result in (outputs, scaled))
    np.testing.assert_allclose(other, 0.25**power * output, rtol=1e-5, atol=1e-6)


def test_biases_over_the_range_of_the_data():
    discriminator = MLPDiscriminator(base_channels=200, unit=0.5, data_range=2.0)
    discriminator.build((None, 2))
    first, *others = (layer.bias.numpy() for layer in discriminator.hidden_layers)
    assert 3.9 < np.abs(first).max() <= 4.0 and abs(first.mean()) < 0.4 and not any(bias.any() for bias in others)


@pytest.mark.parametrize("network", [MLPGenerator, MLPDiscriminator])
def test_a_unit_that_is_not_positive(network):
    with pytest.raises(InputError, match="`unit` must be positive. Received: 0.0"):
        network(unit=0.0)


@pytest.mark.parametrize("dtype", ["mixed_bfloat16", "float64"])
def test_precision(dtype):
    compute_dtype = keras.DTypePolicy(dtype).compute_dtype
    points = MLPGenerator(base_channels=4, dtype=dtype)(tf.ones([3, 2], compute_dtype), training=True)
    outputs = MLPDiscriminator(base_channels=4, dtype=dtype)(points)
    expected = tf.float64 if dtype == "float64" else tf.float32
    assert {tensor.dtype for tensor in (points, *outputs.values())} == {expected}


def test_saving(tmp_path):
    generator, discriminator = MLPGenerator(base_channels=4), MLPDiscriminator(base_channels=4)
    points = generator(random(5, 2), training=True)
    logits = discriminator(points)["logits"]
    for name, network in (("generator", generator), ("discriminator", discriminator)):
        network.save(tmp_path / f"{name}.keras")
    loaded = keras.models.load_model(tmp_path / "generator.keras")
    np.testing.assert_array_equal(loaded(random(5, 2)), generator(random(5, 2)))
    loaded = keras.models.load_model(tmp_path / "discriminator.keras")
    np.testing.assert_array_equal(loaded(points)["logits"], logits)


@pytest.mark.parametrize(
    "network, sizes",
    [
        (MLPGenerator, ("num_channels", "base_channels", "num_layers", "latent_dim")),
        (MLPDiscriminator, ("num_channels", "base_channels", "num_layers", "num_pieces")),
    ],
)
def test_refused(network, sizes):
    for size in sizes:
        with pytest.raises(InputError, match=f"`{size}` must be at least 1. Received: 0"):
            network(**{size: 0})
