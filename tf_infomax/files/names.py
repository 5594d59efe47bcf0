"""Names of files and folders."""

import os
from pathlib import Path

from tf_infomax.errors import InputError


def printable(name: str) -> str:
    r"""Returns the name of a file for messages, where bytes that are not UTF-8 are written like `\xe9`."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def default_cache_dir() -> Path:
    """Returns `$XDG_CACHE_HOME/tf-infomax`, or `~/.cache/tf-infomax` where that variable is not set.

    Raises:
        InputError: It is not set, and the user has no home.
    """
    if given := os.environ.get("XDG_CACHE_HOME"):
        return Path(given) / "tf-infomax"
    try:
        return Path.home() / ".cache" / "tf-infomax"
    except RuntimeError as error:
        raise InputError(
            "Caches need a folder (--cache-dir), XDG_CACHE_HOME, or a user with a home. Received: none of these"
        ) from error
