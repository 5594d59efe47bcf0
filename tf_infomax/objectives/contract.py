"""The contract of a base class: which methods a subclass must override, and which metrics it announces."""

import difflib
from collections.abc import Callable, Iterable

from tf_infomax.errors import InputError


def overrides(cls: type, method: Callable) -> bool:
    """Returns whether a class overrides a method of its base."""
    return getattr(cls, method.__name__) is not method


def look_alikes(cls: type, base: type, *methods: Callable) -> str:
    """Returns, for an error message, the subclass's public names that resemble methods of the base."""
    added = [name for name in dir(cls) if not name.startswith("_") and not hasattr(base, name)]
    close = {name for method in methods for name in difflib.get_close_matches(method.__name__, added)}
    return ", ".join(f"`{name}`" for name in sorted(close)) or "no method of a similar name"


def check_overrides(cls: type, base: type, *methods: Callable) -> None:
    """Checks that a subclass overrides each of these methods of the base.

    Raises:
        InputError: A method is not overridden.
    """
    for method in methods:
        if not overrides(cls, method):
            received = look_alikes(cls, base, method)
            raise InputError(f"{cls.__name__} must override `{method.__name__}`. Received: {received}")


def check_announced(owner: str, announced: Iterable[str], returned: Iterable[str]) -> None:
    """Checks that an objective announced the metrics that its loss returns, while a step is traced.

    Raises:
        InputError: A metric was not announced, so it has no running mean.
    """
    announced = list(announced)
    for metric in returned:
        if metric not in announced:
            raise InputError(
                f"`metric_names` of {owner} must announce the metric `{metric}`, which its loss returns. "
                f"Received: {', '.join(announced) or 'none'}"
            )
