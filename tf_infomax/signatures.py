"""Constructors as data: the arguments that a class takes, their values and their descriptions.

Every argument of a layer, a network, an objective or a model is an attribute of the same name. So `get_config`, the
settings of presets and the help of the command line all read the constructor, where defaults and checks already are.
"""

import inspect
from collections.abc import Callable, Iterator
from typing import Any

import docstring_parser

KERAS_ARGUMENTS = frozenset({"name", "dtype"})
"""Arguments that every Keras layer takes, and whose configuration Keras keeps itself."""


def parameters(cls: type) -> Iterator[inspect.Parameter]:
    """Yields the named parameters of a constructor, without `self` and Keras' own."""
    kinds = inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY
    for parameter in list(inspect.signature(constructor(cls)).parameters.values())[1:]:
        if parameter.kind in kinds and parameter.name not in KERAS_ARGUMENTS:
            yield parameter


def constructor(cls: type) -> Callable[..., None]:
    """Returns the function `__init__` of a class."""
    function: Callable[..., None] = cls.__init__  # type: ignore[misc]
    return function


def default_name(cls: type) -> str | None:
    """Returns the default of a constructor's argument `name`, None if it has none."""
    name = inspect.signature(constructor(cls)).parameters.get("name")
    return name.default if name is not None and isinstance(name.default, str) else None


def arguments_of(instance: object, cls: type | None = None) -> dict[str, Any]:
    """Returns the constructor's arguments of an instance by name, tuples as lists: what `get_config` adds to Keras'.

    Args:
        instance: Has an attribute for each argument.
        cls: The class whose constructor alone is read. If None, those of the instance's class are read and, as long as
            they take `**kwargs`, of the classes that these are passed on to, up to Keras' own.
    """
    classes = _passing_on(type(instance)) if cls is None else [cls]
    names = dict.fromkeys(parameter.name for one in classes for parameter in parameters(one))
    values = {name: getattr(instance, name) for name in names}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def _passing_on(cls: type) -> Iterator[type]:
    """Yields classes whose constructors get arguments of a class: itself, then those that `**kwargs` go to."""
    for one in cls.__mro__:
        if one.__module__.partition(".")[0] == "keras":
            return
        if "__init__" in vars(one):
            yield one
            kinds = {parameter.kind for parameter in inspect.signature(constructor(one)).parameters.values()}
            if inspect.Parameter.VAR_KEYWORD not in kinds:
                return


def descriptions(cls: type) -> dict[str, str]:
    """Returns the section `Args:` of a class's docstring: a description of each argument by name, on one line."""
    documented = docstring_parser.parse(inspect.getdoc(cls) or "", style=docstring_parser.DocstringStyle.GOOGLE)
    return {entry.arg_name: " ".join((entry.description or "").split()) for entry in documented.params}
