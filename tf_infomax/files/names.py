"""Names of files and folders."""

import os
from pathlib import Path


def printable(name: str) -> str:
    r"""Returns the name of a file for messages, where bytes that are not UTF-8 are written like `\xe9`."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def default_cache_dir() -> Path:
    """Returns `$XDG_CACHE_HOME/tf-infomax`, or `~/.cache/tf-infomax` where that variable is not set."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tf-infomax"
