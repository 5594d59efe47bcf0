"""The benchmark of serving."""

import json
import math

import numpy as np
import pytest

from tests.serving.exports import small_generator
from tf_infomax.benchmark import serving_speed
from tf_infomax.benchmark.options import InputOptions, ServingOptions
from tf_infomax.commands import benchmark
from tf_infomax.errors import InputError
from tf_infomax.serving import export_generator


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    return export_generator(small_generator("classes"), tmp_path_factory.mktemp("exports") / "classes")


def test_rates_are_images_over_seconds():
    summary = serving_speed._summary([0.1] * 98 + [0.2, 0.4], size=8)
    assert summary["images_per_second"] == pytest.approx(8 * 100 / 10.4)
    assert summary["p50_ms"] == pytest.approx(100) and 200 <= summary["p99_ms"] <= 400
    assert summary["requests"] == 100


def test_every_way_draws_as_many_images_as_asked_for(exported):
    with serving_speed._served(exported) as served:
        ways = {"saved_model": serving_speed._saved_model(exported), **served}
        drawn = {way: request(3) for way, request in ways.items()}
    assert drawn["saved_model"].shape == drawn["grpc"]["images"].shape == (3, 28, 28, 1)
    np.testing.assert_allclose(drawn["saved_model"].astype(int), drawn["grpc"]["images"].astype(int), atol=1)
    assert len(next(iter(drawn["rest"].values()))) == 3


@pytest.mark.slow
def test_by_command(exported, tmp_path, capsys):
    output = tmp_path / "serving" / "results.json"
    options = ["--batch-sizes", "1", "2", "--serving-rounds", "2", "--serving-round-seconds", "0.01"]
    benchmark.main(["--serving", str(exported.parent), "--output", str(output), *options])
    result = json.loads(output.read_text())
    assert result["ways"].keys() == {"saved_model", "grpc", "rest"} and result["batch_sizes"] == [1, 2]
    for sizes in result["ways"].values():
        assert all(0 < row["p50_ms"] <= row["p99_ms"] and row["requests"] >= 2 for row in sizes.values())
    assert (tmp_path / "serving" / "table.md").read_text() == capsys.readouterr().out
    with pytest.raises(InputError, match="exists already"):
        benchmark.main(["--serving", str(exported.parent), "--output", str(output)])


@pytest.mark.parametrize(
    "options, message",
    [
        ([], "Name a preset by --preset, or the folder of an export by --serving"),
        (["--preset", "sngan-digits", "--batch-sizes", "2"], "Options of serving need --serving"),
        (["--preset", "sngan-digits", "--serving", "."], "in place of a preset"),
    ],
)
def test_wrong_options(options, message):
    with pytest.raises(InputError, match=message):
        benchmark.main(options)


@pytest.mark.parametrize("sizes", [(), (0, 1)])
def test_sizes_below_one(sizes):
    with pytest.raises(InputError, match="`batch_sizes` must be at least 1"):
        ServingOptions(batch_sizes=sizes)


def test_sizes_beyond_the_limit_of_the_export(exported):
    with pytest.raises(InputError, match="at most 1024, the limit of this export. Received: 1025"):
        serving_speed.time_serving(exported, ServingOptions(batch_sizes=(1, 1025)))


def test_onnx_must_be_onnx(exported):
    with pytest.raises(InputError, match="`onnx` must be an export with --format onnx"):
        serving_speed._onnx(exported, ServingOptions())


@pytest.mark.parametrize("seconds", [0.0, math.nan, math.inf])
def test_seconds_of_a_round(seconds):
    with pytest.raises(InputError, match="`serving_round_seconds` must be"):
        ServingOptions(serving_round_seconds=seconds)
    with pytest.raises(InputError, match="`round_seconds` must be"):
        InputOptions(round_seconds=seconds)
