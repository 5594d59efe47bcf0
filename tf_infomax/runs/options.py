"""Options of runs: devices, files, records and measurements."""

from dataclasses import dataclass
from typing import Literal, get_args

import tyro

from tf_infomax.errors import InputError, check_choice, check_finite, check_positive

StrategyName = Literal["default", "mirrored", "workers", "tpu"]
LocalStrategyName = Literal["default", "mirrored"]
OnNaNName = Literal["stop", "skip"]
ProtocolName = Literal["standard", "quick", "paper", "mimicry"]
ModelName = Literal["last", "best"]
ResizeName = Literal["bilinear", "bilinear-tf1", "bicubic-antialias", "native"]
WeightsName = Literal["average", "raw"]
MeasureName = Literal["svm", "mlp", "msssim", "mine", "ndm", "neighbors", "finetune"]


@dataclass(frozen=True)
class RunOptions:
    """Devices, files and record intervals of a run."""

    strategy: StrategyName = "default"
    """Where to train: default, one device; mirrored, all GPUs of this machine, or logical CPU devices; workers, all
    processes that TF_CONFIG or Slurm name; tpu, all cores of a TPU."""
    replicas: int | None = None
    """Devices of this process; all if none."""
    data_dir: str | None = None
    """Folder of your images, or of TensorFlow Datasets; its default if none."""
    cache_dir: str | None = None
    """Folder of resized copies of large datasets; in the user's cache if none."""
    skip_unreadable: bool = False
    """Leave out images of a folder that cannot be read."""
    on_nan: OnNaNName = "stop"
    """What follows a step with numbers that are not finite: stop ends training, skip undoes the step and goes on."""
    log_every: int = 50
    """Training steps between points in TensorBoard."""
    checkpoint_seconds: float = 60.0
    """Longest time between checkpoints."""
    extend_to: int | None = None
    """Go on to this step, at the learning rates of a run that long. They hold from the end of the run's
    schedule on; up to there nothing changes."""
    from_preset: str | None = None
    """Start from the weights of a saved model: infomax-gan-digits, a folder, or hf://OWNER/NAME."""
    callbacks: tuple[str, ...] = ()
    """Your own Keras callbacks; functions that return some, each as MODULE:FUNCTION, such as my_tools:tracked."""
    overwrite: bool = False
    """First delete the run in the run directory."""

    def __post_init__(self) -> None:
        check_positive(log_every=self.log_every)
        check_finite(checkpoint_seconds=self.checkpoint_seconds)


@dataclass(frozen=True)
class FeatureOptions:
    """The network behind metrics of images."""

    features: str | None = None
    """Network behind metrics of images: digits, inception, inception:FOLDER, keras:NAME, or the path of a SavedModel or
    .keras file; that of the dataset if none."""
    feature_output: str | None = None
    """Output, or layer of a Keras network, to compare images by; pool_3, or the pooled features, if none."""
    logit_output: str | None = None
    """Output, or layer of a Keras network, with the logits of classes; logits, or the last layer, if none."""
    feature_name: str | None = None
    """Name of the network in records; that of its file if none."""
    resize: ResizeName | None = None
    """Resizing to the network's size; its own default if none, native for a network that takes images of any size."""
    force_features: bool = False
    """Use features that were not made for such images."""


@dataclass(frozen=True)
class GANRunOptions(FeatureOptions, RunOptions):
    """Options of a GAN's run, with samples and measurements during training."""

    # Seldom needed, so in Python alone: help is for reading at a glance.
    feature_name: tyro.conf.Suppress[str | None] = None
    logit_output: tyro.conf.Suppress[str | None] = None
    resize: tyro.conf.Suppress[ResizeName | None] = None

    log_norms: bool = False
    """Also write gradient norms and spectral norms to TensorBoard."""
    sample_every: int = 500
    """Generator steps between sample grids."""
    metrics_every: int = 500
    """Generator steps between measurements; 0 for none."""
    metrics: tuple[str, ...] | None = None
    """Metrics to measure, by their names or groups; a few if none."""
    keep_best: str | None = None
    """Metric, such as fid, by which the best model is kept as best.keras."""
    num_watched: int | None = None
    """Samples in a measurement; 2,000 images or 1,000 points, or as many as the data have, if none."""
    batch_statistics: bool = False
    """Measure samples normalised by their batch, as in training."""

    def __post_init__(self) -> None:
        super().__post_init__()
        check_positive(sample_every=self.sample_every)
        if self.metrics_every < 0:
            raise InputError(f"`metrics_every` must not be negative. Received: {self.metrics_every}")
        if self.metrics is not None and not self.metrics:
            raise InputError("`metrics` must name at least one metric. Received: none")
        if self.num_watched is not None and self.num_watched < 2:
            raise InputError(f"`num_watched` must be at least 2. Received: {self.num_watched}")


