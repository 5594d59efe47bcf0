"""A run with adaptive augmentation on few images: its logs, and an interruption."""

import json

import numpy as np

from tests.event_files import scalars
from tests.programs import TINY_GAN
from tests.runs.interruption import interrupt_and_continue
from tests.tiny import assert_equal_states, values
from tf_infomax.commands import train
from tf_infomax.runs.directory import RunDirectory

ARGUMENTS = "--steps 6 --augment ada --num-training-images 20 --metrics-every 0 --log-every 2".split()


def trained(run: RunDirectory) -> None:
    train.main(["sngan-digits", "--run-dir", str(run.path), *ARGUMENTS, *TINY_GAN])


def test_an_interrupted_run_ends_with_the_same_probability(tmp_path, monkeypatch, capsys):
    whole, continued = RunDirectory(tmp_path / "whole"), RunDirectory(tmp_path / "continued")
    trained(whole)
    interrupt_and_continue(lambda: trained(continued), continued, monkeypatch, capsys, num_steps=6)
    gan = continued.load_gan()
    assert_equal_states(gan, whole.load_gan())
    _, sums = values(gan.augmentation.weights)
    assert sums[1:].tolist() == [16, 2]  # Images and updates since the fourth.
    logged = scalars(whole.logs)
    assert len(logged["augmentation/probability"]) == len(logged["augmentation/sign"]) == 3
    assert np.abs(logged["augmentation/sign"]).max() <= 1
    config = json.loads(whole.config_path.read_text())
    assert config["settings"]["game"]["augment"] == "ada" and config["dataset"]["size"] == 4000
