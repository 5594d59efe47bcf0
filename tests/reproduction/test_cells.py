"""Tables of results: stored cell by cell, and summarised."""

import dataclasses
import json
from pathlib import Path

import pytest

from tf_infomax.errors import Diverged, InputError
from tf_infomax.reproduction.cells import redraw, reproduce
from tf_infomax.reproduction.claims import Claim
from tf_infomax.reproduction.experiment import Experiment
from tf_infomax.reproduction.table_text import mean_and_deviation, table

COMMAND = ["python", "-m", "trainers.reproduce", "toy"]


class Toy:
    """An experiment whose numbers are known, and that counts what it computes."""

    def __init__(self, *, fail_at: int | None = None, steps: int = 1, published=None, claims=()) -> None:
        self.computed: list[tuple[str, int]] = []
        self.fail_at = fail_at
        self.experiment = Experiment(
            name="toy",
            title="A toy.",
            rows=("a", "b"),
            columns={"fid": "FID", "modes": "modes"},
            settings={"steps": steps, "methods": ("a", "b")},
            measure=self.measure,
            illustrate=lambda output, folders: (output / "figure.txt").write_text(repr(folders)),
            published=published or {},
            claims=claims,
        )

    def measure(self, row: str, seed: int, folder: Path) -> dict[str, float]:
        if len(self.computed) == self.fail_at:
            raise KeyboardInterrupt
        self.computed.append((row, seed))
        assert folder.name == f"{row}-seed-{seed}"
        return {"fid": {"a": 200.0, "b": 3.0}[row] + seed, "modes": 10.0 * seed}

    def run(self, folder: Path, seeds=(0, 2), rows=None) -> dict:
        places = {"output": folder / "results", "work_dir": folder / "runs"}
        return reproduce(self.experiment, seeds=seeds, rows=rows, **places, command=COMMAND)


def test_results(tmp_path):
    toy = Toy(published={"a": {"fid": 1.5}})
    results = toy.run(tmp_path)
    assert json.loads((tmp_path / "results" / "results.json").read_text()) == json.loads(json.dumps(results))
    assert list(results) == [
        "name", "command", "seeds", "settings", "machine", "versions", "seconds", "cells", "summary", "published",
    ]  # fmt: skip
    command = f"{' '.join(COMMAND)} --seeds 0 2"
    assert (results["name"], results["command"], results["seeds"]) == ("toy", command, [0, 2])
    assert [(cell["row"], cell["seed"]) for cell in results["cells"]] == [("a", 0), ("b", 0), ("a", 2), ("b", 2)]
    assert results["summary"]["a"] == {"fid": {"mean": 201.0, "std": 1.0}, "modes": {"mean": 10.0, "std": 10.0}}
    assert results["published"] == {"a": {"fid": 1.5}}
    folders = {row: [tmp_path / "runs" / f"{row}-seed-{seed}" for seed in (0, 2)] for row in ("a", "b")}
    assert (tmp_path / "results" / "figure.txt").read_text() == repr(folders)


def test_table(tmp_path):
    toy = Toy()
    assert table(toy.run(tmp_path), toy.experiment) == (
        "|  | FID | modes |\n| --- | --- | --- |\n| a | 201 ± 1 | 10.0 ± 10.0 |\n| b | 4.00 ± 1.00 | 10.0 ± 10.0 |\n"
    )
    text = (tmp_path / "results" / "table.md").read_text()
    assert text.startswith("A toy. Mean ± population standard deviation over the seeds 0, 2.\n")
    assert "Command: `python -m trainers.reproduce toy --seeds 0 2`" in text
    published = Toy(published={"a": {"fid": 1.5}})
    rows = table(published.run(tmp_path / "other"), published.experiment).splitlines()
    assert rows[0].endswith("| modes | FID, published |")  # Of modes nothing was published.
    assert rows[2].endswith("| 1.5 |") and rows[3].endswith("| - |")


