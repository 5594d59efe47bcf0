"""A row of the table of methods."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tf_infomax.presets.kinds import KindName
from tf_infomax.presets.settings import Settings

Parts = Callable[[], Sequence[Settings] | Mapping[str, Settings]]
"""Returns objectives, by given names or those of their constructors. It is called when a preset is looked up, so that
TensorFlow is imported only then."""


@dataclass(frozen=True)
class Method:
    """The settings of a method, on all datasets."""

    paper: str
    """Publication."""
    kind: KindName = "gan"
    """Kind of model."""
    objectives: Parts = tuple
    """Objectives."""
    changes: Mapping[str, Any] = field(default_factory=dict)
    """Settings by name; they take precedence over the dataset's."""
    game: Callable[[], Settings] | None = None
    """Game of three players, in place of a named one."""
    architecture: str | None = None
    """One of `ARCHITECTURES`; the dataset's if None."""
    cpu_architecture: str | None = None
    """Architecture on CPU-sized datasets, if another."""
    cpu_changes: Mapping[str, Any] = field(default_factory=dict)
    """Settings on CPU-sized datasets."""
    dataset_changes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Settings by dataset; they take precedence over all others."""
    needs_classes: bool = False
    """Whether it needs labels."""
    uses_classes: bool = False
    """Whether the number of classes is a setting."""
    uses_rows: bool = False
    """Whether it keeps something for each image, by the row numbers that take the place of labels."""
