"""Deep InfoMax on digits, with tiny encoders and a few steps."""

import dataclasses
import json
from collections.abc import Iterator

import numpy as np
import pytest
import tensorflow as tf

from tests.small_presets import narrow
from tf_infomax.reproduction.cells import reproduce
from tf_infomax.reproduction.claims import verdict
from tf_infomax.reproduction.deep_infomax import digits as module
from tf_infomax.reproduction.deep_infomax.digits import CLAIMS, METHODS, deep_infomax_digits
from tf_infomax.reproduction.deep_infomax.probe_table import ACCURACIES, COLUMNS

ROWS = ("untrained", "dim-l-infonce")


def tiny_preset(name: str):
    return narrow(name, batch_size=8)


@pytest.fixture(scope="module")
def results(tmp_path_factory) -> Iterator[tuple]:
    folder = tmp_path_factory.mktemp("dim")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "preset_named", tiny_preset)
        experiment = deep_infomax_digits(steps=2, estimator_steps=2, decoder_steps=2, mlp_epochs=1, num_images=200)
        experiment = dataclasses.replace(experiment, rows=ROWS)
        values = reproduce(experiment, seeds=[1], output=folder / "results", work_dir=folder / "runs", command=["x"])
    yield folder, values


def test_two_steps(results):
    folder, values = results
    assert list(values["summary"]) == list(ROWS)
    for row in ROWS:
        columns = values["summary"][row]
        assert set(columns) == set(COLUMNS) and np.all(np.isfinite([column["mean"] for column in columns.values()]))
        assert all(0 <= columns[name]["mean"] <= 100 for name in ACCURACIES)
        config = json.loads((folder / "runs" / f"{row}-seed-1" / "config.json").read_text())
        assert (config["settings"]["seed"], config["settings"]["schedule"]["steps"]) == (
            1,
            0 if row == "untrained" else 2,
        )
    assert values["summary"][ROWS[0]] != values["summary"][ROWS[1]]
    probes = values["settings"]["probes"]
    assert (probes["num_train"], probes["num_test"], probes["estimator_steps"]) == (200, 50, 2)


def test_figures_and_text(results):
    folder, values = results
    pictures = ["accuracies.png", "codes.png", *(f"neighbours-{row}.png" for row in ROWS)]
    for name in pictures:
        picture = tf.io.decode_png((folder / "results" / name).read_bytes()).numpy()
        assert len(np.unique(picture.reshape(-1, picture.shape[2]), axis=0)) > 10, name
    text = (folder / "results" / "table.md").read_text()
    assert "SVM conv %" in text and "MINE (nats)" in text and text.endswith("Command: `x --seeds 1`\n")


def test_the_whole_table():
    experiment = deep_infomax_digits()
    assert experiment.rows == METHODS and list(experiment.seeds) == [0, 1, 2]
    presets = experiment.settings["presets"]
    assert presets["untrained"]["schedule"]["steps"] == 0
    assert list(presets["supervised"]["model"]["objectives"]) == ["classification"]
    assert len({presets[method]["schedule"]["steps"] for method in METHODS[1:]}) == 1
    assert {presets[method]["data"]["dataset"] for method in METHODS} == {"digits"}


def test_claims_are_about_the_mean_of_the_accuracies():
    means = {"untrained": 60.0, "dim-g": 85.0, "dim-l-infonce": 95.0, "dim-l-jsd": 94.0, "dim-l-dv": 84.0}
    values = {row: dict.fromkeys(ACCURACIES, mean) for row, mean in means.items()}
    values["dim-l-jsd"]["svm_conv"] += 60.0  # The mean is above that of InfoNCE.
    cells = [{"row": row, "seed": seed, "values": own} for row, own in values.items() for seed in range(3)]
    findings = [verdict(claim, cells).finding for claim in CLAIMS]
    assert findings == ["not held", "held", "not held", "held"]  # DV is below DIM(G).