def test_rows_of_fewer_seeds_are_named(tmp_path):
    toy = Toy()
    toy.run(tmp_path, rows=["a"])
    toy.run(tmp_path, seeds=[0], rows=["b"])
    text = (tmp_path / "results" / "table.md").read_text()
    assert "over the seeds 0, 2. Fewer: b, seed 0.\n" in text
    (of_two,) = (line for line in text.splitlines() if line.startswith("| a |"))
    (of_one,) = (line for line in text.splitlines() if line.startswith("| b |"))
    assert of_two.count("±") == 2 and "±" not in of_one


def test_claims_have_a_verdict_under_the_table(tmp_path):
    claim = Claim(text="B is lower than A", source="toys", column="fid", better="lower", pairs=[("b", "a")])
    toy = Toy(claims=[claim])
    toy.run(tmp_path)
    line = "- B is lower than A (toys): **undecided**, mean advantage 197; 2 seeds, too few for a test"
    assert line in (tmp_path / "results" / "table.md").read_text()


def test_the_command_names_the_rows_of_a_part(tmp_path):
    toy = Toy()
    assert toy.run(tmp_path, rows=["b"])["command"] == f"{' '.join(COMMAND)} --rows b --seeds 0 2"
    assert toy.run(tmp_path, rows=["a"])["command"] == f"{' '.join(COMMAND)} --seeds 0 2"


def test_the_command_names_all_seeds_of_the_table_or_none(tmp_path):
    toy = Toy()
    assert toy.run(tmp_path, seeds=[1])["command"].endswith("toy --seeds 1")
    assert toy.run(tmp_path, seeds=[0])["command"].endswith("toy --seeds 0 1")
    assert toy.run(tmp_path, seeds=[2])["command"] == " ".join(COMMAND)  # all of the experiment's


def test_of_one_seed_there_is_no_deviation(tmp_path):
    toy = Toy()
    assert table(toy.run(tmp_path, seeds=[1]), toy.experiment).splitlines()[2:] == [
        "| a | 201 | 10.0 |",
        "| b | 4.00 | 10.0 |",
    ]
    assert (tmp_path / "results" / "table.md").read_text().startswith("A toy. Seed 1 alone.\n")


def test_an_interrupted_table_goes_on(tmp_path):
    broken = Toy(fail_at=3)
    with pytest.raises(KeyboardInterrupt):
        broken.run(tmp_path)
    toy = Toy()
    results = toy.run(tmp_path)
    assert toy.computed == [("b", 2)]
    assert results["summary"] == Toy().run(tmp_path / "whole")["summary"]
    more = Toy()
    more.run(tmp_path, seeds=(0, 2, 3))
    assert more.computed == [("a", 3), ("b", 3)]


def test_a_cell_that_diverges_does_not_hold_up_the_others(tmp_path):
    toy = Toy()

    def measure(row: str, seed: int, folder: Path) -> dict[str, float]:
        if (row, seed) == ("a", 0):
            raise Diverged("the loss is not finite")
        return toy.measure(row, seed, folder)

    toy.experiment = dataclasses.replace(toy.experiment, measure=measure)
    with pytest.raises(Diverged, match="1 of 4 cells diverged: a, seed 0: the loss is not finite"):
        toy.run(tmp_path)
    assert toy.computed == [("b", 0), ("a", 2), ("b", 2)] and (tmp_path / "results" / "figure.txt").exists()
    with pytest.raises(Diverged, match="1 of 1 cells diverged"):
        toy.run(tmp_path)
    other = Toy()
    other.experiment = dataclasses.replace(other.experiment, measure=measure)
    with pytest.raises(Diverged):
        other.run(tmp_path / "alone", rows=["a"], seeds=[0])
    assert not (tmp_path / "alone").exists()


def test_each_cell_has_the_machine_that_computed_it(tmp_path, monkeypatch):
    Toy().run(tmp_path, seeds=[0])
    monkeypatch.setattr("tf_infomax.reproduction.cells.machine", lambda: {"cores": 99})
    unchanged = Toy().run(tmp_path, seeds=[0])
    assert unchanged["machine"]["cores"] != 99
    more = Toy().run(tmp_path, seeds=[0, 1])
    assert more["machine"] == {"cores": 99}
    assert [cell["machine"]["cores"] == 99 for cell in more["cells"]] == [False, False, True, True]


