"""Errors of this package, and checks of arguments that several parts share."""

from collections.abc import Iterable


class InputError(ValueError):
    """The caller passed something that cannot be used; the message is one sentence for people.

    Programs print it as one line and exit with status 2; in Python it is an ordinary `ValueError`.
    """


class NotFinite(InputError):
    """A generator drew samples with values that are not finite: its weights are of no use.

    While a run trains it becomes `Diverged`.
    """


class Diverged(ArithmeticError):
    """Training produced numbers that are not finite.

    Programs print it as one line and exit with status 1.
    """


def check_choice(name: str, value: object, choices: Iterable[object]) -> None:
    """Raises an InputError that lists the choices if an argument is none of them."""
    choices = list(choices)
    if value not in choices:
        raise InputError(f"`{name}` must be one of {', '.join(map(str, choices))}. Received: {value}")


def check_positive(**numbers: float) -> None:
    """Raises an InputError that names the first number that is not positive; an integer must be at least 1."""
    for name, number in numbers.items():
        if not number > 0:
            bound = "at least 1" if isinstance(number, int) else "positive"
            raise InputError(f"`{name}` must be {bound}. Received: {number}")
