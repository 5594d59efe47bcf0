"""The best model so far: which one it is, and its files."""

import json
import math

import pytest

from tf_infomax.callbacks import BestModel


class Model:
    """Saves its number."""

    def __init__(self, number: int) -> None:
        self.number = number

    def save(self, path) -> None:
        path.write_text(str(self.number))


def kept(folder, better: str, *values: float, **protocol) -> tuple[int, float]:
    """Offers models 0, 1, ... with these values; returns the one that is kept, and its value."""
    best = BestModel(folder / "best.keras", folder / "best.json", metric="fid", better=better)
    for number, value in enumerate(values):
        best.offer(Model(number), {"metric": "fid", "value": value, "step": number, "num_samples": 10, **protocol})
    record = json.loads((folder / "best.json").read_text())
    assert record["step"] == int((folder / "best.keras").read_text())
    return record["step"], record["value"]


@pytest.mark.parametrize("better, expected", [("lower", (2, 10.0)), ("higher", (3, 90.0)), ("nearer 50", (1, 54.0))])
def test_the_best_of_a_run(tmp_path, better, expected):
    assert kept(tmp_path, better, 80.0, 54.0, 10.0, 90.0, 45.0) == expected


def test_the_first_of_equals_is_kept(tmp_path):
    assert kept(tmp_path, "nearer 50", 30.0, 49.0, 51.0, 49.0) == (1, 49.0)


@pytest.mark.parametrize("better", ["lower", "higher", "nearer 50"])
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_numbers_that_are_not_finite_are_never_best(tmp_path, better, value):
    best = BestModel(tmp_path / "best.keras", tmp_path / "best.json", metric="fid", better=better)
    best.offer(Model(0), {"metric": "fid", "value": value, "step": 0})
    assert list(tmp_path.iterdir()) == []
    assert kept(tmp_path, better, value, 60.0, value) == (1, 60.0)


def test_a_run_that_is_continued_compares_with_what_it_kept(tmp_path):
    assert kept(tmp_path, "lower", 8.0, 7.0) == (1, 7.0)
    assert kept(tmp_path, "lower", 9.0, 7.0, 7.5) == (1, 7.0)
    assert kept(tmp_path, "lower", 9.0, 7.0, 6.5) == (2, 6.5)


def test_numbers_of_another_protocol_are_not_compared(tmp_path):
    kept(tmp_path, "lower", 1.0)
    assert kept(tmp_path, "lower", 9.0, num_samples=20) == (0, 9.0)
    assert kept(tmp_path, "lower", 10.0, 8.0, num_samples=20, definition="others") == (1, 8.0)


def test_a_record_without_its_model(tmp_path):
    kept(tmp_path, "lower", 1.0)
    (tmp_path / "best.keras").unlink()
    assert kept(tmp_path, "lower", 2.0) == (0, 2.0)
