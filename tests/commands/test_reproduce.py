"""The program that makes tables: folders, seeds and quick form, on an experiment with known numbers."""

import json
import signal
from pathlib import Path

import pytest

from tf_infomax.commands import reproduce
from tf_infomax.commands.reproduce import Arguments, run
from tf_infomax.errors import InputError
from tf_infomax.reproduction import experiments
from tf_infomax.reproduction.experiment import Experiment
from tf_infomax.reproduction.experiments import EXPERIMENTS, ExperimentRow
from tf_infomax.runs.execution import Interrupted

NAME = "methods-digits"


class Toy:
    """Counts its cells; the value of each is its seed."""

    def __init__(self) -> None:
        self.cells: list[tuple[str, int, Path]] = []
        self.interrupt = False

    def experiment(self, *, steps: int = 2000, num_images: int = 10_000) -> Experiment:
        def measure(row: str, seed: int, folder: Path) -> dict[str, float]:
            if self.interrupt:
                raise Interrupted(signal.SIGTERM, 7, 9)
            self.cells.append((row, seed, folder))
            return {"fid": float(seed)}

        return Experiment("toy", f"{steps} steps.", ("a",), {"fid": "FID"}, {"steps": steps}, measure)


@pytest.fixture
def toy(monkeypatch, tmp_path) -> Toy:
    monkeypatch.chdir(tmp_path)
    toy = Toy()
    monkeypatch.setattr(experiments, "EXPERIMENTS", {NAME: ExperimentRow(toy.experiment, {"steps": 50})})
    return toy


def results(folder: str) -> dict:
    return json.loads((Path(folder) / "results.json").read_text())


def test_an_unknown_table_lists_all():
    with pytest.raises(InputError) as error:
        run(Arguments("table"))
    assert all(name in str(error.value) for name in EXPERIMENTS)


def test_the_help_names_all(capsys):
    with pytest.raises(SystemExit):
        reproduce.main(["--help"])
    words = " ".join(capsys.readouterr().out.split())
    for name in ("methods-digits", "ver-table1", "ver-weights-ring", "deep-infomax-digits"):
        assert name in words


def test_a_table(toy, capsys):
    run(Arguments(NAME))
    assert toy.cells == [("a", seed, Path(f"runs/{NAME}/a-seed-{seed}")) for seed in (0, 1, 2)]
    assert results(f"results/{NAME}")["command"] == f"tf-infomax reproduce {NAME}"
    printed = capsys.readouterr()
    assert "| a | 1.00 ± 0.82 |" in printed.out and "3 of 3: a, seed 2" in printed.err


def test_runs_of_another_length_have_a_folder_of_their_own(toy):
    run(Arguments(NAME, seeds=(0,)))
    with pytest.raises(InputError, match="other settings; name another --output"):
        run(Arguments(NAME, seeds=(0,), steps=5))
    run(Arguments(NAME, seeds=(0,), steps=5, output=Path("results/long")))
    assert results("results/long")["settings"] == {"steps": 5}
    assert results("results/long")["command"] == f"tf-infomax reproduce {NAME} --steps 5 --seeds 0"
    assert results(f"results/{NAME}")["settings"] == {"steps": 2000}


def test_lengths_that_cannot_be_chosen():
    with pytest.raises(InputError, match=r"^`steps` is for methods-digits, stacked-mnist.* Received: forgetting$"):
        run(Arguments("forgetting", steps=5))
    with pytest.raises(InputError, match=r"`quick` has its own few\. Received: 5 with `quick`$"):
        run(Arguments(NAME, steps=5, quick=True))
    with pytest.raises(InputError, match=r"`steps` must be at least 1"):
        run(Arguments(NAME, steps=0))


def test_quick_stands_beside_the_table(toy):
    run(Arguments(NAME, quick=True))
    assert toy.cells == [("a", 0, Path(f"runs/{NAME}-quick/a-seed-0"))]
    quick = results(f"results/{NAME}-quick")
    assert quick["settings"] == {"steps": 50} and quick["seeds"] == [0]
    assert quick["command"] == f"tf-infomax reproduce {NAME} --quick --seeds 0"
    run(Arguments(NAME, quick=True, seeds=(4,)))
    assert toy.cells[1][1] == 4 and not Path(f"results/{NAME}").exists()


def test_another_output_has_runs_of_its_own(toy):
    run(Arguments(NAME, seeds=(0,)))
    run(Arguments(NAME, seeds=(0,), output=Path("elsewhere/new")))
    assert [folder for _, _, folder in toy.cells] == [Path(f"runs/{NAME}/a-seed-0"), Path("runs/new/a-seed-0")]
    run(Arguments(NAME, seeds=(1,), output=Path("elsewhere/new"), work_dir=Path("here")))
    assert toy.cells[2][2] == Path("here/a-seed-1")


def test_no_seed_twice(toy):
    with pytest.raises(InputError, match="`seeds` must be distinct"):
        run(Arguments(NAME, seeds=(1, 1)))
    assert not Path("results").exists()


def test_a_signal_ends_the_program(toy, capsys):
    run(Arguments(NAME, seeds=(0,)))
    toy.interrupt = True
    with pytest.raises(SystemExit) as stop:
        run(Arguments(NAME))
    assert stop.value.code == 128 + signal.SIGTERM
    assert (
        "Stopped by SIGTERM after step 7 of 9; the state is saved. Run the same command again to go on."
        in capsys.readouterr().err
    )
    assert results(f"results/{NAME}")["seeds"] == [0]
    toy.interrupt = False
    run(Arguments(NAME))
    assert [seed for _, seed, _ in toy.cells] == [0, 1, 2]
