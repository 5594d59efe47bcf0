"""Published and CPU-sized training recipes: a method on a dataset gives a preset, and a preset a model."""

from tf_infomax.presets.data import CroppedData, Data, EncoderData, GANData
from tf_infomax.presets.datasets import DATASETS, Dataset, Recipe
from tf_infomax.presets.encoder_numbers import ENCODER_PROTOCOL
from tf_infomax.presets.game import AdversarialGame, EncoderGame, GameOfThree
from tf_infomax.presets.method import Method
from tf_infomax.presets.methods import METHODS
from tf_infomax.presets.optimization import GANOptimization, Optimization, Precision
from tf_infomax.presets.preset import Preset
from tf_infomax.presets.published import PROTOCOL, PublishedNumber
from tf_infomax.presets.schedule import Schedule
from tf_infomax.presets.settings import Settings, named, settings
from tf_infomax.presets.table import (
    NUMBERS,
    PRESETS,
    check_preset_name,
    preset_named,
    published_numbers,
    published_variants,
)

__all__ = [
    "DATASETS",
    "ENCODER_PROTOCOL",
    "METHODS",
    "NUMBERS",
    "PRESETS",
    "PROTOCOL",
    "AdversarialGame",
    "CroppedData",
    "Data",
    "EncoderData",
    "Dataset",
    "EncoderGame",
    "GANData",
    "GANOptimization",
    "GameOfThree",
    "Method",
    "Optimization",
    "Precision",
    "Preset",
    "PublishedNumber",
    "Recipe",
    "Schedule",
    "Settings",
    "check_preset_name",
    "named",
    "preset_named",
    "published_numbers",
    "published_variants",
    "settings",
]
