"""Notes on numbers of images that are too small for what is measured."""


def sample_size_notes(num_real: int, num_fake: int, *, width: int, num_classes: int | None = None) -> list[str]:
    """Says where a metric depends on the number of images more than on their quality.

    The covariance of N images has rank N - 1 at most. N images of K equally frequent modes show `K (1 - (1 - 1/K)^N)`
    of them on average; a note follows where that is below 99% of K.

    Args:
        num_real: Number of real images (N).
        num_fake: Number of generated images.
        width: Number of features (F) of an image.
        num_classes: Number of modes of the data (K); None if they are not counted.

    Returns:
        A sentence without a full stop for each, none if there are enough images.

    >>> sample_size_notes(50_000, 500, width=192)
    []
    """
    kinds = {"real": num_real, "generated": num_fake}
    notes = [_rank_note(kind, count, width) for kind, count in kinds.items() if count <= width]
    if num_classes is not None and expected_modes(num_fake, num_classes) < 0.99 * num_classes:
        notes.append(_modes_note(num_fake, num_classes))
    return notes


def expected_modes(num_images: int, num_modes: int) -> float:
    """Returns the expected number of modes with at least one of N images that fall on K modes uniformly."""
    return num_modes * (1.0 - (1.0 - 1.0 / num_modes) ** num_images)


def _rank_note(kind: str, count: int, width: int) -> str:
    return f"the covariance of {count:,} {kind} images in {width:,} dimensions is not of full rank"


def _modes_note(num_images: int, num_modes: int) -> str:
    shown = expected_modes(num_images, num_modes)
    return f"{num_images:,} generated images cannot show all of {num_modes:,} modes (expected about {shown:,.0f})"
