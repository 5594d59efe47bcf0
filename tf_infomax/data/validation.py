"""Checks shared by several datasets."""

from tf_infomax.errors import InputError


def check_num_channels(name: str, expected: int, *, received: int | None) -> None:
    """Raises an InputError if the received number of channels is neither None nor the expected one."""
    if received not in (None, expected):
        raise InputError(f"`num_channels` must be {expected} for {name}. Received: {received}")
