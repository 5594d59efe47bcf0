"""Conversion of the authors' checkpoints to models that load, serve and continue training."""

import os
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.reference import MODELS, Recording, relative_error
from tests.tiny import values
from tf_infomax import mimicry
from tf_infomax.commands import import_mimicry, verify
from tf_infomax.errors import InputError
from tf_infomax.images import to_uint8
from tf_infomax.mimicry import checkpoint, conversion
from tf_infomax.models import Hinge
from tf_infomax.networks import ResNetDiscriminator, ResNetGenerator
from tf_infomax.networks.conditioning import call_network
from tf_infomax.serving import MAX_ROWS, read_origin

TOLERANCE = 1e-5
FILES = {
    "generator": ["generator.keras", "saved_model/1"],
    "discriminator": ["discriminator.keras", "discriminator_saved_model/1"],
}


def states_of(recording, *players):
    return {player: recording.state(player) for player in players or FILES}


def settings_of(recording):
    return {"method": recording.method, "image_size": recording.config["res"]}


def inputs(**values):
    """Arguments of a signature; an unconditional one takes no labels."""
    return {name: tf.constant(value) for name, value in values.items() if value is not None}


@pytest.fixture(scope="module", params=MODELS)
def recording(request):
    return Recording(request.param)


@pytest.fixture(scope="module")
def converted(recording, tmp_path_factory):
    output = tmp_path_factory.mktemp("converted") / "new"
    written = mimicry.convert(states_of(recording), output, **settings_of(recording), origin={"method": "here"})
    assert sorted(written) == sorted(output / name for name in ["gan.keras", *sum(FILES.values(), [])])
    return output


def test_generator(recording, converted):
    generator = keras.models.load_model(converted / "generator.keras")
    assert isinstance(generator, ResNetGenerator)
    labels = recording.labels("y_fake")
    images = call_network(generator, recording["z"], labels)
    assert relative_error(images, recording.images("eval/G_out")) <= TOLERANCE
    served = tf.saved_model.load(str(converted / "saved_model/1"))
    levels = served.signatures["serving_default"](**inputs(latents=recording["z"], labels=labels))["images"]
    expected = np.asarray(to_uint8(recording.images("eval/G_out")), np.int16)
    assert np.max(np.abs(np.asarray(levels, np.int16) - expected)) <= 1
    assert "generate" in served.signatures
    classes = {"num_classes": generator.num_classes} if generator.num_classes else {}
    assert read_origin(converted / "saved_model/1") == {"method": "here", **classes, "max_rows": MAX_ROWS}


def test_discriminator(recording, converted):
    discriminator = keras.models.load_model(converted / "discriminator.keras")
    assert isinstance(discriminator, ResNetDiscriminator)
    images, labels = recording.images("x"), recording.labels("y")
    outputs = call_network(discriminator, images, labels)
    served = tf.saved_model.load(str(converted / "discriminator_saved_model/1"))
    answer = served.signatures["serving_default"](**inputs(images=images, labels=labels))
    assert set(answer) == {"logits", "local_features", "global_features"}
    for name, output in answer.items():
        assert relative_error(output, outputs[name]) <= TOLERANCE
    assert relative_error(outputs["logits"], recording["eval/D_logits"]) <= TOLERANCE
    assert read_origin(converted / "discriminator_saved_model/1") == {"method": "here"}


def test_gan_continues_training(recording, converted):
    gan = keras.models.load_model(converted / "gan.keras")
    outputs = call_network(gan.discriminator, recording.images("x"), recording.labels("y"))
    assert relative_error(outputs["logits"], recording["eval/D_logits"]) <= TOLERANCE
    if recording.method == "infomax-gan":
        local, _ = gan.objectives[0].project(outputs)
        expected = recording.images("eval/proj_local")
        assert relative_error(local, expected.reshape(local.shape)) <= TOLERANCE
    if recording.method == "ssgan":
        rotations = gan.objectives[0].head(outputs["global_features"])
        assert relative_error(rotations, recording["eval/D_rot_logits"]) <= TOLERANCE
    assert (type(gan.game), gan.discriminator_steps) == (Hinge, 5)
    before = values(gan.trainable_variables)
    gan.update_discriminator(recording.images("x"), recording.labels("y"))
    gan.update_generator(4)
    after = values(gan.trainable_variables)
    assert all(np.all(np.isfinite(value)) for value in after)
    changed = [np.any(old != new) for old, new in zip(before, after, strict=True)]
    assert np.mean(changed) > 0.9


