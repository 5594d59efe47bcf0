"""A row of the table of methods."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tf_infomax.presets.kinds import KindName
from tf_infomax.presets.settings import Settings

Parts = Callable[[], Sequence[Settings] | Mapping[str, Settings]]
"""Returns objectives, under names of their own or those that their constructors have. Called when a preset is looked
up: only then are the classes, and TensorFlow, imported."""


@dataclass(frozen=True)
class Method:
    """What a method sets, whatever it is trained on."""

    paper: str
    """Who published it."""
    kind: KindName = "gan"
    """What it trains."""
    objectives: Parts = tuple
    """The objectives."""
    changes: Mapping[str, Any] = field(default_factory=dict)
    """Settings by name; they come after the dataset's."""
    game: Callable[[], Settings] | None = None
    """A game of three players, in place of a named one."""
    architecture: str | None = None
    """One of `ARCHITECTURES`; that of the dataset if none."""
    cpu_architecture: str | None = None
    """The one on datasets that are CPU-sized, where it differs."""
    cpu_changes: Mapping[str, Any] = field(default_factory=dict)
    """What differs on such datasets."""
    dataset_changes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """What differs on single datasets, by their names; it comes last."""
    needs_classes: bool = False
    """Whether it is trained on datasets with labels alone."""
    uses_classes: bool = False
    """Whether the number of classes is a setting of its own."""
