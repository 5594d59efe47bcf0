"""Runs that begin with the weights of a saved model, and the recipe that trained it."""

from collections.abc import Mapping
from typing import Any

from tf_infomax.files import sha256_of
from tf_infomax.models import PlayersModel, from_preset
from tf_infomax.models.pretrained.addresses import folder_of
from tf_infomax.models.pretrained.layout import WEIGHTS
from tf_infomax.models.pretrained.transfer import Transfer, start_from
from tf_infomax.presets import Preset
from tf_infomax.presets.places import preset_of
from tf_infomax.presets.settings import as_json
from tf_infomax.runs.identity import DIGEST, flat
from tf_infomax.runs.saved_model import SavedModel

_NAMED = 3
"""Variables that a summary names."""


def started(model: PlayersModel, address: str | None) -> dict[str, str] | None:
    """Gives a model the weights of a saved one, if there is an address; call it in the strategy's scope.

    Returns:
        What `config.json` keeps of it: the address, the digest of the weights, and which variables were taken.

    Raises:
        InputError: There is no such model, or its networks are of other classes or sizes.
    """
    if address is None:
        return None
    folder = folder_of(address)
    transfer = start_from(model, from_preset(folder))
    return {"from_preset": address, DIGEST: sha256_of(folder / WEIGHTS), "variables": _summary(transfer)}


def _summary(transfer: Transfer) -> str:
    """Returns a line on what became of a model's variables."""
    taken, fresh = transfer
    more = f" and {len(fresh) - _NAMED} more" if len(fresh) > _NAMED else ""
    left = f"{len(fresh)} are new, {', '.join(fresh[:_NAMED])}{more}" if fresh else "all of them"
    return f"{taken} variables taken, {left}"


def recipe_of(address: str) -> tuple[str, Preset]:
    """Returns the name and the preset, with all its settings, by which a saved model was trained.

    Raises:
        InputError: There is no such model, no run trained it, or this version has no such preset or setting.
    """
    config = SavedModel(address).config()
    name = config["preset"]
    preset = preset_of(name)
    here, there = dict(preset.items()), _by_name(config["settings"])
    return name, preset.override({key: there[key] for key in there if as_json(here.get(key)) != as_json(there[key])})


def _by_name(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the settings of a configuration by the names that presets give them, below their parts."""
    named = {key.partition(".")[2] or key: value for key, value in flat(dict(settings)).items()}
    return {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in named.items()
        if key.rpartition(".")[2] != "class"
    }
