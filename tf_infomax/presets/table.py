"""The presets: methods times datasets."""

import dataclasses
import difflib
from collections.abc import Iterator, Mapping
from typing import Any

from tf_infomax.errors import InputError
from tf_infomax.presets.architectures import ARCHITECTURES
from tf_infomax.presets.datasets import DATASETS, Dataset
from tf_infomax.presets.encoder_numbers import ENCODER_NUMBERS
from tf_infomax.presets.game import GameOfThree
from tf_infomax.presets.kinds import KINDS
from tf_infomax.presets.method import Method
from tf_infomax.presets.methods import METHODS
from tf_infomax.presets.preset import Preset
from tf_infomax.presets.published import GAN_NUMBERS, PublishedNumber
from tf_infomax.presets.schedule import Schedule
from tf_infomax.presets.settings import named

NUMBERS: tuple[PublishedNumber, ...] = (*GAN_NUMBERS, *ENCODER_NUMBERS)
"""All published numbers."""

BASE_ARCHITECTURE = "resnet"


class PresetTable(Mapping[str, Preset]):
    """Presets by name, `METHOD-DATASET`, dataset by dataset; each is composed when it is looked up.

    Names, steps and published numbers need no classes, so that presets are listed and a misspelt name is answered
    before TensorFlow is imported.
    """

    @property
    def pairs(self) -> dict[str, tuple[str, str]]:
        """Method and dataset of every preset, by name."""
        return {
            f"{method_name}-{dataset_name}": (method_name, dataset_name)
            for dataset_name, dataset in DATASETS.items()
            for method_name in METHODS
            if _belong_together(method_name, dataset)
        }

    def __iter__(self) -> Iterator[str]:
        return iter(self.pairs)

    def __len__(self) -> int:
        return len(self.pairs)

    def __contains__(self, name: object) -> bool:
        return name in self.pairs

    def __getitem__(self, name: str) -> Preset:
        """Composes a preset; raises a KeyError if there is none of that name."""
        method_name, dataset_name = self.pairs[name]
        method, dataset = METHODS[method_name], DATASETS[dataset_name]
        networks = ARCHITECTURES[_architecture(method, dataset)]()
        preset = KINDS[method.kind](dataset.name, networks, named(method.objectives()))
        if method.game is not None:
            preset = dataclasses.replace(preset, game=GameOfThree(method.game()))
        numbers = published_numbers(name)
        source, published = _source(method, dataset, numbers), {number.metric: number.value for number in numbers}
        return preset.override(self.changes(name)).with_origin(source, published)

    def changes(self, name: str) -> dict[str, Any]:
        """Returns a preset's settings by name: the dataset's, then the method's, then those of the pair."""
        method_name, dataset_name = self.pairs[name]
        method, dataset = METHODS[method_name], DATASETS[dataset_name]
        recipe = dataset.recipes[method.kind]
        changes = {"num_classes": dataset.num_classes} if method.uses_classes else {}
        changes |= {"num_images": recipe.num_images} if method.uses_rows else {}
        changes |= {**recipe.changes, **method.changes}
        if recipe.cpu_sized:
            changes |= method.cpu_changes
        return changes | {**method.dataset_changes.get(dataset_name, {}), **recipe.method_changes.get(method_name, {})}

    def steps(self, name: str) -> int:
        """Returns the number of training steps of a preset."""
        return self.changes(name).get("steps", Schedule().steps)


PRESETS = PresetTable()
"""All presets."""


def _belong_together(name: str, dataset: Dataset) -> bool:
    method = METHODS[name]
    recipe = dataset.recipes.get(method.kind)
    if recipe is None or name in recipe.without or (method.needs_classes and dataset.num_classes is None):
        return False
    if recipe.cpu_sized or method.kind == "encoder":
        return True
    return (method.architecture or BASE_ARCHITECTURE) == recipe.architecture


def _architecture(method: Method, dataset: Dataset) -> str:
    recipe = dataset.recipes[method.kind]
    own = (recipe.cpu_sized and method.cpu_architecture) or method.architecture
    return own or recipe.architecture


def _source(method: Method, dataset: Dataset, numbers: tuple[PublishedNumber, ...]) -> str:
    if numbers:
        return numbers[0].table
    if dataset.recipes[method.kind].cpu_sized:
        return f"CPU-sized; {method.paper}; no published counterpart"
    return f"{method.paper}; no published number"


def published_numbers(name: str) -> tuple[PublishedNumber, ...]:
    """Returns the published numbers of an unchanged preset."""
    return tuple(number for number in NUMBERS if number.preset == name and not number.overrides)


def published_variants(name: str) -> tuple[PublishedNumber, ...]:
    """Returns the published numbers of a preset with overrides; most have none."""
    return tuple(number for number in NUMBERS if number.preset == name and number.overrides)


def check_preset_name(name: str) -> None:
    """Raises an InputError that lists the presets, similar names first, if there is none of that name."""
    if name not in PRESETS:
        close = difflib.get_close_matches(name, PRESETS)
        hint = f"did you mean {' or '.join(close)}? The" if close else "the"
        raise InputError(f"There is no preset {name!r}: {hint} presets are {', '.join(PRESETS)}.")


def preset_named(name: str) -> Preset:
    """Returns the preset called `name`.

    Raises:
        InputError: There is none; the message lists them, similar names first.
    """
    check_preset_name(name)
    return PRESETS[name]
