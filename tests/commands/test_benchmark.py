"""The benchmark: timings, comparisons and errors."""

import json
import os
import signal
import statistics

import pytest

from tests import programs
from tf_infomax.benchmark import input_pipeline, training_steps
from tf_infomax.benchmark.options import BenchmarkOptions, InputOptions
from tf_infomax.benchmark.training_steps import preset_result, ratio, run_benchmark
from tf_infomax.benchmark.worker import Report, Worker, WorkerFailed
from tf_infomax.commands import benchmark
from tf_infomax.commands.benchmark import Arguments, Overrides, run
from tf_infomax.errors import InputError
from tf_infomax.presets import Preset, preset_named

PROJECTION = "--objectives.infomax.projection-dim"
NARROWED = preset_named("sngan-stacked-digits").override(
    {"batch_size": 4, "generator.base_channels": 16, "discriminator.base_channels": 16}
)


def narrow(**changes) -> Preset:
    return NARROWED.override(changes)


@pytest.mark.slow
def test_two_presets_take_turns(tmp_path):
    output = tmp_path / "benchmark.json"
    command = ["--preset", "infomax-gan-stacked-digits", "--compare", "sngan-stacked-digits", "--steps", "2"]
    widths = (
        "--generator.base-channels 16 --discriminator.base-channels 16 --objectives.infomax.projection-dim 8".split()
    )
    pipeline = ["--input-only", "--rounds", 3, "--round-seconds", 0.01]
    arguments = [*command, *widths, *pipeline, "--batch-size", 4, "--discriminator-steps", 2, "--output", output]
    finished = programs.tf_infomax("benchmark", *arguments)
    assert finished.returncode == 0, finished.stderr
    result = json.loads(finished.stdout)
    assert result == json.loads(output.read_text())
    assert result["command"].startswith("tf-infomax benchmark --preset infomax-gan-stacked-digits")
    assert result["machine"]["cpu"] and result["machine"]["cores"] >= 1
    assert result["versions"]["tensorflow"]
    first, second = result["presets"]
    assert [first["preset"], second["preset"]] == ["infomax-gan-stacked-digits", "sngan-stacked-digits"]
    for measured in (first, second):
        seconds = measured["seconds_per_step"]
        assert len(seconds["all"]) == 2 and min(seconds["all"]) > 0
        assert seconds["median"] == statistics.median(seconds["all"])
        assert measured["images_per_second"] == pytest.approx(4 * 2 / seconds["median"])
        assert measured["compile_seconds"] > seconds["median"]
        assert measured["peak_memory_mib"] > 100
        assert measured["settings"]["model"]["generator"]["base_channels"] == 16
        reading = measured["input_pipeline"]
        assert (reading["dataset"]["name"], len(reading["images_per_second"]["all"])) == ("stacked-digits", 3)
        assert reading["times_training_speed"] == pytest.approx(
            reading["images_per_second"]["median"] / measured["images_per_second"]
        )
    assert result["ratio"] == ratio(first["seconds_per_step"]["all"], second["seconds_per_step"]["all"])


@pytest.mark.slow
def test_an_encoder_is_timed():
    changes = {"batch_size": 4, "encoder.base_channels": 8, "encoder.fc_units": 8, "jit_compile": False}
    preset = preset_named("dim-g-digits").override({**changes, "objectives.global_infomax.head_units": 8})
    (measured,) = run_benchmark([("dim-g-digits", preset)], BenchmarkOptions(steps=1, warm_up=0))["presets"]
    assert measured["images_per_second"] == pytest.approx(4 / measured["seconds_per_step"]["median"])


def test_ratio_is_taken_round_by_round():
    compared = ratio([2.0, 30.0, 4.4], [1.0, 10.0, 4.0])
    assert compared["all"] == pytest.approx([2.0, 3.0, 1.1])
    assert compared["median_of_ratios"] == pytest.approx(2.0)
    assert compared["ratio_of_medians"] == pytest.approx(4.4 / 4.0)


