"""A run on points, from the command line to the SavedModel."""

import json
import re
import shutil
import signal
from dataclasses import replace

import numpy as np
import pytest
import tensorflow as tf

from tests.event_files import scalars
from tests.runs.interruption import interrupt_and_continue
from tests.tiny import assert_equal_states
from tf_infomax import data
from tf_infomax.commands import evaluate, export, program, sample, train, verify
from tf_infomax.errors import InputError
from tf_infomax.metrics import POINT_METRICS, evaluate_points
from tf_infomax.objectives import InfoMax, RotationPrediction
from tf_infomax.presets import preset_named, settings
from tf_infomax.runs.directory import RunDirectory
from tf_infomax.runs.options import EvaluationOptions

PRESET = "vgan-ver-ring"
TINY = (
    "--steps 6 --batch-size 8 --generator.base-channels 8 --discriminator.base-channels 8 "
    "--sample-every 3 --log-every 2 --metrics-every 3 --num-watched 60 --jit-compile True"
).split()


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> RunDirectory:
    path = tmp_path_factory.mktemp("runs") / "run"
    train.main([PRESET, "--run-dir", str(path), *TINY])
    return RunDirectory(path)


def test_run_directory(run):
    names = {path.name for path in run.path.iterdir()}
    assert names == {"config.json", "checkpoints", "logs", "samples", "watched.json", "run.log", "gan.keras"}
    assert {path.name for path in run.samples.iterdir()} == {"step_000003.png", "step_000006.png", "final.png"}
    picture = tf.io.decode_png((run.samples / "final.png").read_bytes()).numpy()
    assert picture.shape[2] == 3 and len(np.unique(picture.reshape(-1, 3), axis=0)) > 2
    config = json.loads(run.config_path.read_text())
    assert config["dataset"] == {
        **{"name": "ring", "split": "train", "size": 100_000},
        **{"image_size": None, "num_channels": 2},
    }
    settings = config["settings"]
    assert (settings["data"]["image_size"], settings["optimization"]["jit_compile"]) == (None, True)


def test_tensorboard(run):
    logged = scalars(run.logs)
    for name in POINT_METRICS:
        assert len(logged[f"metrics/{name}"]) == 2, name
    for name in ("variational_entropy/information", "variational_entropy/clip_factor", "generator/variational_entropy"):
        assert len(logged[name]) == 3 and np.all(np.isfinite(logged[name])), name
    assert "samples" in logged and 0 <= min(logged["metrics/hq"]) <= max(logged["metrics/hq"]) <= 100


def test_an_interrupted_run_continues_exactly(run, tmp_path, monkeypatch, capsys):
    continued = RunDirectory(tmp_path / "run")
    interrupt_and_continue(
        lambda: train.main([PRESET, "--run-dir", str(continued.path), *TINY]),
        continued,
        monkeypatch,
        capsys,
        num_steps=6,
    )
    assert_equal_states(run.load_gan(), continued.load_gan())


ONE_SEED = EvaluationOptions(num_real=80, num_fake=60, seeds=(0,))
TWO_SEEDS = replace(ONE_SEED, seeds=(0, 1))


def test_evaluate(run, capsys):
    evaluate.run(evaluate.Arguments(run.path, options=TWO_SEEDS))
    records = json.loads(run.metrics_path.read_text())
    assert [record["metric"] for record in records] == list(POINT_METRICS)
    for record in records:
        assert (record["num_real"], record["num_fake"], record["features"]) == (80, 60, "points")
        assert (record["dataset"], record["split"], record["step"]) == ("ring", "train", 6)
        assert record["definition"] == POINT_METRICS[record["metric"]].definition
        assert record["value"] == pytest.approx(np.mean(record["values"])) and len(record["values"]) == 2
    assert "60 generated against 80 real samples of ring (train), step 6" in capsys.readouterr().out
    with pytest.raises(InputError, match="`features` are of images; ring has points. Received: digits"):
        evaluate.run(evaluate.Arguments(run.path, options=EvaluationOptions(features="digits")))
    assert json.loads(run.metrics_path.read_text()) == records


