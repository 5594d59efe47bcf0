"""Digests of networks that have no published one: the first network under a name is the one for this machine."""

import json
import logging
import re
from pathlib import Path

from tf_infomax.data.cache import default_cache_dir
from tf_infomax.errors import InputError
from tf_infomax.files import lock_beside, locked, write_json

# Programs configure no logging: a warning is then one plain line on standard error.
_logger = logging.getLogger(__name__)


def pins_path() -> Path:
    """Returns the file of the pins, in the user's cache."""
    return default_cache_dir() / "features.json"


def check_pinned(name: str, sha256: str) -> None:
    """Compares the digest of a network with the one that was first used under its name on this machine.

    The first digest is pinned; a damaged file of pins is replaced, with a warning.

    Raises:
        InputError: It is another network.
    """
    path = pins_path()
    try:
        with locked(lock_beside(path)):
            pinned = _read(path)
            if name not in pinned:
                write_json(path, {**pinned, name: sha256})
    except OSError as error:
        _logger.warning("warning: the digest of %s cannot be compared with that of earlier runs (%s)", name, error)
        return
    if pinned.get(name, sha256) != sha256:
        raise InputError(
            f"This is not the network first used as {name} on this machine. Received: sha256 {sha256}, not "
            f"{pinned[name]}; if it is the right one, delete {path}, or pass its path as a network of your own"
        )


def _read(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    try:
        pinned = json.loads(path.read_bytes())
        if all(re.fullmatch("[0-9a-f]{64}", digest) for digest in pinned.values()):
            return pinned
    except (ValueError, AttributeError, TypeError):  # Not JSON, not a dictionary, or not of strings.
        pass
    _logger.warning("warning: %s is damaged and is written anew: earlier digests of networks are lost", path)
    return {}
