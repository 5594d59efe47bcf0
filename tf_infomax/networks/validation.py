"""What networks are refused, in one sentence."""

from tf_infomax.errors import InputError


def check_positive(**sizes: int) -> None:
    """Raises an InputError that names the first size below 1."""
    for name, size in sizes.items():
        if size < 1:
            raise InputError(f"`{name}` must be at least 1. Received: {size}")


def checked_unit(unit: float) -> float:
    """Returns the unit of a network's coordinates; raises an InputError unless it is positive."""
    if not unit > 0:
        raise InputError(f"`unit` must be positive. Received: {unit}")
    return unit
