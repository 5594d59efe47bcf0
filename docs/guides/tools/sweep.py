"""A sweep over learning rate and InfoMax' weight; trials that fall behind are given up."""

import optuna
from tf_infomax.callbacks import StepCallback
from tf_infomax.callbacks.measurement_history import Measured, read_measurements
from tf_infomax.presets import preset_named
from tf_infomax.runs.directory import RunDirectory
from tf_infomax.runs.execution import Stopped
from tf_infomax.runs.options import GANRunOptions
from tf_infomax.runs.training import train

PRESET, STEPS, EVERY = "infomax-gan-stacked-digits", 1000, 250
OPTIONS = GANRunOptions(metrics=("fid",), metrics_every=EVERY)


class Pruning(StepCallback):
    """Ends a trial whose FID is worse than that of most others at the same step."""

    def __init__(self, trial: optuna.Trial, run: RunDirectory) -> None:
        super().__init__()
        self.trial, self.run = trial, run

    def on_step(self, step: int, logs) -> None:
        if step % EVERY == 0:
            self.trial.report(last_measured(self.run).metrics["fid"], step)
            self.model.stop_training = self.trial.should_prune()


def last_measured(run: RunDirectory) -> Measured:
    _, measurements = read_measurements(run.watched_path)
    return measurements[-1]


def objective(trial: optuna.Trial) -> float:
    changes = {
        "steps": STEPS,
        "learning_rate": trial.suggest_float("learning_rate", 3e-4, 3e-3, log=True),
        "objectives.infomax.generator_weight": trial.suggest_float("weight", 0.05, 5.0, log=True),
    }
    run = RunDirectory(f"sweep/{trial.number}")
    try:
        train(preset_named(PRESET).override(changes), run.path, options=OPTIONS, own_callbacks=[Pruning(trial, run)])
    except Stopped:
        raise optuna.TrialPruned from None
    return last_measured(run).metrics["fid"]


if __name__ == "__main__":
    study = optuna.create_study(
        study_name="infomax",
        storage="sqlite:///sweep.db",  # A study that was interrupted goes on where it was.
        load_if_exists=True,
        sampler=optuna.samplers.TPESampler(seed=0),
    )
    study.optimize(objective, n_trials=20)
    print(study.best_params, study.best_value)
