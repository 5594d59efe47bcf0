"""Measures of representations: accuracy of classifiers, information kept, dependence."""

from tf_infomax.metrics.representation.dependence import neural_dependency
from tf_infomax.metrics.representation.estimate import Estimate
from tf_infomax.metrics.representation.fine_tuning import fine_tuned_accuracy, labelled_subset
from tf_infomax.metrics.representation.information import mutual_information_estimate
from tf_infomax.metrics.representation.probes import LabelledSplit, linear_svm_accuracy, mlp_accuracy
from tf_infomax.metrics.representation.reconstruction import ms_ssim, reconstruction_ms_ssim

__all__ = [
    "Estimate",
    "LabelledSplit",
    "fine_tuned_accuracy",
    "labelled_subset",
    "linear_svm_accuracy",
    "mlp_accuracy",
    "ms_ssim",
    "mutual_information_estimate",
    "neural_dependency",
    "reconstruction_ms_ssim",
]