def distance_as_in_training(run: RunDirectory, *, num_real: int, seed: int) -> float:
    """Wasserstein distance of 60 points, by the latents' seed, that batch statistics normalise."""
    mixture = data.MIXTURES["ring"]
    real = data.load_source("ring", split="train", image_size=None).sample_real(num_real, 0)
    fake = run.load_gan().generate(60, seed, batch_statistics=8)
    return evaluate_points(real, fake, means=mixture.means, std=mixture.std)["wd"]


def test_evaluate_samples_as_in_training(run, capsys):
    evaluate.run(evaluate.Arguments(run.path, options=ONE_SEED))
    evaluate.run(evaluate.Arguments(run.path, options=replace(ONE_SEED, batch_statistics=True)))
    assert "normalised in batches of 8" in capsys.readouterr().out
    records = [record for record in run.records() if record["metric"] == "wd" and record["seeds"] == [0]]
    by_batch = {record["sampler"]["batch_statistics"]: record["value"] for record in records}
    assert (
        by_batch[8] == pytest.approx(distance_as_in_training(run, num_real=80, seed=0), rel=1e-5)
        and by_batch[8] != by_batch[None]
    )


def test_watching_samples_as_in_training(run, tmp_path):
    train.main([PRESET, "--run-dir", str(tmp_path / "run"), *TINY, "--batch-statistics"])
    watched = RunDirectory(tmp_path / "run")
    assert_equal_states(watched.load_gan(), run.load_gan())
    logged = scalars(watched.logs)["metrics/wd"]
    assert (
        logged[-1] == pytest.approx(distance_as_in_training(run, num_real=60, seed=1), rel=1e-4)
        and logged[-1] != scalars(run.logs)["metrics/wd"][-1]
    )


def test_a_run_that_diverges_ends_in_one_line(tmp_path, capsys):
    """Before it is measured, and without a checkpoint of the numbers that are not finite."""
    path = tmp_path / "run"
    command = [PRESET, "--run-dir", str(path), *TINY, "--jit-compile", "False", "--learning-rate", "1e30"]
    handler = signal.getsignal(signal.SIGTERM)
    with pytest.raises(SystemExit) as stop, program.program_output():
        train.main(command)
    assert stop.value.code == 1 and signal.getsignal(signal.SIGTERM) is handler
    (line,) = [line for line in capsys.readouterr().err.splitlines() if "error" in line]
    reported = re.fullmatch(r"error: training diverged: \S+ is (nan|inf|-inf) at step (\d); the last good .*", line)
    assert reported, line
    for state in (path / "checkpoints").glob("*"):
        assert int(state.name[5:11]) < int(reported[2])
    assert not (path / "gan.keras").exists()


def test_steps_that_are_not_finite_can_be_left_out(tmp_path):
    run = RunDirectory(tmp_path / "run")
    settings = ["--jit-compile", "False", "--learning-rate", "1e30"]
    train.main([PRESET, "--run-dir", str(run.path), *TINY, *settings, "--on-nan", "skip"])
    log = run.log_path.read_text()
    assert "left out step 3: its numbers are not finite" in log
    assert "warning: 6 steps whose numbers were not finite are left out" in log
    assert all(np.isfinite(weight).all() for weight in run.load_gan().get_weights())
    assert scalars(run.logs)["skipped_steps"][-1] == 6


@pytest.mark.parametrize("preset, options", [(PRESET, ["--metrics-every", "0"]), ("sngan-cifar10", [])])
def test_batch_statistics_need_a_measurement(preset, options, tmp_path):
    with pytest.raises(InputError, match="`batch_statistics` is for measurements during training, and there are none"):
        train.main([preset, "--run-dir", str(tmp_path / "run"), "--batch-statistics", *options])
    assert not (tmp_path / "run").exists()


