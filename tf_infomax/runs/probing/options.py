"""What is measured of a run's features, and how."""

from dataclasses import dataclass
from typing import Literal, get_args

from tf_infomax.errors import InputError, check_choice

MeasureName = Literal["svm", "mlp", "msssim", "mine", "ndm", "neighbors", "finetune"]


@dataclass(frozen=True)
class ProbeOptions:
    """What is measured, and how."""

    measures: tuple[MeasureName, ...] = ("svm", "mlp")
    """svm, mlp: accuracies of a linear machine and of a small network on each layer. msssim: similarity of decoded
    images. mine: information about the input. ndm: dependence of the output's numbers. neighbors: a picture of nearest
    neighbours. finetune, of encoders only: accuracy of the encoder trained on with a part of the labels."""
    train_split: str = "train"
    """Split that probes learn from."""
    test_split: str = "test"
    """Split that they are tested on."""
    num_train: int | None = None
    """Images to learn from, drawn by the seed; all if none."""
    num_test: int | None = None
    """Images to test on, drawn by the seed; all if none."""
    mlp_epochs: int = 50
    """Epochs of the small network; the accuracy is the mean of the last fifth."""
    estimator_steps: int = 2000
    """Steps of the networks behind mine and ndm."""
    decoder_steps: int = 2000
    """Steps of the decoder behind msssim."""
    label_fraction: float = 0.1
    """Part of the labels that finetune uses, the same of every class."""
    finetune_epochs: int = 30
    """Epochs of finetune."""
    seed: int = 0
    """Decides the images, and all that the probes draw."""
    data_dir: str | None = None
    """Where TensorFlow Datasets keeps its files, or the folder of images; that of the run if none."""
    cache_dir: str | None = None
    """Where resized copies of datasets too large for memory are kept; that of the run if none."""

    def __post_init__(self) -> None:
        for measure in self.measures:
            check_choice("measures", measure, get_args(MeasureName))
        for name in ("mlp_epochs", "estimator_steps", "decoder_steps", "finetune_epochs"):
            if getattr(self, name) < 1:
                raise InputError(f"`{name}` must be at least 1. Received: {getattr(self, name)}")
        if not 0 < self.label_fraction <= 1:
            raise InputError(f"`label_fraction` must be above 0 and at most 1. Received: {self.label_fraction}")
