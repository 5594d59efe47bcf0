"""The comparison of methods on stacked digits, with two steps each."""

import json

import pytest
import tensorflow as tf

from tf_infomax.reproduction.cells import reproduce
from tf_infomax.reproduction.infomax_gan.methods_digits import METHODS, methods_digits


@pytest.mark.slow
def test_two_steps(tmp_path):
    experiment, rows = methods_digits(steps=2, num_images=100), ("sngan", "ssgan-im")
    places = {"output": tmp_path / "results", "work_dir": tmp_path / "runs"}
    results = reproduce(experiment, seeds=[1], rows=rows, **places, command=["x"])
    assert set(results["summary"]) == set(rows)
    for method in rows:
        assert {"fid", "modes", "modes_kl", "is"} <= set(results["summary"][method])
        config = json.loads((tmp_path / "runs" / f"{method}-seed-1" / "config.json").read_text())
        assert (config["settings"]["seed"], config["settings"]["schedule"]["steps"]) == (1, 2)
        picture = tf.io.decode_png((tmp_path / "results" / f"samples-{method}.png").read_bytes())
        assert picture.shape == (8 * 86 + 2, 8 * 86 + 2, 3)
    assert results["summary"]["sngan"]["fid"] != results["summary"]["ssgan-im"]["fid"]


def test_methods_differ_in_their_objectives_alone():
    presets = methods_digits().settings["presets"]
    assert [list(presets[method]["model"].pop("objectives")) for method in METHODS] == [
        [],
        ["rotation"],
        ["infomax"],
        ["rotation", "infomax"],
    ]
    assert all(preset == presets["sngan"] for preset in presets.values())
