"""Settings: a class and its constructor's arguments as a part of a preset.

They are read off the constructor, which alone holds defaults and checks: a value is checked when the part is built.
"""

import dataclasses
import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, get_type_hints

import tyro

from tf_infomax.errors import InputError
from tf_infomax.signatures import constructor, default_name, descriptions, parameters

GIVEN = frozenset({"image_size", "num_channels", "num_classes", "num_images", "seed"})
"""Arguments that a preset gives to all parts that take them, from the data and the run's seed."""


@dataclass(frozen=True)
class Settings:
    """Arguments of one class; `settings` makes one with a field for each argument."""

    builds: ClassVar[type]
    """Class to build."""

    def build(self, given: Mapping[str, Any], *, parts: Mapping[str, Any] | None = None, **arguments: Any) -> Any:
        """Builds the parts among the settings, in order, and then the object itself.

        Args:
            given: Values by argument, passed on if the class takes them.
            parts: Likewise, for the parts; `given` if None.
            **arguments: Passed on unchanged.

        Raises:
            InputError: A constructor refuses a setting, or needs one of the data's that has no value.
        """
        inner = given if parts is None else parts
        self._check_parts()
        values = {field.name: _built(getattr(self, field.name), inner) for field in dataclasses.fields(self)}
        taken = {parameter.name for parameter in parameters(self.builds)} | {"dtype"}
        given = {name: value for name, value in given.items() if name in taken}
        for parameter in parameters(self.builds):
            if parameter.name in GIVEN - {*given, *arguments} and parameter.default is parameter.empty:
                raise InputError(f"{self.builds.__name__} needs the setting `{parameter.name}`. Received: none")
        return self.builds(**{**given, **values, **arguments})

    def _check_parts(self) -> None:
        """Raises an InputError unless there are settings where the class needs a part."""
        for parameter in parameters(self.builds):
            value = getattr(self, parameter.name, None)
            if parameter.default is parameter.empty and parameter.name not in GIVEN and not isinstance(value, Settings):
                raise InputError(f"{self.builds.__name__} needs settings as its `{parameter.name}`. Received: {value}")

    def __reduce__(self) -> tuple[Any, ...]:
        # The class is made at run time, so a pickle names the class that it builds.
        return _revived, (self.builds, {field.name: getattr(self, field.name) for field in dataclasses.fields(self)})

    def description(self) -> dict[str, Any]:
        """Returns the class' name and the settings, ready for JSON."""
        values = {field.name: as_json(getattr(self, field.name)) for field in dataclasses.fields(self)}
        return {"class": self.builds.__name__, **values}


def _revived(target: type, values: Mapping[str, Any]) -> "Settings":
    return settings(target, **values)


def _built(value: Any, given: Mapping[str, Any]) -> Any:
    """Builds a part, or parts by name as a list; returns other values unchanged."""
    if isinstance(value, Settings):
        return value.build(given)
    if isinstance(value, Mapping):
        return [part.build(given, name=name) for name, part in value.items()]
    return value


def as_json(value: Any) -> Any:
    """Returns a setting or a part of a preset as JSON."""
    if isinstance(value, Settings):
        return value.description()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: as_json(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {name: as_json(part) for name, part in value.items()}
    return list(value) if isinstance(value, tuple) else value


def settings(target: type, /, **arguments: Any) -> Settings:
    """Returns the settings of a class: its constructor's defaults, except for `arguments`.

        settings(InfoMax, projection_dim=64)
        settings(GAN, generator=settings(ResNetGenerator), ..., objectives=named([settings(InfoMax)]))

    Raises:
        InputError: The constructor takes no argument of that name.
    """
    return checked_replace(settings_class(target)(), arguments)


def checked_replace(part: Any, changes: Mapping[str, Any]) -> Any:
    """Returns a part with other values; raises an InputError if it has no field of a name."""
    known = [field.name for field in dataclasses.fields(part)]
    for name in changes:
        if name not in known:
            title = part.builds.__name__ if isinstance(part, Settings) else type(part).__name__
            raise InputError(f"{title} has no setting `{name}`; it has {', '.join(known) or 'none'}.")
    return dataclasses.replace(part, **changes)


@functools.cache
def settings_class(target: type) -> type[Settings]:
    """Makes the dataclass of a class' settings: a field for each argument that is not `GIVEN`.

    An argument without a default, such as a network, is a part and must be set.
    """
    help_texts, hints = descriptions(target), get_type_hints(constructor(target))
    fields = [
        (parameter.name, _annotation(parameter, hints, help_texts), _default(parameter))
        for parameter in parameters(target)
        if parameter.name not in GIVEN
    ]
    namespace = {"builds": target, "__doc__": ""}
    return dataclasses.make_dataclass(
        f"{target.__name__}Settings", fields, bases=(Settings,), namespace=namespace, frozen=True
    )


def _annotation(parameter: Any, hints: Mapping[str, Any], help_texts: Mapping[str, str]) -> Any:
    if _is_part(parameter):
        # Objectives by their names; the parts have help of their own.
        return Mapping[str, Settings] if _is_sequence(parameter) else Settings
    text = help_texts.get(parameter.name, "")
    hint = hints.get(parameter.name, Any)
    return Annotated[hint, tyro.conf.FlagConversionOff, tyro.conf.arg(help=text)]


def _default(parameter: Any) -> Any:
    if _is_sequence(parameter):
        return dataclasses.field(default_factory=dict)
    # An unset part has no settings; building without it fails by name.
    return dataclasses.field(default=None if _is_part(parameter) else parameter.default)


def _is_part(parameter: Any) -> bool:
    return parameter.default is parameter.empty or _is_sequence(parameter)


def _is_sequence(parameter: Any) -> bool:
    return parameter.default == () and parameter.name == "objectives"


def named(parts: Sequence[Settings] | Mapping[str, Settings]) -> dict[str, Settings]:
    """Returns objectives by name; a list gets the constructors' names.

    Raises:
        InputError: A constructor has no name, or two have the same.
    """
    if isinstance(parts, Mapping):
        return dict(parts)
    found: dict[str, Settings] = {}
    for part in parts:
        name = default_name(part.builds)
        if name is None:
            raise InputError(f"{part.builds.__name__} has no name of its own; give its settings under one.")
        if name in found:
            raise InputError(f"Two objectives have the name {name}; give their settings by names that differ.")
        found[name] = part
    return found


def walk(part: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yields every setting below a part by its dotted path: `objectives.infomax.projection_dim`."""
    names = part if isinstance(part, Mapping) else [field.name for field in dataclasses.fields(part)]
    for name in names:
        value = part[name] if isinstance(part, Mapping) else getattr(part, name)
        if isinstance(value, Mapping | Settings):
            yield from walk(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
