"""The authors' names and layouts at every size, networks built from their states, and states that do not fit."""

import json

import numpy as np
import pytest
import tensorflow as tf

from tests import mimicry_in_numpy
from tests.reference import METHODS as RECORDED_METHODS
from tests.reference import MODELS, Recording, build_gan, named_layers, randomise, relative_error, sigmas, to_state
from tf_infomax import mimicry
from tf_infomax.errors import InputError
from tf_infomax.mimicry import layouts
from tf_infomax.models import GAN
from tf_infomax.networks import ResNetDiscriminator, ResNetGenerator
from tf_infomax.networks.conditioning import call_network
from tf_infomax.objectives import InfoMax, RotationPrediction

LATENT_DIM = 5
NUM_CLASSES = 3
WIDTHS = {32: (4, 4), 48: (16, 32), 64: (16, 32), 128: (32, 32)}
"""Widths of generator and discriminator that are enough for every shift."""
OBJECTIVES = {"infomax-gan": lambda: [InfoMax(6)], "ssgan": lambda: [RotationPrediction()]}
TOLERANCE = 1e-5


def random_gan(method: str, image_size: int, *, num_channels: int = 3) -> GAN:
    classes = NUM_CLASSES if method == "cgan" else None
    common = {"num_channels": num_channels, "num_classes": classes}
    generator_channels, discriminator_channels = WIDTHS[image_size]
    generator = ResNetGenerator(image_size, base_channels=generator_channels, latent_dim=LATENT_DIM, **common)
    discriminator = ResNetDiscriminator(image_size, base_channels=discriminator_channels, **common)
    gan = GAN(generator, discriminator, OBJECTIVES.get(method, list)())
    randomise(gan.weights)
    return gan


def states_of(gan: GAN) -> dict[str, dict[str, np.ndarray]]:
    return {player: to_state(named_layers(gan, player)) for player in ("generator", "discriminator")}


def outputs_of(gan: GAN) -> dict[str, np.ndarray]:
    """Outputs in which every layer of a GAN has a part."""
    latents = np.random.default_rng(1).normal(size=(2, LATENT_DIM)).astype(np.float32)
    labels = np.array([2, 0])
    images = call_network(gan.generator, latents, labels)
    outputs = {"images": images, **call_network(gan.discriminator, images, labels)}
    for objective in gan.objectives:
        if isinstance(objective, InfoMax):
            outputs["local"], outputs["global"] = objective.project(outputs)
        else:
            outputs["rotations"] = objective.head(outputs["global_features"])
    return outputs


def assert_equal_outputs(gan: GAN, expected: GAN) -> None:
    outputs, expected_outputs = outputs_of(gan), outputs_of(expected)
    assert set(outputs) == set(expected_outputs)
    for key, output in outputs.items():
        np.testing.assert_array_equal(output, expected_outputs[key])


@pytest.mark.parametrize(
    "layout, shape",
    [
        (layouts.AS_IS, (3,)),
        (layouts.ROW, (1, 3)),
        (layouts.LINEAR, (3, 2)),
        (layouts.CONVOLUTION, (5, 4, 3, 2)),
        (layouts.POINTWISE, (5, 4, 1, 1)),
        (layouts.first_map(3), (2 * 9, 4)),
        (layouts.first_map(3), (2 * 9,)),
        (layouts.convolution_inputs(3, 2), (4 * 6,)),
    ],
)
def test_writing_undoes_reading(layout, shape):
    array = np.arange(np.prod(shape)).reshape(shape)
    np.testing.assert_array_equal(layout.write(layout.read(array)), array)


def test_first_map_and_convolution_inputs_by_hand():
    channel, row, column = 1, 2, 0
    theirs, ours = np.zeros(2 * 9), np.zeros((3, 3, 2))
    theirs[channel * 9 + row * 3 + column] = ours[row, column, channel] = 1
    np.testing.assert_array_equal(layouts.first_map(3).read(theirs), ours.ravel())
    np.testing.assert_array_equal(layouts.convolution_inputs(3, 3).read(theirs), ours.ravel())


@pytest.mark.parametrize("image_size, last, blocks", [(32, 5, 4), (48, 5, 5), (64, 6, 5), (128, 7, 6)])
def test_names_of_the_last_layers(image_size, last, blocks):
    states = states_of(random_gan("sngan", image_size))
    assert {f"b{last}.running_mean", f"c{last}.weight", f"block{last - 1}.c2.bias"} <= set(states["generator"])
    assert {f"l{last}.weight_orig", f"block{blocks}.c2.weight_u"} <= set(states["discriminator"])
    assert f"block{blocks + 1}.c1.bias" not in states["discriminator"]


