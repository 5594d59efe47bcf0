"""The suite of metrics that a run's options ask for."""

from typing import Any

from tf_infomax.data import ImageSource
from tf_infomax.metrics import Suite, suite_for
from tf_infomax.runs.options import FeatureOptions


def suite_of(source: ImageSource, options: FeatureOptions) -> Suite[Any, Any]:
    """Returns the suite that measures samples like those of a source, with the features of the options.

    Raises:
        InputError: The features do not apply to the source, or cannot be loaded.
    """
    return suite_for(
        source,
        options.features,
        force=options.force_features,
        name=options.feature_name,
        resize=options.resize,
        feature_output=options.feature_output,
        logit_output=options.logit_output,
    )
