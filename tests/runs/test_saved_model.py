"""Runs saved as models to start from, and runs that start from them."""

import dataclasses
import json
import shutil

import keras
import numpy as np
import pytest

import tf_infomax
from tests.eager import no_graphs  # noqa: F401
from tests.small_presets import narrow
from tests.tiny import assert_equal_states
from tf_infomax.commands import evaluate, export, sample, save_preset, verify
from tf_infomax.commands import train as train_command
from tf_infomax.errors import InputError
from tf_infomax.files import sha256_of
from tf_infomax.presets import Preset
from tf_infomax.runs.directory import RunDirectory
from tf_infomax.runs.evaluation.samples import SavedModelSamples
from tf_infomax.runs.execution import Stopped
from tf_infomax.runs.options import GANRunOptions
from tf_infomax.runs.saved_model import SavedModel, trained_model
from tf_infomax.runs.saving import save_run_to_preset
from tf_infomax.runs.start import recipe_of
from tf_infomax.runs.training import train

NAME = "infomax-gan-digits"
QUICK = GANRunOptions(metrics_every=0, keep_best=None)


def recipe(**changes) -> Preset:
    return narrow(NAME, **{"steps": 2, "batch_size": 4, "ema_decay": 0.5, "seed": 7, **changes})


OWN = recipe(steps=9)


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> RunDirectory:
    run = RunDirectory(tmp_path_factory.mktemp("runs") / "run")
    train(recipe(), run.path, name=NAME, options=QUICK)
    own = {"metric": "fid", "value": 12.5, "std": None, "model_sha256": run.origin()["sha256"]}
    run.add_records([own, {**own, "metric": "kid", "model_sha256": "of another"}])
    return run


@pytest.fixture(scope="module")
def saved(run, tmp_path_factory):
    return save_run_to_preset(run, tmp_path_factory.mktemp("saved") / "small-digits", license_id="mit")


def test_what_a_run_leaves(run, saved):
    np.testing.assert_array_equal(tf_infomax.from_preset(saved).generate(4), run.load_gan().generate(4))
    kept = json.loads((saved / "preset.json").read_text())["run"]
    assert kept["settings"] == run.config()["settings"]
    assert "places" not in kept and "folder" not in kept["dataset"]
    assert [record["metric"] for record in json.loads((saved / "metrics.json").read_text())] == ["fid"]
    assert (saved / "samples.png").stat().st_size > 0
    text = (saved / "README.md").read_text()
    assert "license: mit" in text and "| fid | 12.5 |" in text and "![Samples](samples.png)" in text
    assert 'tf_infomax.from_preset("small-digits")' in text and ": 2 steps on batches of 4" in text


def test_measurements_are_those_of_the_generator_that_is_kept(run, tmp_path):
    copy = RunDirectory(shutil.copytree(run.path, tmp_path / "run"))
    common = {"metric": "fid", "std": None, "model_sha256": copy.digest()}
    drawn = ({"weights": "average"}, {"weights": "raw"}, {"weights": "average", "sampler": {"batch_statistics": 8}})
    copy.add_records({**common, **own, "value": float(value)} for value, own in enumerate(drawn, start=20))
    for weights, value, name in ((None, 20.0, "average"), ("average", 20.0, "raw"), ("raw", 21.0, "raw")):
        folder = save_run_to_preset(copy, tmp_path / str(weights), weights=weights)
        kept = [own for own in json.loads((folder / "metrics.json").read_text()) if own.get("weights")]
        assert [(own["value"], own["weights"]) for own in kept] == [(value, name)]


