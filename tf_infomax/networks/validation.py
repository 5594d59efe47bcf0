"""What networks are refused, in one sentence."""

from tf_infomax.errors import InputError


def check_positive(**sizes: int) -> None:
    """Raises an InputError that names the first size below 1."""
    for name, size in sizes.items():
        if size < 1:
            raise InputError(f"`{name}` must be at least 1. Received: {size}")