@pytest.fixture(scope="module")
def sngan():
    return Recording("sngan_32")


@pytest.mark.parametrize("player", FILES)
def test_one_checkpoint_alone(sngan, player, tmp_path):
    written = mimicry.convert(states_of(sngan, player), tmp_path, **settings_of(sngan))
    assert written == [tmp_path / name for name in FILES[player]]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(name.split("/")[0] for name in FILES[player])


def test_an_output_with_files_is_kept(sngan, tmp_path):
    (tmp_path / "mine").write_text("kept")
    for output in (tmp_path, tmp_path / "mine"):
        with pytest.raises(InputError, match="not an empty folder"):
            mimicry.convert(states_of(sngan), output, **settings_of(sngan))
    assert (tmp_path / "mine").read_text() == "kept"


def test_nothing_is_left_of_a_failure(sngan, tmp_path, monkeypatch):
    def fail(*args, **kwargs):
        raise OSError("disk full")

    monkeypatch.setattr(conversion, "export_discriminator", fail)
    with pytest.raises(OSError, match="disk full"):
        mimicry.convert(states_of(sngan), tmp_path / "new", **settings_of(sngan))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "key, value, message",
    [
        ("l1.weight", np.nan, "expected finite numbers in `l1.weight`. Received: NaN"),
        ("c5.weight", np.float32(1.0), "expected `c5.weight` of shape"),
        ("block2.c1.weight", np.zeros((0, 0, 3, 3), np.float32), "expected `block2.c1.weight` of sizes above 0"),
    ],
)
def test_weights_that_are_none(sngan, tmp_path, key, value, message):
    state = dict(states_of(sngan, "generator")["generator"])
    state[key] = np.full_like(state[key], value) if value is np.nan else value
    with pytest.raises(InputError, match=message):
        mimicry.convert({"generator": state}, tmp_path / "new", **settings_of(sngan))
    with pytest.raises(InputError, match="`states` must be one of generator, discriminator. Received: foo"):
        mimicry.convert({"foo": state}, tmp_path / "new", **settings_of(sngan))
    assert list(tmp_path.iterdir()) == []


def test_networks_for_different_images(sngan, tmp_path):
    states = states_of(sngan)
    states["generator"] |= {"c5.weight": np.zeros([1, 16, 3, 3], np.float32), "c5.bias": np.zeros([1], np.float32)}
    with pytest.raises(InputError, match=r"is for samples of 3 channels. Received: a generator of \(32, 32, 1\)"):
        mimicry.convert(states, tmp_path / "new", **settings_of(sngan))
    with pytest.raises(InputError, match="neither"):
        mimicry.convert({}, tmp_path / "new", **settings_of(sngan))
    assert list(tmp_path.iterdir()) == []


def test_players_are_told_by_their_tensors(sngan, monkeypatch):
    states = {**states_of(sngan), "infomax": Recording("infomax_gan_32").state("discriminator"), "x": {"fc.bias": 0}}
    monkeypatch.setattr(conversion, "load_state", lambda path: states[path])
    assert mimicry.read_checkpoints(["generator"]) == states_of(sngan, "generator")
    assert set(mimicry.read_checkpoints(["infomax", "generator"])) == set(FILES)
    with pytest.raises(InputError, match="a second generator, generator"):
        mimicry.read_checkpoints(["generator", "generator"])
    with pytest.raises(InputError, match="x: expected .* Received: fc.bias"):
        mimicry.read_checkpoints(["x"])


@pytest.mark.parametrize("recording", ["sngan_32"], indirect=True)
def test_verify_has_no_run_to_compare_with(converted):
    with pytest.raises(InputError, match="was not exported by tf-infomax export"):
        verify.run(verify.Arguments(converted / "saved_model/1"))


def test_without_torch(monkeypatch, tmp_path):
    (tmp_path / "netG.pth").touch()
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(InputError, match=r"pip install 'tf-infomax\[torch\]'"):
        checkpoint.load_state(tmp_path / "netG.pth")
    with pytest.raises(InputError, match="netD.pth is not a file"):
        checkpoint.load_state(tmp_path / "netD.pth")


