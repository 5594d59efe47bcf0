"""The choice of a suite, for points or images."""

from typing import Any

from tf_infomax.data import MIXTURES, ImageSource
from tf_infomax.errors import InputError
from tf_infomax.images import are_images
from tf_infomax.metrics.features import feature_extractor
from tf_infomax.metrics.image_suite import ImageSuite
from tf_infomax.metrics.point_suite import POINTS, PointSuite
from tf_infomax.metrics.suite import Suite

DEFAULT_FEATURES: dict[str, str] = {
    **dict.fromkeys(("digits", "stacked-digits", "stacked-mnist"), "digits"),
    **dict.fromkeys(MIXTURES, POINTS),
}
"""Default features by dataset; you may add rows."""


def default_features(dataset: str) -> str | None:
    """Returns the default features of a dataset, None if it has none."""
    return DEFAULT_FEATURES.get(dataset)


def suite_for(source: ImageSource, features: str | None = None) -> Suite[Any, Any]:
    """Returns the suite that measures samples like those of a source.

    Args:
        source: Points or images.
        features: See `feature_extractor`; the dataset's default if None. Points have none.

    Raises:
        InputError: Features are given for points, are missing without a default, or cannot be loaded.
    """
    if not are_images(source.image_shape):
        if features not in (None, POINTS):
            raise InputError(f"`features` are of images; {source.name} has points. Received: {features}")
        return PointSuite(mixture=MIXTURES.get(source.name))
    features = features or default_features(source.name)
    if features is None:
        raise InputError(
            f"{source.name} needs a choice of features: --features inception, or --features with the folder of a local "
            "copy of its SavedModel."
        )
    return ImageSuite(extractor=feature_extractor(features))
