"""Published and CPU-sized training recipes: a method on a dataset gives a preset, and a preset a GAN."""

from tf_infomax.presets.build import build_gan, build_objectives
from tf_infomax.presets.datasets import DATASETS, Dataset
from tf_infomax.presets.methods import METHODS, Method
from tf_infomax.presets.preset import GANPreset, Precision
from tf_infomax.presets.published import NUMBERS, PROTOCOL, PublishedNumber
from tf_infomax.presets.table import PAIRS, PRESETS, check_overrides, preset_named, published_variants

__all__ = [
    "DATASETS",
    "METHODS",
    "NUMBERS",
    "PAIRS",
    "PRESETS",
    "PROTOCOL",
    "Dataset",
    "GANPreset",
    "Method",
    "Precision",
    "PublishedNumber",
    "build_gan",
    "build_objectives",
    "check_overrides",
    "preset_named",
    "published_variants",
]
