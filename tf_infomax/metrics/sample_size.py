"""Notes on numbers of images that are too small for what is measured."""

LEAST_SHARE = 0.99
"""Share of the modes that equally frequent draws must show on average."""


def rank_notes(num_real: int, num_fake: int, *, width: int) -> tuple[str, ...]:
    """Says where a covariance has less than full rank: that of N images has rank N - 1 at most.

    Args:
        num_real: Number of real images (N).
        num_fake: Number of generated images.
        width: Number of features (F) of an image.

    Returns:
        A sentence without a full stop for each kind of images that has too few.
    """
    kinds = {"real": num_real, "generated": num_fake}
    return tuple(
        f"the covariance of {count:,} {kind} images in {width:,} dimensions is not of full rank"
        for kind, count in kinds.items()
        if count <= width
    )


def mode_notes(num_images: int, num_modes: int) -> tuple[str, ...]:
    """Says where even a perfect generator would not show all modes.

    `K (1 - (1 - 1/K)^N)` of K equally frequent modes are shown by N images on average.

    Args:
        num_images: Number of generated images (N).
        num_modes: Number of modes (K).

    Returns:
        A sentence without a full stop if that is below 99% of the modes.
    """
    shown = expected_modes(num_images, num_modes)
    if shown >= LEAST_SHARE * num_modes:
        return ()
    return (f"{num_images:,} generated images cannot show all of {num_modes:,} modes (expected about {shown:,.0f})",)


def expected_modes(num_images: int, num_modes: int) -> float:
    """Returns the expected number of modes with at least one of N images that fall on K modes uniformly."""
    return num_modes * (1.0 - (1.0 - 1.0 / num_modes) ** num_images)
