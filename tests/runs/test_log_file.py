"""The log of a run, and what long runs hold on to."""

import json
import logging

import numpy as np
import pytest

from tests import programs
from tests.small_presets import narrow
from tf_infomax.images import write_png
from tf_infomax.runs.directory import RunDirectory
from tf_infomax.runs.log_file import LOGGER, logged_to
from tf_infomax.runs.options import GANRunOptions
from tf_infomax.runs.training import train


def test_a_run_says_what_happened_in_it(tmp_path):
    options = GANRunOptions(metrics_every=0)
    run = RunDirectory(tmp_path / "run")
    for steps in (2, 2):
        train(narrow("sngan-digits", steps=steps, batch_size=8), run.path, name="sngan-digits", options=options)
    lines = [line.split(" ", 2)[2] for line in run.log_path.read_text().splitlines()]
    assert [line.split(",")[0] for line in lines] == [
        "sngan-digits",
        "training from step 0 to 2 on 1 replicas",
        "saved the state of step 2",
        "trained to step 2",
        "sngan-digits",
        "training from step 2 to 2 on 1 replicas",
        "trained to step 2",
    ]


def test_what_was_said_of_the_data_before_the_run_was_opened_is_in_its_log(tmp_path):
    for number in range(8):
        write_png(tmp_path / "photos" / f"{number}.png", np.full((32, 32, 3), number, np.uint8))
    (tmp_path / "photos" / "other.tiff").touch()
    preset = narrow("sngan-digits", steps=1, batch_size=8, dataset="folder", num_channels=3, num_classes=None)
    options = GANRunOptions(data_dir=str(tmp_path / "photos"))
    train(preset, tmp_path / "run", name="sngan-digits", options=options)
    lines = RunDirectory(tmp_path / "run").log_path.read_text().splitlines()
    said = [number for number, line in enumerate(lines) if ".tiff" in line or "nothing is measured" in line]
    assert said == [0, 1]


def test_its_end_is_in_the_log(tmp_path):
    level, handlers = LOGGER.level, list(LOGGER.handlers)
    with pytest.raises(KeyError), logged_to(tmp_path / "run.log"):
        logging.getLogger("tf_infomax.callbacks").warning("a warning")
        raise KeyError("a name")
    assert (
        "a warning" in (tmp_path / "run.log").read_text()
        and "ended by KeyError: 'a name'" in (tmp_path / "run.log").read_text()
    )
    assert (LOGGER.level, LOGGER.handlers) == (level, handlers)


def test_warnings_stay_on_the_screen(tmp_path):
    code = """
import logging, pathlib, sys
from tf_infomax.runs.log_file import logged_to
with logged_to(pathlib.Path(sys.argv[1])):
    logging.getLogger("tf_infomax.data").warning("look here")
    logging.getLogger("tf_infomax.data").info("nothing")
"""
    finished = programs.run_code(code, tmp_path / "run.log")
    assert finished.stderr.strip().splitlines()[-1] == "look here"
    assert len((tmp_path / "run.log").read_text().splitlines()) == 2


@pytest.mark.slow
def test_a_long_run_keeps_its_memory_and_files(tmp_path):
    finished = programs.run("tests.long_run", tmp_path / "run")
    assert finished.returncode == 0, finished.stderr
    early, late = json.loads(finished.stdout.splitlines()[-1])
    assert late["files"] <= early["files"] and late["mebibytes"] < 1.05 * early["mebibytes"]
    assert "compiling the training step" in finished.stderr