@pytest.mark.parametrize("name", MODELS)
def test_every_recorded_tensor_has_its_place(name):
    recording = Recording(name)
    gan = build_gan(recording)
    for player in ("generator", "discriminator"):
        recorded = recording.state(player)
        written = to_state(named_layers(gan, player), recorded)
        assert set(recorded) - set(written) == {
            key for key in recorded if key.endswith(("batches_tracked", "sn_sigma"))
        }
        for key, array in written.items():
            np.testing.assert_array_equal(array, recorded[key])


@pytest.mark.parametrize("method, image_size", [("ssgan", 48), ("infomax-gan", 64), ("cgan", 128)])
def test_states_keep_a_gan_exactly(method, image_size):
    gan = random_gan(method, image_size)
    states = states_of(gan)
    generator = mimicry.restore_generator(states["generator"], method=method, image_size=image_size)
    discriminator, objectives = mimicry.restore_discriminator(
        states["discriminator"], method=method, image_size=image_size
    )
    assert_equal_outputs(mimicry.compiled_gan(generator, discriminator, objectives), gan)


@pytest.mark.parametrize(
    "model, image_size", [("infomax_gan", 48), ("sngan", 48), ("infomax_gan", 128), ("sngan", 128)]
)
def test_a_recording_of_another_size_loads(model, image_size, tmp_path):
    gan = random_gan(RECORDED_METHODS[model], image_size)
    arrays = {
        f"net{player[0].upper()}/{key}": array
        for player, state in states_of(gan).items()
        for key, array in state.items()
    }
    np.savez(tmp_path / f"{model}_{image_size}.npz", config=json.dumps({"res": image_size}), **arrays)
    restored = build_gan(Recording(f"{model}_{image_size}", folder=tmp_path))
    assert_equal_outputs(restored, gan)


def assert_numpy_agrees(gan, states, latents, images, labels, image_size):
    """Compares all outputs with those of the states in float64 numpy; images are (N, C, H, W)."""
    states = {
        player: {key: array.astype(np.float64) for key, array in state.items()} for player, state in states.items()
    }
    drawn = call_network(gan.generator, latents, labels)
    expected = mimicry_in_numpy.generate(states["generator"], latents, image_size, labels)
    assert relative_error(drawn, expected.transpose(0, 2, 3, 1)) <= TOLERANCE
    outputs = call_network(gan.discriminator, images.transpose(0, 2, 3, 1), labels)
    expected = mimicry_in_numpy.discriminate(states["discriminator"], images, image_size, labels)
    expected["local_features"] = expected["local_features"].transpose(0, 2, 3, 1)
    for key, value in expected.items():
        assert relative_error(outputs[key], value) <= TOLERANCE


@pytest.mark.parametrize("method, image_size", [("infomax-gan", 48), ("sngan", 48), ("infomax-gan", 128)])
def test_numpy_agrees_at_other_sizes(method, image_size):
    gan, generator = random_gan(method, image_size), np.random.default_rng(2)
    latents = generator.normal(size=(2, LATENT_DIM)).astype(np.float32)
    images = generator.uniform(-1, 1, (2, 3, image_size, image_size)).astype(np.float32)
    assert_numpy_agrees(gan, states_of(gan), latents, images, None, image_size)


@pytest.mark.parametrize("name", MODELS)
def test_numpy_agrees_with_the_recordings(name):
    """The recordings vouch for the numpy networks, which then vouch for sizes without recordings."""
    recording = Recording(name)
    size, labels = recording.config["res"], recording.labels("y")
    logits = mimicry_in_numpy.discriminate(recording.state("discriminator"), recording["x"], size, labels)["logits"]
    assert relative_error(logits, recording["eval/D_logits"]) <= TOLERANCE
    state, labels = recording.state("generator"), recording.labels("y_fake")
    images = mimicry_in_numpy.generate(state, recording["z"], size, labels)
    assert relative_error(images, recording["eval/G_out"]) <= TOLERANCE


@pytest.mark.parametrize("name", ["ssgan_32", "cgan_pd_32"])
def test_the_stored_pair_of_the_second_kind_gives_its_sigma(name):
    """A restored discriminator needs no layer that iterates at inference."""
    recording = Recording(name)
    discriminator, objectives = mimicry.restore_discriminator(
        recording.state("discriminator"), method=recording.method, image_size=32
    )
    layers = mimicry.discriminator_layers(discriminator, objectives)
    assert not any(getattr(layer.layer, "iterate_at_inference", False) for layer in layers)
    for layer, sigma in sigmas(layers).items():
        assert relative_error([sigma], recording[f"eval/sigma/{layer}"][None]) <= TOLERANCE


