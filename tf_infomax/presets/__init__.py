"""Published and CPU-sized training recipes: a method on a dataset gives a preset, and a preset a model."""

from tf_infomax.presets.build import build_gan, build_objectives
from tf_infomax.presets.datasets import DATASETS, Dataset
from tf_infomax.presets.encoder_build import build_deep_infomax
from tf_infomax.presets.encoder_preset import EncoderPreset
from tf_infomax.presets.encoder_published import ENCODER_NUMBERS, ENCODER_PROTOCOL
from tf_infomax.presets.encoder_table import (
    ENCODER_DATASETS,
    ENCODER_METHODS,
    ENCODER_PAIRS,
    ENCODER_PRESETS,
    check_encoder_overrides,
    encoder_preset_named,
    published_encoder_variants,
)
from tf_infomax.presets.methods import METHODS, Method
from tf_infomax.presets.preset import GANPreset, Precision, Preset
from tf_infomax.presets.published import NUMBERS, PROTOCOL, PublishedNumber
from tf_infomax.presets.table import PAIRS, PRESETS, check_overrides, preset_among, preset_named, published_variants

__all__ = [
    "DATASETS",
    "ENCODER_DATASETS",
    "ENCODER_METHODS",
    "ENCODER_NUMBERS",
    "ENCODER_PAIRS",
    "ENCODER_PRESETS",
    "ENCODER_PROTOCOL",
    "METHODS",
    "NUMBERS",
    "PAIRS",
    "PRESETS",
    "PROTOCOL",
    "Dataset",
    "EncoderPreset",
    "GANPreset",
    "Method",
    "Precision",
    "Preset",
    "PublishedNumber",
    "build_deep_infomax",
    "build_gan",
    "build_objectives",
    "check_encoder_overrides",
    "check_overrides",
    "encoder_preset_named",
    "preset_among",
    "preset_named",
    "published_encoder_variants",
    "published_variants",
]
