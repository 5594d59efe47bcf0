"""Run directories: layout, reading and writing."""

import contextlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import keras

from tf_infomax.callbacks import FINAL_GRID
from tf_infomax.callbacks.best_model import read_best_record
from tf_infomax.errors import InputError
from tf_infomax.files import (
    atomic_path,
    is_intact_archive,
    locked_or_refused,
    read_json_object,
    remove,
    remove_partial_files,
    sha256_of,
    write_json,
)
from tf_infomax.models import PlayersModel, current_step
from tf_infomax.models.pretrained.layout import holds_saved_model
from tf_infomax.presets.places import import_module_of
from tf_infomax.runs.identity import check_same_run
from tf_infomax.runs.records import Record, add_records, read_records
from tf_infomax.runs.trained_model import TrainedModel

CONFIG = "config.json"
CHECKPOINTS = "checkpoints"
LOGS = "logs"
LOG_FILE = "run.log"
SAMPLES = "samples"
METRICS = "metrics.json"
NEIGHBOURS = "neighbours.png"
WATCHED = "watched.json"
BEST_MODEL = "best.keras"
BEST_RECORD = "best.json"
SAVED_MODEL = "saved_model"

_NO_MODEL = "must be the model that this run wrote; repeat the training command in a new directory."

_IN_EVERY_CONFIG = {"preset", "settings"}

EXTENSIONS = "extensions"
"""Entry of the configuration with the later ends of an extended run."""

LOCK = ".lock"
"""File that a training process locks, and removes at its end."""

LAYOUT = {
    CONFIG: "preset, settings, seeds, versions, dataset",
    CHECKPOINTS: "training state",
    LOGS: "TensorBoard",
    LOG_FILE: "what happened, and when",
    SAMPLES: "step_000500.png ..., final.png",
    WATCHED: "measurements during training",
    BEST_MODEL: "best model by a metric, where a run keeps it",
    BEST_RECORD: "that metric, its value and step",
    METRICS: "a list of evaluation records",
    NEIGHBOURS: "nearest neighbours, where a probe drew them",
    SAVED_MODEL: "exports of the quickstart",
}
"""Files and folders of a run, besides its model, whose file the configuration names."""