@pytest.fixture
def torch():
    return pytest.importorskip("torch")


@pytest.fixture
def checkpoints(torch, sngan, tmp_path):
    """A bare state dict, and a checkpoint as the authors' library saves it."""
    paths = {player: tmp_path / f"{player}.pth" for player in FILES}
    tensors = {player: {key: torch.tensor(array) for key, array in sngan.state(player).items()} for player in FILES}
    torch.save(tensors["generator"], paths["generator"])
    with_optimizer = {"optimizer_state_dict": {"param_groups": [{"lr": 2e-4}]}, "global_step": 100000}
    torch.save({"model_state_dict": tensors["discriminator"], **with_optimizer}, paths["discriminator"])
    return paths


def test_loading_gives_the_arrays(checkpoints, sngan):
    for player, path in checkpoints.items():
        loaded = checkpoint.load_state(path)
        assert set(loaded) == set(sngan.state(player))
        for key, array in sngan.state(player).items():
            np.testing.assert_array_equal(loaded[key], array)


def test_half_precision_is_widened(torch, tmp_path):
    torch.save({"a": torch.tensor([1.5], dtype=torch.bfloat16), "b": torch.tensor(3)}, tmp_path / "half.pth")
    loaded = checkpoint.load_state(tmp_path / "half.pth")
    assert loaded["a"].dtype == np.float32 and loaded["a"] == 1.5 and loaded["b"] == 3


class Malicious:
    """Creates a file when it is unpickled."""

    def __init__(self, path) -> None:
        self.path = path

    def __reduce__(self):
        return os.mkdir, (str(self.path),)


def test_a_file_that_would_run_code_is_refused(torch, tmp_path):
    created = tmp_path / "created"
    torch.save({"l1.weight": torch.zeros(2, 2), "more": Malicious(created)}, tmp_path / "netG.pth")
    with pytest.raises(InputError, match="netG.pth is not a PyTorch checkpoint"):
        checkpoint.load_state(tmp_path / "netG.pth")
    assert not created.exists()
    torch.load(tmp_path / "netG.pth", weights_only=False)
    assert created.exists()


@pytest.mark.parametrize("content", [b"", b"no checkpoint"])
def test_other_files_are_refused(torch, content, tmp_path):
    (tmp_path / "netG.pth").write_bytes(content)
    with pytest.raises(InputError, match="not a PyTorch checkpoint"):
        checkpoint.load_state(tmp_path / "netG.pth")


def test_other_contents_are_refused(torch, tmp_path):
    for content in ([torch.zeros(2)], {"model_state_dict": {"lr": 0.1}}, {}):
        torch.save(content, tmp_path / "netG.pth")
        with pytest.raises(InputError, match="expected a dictionary of tensors"):
            checkpoint.load_state(tmp_path / "netG.pth")


def test_program(checkpoints, tmp_path, capsys):
    output = tmp_path / "new"
    argv = [*checkpoints.values(), "--method", "sngan", "--image-size", 32, "--output", output]
    import_mimicry.main([str(argument) for argument in argv])
    printed = capsys.readouterr().out.split()
    assert sorted(printed) == sorted(str(path) for path in [*output.glob("*.keras"), *output.glob("*/1")])
    origin = read_origin(output / "saved_model/1")
    assert (origin["method"], origin["image_size"], len(origin["checkpoints"])) == ("sngan", 32, 2)
    with pytest.raises(InputError, match="not an empty folder"):
        import_mimicry.main([str(argument) for argument in argv])


def test_the_command_line_names_the_known_methods():
    argv = ["netG.pth", "--method", "ssgan-im", "--image-size", "32", "--output", "new"]
    with pytest.raises(InputError, match="ssgan-im") as error:
        import_mimicry.main(argv)
    for method in mimicry.METHODS:
        assert method in str(error.value)


def test_help(capsys):
    with pytest.raises(SystemExit) as exit_:
        import_mimicry.main(["--help"])
    assert exit_.value.code in (None, 0)
    text = capsys.readouterr().out
    for word in ("netG.pth", "--image-size", "infomax-gan", "gan.keras"):
        assert word in text
