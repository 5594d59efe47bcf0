"""The settings of one recipe of Deep InfoMax."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal, get_args

import tyro

from tf_infomax.errors import InputError, check_choice
from tf_infomax.losses.mutual_information import Estimator
from tf_infomax.objectives.encoder_infomax import Head
from tf_infomax.presets.preset import Precision, Switch, settings_of

EncoderName = Literal["dcgan", "alexnet", "strided_crops"]
EncoderObjectiveName = Literal[
    "local_infomax",
    "global_infomax",
    "prior_matching",
    "absolute_coordinates",
    "relative_coordinates",
    "classification",
]

ENCODER_OBJECTIVE_SETTINGS: Mapping[EncoderObjectiveName, tuple[str, ...]] = {
    "local_infomax": ("local_weight", "local_head", "local_head_units"),
    "global_infomax": ("global_weight", "global_head", "global_head_units"),
    "prior_matching": ("prior_weight",),
}
"""Fields that only one objective reads."""

_POSITIVE = (
    *("batch_size", "image_size", "source_size", "num_channels", "num_classes", "base_channels", "output_dim"),
    *("learning_rate", "local_weight", "global_weight", "prior_weight", "coordinate_weight"),
)
_POSITIVE_OR_NONE = ("source_size", "num_classes", "fc_units", "local_head_units", "global_head_units", "num_negatives")


@dataclass(frozen=True)
class EncoderPreset:
    """Everything that decides which encoder a run trains."""

    dataset: str
    """digits, stacked-digits, folder, or a name from TensorFlow Datasets."""
    split: str = "train"
    """Split that is trained on."""
    image_size: int = 32
    """Height and width that the encoder sees, in pixels."""
    source_size: int | None = None
    """Height and width of the images, of which training takes random crops; the encoder's if none."""
    num_channels: int = 3
    """1 for grey images, 3 for colour."""
    num_classes: int | None = None
    """Classes that the supervised encoder tells apart; none for a dataset without labels."""
    architecture: EncoderName = "dcgan"
    """The encoder: dcgan, alexnet, or strided_crops, which encodes overlapping crops."""
    base_channels: int = 64
    """Width of the first convolution; the others are in proportion."""
    fc_units: int | None = None
    """Units of the fully connected layers; the published ones if none."""
    output_dim: int = 64
    """Size of the output (Y)."""
    objectives: tuple[EncoderObjectiveName, ...] = ("local_infomax", "prior_matching")
    """What the encoder is trained with; none of them leaves it untrained."""
    estimator: Estimator = "infonce"
    """How information is estimated: dv (Donsker-Varadhan), jsd (Jensen-Shannon) or infonce."""
    num_negatives: int | None = None
    """Other images that each image is compared with; all in the batch if none."""
    local_weight: float = 1.0
    """Local information: weight (beta)."""
    local_head: Head = "encode_and_dot"
    """Local information: what scores pairs."""
    local_head_units: int | None = None
    """Local information: width of what scores pairs; the published one if none."""
    global_weight: float = 1.0
    """Global information: weight (alpha)."""
    global_head: Head = "concat_and_convolve"
    """Global information: what scores pairs."""
    global_head_units: int | None = None
    """Global information: width of what scores pairs; the published one if none."""
    prior_weight: float = 0.1
    """Prior matching: weight (gamma)."""
    coordinate_weight: float = 1.0
    """Coordinate prediction: weight of each of the two."""
    occlusion: int = 0
    """Pixels of a block that stays visible, and of one that is hidden, where globals come from; 0 for whole images."""
    block_size: int = 0
    """strided_crops: side of the block of locations that a global comes from; 0 for all of them."""
    num_globals: int = 1
    """strided_crops: blocks of an image."""
    random_flip: Switch = False
    """Mirror half of the images in training."""
    steps: int = 100_000
    """Training steps."""
    batch_size: int = 64
    """Images in one step, over all replicas."""
    learning_rate: float = 1e-4
    """Adam's learning rate, of the encoder and of the discriminator of the prior."""
    precision: Precision = "float32"
    """Dtype policy of the networks; losses and normalisation stay float32."""
    jit_compile: Switch = False
    """Compile the training step with XLA; on one device only, and with other random numbers."""
    seed: int = 0
    """Seed of initial weights, data order and all draws."""
    source: Annotated[str, tyro.conf.Suppress] = ""
    """Where the row was published."""
    published: Annotated[Mapping[str, float], tyro.conf.Suppress] = field(default_factory=dict)
    """Published numbers by metric."""

    def __post_init__(self) -> None:
        for name in {*_POSITIVE, *_POSITIVE_OR_NONE}:
            value = getattr(self, name)
            if value is None and name in _POSITIVE_OR_NONE:
                continue
            if value <= 0:
                raise InputError(f"`{name}` must be positive. Received: {value}")
        check_choice("precision", self.precision, get_args(Precision))
        for name in ("steps", "seed"):
            if getattr(self, name) < 0:
                raise InputError(f"`{name}` must not be negative. Received: {getattr(self, name)}")
        for objective in self.objectives:
            check_choice("objectives", objective, get_args(EncoderObjectiveName))
        if self.source_size is not None and self.source_size < self.image_size:
            raise InputError(
                f"`source_size` must be at least `image_size` = {self.image_size}. Received: {self.source_size}"
            )
        if self.num_negatives is not None and self.num_negatives >= self.batch_size:
            raise InputError(
                f"`num_negatives` must be below `batch_size` = {self.batch_size}. Received: {self.num_negatives}"
            )
        if "classification" in self.objectives and self.num_classes is None:
            raise InputError("The objective classification needs `num_classes`. Received: none")
        if not self.objectives and self.steps:
            raise InputError(f"Without objectives there is nothing to train: `steps` must be 0. Received: {self.steps}")

    @property
    def loaded_size(self) -> int:
        """Height and width of the images as the dataset gives them."""
        return self.source_size or self.image_size

    @property
    def settings(self) -> dict[str, object]:
        """The fields that decide what is trained, ready for JSON."""
        return settings_of(self)
