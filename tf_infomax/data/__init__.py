"""Images to train on and to measure against."""

from tf_infomax.data.digits import load_digits
from tf_infomax.data.gaussian_mixture import MIXTURES, GaussianMixture
from tf_infomax.data.image_source import ImageSource, image_source_from_arrays
from tf_infomax.data.part import balanced_part
from tf_infomax.data.pipeline import check_batch_size, training_dataset
from tf_infomax.data.sources import load_source

__all__ = [
    "MIXTURES",
    "GaussianMixture",
    "ImageSource",
    "balanced_part",
    "check_batch_size",
    "image_source_from_arrays",
    "load_digits",
    "load_source",
    "training_dataset",
]
