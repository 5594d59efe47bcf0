"""Saved models in the place of the runs that they came from."""

from pathlib import Path
from typing import Any

from tf_infomax.errors import InputError
from tf_infomax.files import sha256_of
from tf_infomax.models import PlayersModel, from_preset
from tf_infomax.models.pretrained.addresses import folder_of, is_address
from tf_infomax.models.pretrained.layout import METRICS, PICTURE, RUN, WEIGHTS
from tf_infomax.models.pretrained.loading import read_preset_json
from tf_infomax.runs.directory import RunDirectory
from tf_infomax.runs.records import Record, read_records
from tf_infomax.runs.trained_model import STEPS_MADE, TrainedModel


class SavedModel(TrainedModel):
    """A saved model.

    Args:
        address: Its address, as `from_preset` takes it.

    Raises:
        InputError: There is no such model, or it was not saved from a run.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self.path = folder_of(address)
        self.picture = self.path / PICTURE
        self._config: dict[str, Any] = read_preset_json(self.path).get(RUN) or {}
        if not self._config:
            raise InputError(f"{address} was not saved from a run, so its settings and data are not known.")

    def config(self) -> dict[str, Any]:
        return dict(self._config)

    def load_model(self, *, best: bool = False) -> PlayersModel:
        if best:
            raise InputError(f"`model` must be last for a saved model. Received: best of {self.address}")
        return from_preset(self.path)

    def steps_made(self, model: PlayersModel) -> int | None:
        return self._config.get(STEPS_MADE)  # Its file has no counter.

    def digest(self, *, best: bool = False) -> str:
        return sha256_of(self.path / WEIGHTS)

    def origin(self) -> dict[str, Any]:
        return {**super().origin(), "run": str(self.path.resolve()) if Path(self.address).exists() else self.address}

    def own_records(self, *, best: bool = False) -> list[Record]:
        return read_records(self.path / METRICS)


def trained_model(place: Path | str) -> TrainedModel:
    """Returns the trained model at a place: the directory of a run, or the address of a saved model.

    Raises:
        InputError: There is no such saved model, or it was not saved from a run.
    """
    return SavedModel(str(place)) if is_address(place) else RunDirectory(place)