class RunDirectory(TrainedModel):
    """Paths and records of a run.

    Args:
        path: The directory; it need not exist yet. `LAYOUT` lists what it holds.
    """

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self.config_path = self.path / CONFIG
        self.checkpoints = self.path / CHECKPOINTS
        self.logs = self.path / LOGS
        self.log_path = self.path / LOG_FILE
        self.samples = self.path / SAMPLES
        self.picture = self.samples / FINAL_GRID
        self.metrics_path = self.path / METRICS
        self.watched_path = self.path / WATCHED
        self.best_model_path = self.path / BEST_MODEL
        self.best_record_path = self.path / BEST_RECORD
        self.neighbours_path = self.path / NEIGHBOURS
        self.saved_models = self.path / SAVED_MODEL

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Keeps other processes from training here, also on other hosts as far as the file system knows of locks.

        A process that dies releases its lock.

        Raises:
            InputError: Another process trains here.
        """
        refusal = f"Another process trains in {self.path}; wait for it, or name a new directory."
        with locked_or_refused(self.path / LOCK, refusal):
            yield

    def check_free(self) -> None:
        """Raises an InputError if the directory holds no run but other files."""
        if self._has_run or not self.path.exists():
            return
        if not self.path.is_dir() or any(path.name != LOCK for path in self.path.iterdir()):
            raise InputError(f"{self.path} is not empty and holds no run; name a new directory.")

    def open(self, config: dict[str, Any], *, overwrite: bool = False) -> None:
        """Starts a run here, or opens the same run to continue it.

        Args:
            config: Content of `config.json`; its `settings` and `dataset` decide whether two runs are the same.
            overwrite: Whether to delete another run in the directory.

        Raises:
            InputError: The directory holds another run, or other files.
        """
        if self._has_run:
            if not overwrite:
                check_same_run(self.path, there=self.config(), here=config)
                remove_partial_files(self.path)
                self._extend(config.get(EXTENSIONS, []))
                return
            self._delete_run()  # What else a person keeps here stays.
        else:
            self.check_free()
        write_json(self.config_path, config)

    @property
    def _has_run(self) -> bool:
        """Whether `config.json` is that of a run; many programs have files of this name.

        Raises:
            InputError: The file is damaged.
        """
        return self.config_path.is_file() and _IN_EVERY_CONFIG <= read_json_object(self.config_path).keys()

    def _extend(self, ends: list[int]) -> None:
        """Records new ends of training."""
        config = self.config()
        earlier = config.get(EXTENSIONS, [])
        if ends == earlier:
            return
        if ends[: len(earlier)] != earlier:
            raise InputError(f"{self.path} was extended by another command; repeat this one.")
        # The picture of the end before, which an interrupted extension must not be left with.
        last = [config["settings"]["schedule"]["steps"], *earlier][-1]
        with contextlib.suppress(FileNotFoundError):
            os.replace(self.samples / FINAL_GRID, self.samples / f"step_{last:06d}.png")
        write_json(self.config_path, {**config, EXTENSIONS: ends})

    def config(self) -> dict[str, Any]:
        """Reads `config.json`.

        Raises:
            InputError: There is no run here but a saved model or none, or the file is damaged.
        """
        if not self.config_path.is_file():
            raise InputError(f"{self.path} holds no run: it has no {CONFIG}.")
        if holds_saved_model(self.path):
            raise InputError(f"{self.path} must be the directory of a run. Received: a saved model")
        config = read_json_object(self.config_path)
        if not config.keys() >= _IN_EVERY_CONFIG:
            raise InputError(f"{self.path} holds no run: its {CONFIG} is another program's.")
        return config

    @property
    def model_path(self) -> Path:
        """Path of the finished model, which need not exist.

        Raises:
            InputError: There is no run here, or a version before 0.2 made it.
        """
        config = self.config()
        if "model_file" not in config:
            raise InputError(f"{self.path} holds a run of tf-infomax 0.1, which this version does not read.")
        return self.path / config["model_file"]

    @property
    def is_finished(self) -> bool:
        """Whether there is a run with a finished model."""
        return self.config_path.is_file() and self.model_path.is_file()

    def has_model_of(self, step: int) -> bool:
        """Whether the finished model is there, its file is whole, and it made that many steps."""
        if not is_intact_archive(self.model_path):
            return False
        # Only an extension leaves a model behind that another one replaces, and reading it takes seconds.
        return not self.config().get(EXTENSIONS) or current_step(self.load_model()) == step

    def save_model(self, model: PlayersModel) -> None:
        """Writes the finished model."""
        with atomic_path(self.model_path) as partial:
            model.save(partial)

    def load_model(self, *, best: bool = False) -> PlayersModel:
        """Reads the finished model, or the best one so far.

        Raises:
            InputError: There is no run here, it is not finished or has no best model, its preset's module cannot be
                imported, or the file is damaged or of another program.
        """
        path = self._best_path() if best else self._finished_path()
        import_module_of(self.config()["preset"])
        if not is_intact_archive(path):
            raise InputError(f"{path} is damaged; repeat the training command to write the model again.")
        try:
            model = keras.models.load_model(path)
        except Exception as error:  # Whatever the constructors of classes raise, too. Keras' advice is to run any code.
            raise InputError(f"{path} {_NO_MODEL} Received: a file that fails with {type(error).__name__}") from error
        if not isinstance(model, PlayersModel):
            raise InputError(f"{path} {_NO_MODEL} Received: a {type(model).__name__}")
        return model

    @property
    def has_best(self) -> bool:
        """Whether the run has kept its best model."""
        return self.best_model_path.is_file() and self.best_record_path.is_file()

    def best_record(self) -> dict[str, Any]:
        """Reads the record of the best model: metric, value, step, and how it was measured.

        Raises:
            InputError: There is no run here, it has no best model, or the record is damaged.
        """
        self._best_path()
        return read_best_record(self.best_record_path)

    def _best_path(self) -> Path:
        self.config()
        if not self.has_best:
            raise InputError(f"{self.path} has no best model, {BEST_MODEL}; a run with --keep-best keeps one.")
        return self.best_model_path

    def _finished_path(self) -> Path:
        path = self.model_path
        if not path.is_file():
            raise InputError(
                f"{self.path} has no finished model, {path.name}; repeat its training command to finish it."
            )
        return path

    def digest(self, *, best: bool = False) -> str:
        return sha256_of(self._best_path() if best else self._finished_path())

    def records(self) -> list[Record]:
        """Reads the evaluation records, empty if there are none.

        Raises:
            InputError: Their file is damaged.
        """
        return read_records(self.metrics_path)

    def own_records(self, *, best: bool = False) -> list[Record]:
        digest = self.digest(best=best)
        return [record for record in self.records() if record.get("model_sha256") == digest]

    def add_records(self, records: Iterable[Record]) -> None:
        """Adds evaluation records; a record replaces an earlier one of the same measurement."""
        add_records(self.metrics_path, records)

    def _delete_run(self) -> None:
        # The configuration last: what a killed process leaves is still a run, which the same command deletes.
        for name in (self.config().get("model_file", "gan.keras"), *reversed(LAYOUT)):
            remove(self.path / name)
