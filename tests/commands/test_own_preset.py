"""A preset from outside the package: a user's file trains by the command like any other."""

import json
from pathlib import Path

import pytest

from tests import programs

SOURCE = '''
"""A penalty on generated images that are bright, and SNGAN with it."""

import keras
import tensorflow as tf

from tf_infomax import AuxiliaryObjective
from tf_infomax.presets import preset_named, settings


@keras.saving.register_keras_serializable(package="mine")
class Darkness(AuxiliaryObjective):
    """Keeps generated images dark.

    Args:
        generator_weight: Weight in the generator's loss.
        power: Power of the brightness that is penalised.
    """

    def __init__(self, generator_weight: float = 0.5, *, power: int = 2, name: str = "darkness", **kwargs) -> None:
        super().__init__(discriminator_weight=0.0, generator_weight=generator_weight, name=name, **kwargs)
        self.power = power

    def generator_loss(self, discriminator, batch):
        brightness = tf.reduce_mean((batch.fake_images + 1.0) / 2.0)
        return brightness**self.power, {}

    def get_config(self):
        config = super().get_config()
        config.pop("discriminator_weight", None)
        return {**config, "power": self.power}


PRESET = preset_named("sngan-digits").with_objective(settings(Darkness, power=4)).override({"steps": 2})
'''

LOAD = """
import json, sys
sys.path.insert(0, ".")
import dark
from tf_infomax.runs.directory import RunDirectory

gan = RunDirectory("run").load_gan()
(objective,) = gan.objectives
print(json.dumps([type(objective).__name__, objective.power, objective.generator_weight, gan.generate(2).shape]))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("user")
    (folder / "dark.py").write_text(SOURCE)
    return folder


def test_its_options_are_in_the_help(folder):
    finished = programs.tf_infomax("train", "dark:PRESET", "--help", cwd=folder)
    assert finished.returncode == 0, finished.stderr
    assert "--objectives.darkness.power" in finished.stdout
    assert "Power of the brightness that is penalised" in finished.stdout


@pytest.mark.slow
def test_it_trains_and_is_loaded_and_measured(folder):
    """Each in a process of its own."""
    arguments = [*programs.TINY_GAN, "--metrics-every", 0, "--objectives.darkness.power", 3]
    finished = programs.tf_infomax("train", "dark:PRESET", "--run-dir", "run", *arguments, cwd=folder)
    assert finished.returncode == 0, finished.stderr
    config = json.loads((folder / "run" / "config.json").read_text())
    expected = {"class": "Darkness", "generator_weight": 0.5, "power": 3}
    assert config["preset"] == "dark:PRESET" and config["settings"]["model"]["objectives"] == {"darkness": expected}
    loaded = programs.run_code(LOAD, cwd=folder)
    assert json.loads(loaded.stdout) == ["Darkness", 3, 0.5, [2, 28, 28, 1]], loaded.stderr
    measured = programs.tf_infomax("evaluate", "run", "--num-real", 100, "--num-fake", 100, cwd=folder)
    assert measured.returncode == 0, measured.stderr
    metrics = {record["metric"] for record in json.loads((folder / "run" / "metrics.json").read_text())}
    assert {"fid", "kid"} <= metrics


def test_a_module_that_has_gone_is_named(folder):
    run = folder / "elsewhere" / "run"
    run.mkdir(parents=True)
    (run / "config.json").write_text(json.dumps({"preset": "dark:PRESET", "settings": {}, "model_file": "gan.keras"}))
    (run / "gan.keras").touch()
    finished = programs.tf_infomax("sample", "run", "--output", "grid.png", cwd=folder / "elsewhere")
    assert finished.returncode == 2
    (line,) = finished.stderr.strip().splitlines()
    assert line == "error: The preset dark:PRESET needs a module that can be imported: No module named 'dark'."
