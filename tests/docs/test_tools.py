"""The code of the guide to other tools, run with these tools on a tiny run."""

import importlib
import sys
import types

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from tests.docs.documents import ROOT
from tests.eager import no_graphs  # noqa: F401
from tf_infomax.presets import Preset, preset_named
from tf_infomax.runs.directory import RunDirectory
from tf_infomax.runs.options import GANRunOptions
from tf_infomax.runs.training import train

SMALL = {"generator.base_channels": 8, "discriminator.base_channels": 8, "objectives.infomax.projection_dim": 4}


@pytest.fixture(autouse=True)
def guide(tmp_path, monkeypatch):
    """Runs a test in a folder of its own with the guide's modules at hand."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(ROOT / "docs" / "guides" / "tools"))
    yield
    for name in ("tracking", "sweep"):
        sys.modules.pop(name, None)


def preset(steps: int = 2) -> Preset:
    return preset_named("infomax-gan-digits").override({**SMALL, "steps": steps, "batch_size": 4})


def trained(*places: str, steps: int = 2, extend_to: int | None = None) -> RunDirectory:
    options = GANRunOptions(callbacks=places, metrics_every=0, extend_to=extend_to)
    train(preset(steps), "runs/tried", options=options)
    return RunDirectory("runs/tried")


@pytest.mark.filterwarnings("ignore:.*deprecated")  # Within MLflow.
def test_mlflow_has_settings_losses_and_samples(tmp_path, monkeypatch):
    mlflow = pytest.importorskip("mlflow", reason="the extra `tracking` is not installed")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path}/mlflow.db")
    mlflow.set_tracking_uri(f"sqlite:///{tmp_path}/mlflow.db")
    run = trained("tracking:mlflow")
    trained("tracking:mlflow", extend_to=3)
    (found,) = mlflow.search_runs(output_format="list")
    assert found.info.run_id == (run.path / "mlflow_run").read_text()
    assert found.data.params["objectives.infomax.projection_dim"] == "4"
    assert "generator/adversarial" in found.data.metrics and "infomax/accuracy" in found.data.metrics
    history = mlflow.MlflowClient().get_metric_history(found.info.run_id, "generator/total")
    assert [value.step for value in history] == [2, 3]
    samples = mlflow.artifacts.list_artifacts(run_id=found.info.run_id, artifact_path="samples")
    assert "samples/real.png" in [file.path for file in samples]


def test_weights_and_biases_gets_settings_and_losses(monkeypatch):
    calls: list = []
    stand_in = types.ModuleType("wandb")
    stand_in.init = lambda **arguments: calls.append(("init", arguments))
    stand_in.log = lambda values, step: calls.append(("log", step, values))
    stand_in.finish = lambda: calls.append(("finish",))
    monkeypatch.setitem(sys.modules, "wandb", stand_in)
    tracking, run = importlib.import_module("tracking"), RunDirectory("runs/tried")
    callback = tracking.WeightsAndBiases(run, preset(), every=2)
    assert type(tracking.wandb(run, preset())) is type(callback)
    train(preset(), run.path, options=GANRunOptions(metrics_every=0), own_callbacks=[callback])
    assert [call[0] for call in calls] == ["init", "log", "finish"]
    assert calls[0][1]["id"] == "tried" and calls[0][1]["config"]["batch_size"] == 4
    assert calls[1][1] == 2 and "discriminator/infomax" in calls[1][2]


def test_hyper_parameters_are_in_tensorboard():
    run = trained("tracking:hparams")
    events = EventAccumulator(str(run.logs)).Reload()
    assert "_hparams_/session_start_info" in events.Tags()["tensors"]
    content = events.SummaryMetadata("_hparams_/session_start_info").plugin_data.content
    assert b"objectives.infomax.projection_dim" in content


def test_a_sweep_gives_trials_up_and_goes_on(monkeypatch):
    optuna = pytest.importorskip("optuna", reason="the extra `tracking` is not installed")
    sweep = importlib.import_module("sweep")
    monkeypatch.setattr(sweep, "STEPS", 2)
    monkeypatch.setattr(sweep, "EVERY", 1)
    monkeypatch.setattr(sweep, "OPTIONS", GANRunOptions(metrics=("fid",), metrics_every=1, num_watched=4))
    monkeypatch.setattr(sweep, "preset_named", lambda name: preset())
    pruner = optuna.pruners.ThresholdPruner(upper=float("inf"))
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=0), pruner=pruner)
    study.optimize(sweep.objective, n_trials=1)
    study.pruner = optuna.pruners.ThresholdPruner(upper=0.0)
    study.optimize(sweep.objective, n_trials=1)
    done, given_up = study.trials
    assert done.state.name == "COMPLETE" and done.value == sweep.last_measured(RunDirectory("sweep/0")).metrics["fid"]
    assert given_up.state.name == "PRUNED" and list(given_up.intermediate_values) == [1]
    assert study.best_trial == done
