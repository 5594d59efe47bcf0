"""The result of comparing a SavedModel with the model it came from."""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from tf_infomax.errors import InputError
from tf_infomax.serving.archive import max_rows_of
from tf_infomax.types import Array


class Verification(NamedTuple):
    """The result of `verify_generator_export` or `verify_encoder_export`."""

    signatures: dict[str, str]
    """Each signature as text: inputs -> outputs with dtypes and shapes."""
    largest_difference: float
    """Between SavedModel and model: in grey levels for images, in their own unit for points, relative to the largest of
    their kind for features."""
    tolerance: float
    """The largest difference that passes: one grey level, or the rounding of float32."""
    text: str
    """One line for people."""

    @property
    def passed(self) -> bool:
        """Whether both are equal within the tolerance."""
        return self.largest_difference <= self.tolerance


POINT_TOLERANCE = 1e-4


def samples_verification(
    signatures: dict[str, str], difference: float, *, num_samples: int, images: bool
) -> Verification:
    """Returns the result for samples: images are equal up to a grey level, points up to rounding."""
    if images:
        text = f"{num_samples} images: at most {difference:.0f} grey levels from the generator"
        return Verification(signatures, difference, 1, text)
    text = f"{num_samples} points: at most {difference:.1e} from the generator's"
    return Verification(signatures, difference, POINT_TOLERANCE, text)


def largest_difference(served: Array, expected: Array) -> float:
    """Returns the largest absolute difference of two arrays.

    Raises:
        InputError: They have different shapes or dtypes.
    """
    if served.shape != expected.shape or served.dtype != expected.dtype:
        wanted = f"{expected.shape} {expected.dtype}"
        raise InputError(f"`served` must be {wanted}. Received: {served.shape} {served.dtype}")
    return float(np.max(np.abs(served.astype(np.float64) - expected.astype(np.float64))))


def check_num_images(saved_model: Path | str, num_images: int) -> None:
    """Raises an InputError unless a SavedModel takes so many images in one request."""
    limit = max_rows_of(saved_model)
    if num_images < 1 or (limit is not None and num_images > limit):
        bounds = "at least 1" if limit is None else f"from 1 to {limit}, the limit of this export"
        raise InputError(f"`num_images` must be {bounds}. Received: {num_images}")
