"""The presets: methods times datasets."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from tf_infomax.errors import InputError
from tf_infomax.presets.datasets import DATASETS, Dataset
from tf_infomax.presets.methods import METHODS, Method
from tf_infomax.presets.preset import OBJECTIVE_SETTINGS, GANPreset
from tf_infomax.presets.published import LIBRARY, NUMBERS, PAPER, PublishedNumber

P = TypeVar("P")


def _pairs() -> Iterator[tuple[str, str]]:
    for dataset_name, dataset in DATASETS.items():
        for method_name, method in METHODS.items():
            if _belong_together(method, dataset):
                yield method_name, dataset_name


def _belong_together(method: Method, dataset: Dataset) -> bool:
    if dataset.cpu_sized:
        return True
    if method.conditional and dataset.num_classes is None:
        return False
    architectures = {part.settings.get("architecture", "resnet") for part in (method, dataset)}
    return len(architectures) == 1


def _preset(name: str, method: Method, dataset_name: str) -> GANPreset:
    dataset = DATASETS[dataset_name]
    settings: dict[str, Any] = {**dataset.settings, **method.settings}
    if dataset.cpu_sized:
        settings |= method.cpu_settings
    settings |= method.dataset_settings.get(dataset_name, {})
    if method.conditional:
        settings["num_classes"] = dataset.num_classes
    numbers = [number for number in NUMBERS if number.preset == name and not number.overrides]
    published = {number.metric: number.value for number in numbers}
    return GANPreset(**settings, published=published, source=_source(method, dataset, numbers))


def _source(method: Method, dataset: Dataset, numbers: list[PublishedNumber]) -> str:
    if numbers:
        return numbers[0].table
    if dataset.cpu_sized:
        return f"CPU-sized; {method.paper}; no published counterpart"
    return f"{method.paper}, with the settings of {PAPER} and {LIBRARY}; no published number"


PAIRS: Mapping[str, tuple[str, str]] = {f"{method}-{dataset}": (method, dataset) for method, dataset in _pairs()}
"""Names of the method and of the dataset of every preset."""

PRESETS: Mapping[str, GANPreset] = {
    name: _preset(name, METHODS[method], dataset) for name, (method, dataset) in PAIRS.items()
}
"""The presets by name, `METHOD-DATASET`, dataset by dataset."""


def preset_named(name: str) -> GANPreset:
    """Returns the preset called `name`.

    Raises:
        InputError: There is none; the message lists them, those with a similar name first.
    """
    return preset_among(name, PRESETS)


def preset_among(name: str, presets: Mapping[str, P]) -> P:
    """Returns one of `presets`; raises an InputError that lists them, those with a similar name first."""
    if name not in presets:
        close = difflib.get_close_matches(name, presets)
        hint = f"did you mean {' or '.join(close)}? The" if close else "the"
        raise InputError(f"There is no preset {name!r}: {hint} presets are {', '.join(presets)}.")
    return presets[name]


def check_overrides(name: str, changed: GANPreset) -> None:
    """Checks that what differs from a preset has an effect.

    Raises:
        InputError: A changed setting belongs to an objective that is not trained.
    """
    refuse_idle_overrides(name, preset_named(name), changed, changed.objectives, OBJECTIVE_SETTINGS)


def refuse_idle_overrides(
    name: str, preset: object, changed: object, objectives: Sequence[str], settings_of: Mapping[Any, Sequence[str]]
) -> None:
    """Raises an InputError if a setting differs between two presets that only objectives which are not trained read."""
    for objective, settings in settings_of.items():
        changes = [setting for setting in settings if getattr(changed, setting) != getattr(preset, setting)]
        if changes and objective not in objectives:
            raise InputError(
                f"`{changes[0]}` is a setting of the objective {objective}, which is not among those of {name}: "
                f"{', '.join(objectives) or 'none'}."
            )


def published_variants(name: str) -> tuple[PublishedNumber, ...]:
    """Returns the published numbers of a preset with other settings than its own, none for most presets."""
    return tuple(number for number in NUMBERS if number.preset == name and number.overrides)