def test_images_per_second_counts_the_real_images_of_all_discriminator_updates():
    measured = preset_result("name", narrow(discriminator_steps=5), [0.5, 9.0, 0.4], Report(1.0, []))
    assert measured["real_images_per_step"] == 20
    assert measured["images_per_second"] == pytest.approx(20 / 0.5)


def test_overrides_leave_the_rest():
    preset = preset_named("infomax-gan-cifar10")
    assert Overrides().apply([preset]) == [preset]
    changes = {"batch_size": 8, "image_size": (32, 64)}
    assert Overrides(**changes).apply([preset]) == [preset.override(changes)]


def test_overrides_are_of_the_presets_that_have_them():
    presets = [preset_named(f"{method}-digits") for method in ("infomax-gan", "sngan")]
    overridden = Overrides(projection_dim=8).apply(presets)
    assert overridden == [presets[0].override({"objectives.infomax.projection_dim": 8}), presets[1]]
    with pytest.raises(InputError, match="no setting `objectives.infomax.projection_dim`"):
        Overrides(projection_dim=8).apply(presets[1:])


@pytest.mark.parametrize(
    "kind, options",
    [
        (BenchmarkOptions, {"steps": 0}),
        (BenchmarkOptions, {"warm_up": -1}),
        (InputOptions, {"rounds": 0}),
        (InputOptions, {"round_seconds": 0.0}),
    ],
)
def test_impossible_options(kind, options):
    with pytest.raises(InputError, match=next(iter(options))):
        kind(**options)


def test_the_input_pipeline_is_compared_with_training(monkeypatch, capsys):
    trained = {"presets": [{"images_per_second": 50.0}, {"images_per_second": 25.0}]}
    monkeypatch.setattr(training_steps, "run_benchmark", lambda presets, options, on_round: trained)
    monkeypatch.setattr(input_pipeline, "time_input_pipeline", lambda *_: {"images_per_second": {"median": 500}})
    run(Arguments(preset="sngan-cifar10", compare="infomax-gan-cifar10", input_only=True))
    printed = capsys.readouterr()
    measured = [preset["input_pipeline"] for preset in json.loads(printed.out)["presets"]]
    assert [pipeline["times_training_speed"] for pipeline in measured] == [10.0, 20.0]
    assert printed.err.count("the input pipeline alone reads 500 images per second") == 2


def test_a_dataset_that_is_missing_is_said_before_anything_trains(tmp_path, monkeypatch):
    monkeypatch.setattr(training_steps, "run_benchmark", None)
    overrides, options = Overrides(), InputOptions(data_dir=str(tmp_path / "none"))
    monkeypatch.setattr(benchmark, "preset_named", lambda name: narrow(dataset="folder"))
    with pytest.raises(InputError, match="needs a folder"):
        run(Arguments(preset="any", overrides=overrides, input_only=True, input_options=options))


def test_unknown_preset():
    with pytest.raises(InputError, match="sngan-cifar10"):
        run(Arguments(preset="sngan"))


def test_an_existing_file_is_kept(tmp_path):
    output = tmp_path / "benchmark.json"
    output.write_text("kept")
    with pytest.raises(InputError, match="--overwrite"):
        run(Arguments(preset="sngan-cifar10", output=output))
    assert output.read_text() == "kept"
    (tmp_path / "table.md").write_text("kept")
    with pytest.raises(InputError, match="table.md exists already"):
        run(Arguments(serving=tmp_path, output=tmp_path / "serving.json"))


@pytest.mark.parametrize("given", [{"input_only": True}, {"options": BenchmarkOptions(steps=3)}])
def test_serving_takes_no_options_of_training(tmp_path, given):
    with pytest.raises(InputError, match="are for --preset, not for --serving"):
        run(Arguments(serving=tmp_path, **given))


def test_wrong_input_is_reported_by_the_worker():
    with pytest.raises(InputError, match="ten: .*Received: 10"):
        run_benchmark([("ten", narrow(**{"generator.base_channels": 10}))])


def test_a_worker_that_dies_is_reported():
    with Worker("victim", narrow(), BenchmarkOptions()) as worker:
        os.kill(worker.process.pid, signal.SIGKILL)
        with pytest.raises(WorkerFailed, match="victim .*-9"):
            worker.ask()
