"""Options of benchmarks."""

from dataclasses import dataclass
from pathlib import Path

from tf_infomax.errors import InputError, check_positive


@dataclass(frozen=True)
class BenchmarkOptions:
    """Options of timing training steps."""

    steps: int = 5
    """Timed steps of each preset; the median counts."""
    warm_up: int = 1
    """Steps before them that do not count, after the first one, which compiles."""
    jit: bool | None = None
    """Whether XLA compiles the step; as in the preset if none."""

    def __post_init__(self) -> None:
        if self.steps < 1:
            raise InputError(f"`steps` must be at least 1. Received: {self.steps}")
        if self.warm_up < 0:
            raise InputError(f"`warm_up` must not be negative. Received: {self.warm_up}")

    @property
    def all_steps(self) -> int:
        """Steps of each preset: the one that compiles, the warm-up and the timed ones."""
        return 1 + self.warm_up + self.steps


@dataclass(frozen=True)
class InputOptions:
    """Options of timing the input pipeline."""

    rounds: int = 5
    """Timed rounds of the input pipeline; the median counts."""
    round_seconds: float = 1.0
    """Shortest duration of a round, and of the warm-up before them."""
    data_dir: str | None = None
    """Where TensorFlow Datasets keeps its files; its own default if none."""
    cache_dir: str | None = None
    """Where resized copies of datasets too large for memory are kept; tf-infomax in the user's cache if none."""

    def __post_init__(self) -> None:
        check_positive(rounds=self.rounds, round_seconds=self.round_seconds)


@dataclass(frozen=True)
class ServingOptions:
    """Options of timing an export."""

    batch_sizes: tuple[int, ...] = (1, 8, 64)
    """Images in one request."""
    onnx: Path | None = None
    """The same generator exported with --format onnx, to be timed, too; left out if none."""
    serving_rounds: int = 5
    """Rounds; the ways to call the model take turns in each."""
    serving_round_seconds: float = 0.5
    """Shortest time of one way and size in a round."""

    def __post_init__(self) -> None:
        if not self.batch_sizes or min(self.batch_sizes) < 1:
            raise InputError(f"`batch_sizes` must be at least 1, and some. Received: {list(self.batch_sizes)}")
        check_positive(serving_rounds=self.serving_rounds, serving_round_seconds=self.serving_round_seconds)
