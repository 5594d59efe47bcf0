"""Objects outside of this package, by the place where they stand, such as `my_package.presets:SSGAN_WITH_MINE`."""

import importlib
import os
import sys
from types import ModuleType
from typing import Any

from tf_infomax.errors import InputError
from tf_infomax.presets.preset import Preset
from tf_infomax.presets.table import preset_named


def import_module_of(name: str, *, what: str = "preset") -> ModuleType | None:
    """Imports the module in the name of a preset, which may be in the current directory; its classes are known then.

    Args:
        name: The name, or the place of another object.
        what: What stands there, for the error message.

    Returns:
        The module; None for a preset of the table, which has no module of its own.

    Raises:
        InputError: It cannot be imported.
    """
    module_name, colon, _ = name.partition(":")
    if not colon:
        return None
    if not module_name or module_name.startswith("."):
        reason = "A relative module name" if module_name else "Empty module name"
        raise InputError(f"The {what} {name} needs a module that can be imported: {reason}.")
    if os.getcwd() not in sys.path:
        sys.path.insert(0, os.getcwd())
    try:
        return importlib.import_module(module_name)
    except ImportError as error:
        raise InputError(f"The {what} {name} needs a module that can be imported: {error}.") from None


def object_at(place: str, *, what: str) -> Any:
    """Returns the object at a place; None if its module has no such name.

    Raises:
        InputError: The module cannot be imported.
    """
    return getattr(import_module_of(place, what=what), place.partition(":")[2], None)


def preset_of(name: str) -> Preset:
    """Returns the preset of the table with a name, or the one at a place.

    Raises:
        InputError: There is none.
    """
    return preset_at(name) if ":" in name else preset_named(name)


def preset_at(name: str) -> Preset:
    """Returns the preset at a place.

    Raises:
        InputError: There is none.
    """
    preset = object_at(name, what="preset")
    if not isinstance(preset, Preset):
        raise InputError(f"The preset {name} must be a `Preset`. Received: {type(preset).__name__}")
    return preset
