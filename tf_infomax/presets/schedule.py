"""The schedule of a preset: steps and batch size."""

from dataclasses import dataclass

from tf_infomax.errors import InputError, check_positive


@dataclass(frozen=True)
class Schedule:
    """Steps and batches."""

    steps: int = 100_000
    """Training steps; a GAN's are generator updates."""
    batch_size: int = 64
    """Images in one update, over all replicas."""

    def __post_init__(self) -> None:
        check_positive(batch_size=self.batch_size)
        if self.steps < 0:
            raise InputError(f"`steps` must not be negative. Received: {self.steps}")
