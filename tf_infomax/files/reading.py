"""Reading of files that may be damaged."""

import json
from pathlib import Path
from typing import Any

from tf_infomax.errors import InputError


def read_json_object(path: Path) -> dict[str, Any]:
    """Reads a file with one JSON object.

    Raises:
        InputError: The file is damaged.
    """
    try:
        return dict(json.loads(path.read_bytes()))
    except (ValueError, TypeError) as error:
        raise InputError(f"{path} is damaged ({error}).") from error