@dataclass(frozen=True)
class EvaluationOptions(FeatureOptions):
    """The protocol of an evaluation."""

    protocol: ProtocolName = "standard"
    """Numbers of samples and estimators. standard: 10,000 images, or 2,500 points, and all metrics. quick: 1,000 images
    and one seed. paper: that of InfoMax-GAN for published datasets. mimicry: that of its authors' library."""
    metrics: tuple[str, ...] | None = None
    """Metrics by name or group, such as fid, kid, is, prdc or modes; the protocol's if none."""
    num_real: int | None = None
    """Real samples to compare with; the protocol's number if none."""
    num_fake: int | None = None
    """Samples to generate; the protocol's number if none."""
    seeds: tuple[int, ...] | None = None
    """One measurement for each seed, with its own latents and real images; the protocol's if none."""
    split: str | None = None
    """Split of the real images; that of training if none."""
    model: ModelName = "last"
    """Model of a run: the finished one, or the best that --keep-best kept."""
    weights: WeightsName | None = None
    """Weights of the generator: their moving average, or the raw ones; the average where there is one if none."""
    batch_statistics: bool = False
    """Measure samples normalised by their batch, as in training, not by running averages."""
    data_dir: str | None = None
    """Folder of TensorFlow Datasets or of the images; the run's if none."""
    cache_dir: str | None = None
    """Folder of resized copies of datasets, and of features of real images; in the user's cache if none."""
    strategy: LocalStrategyName = "default"
    """Where to compute features: default, one device; mirrored, all devices of this machine."""
    replicas: int | None = None
    """Devices of the mirrored strategy; all if none."""

    def __post_init__(self) -> None:
        for name in ("num_real", "num_fake"):
            number = getattr(self, name)
            if number is not None and number < 2:
                raise InputError(f"`{name}` must be at least 2. Received: {number}")
        if self.seeds is not None and (not self.seeds or len(set(self.seeds)) < len(self.seeds)):
            raise InputError(f"`seeds` must be distinct, at least one. Received: {list(self.seeds)}")
        if min(self.seeds or (0,)) < 0:
            raise InputError(f"`seeds` must not be negative. Received: {list(self.seeds or ())}")


@dataclass(frozen=True)
class WalkOptions:
    """A walk through the latents."""

    interpolate: tuple[int, ...] | None = None
    """Seeds of a walk, two or more: from image i of one to image i of the next; no walk if none."""
    steps: int | None = None
    """Frames of a walk from a seed to the next, both of theirs included; 30 if none."""
    loop: bool = False
    """Let a walk go back to its first seed, so that it repeats without a jump."""

    def __post_init__(self) -> None:
        given = [*(["steps"] if self.steps is not None else []), *(["loop"] if self.loop else [])]
        if given and self.interpolate is None:
            raise InputError(f"`{given[0]}` is for a walk, which --interpolate asks for. Received: no --interpolate")


@dataclass(frozen=True)
class ProjectionOptions:
    """The search for the latents of an image."""

    features: str | None = None
    """Network whose features are compared: digits, inception, inception:FOLDER, keras:NAME, or the path of a SavedModel
    or .keras file; the run's discriminator, with all its maps, if none."""
    feature_output: str | None = None
    """Output, or layer of a Keras network, to compare images by; pool_3, or the pooled features, if none."""
    logit_output: tyro.conf.Suppress[str | None] = None
    classes: tuple[int, ...] | None = None
    """Classes to search in, for a conditional run; all if none."""
    restarts: int = 8
    """Latents that are moved together, of which the best one counts."""
    candidates: int | None = None
    """Random latents of which the nearest are the starts; 256, or one for each class, if none."""
    steps: int = 300
    """Steps of Adam."""
    learning_rate: float = 0.1
    """Rate of the first step; it falls to zero."""
    pixel_weight: float = 1.0
    """Weight of the squared difference of pixels in [-1, 1] beside that of features."""
    prior_weight: float = 0.01
    """Weight of a term that keeps the latents as long as random ones are."""
    seed: int = 0
    """Seed of the random latents."""
    weights: WeightsName | None = None
    """Weights of the generator: average, the moving average, or raw; average if none and there is one."""


@dataclass(frozen=True)
class ProbeOptions:
    """Probes and their protocol."""

    measures: tuple[MeasureName, ...] = ("svm", "mlp")
    """Probes to take. svm, mlp: accuracies of a linear machine and of a small network on each layer. msssim: similarity
    of decoded images. mine: information about the input. ndm: dependence between the output's numbers. neighbors: a
    picture of nearest neighbours. finetune (encoders only): accuracy after further training with part of the labels."""
    train_split: str = "train"
    """Split that probes learn from."""
    test_split: str = "test"
    """Split that probes are tested on."""
    num_train: int | None = None
    """Images to learn from, drawn by the seed; all if none."""
    num_test: int | None = None
    """Images to test on, drawn by the seed; all if none."""
    mlp_epochs: int = 50
    """Epochs of the small network; the accuracy is the mean of the last fifth."""
    estimator_steps: int = 2000
    """Steps of each of the three networks behind mine and ndm."""
    decoder_steps: int = 2000
    """Steps of the decoder behind msssim."""
    label_fraction: float = 0.1
    """Fraction of each class's labels that finetune uses."""
    finetune_epochs: int = 30
    """Epochs of finetune."""
    seed: int = 0
    """Seed of the images and of all draws of the probes."""
    data_dir: str | None = None
    """Folder of TensorFlow Datasets or of the images; the run's if none."""
    cache_dir: str | None = None
    """Folder of resized copies of large datasets; the run's if none."""

    def __post_init__(self) -> None:
        for measure in self.measures:
            check_choice("measures", measure, get_args(MeasureName))
        for name in ("mlp_epochs", "estimator_steps", "decoder_steps", "finetune_epochs"):
            if getattr(self, name) < 1:
                raise InputError(f"`{name}` must be at least 1. Received: {getattr(self, name)}")
        if not 0 < self.label_fraction <= 1:
            raise InputError(f"`label_fraction` must be above 0 and at most 1. Received: {self.label_fraction}")
        if not 0 <= self.seed < 2**32:
            raise InputError(f"`seed` must be from 0 to 4294967295. Received: {self.seed}")


@dataclass(frozen=True)
class NetworkOptions:
    """A network that is not a run's: its layers, and the images to probe it on."""

    layers: tuple[str, ...] = ()
    """Outputs or layers of a network from a file, from low to high."""
    dataset: str | None = None
    """Dataset for a network from a file: digits, folder, or one of TensorFlow Datasets."""
    image_size: int | None = None
    """Height and width of its images; those that the network takes if none."""
