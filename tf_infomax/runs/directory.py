"""The directory of one training run: where its files are, and how they are read and written."""

import hashlib
import json
import shutil
import sys
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path
from typing import Any

import keras

from tf_infomax.errors import InputError
from tf_infomax.files import atomic_path, remove_partial_files, write_json
from tf_infomax.models import GAN, DeepInfoMax, PlayersModel

_CONTENTS = (
    *("config.json", "checkpoints", "logs", "samples", "saved_model", "metrics.json"),
    *("gan.keras", "deep_infomax.keras", "neighbours.png"),
)
_VERSIONED_PACKAGES = ("tf-infomax", "tensorflow", "keras", "numpy")


class RunDirectory:
    """Paths and records of a run.

        RUN/config.json      preset, settings, seeds, versions, dataset
        RUN/checkpoints/     training state
        RUN/logs/            TensorBoard
        RUN/samples/         step_000500.png ..., final.png
        RUN/gan.keras        the finished model; deep_infomax.keras of an encoder
        RUN/metrics.json     a list of evaluation records

    Args:
        path: The directory; it need not exist yet.
    """

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self.config_path = self.path / "config.json"
        self.checkpoints = self.path / "checkpoints"
        self.logs = self.path / "logs"
        self.samples = self.path / "samples"
        self.gan_path = self.path / "gan.keras"
        self.encoder_path = self.path / "deep_infomax.keras"
        self.metrics_path = self.path / "metrics.json"

    def open(self, config: dict[str, Any], *, overwrite: bool = False) -> None:
        """Starts a run here, or opens the same run to continue it.

        Args:
            config: What `config.json` is to hold; its `settings` and `dataset` decide whether two runs are the same.
            overwrite: Whether another run that is here is deleted.

        Raises:
            InputError: The directory holds another run, or files that are no run's.
        """
        if overwrite:
            self._delete_run()
        if self.config_path.exists():
            self._check_same_run(config)
            remove_partial_files(self.path)
            return
        if self.path.exists() and (not self.path.is_dir() or any(self.path.iterdir())):
            raise InputError(f"{self.path} is not empty and holds no run; name a new directory.")
        write_json(self.config_path, config)

    def config(self) -> dict[str, Any]:
        """Reads `config.json`.

        Raises:
            InputError: There is no run here.
        """
        if not self.config_path.is_file():
            raise InputError(f"{self.path} holds no run: it has no config.json.")
        return json.loads(self.config_path.read_text())

    def save_gan(self, gan: GAN) -> None:
        """Writes the finished model."""
        _save(gan, self.gan_path)

    def save_encoder(self, model: DeepInfoMax) -> None:
        """Writes the finished model of an encoder's run."""
        _save(model, self.encoder_path)

    def load_gan(self) -> GAN:
        """Reads the finished model.

        Raises:
            InputError: There is no run here, it is not finished, or it is an encoder's.
        """
        if self.finished_path == self.encoder_path:
            raise InputError(f"{self.path} holds the run of an encoder, not of a GAN.")
        return keras.models.load_model(self.gan_path)

    def load_model(self) -> GAN | DeepInfoMax:
        """Reads the finished model, whichever it is.

        Raises:
            InputError: There is no run here, or it is not finished.
        """
        return keras.models.load_model(self.finished_path)

    @property
    def finished_path(self) -> Path:
        """The file of the finished model.

        Raises:
            InputError: There is no run here, or it is not finished.
        """
        self.config()
        for path in self._finished_paths():
            return path
        raise InputError(
            f"{self.path} has no finished model, neither gan.keras nor deep_infomax.keras; repeat its training command "
            "to finish it."
        )

    @property
    def is_finished(self) -> bool:
        """Whether there is a finished model."""
        return bool(self._finished_paths())

    def _finished_paths(self) -> list[Path]:
        return [path for path in (self.gan_path, self.encoder_path) if path.is_file()]

    def origin(self) -> dict[str, Any]:
        """Returns what an exported model keeps about the run it came from.

        Raises:
            InputError: There is no run here, or it is not finished.
        """
        preset = self.config()["preset"]
        digest = hashlib.sha256(self.finished_path.read_bytes()).hexdigest()
        return {"run": str(self.path.resolve()), "preset": preset, "sha256": digest, "versions": versions()}

    def records(self) -> list[dict[str, Any]]:
        """Reads the evaluation records, none if the run was not evaluated."""
        return json.loads(self.metrics_path.read_text()) if self.metrics_path.exists() else []

    def add_records(self, records: Iterable[dict[str, Any]]) -> None:
        """Adds evaluation records; one that repeats an earlier protocol replaces it."""
        merged = {_protocol(record): record for record in [*self.records(), *records]}
        write_json(self.metrics_path, list(merged.values()))

    def _check_same_run(self, config: dict[str, Any]) -> None:
        earlier, settings = _identity(self.config()), _identity(config)
        names = [name for name in {**earlier, **settings} if earlier.get(name) != settings.get(name)]
        if names:
            changes = ", ".join(f"{name} {earlier.get(name)} there, {settings.get(name)} here" for name in names)
            raise InputError(
                f"{self.path} holds another run ({changes}); repeat that run's command to resume it, "
                "name a new directory, or pass --overwrite to delete it."
            )

    def _delete_run(self) -> None:
        if not self.config_path.exists():
            return
        for name in _CONTENTS:
            path = self.path / name
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)


def _save(model: PlayersModel, path: Path) -> None:
    with atomic_path(path) as partial:
        model.save(partial)


def versions() -> dict[str, str]:
    """Returns the versions of Python and of the packages that decide a run's numbers."""
    found = {"python": sys.version.split()[0]}
    for package in _VERSIONED_PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            found[package] = "not installed"
    return found


def _identity(config: dict[str, Any]) -> dict[str, Any]:
    """Returns what makes two runs the same, as one level of names."""
    dataset = config.get("dataset", {})
    return {**config.get("settings", {}), **{f"dataset {name}": value for name, value in dataset.items()}}


def _protocol(record: dict[str, Any]) -> str:
    fields = (
        *("metric", "definition", "features", "dataset", "split", "step", "seeds"),
        *("num_real", "num_fake", "num_test", "batch_statistics"),
    )
    return json.dumps([record.get(name) for name in fields])