def test_sizes_are_read_from_the_tensors():
    states = states_of(random_gan("cgan", 48, num_channels=1))
    generator = mimicry.restore_generator(states["generator"], method="cgan", image_size=48)
    discriminator, _ = mimicry.restore_discriminator(states["discriminator"], method="cgan", image_size=48)
    for network, width in zip((generator, discriminator), WIDTHS[48], strict=True):
        assert (network.base_channels, network.num_channels, network.num_classes) == (width, 1, NUM_CLASSES)
    assert generator.latent_dim == LATENT_DIM
    infomax = states_of(random_gan("infomax-gan", 32))["discriminator"]
    _, (objective,) = mimicry.restore_discriminator(infomax, method="infomax-gan", image_size=32)
    assert objective.projection_dim == 6
    assert objective.own_locations == "masked"


def changed(state, **arrays):
    """A state without the keys that are None here and with the others; `__` stands for a dot."""
    arrays = {key.replace("__", "."): array for key, array in arrays.items()}
    return {key: array for key, array in (state | arrays).items() if array is not None}


@pytest.fixture(scope="module")
def states():
    return {size: states_of(random_gan("sngan", size)) for size in (32, 64)}


@pytest.mark.parametrize(
    "changes, message",
    [
        (
            {"block3__b1__bias": None, "c5__weight": None},
            r"`block3.b1.bias` of shape \(4,\)\. Received: no such tensor",
        ),
        (
            {"block3__c1__weight": np.zeros([4, 4, 1, 1])},
            r"`block3.c1.weight` of shape \(4, 4, 3, 3\)\. Received: shape \(4, 4, 1, 1\)",
        ),
        ({"c5__weight": None}, r"`c5.weight` of shape \(3, 4, 3, 3\)\. Received: no such tensor"),
        ({"block2__c1__weight": None}, r"`block2.c1.weight` of shape \(O, C, 3, 3\)\. Received: no such tensor"),
        (
            {"block2__c1__weight": np.zeros([4, 4])},
            r"`block2.c1.weight` of shape \(O, C, 3, 3\)\. Received: shape \(4, 4\)",
        ),
        ({"c6__weight": np.zeros(3)}, r"no further tensors\. Received: `c6.weight` of shape \(3,\)"),
    ],
)
def test_the_first_key_that_does_not_fit_is_named(states, changes, message):
    with pytest.raises(InputError, match=message):
        mimicry.restore_generator(changed(states[32]["generator"], **changes), method="sngan", image_size=32)


def test_counters_are_ignored(states):
    state = changed(states[32]["generator"], b5__num_batches_tracked=np.array(7))
    mimicry.restore_generator(state, method="sngan", image_size=32)


@pytest.mark.parametrize(
    "method, image_size, message",
    [
        ("sngan", 32, r"`block2.c2.weight_orig` of shape \(2, 2, 3, 3\)\. Received: shape \(4, 2, 3, 3\)"),
        ("sngan", 48, r"`l5.weight_orig` of shape \(1, 32\)\. Received: no such tensor"),
        ("sngan", 128, r"`block6.c1.weight_orig` of shape \(32, 32, 3, 3\)\. Received: no such tensor"),
        ("ssgan", 64, r"`l_y.weight_orig` of shape \(4, 32\)\. Received: no such tensor"),
        ("cgan", 64, r"`l_y.weight` of shape \(K, F\)\. Received: no such tensor"),
        ("infomax-gan", 64, r"`local_feat_blocks.0.c1.weight_orig` of shape \(O, C, 3, 3\)\. Received: no such tensor"),
    ],
)
def test_the_wrong_architecture_is_noticed(states, method, image_size, message):
    with pytest.raises(InputError, match=message):
        mimicry.restore_discriminator(states[64]["discriminator"], method=method, image_size=image_size)


@pytest.mark.parametrize("player", ["generator", "discriminator"])
def test_unknown_methods_and_sizes_name_the_known_ones(states, player):
    restore = getattr(mimicry, f"restore_{player}")
    with pytest.raises(InputError, match="sngan, infomax-gan, ssgan, cgan. Received: ssgan-im"):
        restore(states[32][player], method="ssgan-im", image_size=32)
    with pytest.raises(InputError, match="32, 48, 64, 128"):
        restore(states[32][player], method="sngan", image_size=100)


def test_nothing_changes_where_something_does_not_fit(states):
    gan = random_gan("sngan", 32)
    before = tf.identity(gan.generator.project.kernel)
    with pytest.raises(InputError, match="c5.bias"):
        mimicry.restore(named_layers(gan, "generator"), changed(states[32]["generator"], c5__bias=None))
    np.testing.assert_array_equal(gan.generator.project.kernel, before)
