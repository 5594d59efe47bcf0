"""The choice of a suite: the one place that tells points from images."""

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
"""The features that datasets are measured with unless a choice is made; a row of your own may be added."""


def default_features(dataset: str) -> str | None:
    """Returns the features that a dataset is measured with unless a choice is made, None if one must be made."""
    return DEFAULT_FEATURES.get(dataset)


def suite_for(source: ImageSource, features: str | None = None) -> Suite[Any, Any]:
    """Returns the suite that measures samples like those of a source.

    Args:
        source: Points or images.
        features: As for `feature_extractor`; those of the dataset if None. Points have none.

    Raises:
        InputError: Features are chosen for points, or must be chosen and are not, or cannot be loaded.
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