def test_the_command_that_comes_next(run, capsys):
    """A finished run is left as it is, and the command that it names works as it stands."""
    before = run.model_path.stat().st_mtime_ns
    train.main([PRESET, "--run-dir", str(run.path), *TINY])
    next_command = capsys.readouterr().out.splitlines()[-1].removeprefix("Next: ")
    assert next_command == f"tf-infomax evaluate {run.path}"
    assert run.model_path.stat().st_mtime_ns == before


def test_sample(run, tmp_path):
    sample.run(sample.Arguments(run.path, tmp_path / "points.png", num_images=20, seed=3))
    assert tf.io.decode_png((tmp_path / "points.png").read_bytes()).shape[2] == 3
    with pytest.raises(InputError, match="`classes` need a conditional GAN"):
        sample.run(sample.Arguments(run.path, tmp_path / "other.png", classes=(1,)))
    assert not (tmp_path / "other.png").exists()


def test_export(run, tmp_path, capsys):
    export.run(export.Arguments(run.path, tmp_path))
    verify.run(verify.Arguments(tmp_path / "1", num_images=5))
    printed = capsys.readouterr().out
    assert "serving_default: latents float32 (None, 2) -> points float32 (None, 2)" in printed
    assert "generate: num_images int32 () or (M,), seed int32 () or (M,) -> points float32 (None, 2)" in printed
    assert "5 points: at most " in printed and "from the generator's" in printed
    generate = tf.saved_model.load(str(tmp_path / "1")).signatures["generate"]
    points = generate(num_images=tf.constant(4), seed=tf.constant(7))["points"]
    expected = run.load_gan().generate(4, seed=7)
    assert expected.shape == (4, 2) and expected.dtype == np.float32
    np.testing.assert_allclose(points, expected, rtol=1e-5, atol=1e-6)


def test_verify_notices_another_generator(run, tmp_path, monkeypatch, capsys):
    export.run(export.Arguments(run.path, tmp_path))
    model = run.load_gan()
    model.generator.to_points.bias.assign_add([0.0, 1e-2])
    monkeypatch.setattr(RunDirectory, "load_model", lambda self: model)
    with pytest.raises(SystemExit) as exit_:
        verify.run(verify.Arguments(tmp_path / "1", num_images=5))
    assert exit_.value.code == 1 and "does not match" in capsys.readouterr().err


def test_a_missing_picture_is_drawn_later(run, tmp_path):
    copy = RunDirectory(shutil.copytree(run.path, tmp_path / "run"))
    before = (copy.samples / "final.png").read_bytes()
    (copy.samples / "final.png").unlink()
    train.main([PRESET, "--run-dir", str(copy.path), *TINY])
    assert (copy.samples / "final.png").read_bytes() == before


@pytest.mark.parametrize(
    "arguments, message",
    [
        ([PRESET, "--num-channels", "3"], "`num_channels` must be 2 for ring. Received: 3"),
        ([PRESET, "--split", "validation"], "'ring' has the splits train, test. Received: 'validation'"),
        ([PRESET, "--dataset", "digits"], "`image_size`.* digits. Received: None"),
        (["sngan-digits", "--dataset", "ring"], "`image_size` must be None for ring, .* points. Received: 28"),
        (["sngan-cifar10", "--dataset", "grid"], "`image_size` must be None for grid, .* points. Received: 32"),
        ([PRESET, "--objectives.variational-entropy.architecture", "convolutional"], r"images \(H, W, C\)"),
        (["sngan-digits", "--image-size", "None"], "image_size"),
        ([PRESET, "--features", "digits"], "`features` are of images; ring has points. Received: digits"),
    ],
)
def test_bad_input_writes_nothing(tmp_path, arguments, message):
    with pytest.raises(InputError, match=message) as error:
        train.main([*arguments, "--run-dir", str(tmp_path / "run")])
    assert "\n" not in str(error.value) and not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    "objective, message",
    [
        (RotationPrediction, "RotationPrediction needs square images"),
        (InfoMax, "InfoMax needs a discriminator that returns `local_features`"),
    ],
)
def test_objectives_of_images_are_refused(objective, message):
    with pytest.raises(InputError, match=message):
        preset_named(PRESET).with_objective(settings(objective)).build()
