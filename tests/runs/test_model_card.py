"""Model cards."""

import json

import pytest
import yaml

from tests.small_presets import narrow
from tf_infomax.commands import export
from tf_infomax.runs.directory import RunDirectory
from tf_infomax.runs.options import GANRunOptions
from tf_infomax.runs.training import train

RECORD = {"metric": "fid", "value": 12.3456789, "std": 0.25, "std_kind": "seeds", "num_fake": 5000, "num_real": 10000}


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> RunDirectory:
    run = RunDirectory(tmp_path_factory.mktemp("runs") / "run")
    train(
        narrow("infomax-gan-digits", steps=1, batch_size=4, discriminator_steps=1),
        run.path,
        name="infomax-gan-digits",
        options=GANRunOptions(metrics_every=0),
    )
    return run


def card(run: RunDirectory, folder, *options: str) -> tuple[dict, str]:
    """The front matter and the text of the card of an export."""
    export.main([str(run.path), "--output", str(folder), *options])
    _, front, text = (folder / "README.md").read_text().split("---\n", 2)
    return yaml.safe_load(front), text


def test_what_a_card_says(run, tmp_path, capsys):
    front, text = card(run, tmp_path)
    assert front == {
        "license": "unknown",
        "library_name": "tf-infomax",
        "pipeline_tag": "unconditional-image-generation",
        "tags": ["gan", "tensorflow", "keras", "infomax"],
        "datasets": ["digits"],
    }
    assert "![Samples](samples.png)" in text and (tmp_path / "samples.png").stat().st_size > 0
    assert "Its quality has not been measured." in text and "1 steps on batches of 4" in text
    written = json.loads(text.split("```json\n")[1].split("```")[0])
    assert written == run.config()["settings"]
    assert f"Model card: {tmp_path / 'README.md'}" in capsys.readouterr().out


def test_a_readme_of_somebody_else_stays(run, tmp_path, capsys):
    (tmp_path / "README.md").write_text("mine")
    export.main([str(run.path), "--output", str(tmp_path)])
    assert (tmp_path / "README.md").read_text() == "mine" and not (tmp_path / "samples.png").exists()
    assert "Model card: none, since there is another README.md" in capsys.readouterr().out


def test_a_picture_of_somebody_else_stays(run, tmp_path):
    (tmp_path / "samples.png").write_bytes(b"mine")
    _, text = card(run, tmp_path)
    assert (tmp_path / "samples.png").read_bytes() == b"mine" and "samples.png" not in text


def test_samples_are_those_of_the_model(run, tmp_path):
    card(run, tmp_path)
    assert (tmp_path / "samples.png").read_bytes() == run.picture.read_bytes()
    _, text = card(run, tmp_path, "--recalibrate", "64", "--version", "2")
    assert (tmp_path / "samples.png").read_bytes() != run.picture.read_bytes() and "![Samples]" in text


def test_measurements_are_those_of_the_model(run, tmp_path):
    own = {**RECORD, "model_sha256": run.origin()["sha256"], "protocol": "standard", "definition": "a distance"}
    run.add_records([own, {**RECORD, "metric": "kid", "model_sha256": "of another"}])
    front, text = card(run, tmp_path, "--license", "mit", "--version", "7")
    assert (front["license"], front["metrics"]) == ("mit", ["fid"])
    assert "| fid | 12.346 | 0.25 (seeds) | 5000 | 10000 |  | standard |  |" in text and "kid" not in text
    _, recalibrated = card(run, tmp_path / "recalibrated", "--recalibrate", "64")
    assert "| fid |" not in recalibrated and "computed anew" in recalibrated
    assert "Version 7" in text and "- fid: a distance" in text and "fewer than 10,000 samples" in text
