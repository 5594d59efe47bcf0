"""Numbers and other values of records, written for people."""

import math
from collections.abc import Mapping
from typing import Any

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_MOST_DECIMALS = 6
_NOT_FINITE = {math.inf: "∞", -math.inf: "−∞"}


def number(value: float, *, digits: int = 4) -> str:
    """Writes a number with so many significant digits; whole numbers in full, tiny ones with a power of ten."""
    if not math.isfinite(value):
        return _NOT_FINITE.get(value, "undefined")
    if value == int(value):
        return _with_minus(f"{value:,.0f}")
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    decimals = digits - 1 - int(exponent)
    if decimals > _MOST_DECIMALS + digits - 2:
        return _with_minus(f"{mantissa} × 10{str(int(exponent)).translate(_SUPERSCRIPTS)}")
    return _with_minus(f"{value:,.{max(0, decimals)}f}")


def number_and_deviation(value: float, deviation: float | None) -> tuple[str, str]:
    """Writes a value as precisely as its deviation, of which two digits are significant; "" where there is none."""
    if deviation is None:
        return number(value), ""
    if not math.isfinite(value) or not math.isfinite(deviation) or deviation <= 0:
        return number(value), number(deviation)
    decimals = max(0, 1 - int(f"{deviation:.1e}".split("e")[1]))
    if decimals > _MOST_DECIMALS:
        return number(value), number(deviation, digits=2)
    return _with_minus(f"{value:,.{decimals}f}"), f"{deviation:,.{decimals}f}"


def text(value: Any) -> str:
    """Writes a value of a record: a number, a list, a mapping, or text as it is."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return number(value)
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_plain(inner)}" for name, inner in value.items() if inner is not None)
    if isinstance(value, list | tuple):
        return ", ".join(map(_plain, value))
    return str(value)


def _plain(value: Any) -> str:
    """Writes a part of a list: a comma within a number would look like the next part."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else text(value)


def _with_minus(written: str) -> str:
    return written.replace("-", "−")
