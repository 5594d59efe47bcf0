"""The file of measurements of a run that is interrupted and continued."""

import json
import math

import pytest

from tf_infomax.callbacks import Measured, MeasurementHistory
from tf_infomax.callbacks.measurement_history import read_measurements
from tf_infomax.errors import InputError

PROTOCOL = {"features": "digits", "num_samples": 10}


def measured(step: int, value: float = 1.5) -> Measured:
    return Measured(step, {"fid": value}, spread=20.0)


def test_the_file(tmp_path):
    history = MeasurementHistory(tmp_path / "watched.json", PROTOCOL)
    history.add(measured(500))
    history.add(measured(1000, math.inf))
    content = json.loads((tmp_path / "watched.json").read_text())
    assert content == {
        **PROTOCOL,
        "measurements": [
            {"step": 500, "spread": 20.0, "metrics": {"fid": 1.5}},
            {"step": 1000, "spread": 20.0, "metrics": {"fid": None}},
        ],
    }


def test_what_comes_after_the_checkpoint_is_measured_again(tmp_path):
    path = tmp_path / "watched.json"
    before = MeasurementHistory(path, PROTOCOL)
    for step in (500, 1000, 1500):
        before.add(measured(step))
    history = MeasurementHistory(path, PROTOCOL)
    history.resume(1000)
    assert history.measurements == [measured(500), measured(1000)]
    assert history.has(1000) and not history.has(1500)
    history.add(measured(1500))
    assert history.measurements == before.measurements
    history.resume(0)
    assert history.measurements == []


def test_a_measurement_replaces_one_of_its_step(tmp_path):
    history = MeasurementHistory(tmp_path / "watched.json", PROTOCOL)
    history.add(measured(500, math.nan))
    history.add(measured(500, 2.0))
    assert history.measurements == [measured(500, 2.0)]


def test_numbers_of_another_protocol_are_dropped(tmp_path):
    path = tmp_path / "watched.json"
    MeasurementHistory(path, PROTOCOL).add(measured(500))
    other = MeasurementHistory(path, {**PROTOCOL, "num_samples": 20})
    other.resume(500)
    assert other.measurements == []


def test_a_history_in_memory():
    history = MeasurementHistory(None, PROTOCOL)
    history.add(measured(500))
    history.add(measured(1000))
    history.resume(700)
    assert history.measurements == [measured(500)]


def test_nan_is_read_back(tmp_path):
    path = tmp_path / "watched.json"
    MeasurementHistory(path, PROTOCOL).add(measured(500, math.nan))
    history = MeasurementHistory(path, PROTOCOL)
    history.resume(500)
    assert math.isnan(history.measurements[0].metrics["fid"])


@pytest.mark.parametrize("content", ["", "{", "[]", '{"measurements": [{}]}', '{"measurements": 3}'])
def test_a_damaged_file(tmp_path, content, caplog):
    path = tmp_path / "watched.json"
    path.write_text(content)
    with pytest.raises(InputError, match="watched.json is damaged"):
        read_measurements(path)
    history = MeasurementHistory(path, PROTOCOL)
    history.resume(500)
    assert history.measurements == [] and "watched.json is damaged" in caplog.text
    history.add(measured(500))
    assert read_measurements(path) == (PROTOCOL, [measured(500)])