def test_data_that_do_not_fit_are_refused_before_the_first_cell(tmp_path):
    def check(rows) -> None:
        raise InputError(f"nothing for {', '.join(rows)}")

    toy = Toy()
    toy.experiment = dataclasses.replace(toy.experiment, check=check)
    with pytest.raises(InputError, match="nothing for a, b"):
        toy.run(tmp_path)
    assert toy.computed == [] and not (tmp_path / "results").exists()
    Toy().run(tmp_path)
    toy.run(tmp_path)  # Nothing is missing.


def test_other_settings_are_not_mixed(tmp_path):
    Toy().run(tmp_path)
    before = (tmp_path / "results" / "results.json").read_bytes()
    with pytest.raises(InputError, match="results of other settings; name another --output"):
        Toy(steps=2).run(tmp_path)
    assert (tmp_path / "results" / "results.json").read_bytes() == before


def test_redrawing_computes_nothing(tmp_path):
    Toy().run(tmp_path)
    table_file, figure = (tmp_path / "results" / name for name in ("table.md", "figure.txt"))
    texts = table_file.read_text(), figure.read_text()
    results = (tmp_path / "results" / "results.json").read_bytes()
    table_file.unlink()
    figure.unlink()
    toy = Toy()
    toy.experiment = dataclasses.replace(toy.experiment, columns={"fid": "distance", "modes": "modes"})
    redraw(toy.experiment, output=tmp_path / "results", work_dir=tmp_path / "runs")
    assert (table_file.read_text(), figure.read_text()) == (texts[0].replace("FID", "distance"), texts[1])
    assert (tmp_path / "results" / "results.json").read_bytes() == results and toy.computed == []


def test_there_is_something_to_redraw(tmp_path):
    with pytest.raises(InputError, match="`output` must be a folder with results of toy. Received"):
        redraw(Toy().experiment, output=tmp_path / "results", work_dir=tmp_path / "runs")


@pytest.mark.parametrize("seeds", [(), (1, 1), (0, -1)])
def test_seeds(tmp_path, seeds):
    with pytest.raises(InputError, match="`seeds` must be distinct, at least one"):
        Toy().run(tmp_path, seeds=seeds)


def test_what_real_data_score_is_measured_once(tmp_path):
    toy, measured = Toy(), []

    def floor() -> str:
        measured.append("")
        return "Real against real: 1."

    toy.experiment = dataclasses.replace(toy.experiment, floor=floor)
    assert toy.run(tmp_path)["floor"] == "Real against real: 1."
    toy.run(tmp_path, seeds=(0, 2, 3))
    redraw(toy.experiment, output=tmp_path / "results", work_dir=tmp_path / "runs")
    assert len(measured) == 1
    assert (tmp_path / "results" / "table.md").read_text().startswith("A toy. Real against real: 1. Mean ")


@pytest.mark.parametrize(
    "text, message",
    [
        ("{", "cannot be read; move it away: JSONDecodeError"),
        ("[]", "must have name, settings and cells"),
        ('{"name": "other", "settings": {}, "cells": []}', "holds results of other, not of toy"),
        (
            '{"name": "toy", "settings": {"steps": 1, "methods": ["a", "b"]}, "cells": [{"row": "c", "seed": 0}]}',
            "holds a row c, which",
        ),
    ],
)
def test_a_file_that_is_no_results_of_the_experiment_stays(tmp_path, text, message):
    path = tmp_path / "results" / "results.json"
    path.parent.mkdir()
    path.write_text(text)
    toy = Toy()
    with pytest.raises(InputError, match=message):
        toy.run(tmp_path)
    assert path.read_text() == text and toy.computed == []


@pytest.mark.parametrize(
    "mean, std, text",
    [
        (0.0034, 0.0002, "0.0034 ± 0.0002"),
        (0.0004, 0.0001, "0.00040 ± 0.00010"),
        (0.081, 0.005, "0.081 ± 0.005"),
        (0.001, 0.25, "0.00 ± 0.25"),
        (1e-9, 0.0, "0.000000 ± 0.000000"),
        (0.0, 0.0, "0.000 ± 0.000"),
        (-250.4, 3.0, "-250 ± 3"),
    ],
)
def test_digits(mean, std, text):
    assert mean_and_deviation({"mean": mean, "std": std}) == text
