"""Conditional pairs of networks, and calls with labels."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.reference import relative_error
from tf_infomax.errors import InputError
from tf_infomax.layers import BatchNormalization, ConditionalBatchNormalization, SpectralNormalization
from tf_infomax.networks import (
    ConvolutionalDiscriminator,
    ConvolutionalGenerator,
    DCGANDiscriminator,
    ResNetDiscriminator,
    ResNetGenerator,
    call_network,
)

GENERATORS = (ResNetGenerator, ConvolutionalGenerator)
DISCRIMINATORS = (ResNetDiscriminator, ConvolutionalDiscriminator)
NUM_CLASSES = 5
LABELS = np.array([4, 0, 4])
LATENT_DIM = 6


def latents() -> np.ndarray:
    return np.random.default_rng(0).normal(size=(3, LATENT_DIM)).astype(np.float32)


def images(size: int = 32) -> np.ndarray:
    return np.random.default_rng(0).uniform(-1, 1, (3, size, size, 3)).astype(np.float32)


def conditional(network: type[keras.Model], size: int = 32, **kwargs) -> keras.Model:
    if network in GENERATORS:
        kwargs["latent_dim"] = LATENT_DIM
    return network(size, base_channels=16, num_classes=NUM_CLASSES, **kwargs)


def inputs_of(network: type[keras.Model]) -> np.ndarray:
    return latents() if network in GENERATORS else images()


def main_output(network: type[keras.Model], outputs) -> tf.Tensor:
    return outputs if network in GENERATORS else outputs["logits"]


@pytest.mark.parametrize("size", [48, 64, 128])
def test_resnets_of_all_sizes(size):
    fakes = conditional(ResNetGenerator, size)(latents(), LABELS, training=True)
    assert fakes.shape == (3, size, size, 3)
    outputs = conditional(ResNetDiscriminator, size)(fakes, LABELS, training=True)
    assert outputs["logits"].shape == (3, 1) and np.all(np.isfinite(outputs["logits"]))


@pytest.mark.parametrize("network", GENERATORS)
def test_all_normalisations_but_the_last_are_conditional(network):
    generator = conditional(network)
    generator.build((None, LATENT_DIM))
    norms = [layer for layer in generator._flatten_layers() if isinstance(layer, ConditionalBatchNormalization)]
    last = generator.norm if network is ResNetGenerator else generator.norms[-1]
    assert len(norms) == (6 if network is ResNetGenerator else 3) and type(last) is BatchNormalization
    assert last.affine


@pytest.mark.parametrize("network", GENERATORS + DISCRIMINATORS)
def test_a_label_changes_only_its_own_image(network):
    model, inputs = conditional(network), inputs_of(network)
    model(inputs, LABELS, training=True)
    outputs = main_output(network, model(inputs, LABELS))
    changed = main_output(network, model(inputs, np.array([4, 1, 4])))
    axes = tuple(range(1, len(outputs.shape)))
    assert np.any(outputs != changed, axis=axes).tolist() == [False, True, False]


@pytest.mark.parametrize("spectral_norm", [True, False])
@pytest.mark.parametrize("network", DISCRIMINATORS)
def test_logits_are_linear_plus_projection(network, spectral_norm):
    discriminator = conditional(network, spectral_norm=spectral_norm)
    discriminator(images(), LABELS, training=True)
    outputs = discriminator(images(), LABELS)
    features = outputs["global_features"].numpy()
    table, kernel = discriminator.embedding, discriminator.to_logits
    if spectral_norm:
        table = table.layer.embeddings.numpy() / table.sigma().numpy()
        kernel, bias = kernel.layer.kernel.numpy() / kernel.sigma().numpy(), kernel.layer.bias.numpy()
    else:
        table, kernel, bias = table.embeddings.numpy(), kernel.kernel.numpy(), kernel.bias.numpy()
    expected = features @ kernel + bias + np.sum(table[LABELS] * features, axis=1, keepdims=True)
    assert relative_error(outputs["logits"], expected) < 1e-5


@pytest.mark.parametrize("network", DISCRIMINATORS)
def test_without_spectral_norm_nothing_is_normalised(network):
    discriminator = conditional(network, spectral_norm=False)
    discriminator.build((None, 32, 32, 3))
    assert not [layer for layer in discriminator._flatten_layers() if isinstance(layer, SpectralNormalization)]
    assert discriminator.non_trainable_variables == []
    shapes = [variable.shape for variable in conditional_variables(network)]
    assert [variable.shape for variable in discriminator.trainable_variables] == shapes


def conditional_variables(network: type[keras.Model]) -> list[keras.Variable]:
    discriminator = conditional(network)
    discriminator.build((None, 32, 32, 3))
    return discriminator.trainable_variables


@pytest.mark.parametrize("network", GENERATORS + DISCRIMINATORS)
def test_saving(network, tmp_path):
    model, inputs = conditional(network), inputs_of(network)
    model(inputs, LABELS, training=True)
    model.save(tmp_path / "network.keras")
    loaded = keras.models.load_model(tmp_path / "network.keras")
    assert loaded.num_classes == NUM_CLASSES
    outputs, expected = loaded(inputs, LABELS), model(inputs, LABELS)
    np.testing.assert_array_equal(main_output(network, outputs), main_output(network, expected))


@pytest.mark.parametrize("network", GENERATORS + DISCRIMINATORS)
def test_mixed_precision_ends_in_float32(network):
    outputs = conditional(network, dtype="mixed_bfloat16")(inputs_of(network), LABELS, training=True)
    outputs = outputs if isinstance(outputs, dict) else {"images": outputs}
    assert {output.dtype for output in outputs.values()} == {tf.float32}


@pytest.mark.parametrize("classes", [None, NUM_CLASSES])
@pytest.mark.parametrize("network", [*DISCRIMINATORS, DCGANDiscriminator])
def test_logits_are_those_of_float32_layers_under_mixed_precision(network, classes):
    conditioning = {} if network is DCGANDiscriminator else {"num_classes": classes}
    model = network(32, base_channels=16, dtype="mixed_bfloat16", **conditioning)
    outputs = call_network(model, images(), LABELS)
    features = outputs["global_features"].numpy()
    head = model.to_logits
    head = head.normalised_kernel() if isinstance(head, SpectralNormalization) else head.kernel
    logits = features @ np.asarray(head) + np.asarray(getattr(model.to_logits, "layer", model.to_logits).bias)
    if conditioning.get("num_classes"):
        rows = np.asarray(model.embedding.normalised_kernel())[LABELS]
        logits += np.sum(rows * features, axis=1, keepdims=True)
    np.testing.assert_allclose(outputs["logits"], logits, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("network", GENERATORS + DISCRIMINATORS)
def test_double_precision(network):
    model, inputs = conditional(network, dtype="float64"), inputs_of(network).astype(np.float64)
    outputs = model(inputs, LABELS, training=True)
    assert main_output(network, outputs).dtype == tf.float64
    assert {variable.dtype for variable in model.trainable_variables} == {"float64"}


@pytest.mark.parametrize("network", GENERATORS + DISCRIMINATORS)
def test_all_variables_have_gradients(network):
    model = conditional(network)
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(main_output(network, model(inputs_of(network), LABELS, training=True)) ** 2)
    variables = [variable.value for variable in model.trainable_variables]
    gradients = tape.gradient(loss, variables)
    assert all(isinstance(gradient, tf.Tensor) for gradient in gradients)
    classes = [gradient.numpy() for gradient in gradients if gradient.shape[0] == NUM_CLASSES]
    assert classes
    for gradient in classes:
        # Only classes of the batch have a gradient, but the spectral norm is that of all classes.
        absent = network in DISCRIMINATORS
        assert np.any(gradient, axis=1).tolist() == [True, absent, absent, absent, True]


@pytest.mark.parametrize("network", GENERATORS + DISCRIMINATORS)
def test_call_network_passes_labels_to_conditional_networks(network):
    model, inputs = conditional(network), inputs_of(network)
    outputs, expected = call_network(model, inputs, LABELS), model(inputs, LABELS)
    np.testing.assert_array_equal(main_output(network, outputs), main_output(network, expected))
    for call in (call_network, type(model).__call__):
        with pytest.raises(InputError, match="`labels` must be given to a network with 5 classes. Received: None"):
            call(model, inputs)


@pytest.mark.parametrize("network", [ConvolutionalDiscriminator, DCGANDiscriminator])
def test_call_network_passes_the_mode_and_no_labels_to_others(network):
    """DCGANs take no labels: their second argument is the mode, and would be true."""
    model = network(32, base_channels=16)
    before = call_network(model, images(), LABELS)["logits"]
    np.testing.assert_array_equal(before, call_network(model, images())["logits"])
    call_network(model, images(), LABELS, training=True)
    assert np.any(before != call_network(model, images(), LABELS)["logits"])


@pytest.mark.parametrize("network", GENERATORS + DISCRIMINATORS)
def test_no_class(network):
    with pytest.raises(InputError, match="`num_classes` must be at least 1. Received: 0"):
        network(32, base_channels=16, num_classes=0)
