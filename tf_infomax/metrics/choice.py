"""The choice of a suite, for points or images."""

from typing import Any

from tf_infomax.data import MIXTURES, ImageSource
from tf_infomax.errors import InputError
from tf_infomax.images import are_images
from tf_infomax.metrics.features import choices, feature_extractor
from tf_infomax.metrics.image_suite import ImageSuite
from tf_infomax.metrics.point_suite import POINTS, PointSuite
from tf_infomax.metrics.suite import Suite

DEFAULT_FEATURES: dict[str, str] = {
    **dict.fromkeys(("digits", "stacked-digits", "stacked-mnist"), "digits"),
    **dict.fromkeys(MIXTURES, POINTS),
}
"""Default features by dataset; you may add rows."""

FITTING_DATASETS: dict[str, tuple[str, ...]] = {"digits": ("digits", "stacked-digits", "stacked-mnist", "mnist")}
"""Datasets by features that were made for nothing else; you may add rows and datasets."""


def default_features(dataset: str) -> str | None:
    """Returns the default features of a dataset, None if it has none."""
    return DEFAULT_FEATURES.get(dataset)


def chosen_features(dataset: str, features: str | None) -> str:
    """Returns the features that were chosen, or the default ones of a dataset.

    Raises:
        InputError: None were chosen, and the dataset has none of its own.
    """
    chosen = features or default_features(dataset)
    if chosen is None:
        raise InputError(f"{dataset} needs a choice of features: --features with {choices()}.")
    return chosen


def suite_for(
    source: ImageSource,
    features: str | None = None,
    *,
    force: bool = False,
    name: str | None = None,
    resize: str | None = None,
    feature_output: str | None = None,
    logit_output: str | None = None,
) -> Suite[Any, Any]:
    """Returns the suite that measures samples like those of a source.

    Args:
        source: Points or images.
        features: See `feature_extractor`; the dataset's default if None. Points have none.
        force: Whether features may be used that were made for other images.
        name: See `feature_extractor`, as for the other options.
        resize: Row of `RESIZES`.
        feature_output: Output or layer of the activations.
        logit_output: That of the logits, or `"none"`.

    Raises:
        InputError: Features or options of theirs are given for points, features are missing without a default or do not
            fit the data, or they cannot be loaded.
    """
    options = {"name": name, "resize": resize, "feature_output": feature_output, "logit_output": logit_output}
    if not are_images(source.image_shape):
        _check_of_points(source, features, options)
        return PointSuite(mixture=MIXTURES.get(source.name))
    features = chosen_features(source.name, features)
    if not force and features != default_features(source.name):
        _check_fit(source, features)
    return ImageSuite(extractor=feature_extractor(features, **options))


def _check_of_points(source: ImageSource, features: str | None, options: dict[str, str | None]) -> None:
    given = [] if features in (None, POINTS) else [features]
    given += [f"{option} {value}" for option, value in options.items() if value is not None]
    if given:
        raise InputError(f"`features` are of images; {source.name} has points. Received: {given[0]}")


def _check_fit(source: ImageSource, features: str) -> None:
    fitting = FITTING_DATASETS.get(features)
    if fitting is not None and source.name not in fitting:
        raise InputError(
            f"The features {features} are for {', '.join(fitting)}; pass `force_features` (--force-features) to use "
            f"them all the same. Received: {source.name}"
        )
