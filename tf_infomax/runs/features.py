"""The suite of metrics that a run's options choose."""

from typing import Any

from tf_infomax.data import ImageSource
from tf_infomax.metrics import Suite, suite_for
from tf_infomax.runs.options import FeatureOptions


def suite_of(source: ImageSource, options: FeatureOptions) -> Suite[Any, Any]:
    """Returns the suite that measures samples like those of a source by the chosen features.

    Raises:
        InputError: Features are given for points, are missing without a default, or cannot be loaded.
    """
    return suite_for(source, options.features)
