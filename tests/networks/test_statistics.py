import keras
import numpy as np
import pytest
import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.networks import StatisticsNetwork


def random(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).normal(size=shape).astype(np.float32)


def leaky(values):
    return np.where(values < 0, 0.2 * values, values)


def scores_of_features(network: StatisticsNetwork, features: np.ndarray, latents: np.ndarray) -> np.ndarray:
    hidden = leaky(np.concatenate([features, latents], axis=1) @ network.hidden.kernel + network.hidden.bias)
    return hidden @ network.to_scores.kernel.numpy()


def test_points_step_by_step():
    network = StatisticsNetwork(hidden_units=7)
    network.build((None, 3), (None, 2))
    network.hidden.bias.assign(random(7))
    samples, latents = random(5, 3), random(5, 2)[::-1].copy()
    scores = network(samples, latents)
    assert scores.shape == network.compute_output_shape((5, 3), (5, 2)) == (5, 1)
    np.testing.assert_allclose(scores, scores_of_features(network, samples, latents), rtol=1e-4, atol=1e-5)


def test_images_step_by_step():
    network = StatisticsNetwork(hidden_units=7, base_channels=2)
    samples, latents = random(3, 12, 12, 2), random(3, 4)
    scores = network(samples, latents)
    maps = samples
    for convolution in network.convs:
        maps = leaky(tf.nn.conv2d(maps, convolution.kernel.value, 2, "SAME"))
    assert maps.shape == (3, 3, 3, 4)
    np.testing.assert_allclose(scores, scores_of_features(network, maps.reshape(3, -1), latents), rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize(
    "size, channels, features",
    [
        (4, (2,), 2 * 2 * 2),
        (8, (2,), 4 * 4 * 2),
        (9, (2, 4), 3 * 3 * 4),
        (28, (2, 4, 8), 4 * 4 * 8),
        (32, (2, 4, 8), 4 * 4 * 8),
        (128, (2, 4, 8, 16), 8 * 8 * 16),
    ],
)
def test_convolutions_halve_the_map_until_it_has_four_pixels(size, channels, features):
    network = StatisticsNetwork("convolutional", 3, base_channels=2)
    network.build((None, size, size, 3), (None, 5))
    assert tuple(convolution.filters for convolution in network.convs) == channels
    assert network.hidden.kernel.shape == (features + 5, 3)


def test_an_mlp_may_see_flattened_images():
    network = StatisticsNetwork("mlp", 7)
    samples, latents = random(3, 4, 4, 2), random(3, 4)
    np.testing.assert_allclose(
        network(samples, latents),
        scores_of_features(network, samples.reshape(3, -1), latents),
        rtol=1e-4,
        atol=1e-5,
    )
    assert network.convs == []


def test_parameters_of_the_published_network():
    """Two layers, 128 hidden units; the last one has no bias, whose gradient would always be zero."""
    network = StatisticsNetwork()
    network.build((None, 2), (None, 2))
    assert sum(int(np.prod(variable.shape)) for variable in network.variables) == (2 + 2 + 1) * 128 + 128


def test_every_variable_has_a_gradient_of_the_bound():
    network = StatisticsNetwork(hidden_units=7, base_channels=2)
    samples, latents = random(6, 12, 12, 1), random(6, 4)
    with tf.GradientTape() as tape:
        joint, marginal = network(samples, latents), network(samples, latents[::-1].copy())
        bound = tf.reduce_mean(joint) - tf.reduce_logsumexp(marginal)
    gradients = tape.gradient(bound, [variable.value for variable in network.trainable_variables])
    assert len(gradients) == 2 * 2 + 2 + 1
    assert all(np.abs(gradient).max() > 1e-6 for gradient in gradients)


def test_initial_values():
    network = StatisticsNetwork(hidden_units=200, base_channels=32)
    network.build((None, 8, 8, 3), (None, 5))
    kernels = {v.path: v.numpy() for v in network.variables if v.name == "kernel"}
    assert len(kernels) == 3
    for kernel in kernels.values():
        error = 5 / np.sqrt(2 * kernel.size)  # five standard deviations of a sample's standard deviation
        assert kernel.std() == pytest.approx(np.sqrt(2 / np.prod(kernel.shape[:-1])), rel=error)
    assert not any(v.numpy().any() for v in network.variables if v.name == "bias")


@pytest.mark.parametrize("shape", [(3, 2), (3, 8, 8, 1)])
@pytest.mark.parametrize("dtype", ["mixed_bfloat16", "float64"])
def test_precision(dtype, shape):
    network = StatisticsNetwork(hidden_units=4, base_channels=2, dtype=dtype)
    samples, latents = (tf.constant(values, tf.float32) for values in (random(*shape), random(3, 5)))
    scores = network(samples, latents)
    assert scores.dtype == (tf.float64 if dtype == "float64" else tf.float32)
    assert {variable.dtype for variable in network.variables} == {keras.DTypePolicy(dtype).variable_dtype}


def test_saving(tmp_path):
    samples, latents = keras.Input((8, 8, 1)), keras.Input((5,))
    network = StatisticsNetwork(hidden_units=4, base_channels=2)
    model = keras.Model([samples, latents], network(samples, latents))
    model.save(tmp_path / "statistics.keras")
    inputs = [random(3, 8, 8, 1), random(3, 5)]
    np.testing.assert_array_equal(keras.models.load_model(tmp_path / "statistics.keras")(inputs), model(inputs))


def test_refused():
    with pytest.raises(InputError, match="must be one of None, mlp, convolutional. Received: resnet"):
        StatisticsNetwork("resnet")
    for size in ("hidden_units", "base_channels"):
        with pytest.raises(InputError, match=f"`{size}` must be at least 1. Received: 0"):
            StatisticsNetwork(**{size: 0})
    with pytest.raises(InputError, match=r"`samples` must be images \(H, W, C\) .* Received: shape \(2,\)"):
        StatisticsNetwork("convolutional").build((None, 2), (None, 5))
