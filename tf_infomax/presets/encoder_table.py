"""The presets of Deep InfoMax: methods times datasets."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tf_infomax.presets.encoder_preset import ENCODER_OBJECTIVE_SETTINGS, EncoderPreset
from tf_infomax.presets.encoder_published import DEEP_INFOMAX, ENCODER_NUMBERS
from tf_infomax.presets.published import PublishedNumber
from tf_infomax.presets.table import preset_among, refuse_idle_overrides

_COORDINATES = ("absolute_coordinates", "relative_coordinates")
_LOCAL = ("local_infomax", "prior_matching")

# Source: Deep InfoMax, section 4.2 and Tables 1, 4 and 5.
ENCODER_METHODS: Mapping[str, Mapping[str, Any]] = {
    "untrained": {"objectives": (), "steps": 0},
    "dim-g": {"objectives": ("global_infomax", "prior_matching"), "estimator": "jsd", "prior_weight": 1.0},
    "dim-l-dv": {"objectives": _LOCAL, "estimator": "dv"},
    "dim-l-jsd": {"objectives": _LOCAL, "estimator": "jsd"},
    "dim-l-infonce": {"objectives": _LOCAL},
    "dim-lg": {
        "objectives": ("local_infomax", "global_infomax", "prior_matching"),
        "estimator": "jsd",
        "local_weight": 0.1,
        "global_weight": 0.5,
    },
    "dim-coord": {"objectives": (*_LOCAL, *_COORDINATES)},
    "dim-occlude": {"objectives": _LOCAL, "occlusion": 10},
    "dim-coord-occlude": {"objectives": (*_LOCAL, *_COORDINATES), "occlusion": 10},
    "supervised": {"objectives": ("classification",)},
}
"""What a method sets; it comes after the dataset's settings."""


@dataclass(frozen=True)
class EncoderDataset:
    """What a dataset sets, whatever the method."""

    settings: Mapping[str, Any]
    """Fields of `EncoderPreset`."""
    published: bool = True
    """Whether the paper trains on it; otherwise it is small enough for two cores."""
    method_settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """What differs for single methods, by their names; it comes last."""


_TINY = {"image_size": 64, "architecture": "alexnet", "steps": 312_500}  # 200 epochs of 100,000 images
_CPU = {
    "image_size": 28,
    "base_channels": 32,
    "fc_units": 512,
    "local_head_units": 256,
    "global_head_units": 256,
    "learning_rate": 5e-4,
    "steps": 1000,
}

# Source: Deep InfoMax, Appendix A.2: 1,000 epochs for CIFAR, 200 for all others, batches of 64.
ENCODER_DATASETS: Mapping[str, EncoderDataset] = {
    "cifar10": EncoderDataset({"dataset": "cifar10", "num_classes": 10, "steps": 781_250}),
    "cifar100": EncoderDataset({"dataset": "cifar100", "num_classes": 100, "steps": 781_250}),
    "tiny-imagenet": EncoderDataset({**_TINY, "dataset": "folder", "num_classes": 200}),
    "stl10": EncoderDataset(
        {**_TINY, "dataset": "stl10", "split": "unlabelled", "source_size": 96, "random_flip": True},
        method_settings={"supervised": {"split": "train", "num_classes": 10, "steps": 15_625}},
    ),
    "digits": EncoderDataset({**_CPU, "dataset": "digits", "num_channels": 1, "num_classes": 10}, published=False),
    "stacked-digits": EncoderDataset({**_CPU, "dataset": "stacked-digits", "num_classes": 1000}, published=False),
}
"""The datasets by the names that presets have for them."""


def _preset(method: str, dataset: str) -> EncoderPreset:
    name, row = f"{method}-{dataset}", ENCODER_DATASETS[dataset]
    settings = {**row.settings, **ENCODER_METHODS[method], **row.method_settings.get(method, {})}
    numbers = [number for number in ENCODER_NUMBERS if number.preset == name and not number.overrides]
    published = {number.metric: number.value for number in numbers}
    if numbers:
        source = numbers[0].table
    else:
        source = f"{DEEP_INFOMAX}; no published number" if row.published else f"CPU-sized; {DEEP_INFOMAX}"
    return EncoderPreset(**settings, published=published, source=source)


ENCODER_PAIRS: Mapping[str, tuple[str, str]] = {
    f"{method}-{dataset}": (method, dataset) for dataset in ENCODER_DATASETS for method in ENCODER_METHODS
}
"""Names of the method and of the dataset of every preset."""

ENCODER_PRESETS: Mapping[str, EncoderPreset] = {name: _preset(*pair) for name, pair in ENCODER_PAIRS.items()}
"""The presets by name, `METHOD-DATASET`, dataset by dataset."""


def encoder_preset_named(name: str) -> EncoderPreset:
    """Returns the preset called `name`.

    Raises:
        InputError: There is none; the message lists them, those with a similar name first.
    """
    return preset_among(name, ENCODER_PRESETS)


def check_encoder_overrides(name: str, changed: EncoderPreset) -> None:
    """Checks that what differs from a preset has an effect.

    Raises:
        InputError: A changed setting belongs to an objective that is not trained.
    """
    refuse_idle_overrides(name, encoder_preset_named(name), changed, changed.objectives, ENCODER_OBJECTIVE_SETTINGS)


def published_encoder_variants(name: str) -> tuple[PublishedNumber, ...]:
    """Returns the published numbers of a preset with other settings than its own, none for most presets."""
    return tuple(number for number in ENCODER_NUMBERS if number.preset == name and number.overrides)