def test_a_run_comes_before_the_model_of_its_name_that_comes_with_the_package(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert isinstance(trained_model(NAME), SavedModel)
    shutil.copytree(run.path, NAME)
    assert trained_model(NAME).digest() == trained_model(f"./{NAME}").digest() == run.digest()
    assert recipe_of(NAME)[1] != recipe()  # What to start from is a saved model.
    save_run_to_preset(run, tmp_path / "saved" / NAME)
    monkeypatch.chdir(tmp_path / "saved")
    assert recipe_of(NAME)[1] == recipe()


def test_its_steps_are_known_after_all(saved, tmp_path):
    """Its file of weights has no counter."""
    export.main([str(saved), "--output", str(tmp_path / "export")])
    assert ": 2 steps on batches of 4" in (tmp_path / "export" / "README.md").read_text()
    assert SavedModelSamples(SavedModel(str(saved))).origin()["step"] == 2
    earlier = shutil.copytree(saved, tmp_path / "earlier")
    (earlier / "preset.json").write_text((saved / "preset.json").read_text().replace("steps_made", "unknown"))
    export.main([str(earlier), "--output", str(tmp_path / "unknown")])
    assert ", with infomax: batches of 4" in (tmp_path / "unknown" / "README.md").read_text()


def test_the_origin_of_an_export_is_found_from_everywhere(saved, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(saved.parent)
    export.main([saved.name, "--output", str(tmp_path / "export")])
    monkeypatch.chdir(tmp_path)
    verify.main([str(tmp_path / "export" / "1")])
    assert "0 grey levels" in capsys.readouterr().out


def test_one_generator(run, tmp_path):
    gan = run.load_gan()
    for weights, generator in (("average", gan.averaged_generator), ("raw", gan.generator)):
        folder = save_run_to_preset(run, tmp_path / weights, weights=weights)
        assert ": 2 steps on batches of 4" in (folder / "README.md").read_text()
        single = tf_infomax.from_preset(folder)
        assert single.averaged_generator is None and single.compiled
        for value, expected in zip(single.generator.get_weights(), generator.get_weights(), strict=True):
            np.testing.assert_array_equal(value, expected)


def test_the_recipe_is_that_of_the_run(saved):
    assert recipe_of(str(saved)) == (NAME, recipe())


def test_the_recipe_may_be_a_preset_of_your_own(saved, tmp_path):
    shutil.copytree(saved, tmp_path / "saved")
    path = tmp_path / "saved" / "preset.json"
    path.write_text(path.read_text().replace(f'"preset": "{NAME}"', f'"preset": "{__name__}:OWN"'))
    assert recipe_of(str(tmp_path / "saved")) == (f"{__name__}:OWN", recipe())


def test_a_model_without_a_run_has_no_recipe(run, tmp_path):
    folder = run.load_gan().save_to_preset(tmp_path / "bare")
    with pytest.raises(InputError, match="was not saved from a run, so its settings and data are not known"):
        recipe_of(str(folder))


def test_a_run_starts_from_the_weights(run, saved, tmp_path):
    options = dataclasses.replace(QUICK, from_preset=str(saved))
    # At a rate of zero the first step changes nothing but running statistics of normalisation.
    started = train(recipe(steps=1, learning_rate=1e-30, seed=3), tmp_path / "run", name=NAME, options=options)
    for name, part in started.parts().items():
        for variable, expected in zip(part.trainable_variables, run.load_gan().parts()[name].trainable_variables):
            np.testing.assert_allclose(variable, expected, atol=1e-7, err_msg=name)
    fine_tuned = RunDirectory(tmp_path / "run")
    start = fine_tuned.config()["start"]
    assert (start["from_preset"], start["sha256"]) == (str(saved), sha256_of(saved / "model.weights.h5"))
    assert start["variables"].endswith("all of them") and start["variables"] in fine_tuned.log_path.read_text()
    text = (save_run_to_preset(fine_tuned, tmp_path / "next") / "README.md").read_text()
    assert "from the weights of small-digits" in text and str(saved.parent) not in text


def test_an_interrupted_fine_tuning_ends_as_an_uninterrupted_one(saved, tmp_path):
    class Stop(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            self.model.stop_training = True

    options = dataclasses.replace(QUICK, from_preset=str(saved))
    whole = train(recipe(seed=3), tmp_path / "whole", name=NAME, options=options)
    with pytest.raises(Stopped):
        train(recipe(seed=3), tmp_path / "parts", name=NAME, options=options, own_callbacks=[Stop()])
    assert_equal_states(train(recipe(seed=3), tmp_path / "parts", name=NAME, options=options), whole)


def test_another_start_is_another_run(saved, tmp_path):
    train(recipe(steps=1), tmp_path / "run", name=NAME, options=QUICK)
    with pytest.raises(InputError, match=r"holds another run \(start.sha256 None there"):
        train(recipe(steps=1), tmp_path / "run", name=NAME, options=dataclasses.replace(QUICK, from_preset=str(saved)))


def test_networks_that_do_not_fit_leave_nothing(saved, tmp_path):
    options = dataclasses.replace(QUICK, from_preset=str(saved))
    preset = recipe().override({"generator.latent_dim": 5})
    with pytest.raises(InputError, match="The generator to start from must have the same settings"):
        train(preset, tmp_path / "run", name=NAME, options=options)
    assert not (tmp_path / "run").exists()


def test_the_command_lines(run, tmp_path, capsys):
    folder = tmp_path / "saved"
    save_preset.main([str(run.path), "--output", str(folder), "--storage", "float16", "--weights", "average"])
    assert f"Saved model: {folder} (" in capsys.readouterr().out
    with pytest.raises(InputError, match="pass --overwrite"):
        save_preset.main([str(run.path), "--output", str(folder)])
    train_command.main(
        ["--from-preset", str(folder), "--run-dir", str(tmp_path / "run"), "--steps", "1", "--metrics-every", "0"]
    )
    config = RunDirectory(tmp_path / "run").config()
    assert (config["preset"], config["start"]["from_preset"]) == (NAME, str(folder))
    assert config["settings"] == recipe(steps=1).settings


def test_other_data_and_classes(saved, tmp_path, photos):
    for number, path in enumerate(sorted(photos.iterdir())):
        (photos / f"class{number % 2}").mkdir(exist_ok=True)
        path.rename(photos / f"class{number % 2}" / path.name)
    preset = narrow("cgan-digits", dataset="folder", num_classes=2, image_size=28, steps=1, batch_size=2)
    options = dataclasses.replace(QUICK, from_preset=str(saved), data_dir=str(photos))
    gan = train(preset, tmp_path / "run", name="cgan-digits", options=options)
    assert gan.num_classes == 2
    assert "are new, discriminator/" in RunDirectory(tmp_path / "run").log_path.read_text()


def test_programs_take_saved_models(tmp_path, capsys):
    sample.main([NAME, "--output", str(tmp_path / "samples.npz"), "--num-images", "3"])
    drawn = np.load(tmp_path / "samples.npz")["images"]
    np.testing.assert_array_equal(drawn, tf_infomax.from_preset(NAME).generate(3))
    sample.main([NAME, "--output", str(tmp_path / "grid.png")])
    export.main([NAME, "--output", str(tmp_path / "export"), "--license", "apache-2.0"])
    verify.main([str(tmp_path / "export" / "1"), "--num-images", "2"])
    assert "grey levels from the generator" in capsys.readouterr().out
    assert "| fid | 9.0069 |" in (tmp_path / "export" / "README.md").read_text()
    options = ["--dataset", "digits", "--metrics", "modes", "--num-real", "30", "--num-fake", "30"]
    evaluate.main([NAME, *options, "--output", str(tmp_path / "records.json")])
    assert json.loads((tmp_path / "records.json").read_text())[0]["source"] == "preset"


def test_a_folder_without_a_run_is_for_python(run, tmp_path):
    folder = run.load_gan().save_to_preset(tmp_path / "bare")
    with pytest.raises(InputError, match="was not saved from a run, so its settings and data are not known"):
        sample.main([str(folder), "--output", str(tmp_path / "grid.png")])


def test_a_saved_model_is_no_run(saved, tmp_path):
    before = sorted(saved.iterdir())
    for use in (RunDirectory(saved).load_model, lambda: train(recipe(), saved, name=NAME, options=QUICK)):
        with pytest.raises(InputError, match="must be the directory of a run. Received: a saved model"):
            use()
    assert sorted(saved.iterdir()) == before
