"""What makes two commands the same run."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tf_infomax.errors import InputError

FILES = "files"
"""Entry of a folder's dataset in the configuration with the digest of its files."""
_FILES = f"dataset.{FILES}"
START = "start"
"""Entry of the configuration of a run that began with the weights of a saved model: its address and digest."""
DIGEST = "sha256"
"""Entry of a start with the digest of the weights: one and the same model may have several addresses."""


def check_same_run(path: Path, *, there: dict[str, Any], here: dict[str, Any]) -> None:
    """Raises an InputError that names the settings in which the run in a directory differs from a command.

    Args:
        path: Directory of the run.
        there: Its configuration.
        here: The configuration of the command.
    """
    earlier, settings = _identity(there), _identity(here)
    names = differing(earlier, settings)
    if names == [_FILES] and _FILES in earlier:  # Runs of earlier versions have no digest.
        raise InputError(
            f"The images in {here['dataset']['folder']} are not those that {path} was trained on: names, sizes or "
            "times of files have changed; put the earlier ones back, name a new directory, or pass --overwrite to "
            "delete the run."
        )
    changed = [name for name in names if name != _FILES]
    if changed:
        changes = ", ".join(f"{name} {earlier.get(name)} there, {settings.get(name)} here" for name in changed)
        raise InputError(
            f"{path} holds another run ({changes}); repeat that run's command to resume it, "
            "name a new directory, or pass --overwrite to delete it."
        )


def _identity(config: dict[str, Any]) -> dict[str, Any]:
    """Returns the settings that identify a run, by dotted names."""
    parts = {name: config.get(name, {}) for name in ("settings", "dataset")}
    return flat({**parts, START: {DIGEST: config.get(START, {}).get(DIGEST)}})


def differing(there: Mapping[str, Any], here: Mapping[str, Any]) -> list[str]:
    """Returns the names of flat settings that differ; one of none is as one that an earlier version did not have."""
    return [name for name in {**there, **here} if there.get(name) != here.get(name)]


def flat(settings: dict[str, Any]) -> dict[str, Any]:
    """Returns nested settings by dotted names."""
    return dict(_flattened(settings))


def _flattened(values: dict[str, Any], prefix: str = "") -> Iterable[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _flattened(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
