"""Checks that several datasets share."""

from tf_infomax.errors import InputError


def check_image_size(image_size: int) -> None:
    """Raises InputError for an image without pixels."""
    if image_size < 1:
        raise InputError(f"The image size must be at least 1 pixel. Received: {image_size}")


def check_num_channels(name: str, expected: int, *, received: int | None) -> None:
    """Raises InputError where channels are asked for (not None) that the dataset does not have."""
    if received not in (None, expected):
        raise InputError(f"`num_channels` must be {expected} for {name}. Received: {received}")
