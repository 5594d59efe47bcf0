"""The settings of one training recipe."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Literal, Protocol, get_args

import tyro

from tf_infomax.errors import InputError, check_choice
from tf_infomax.losses.mutual_information import OwnLocations
from tf_infomax.networks.dcgan import KernelInit
from tf_infomax.networks.statistics import StatisticsArchitecture
from tf_infomax.objectives.infomax import Negatives

Architecture = Literal["resnet", "convolutional", "dcgan", "mlp"]
ObjectiveName = Literal["infomax", "rotation", "gradient_penalty", "contractive_penalty", "variational_entropy"]
AdversarialLossName = Literal["hinge", "non_saturating", "minimax", "wasserstein", "prior_matching"]
Decay = Literal["linear", "none"]
Precision = Literal["float32", "mixed_bfloat16"]

# Given with its value: what is True in one preset is False in another, and a command should not depend on it.
Switch = tyro.conf.FlagConversionOff[bool]

OBJECTIVE_SETTINGS: Mapping[ObjectiveName, tuple[str, ...]] = {
    "infomax": (
        "projection_dim",
        "infomax_discriminator_weight",
        "infomax_generator_weight",
        "infomax_spectral_norm",
        "own_locations",
        "negatives",
        "local_layer",
        "global_layer",
        "location_fraction",
    ),
    "rotation": ("rotation_discriminator_weight", "rotation_generator_weight"),
    "gradient_penalty": ("gradient_penalty_weight", "gradient_penalty_target"),
    "contractive_penalty": ("contractive_penalty_weight",),
    "variational_entropy": (
        "variational_entropy_weight",
        "variational_entropy_clipping",
        "statistics_network",
    ),
}
"""Fields that only one objective reads."""

_POSITIVE = (
    *("steps", "batch_size", "discriminator_steps", "num_channels", "latent_dim", "projection_dim"),
    *("learning_rate", "unit", "gradient_penalty_target", "separation"),
)
_POSITIVE_OR_NONE = (
    *("image_size", "generator_channels", "discriminator_channels", "num_classes"),
    "discriminator_learning_rate",
)


class Preset(Protocol):
    """What presets of GANs and of encoders have in common."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def dataset(self) -> str:
        """Name of the dataset."""

    @property
    def objectives(self) -> tuple[str, ...]:
        """Names of the objectives."""

    @property
    def steps(self) -> int:
        """Steps of training."""

    @property
    def batch_size(self) -> int:
        """Samples in one update, over all replicas."""

    @property
    def seed(self) -> int:
        """Seed of the run."""

    @property
    def source(self) -> str:
        """Where it was published."""

    @property
    def published(self) -> Mapping[str, float]:
        """Published numbers by metric."""

    @property
    def settings(self) -> dict[str, object]:
        """The fields that decide what is trained, ready for JSON."""


def settings_of(preset: Preset) -> dict[str, object]:
    """Returns the fields of a preset that decide what is trained, ready for JSON: all but what was published."""
    values = dataclasses.asdict(preset)
    for name in ("source", "published"):
        values.pop(name)
    values["objectives"] = list(preset.objectives)
    return values


@dataclass(frozen=True)
class GANPreset:
    """Everything that decides which GAN a run trains."""

    dataset: str
    """digits, stacked-digits, stacked-mnist, ring, grid, folder, or a name from TensorFlow Datasets."""
    split: str = "train"
    """Split that is trained on."""
    image_size: int | None = 32
    """Height and width in pixels; none for points."""
    num_channels: int = 3
    """1 for grey images, 3 for colour; of points, their dimensions."""
    num_classes: int | None = None
    """Classes that both networks are conditioned on; none for an unconditional GAN."""
    architecture: Architecture = "resnet"
    """Networks: residual, the plain convolutional pair of SNGAN, DCGAN, or mlp for points."""
    generator_channels: int | None = None
    """Base width of the generator, for mlp its hidden units; the published one if none."""
    discriminator_channels: int | None = None
    """Base width of the discriminator; the published one if none."""
    latent_dim: int = 128
    """Size of the latents (Z)."""
    spectral_norm: Switch = True
    """Spectral normalisation of the discriminator; DCGAN and mlp have none."""
    discriminator_batch_norm: Switch = True
    """DCGAN: batch normalisation in the discriminator, which a gradient penalty does not go with."""
    kernel_init: KernelInit = "dcgan"
    """DCGAN: initial kernels, dcgan for N(0, 0.02), or kaiming."""
    activate_shortcut: Switch = True
    """ResNet: the discriminator's shortcuts receive relu(x), as in the authors' code, or x as in the papers."""
    unit: float = 1.0
    """mlp: what coordinates are measured in inside of the networks, as large as the finest detail of the data."""
    data_range: float = 0.0
    """mlp: the largest coordinate of the data, over which the discriminator's first biases are spread."""
    objectives: tuple[ObjectiveName, ...] = ()
    """Auxiliary objectives beside the adversarial game."""
    projection_dim: int = 1024
    """InfoMax: size of the space in which features are compared (R)."""
    infomax_discriminator_weight: float = 0.2
    """InfoMax: weight in the discriminator's loss (beta)."""
    infomax_generator_weight: float = 0.2
    """InfoMax: weight in the generator's loss (alpha)."""
    infomax_spectral_norm: Switch = True
    """InfoMax: spectral normalisation of the projection heads."""
    own_locations: OwnLocations = "negatives"
    """InfoMax: role of an image's other locations: negatives (paper), masked (authors' code) or excluded."""
    negatives: Negatives = "global"
    """InfoMax: negatives from all replicas or from the replica's own batch."""
    local_layer: str = "local_features"
    """InfoMax: output of the discriminator that the local features are from: local_features, block0, block1, ..."""
    global_layer: str = "global_features"
    """InfoMax: output that the global features are from; at a map, every location is one (local-local)."""
    location_fraction: float = 1.0
    """InfoMax: fraction of a map's locations that are drawn and compared."""
    rotation_discriminator_weight: float = 1.0
    """Rotation: weight in the discriminator's loss."""
    rotation_generator_weight: float = 0.2
    """Rotation: weight in the generator's loss."""
    gradient_penalty_weight: float = 10.0
    """Gradient penalty: weight in the discriminator's loss (lambda)."""
    gradient_penalty_target: float = 1.0
    """Gradient penalty: norm that the gradients are to have (gamma)."""
    contractive_penalty_weight: float = 10.0
    """Contractive penalty: weight in the discriminator's loss (gamma)."""
    variational_entropy_weight: float = 0.1
    """Variational entropy: weight in the generator's loss (lambda)."""
    variational_entropy_clipping: Switch = True
    """Variational entropy: clip its gradient to the norm of the adversarial one."""
    statistics_network: StatisticsArchitecture | None = None
    """Variational entropy: network on samples and latents; if none, mlp for points and convolutional for images."""
    adversarial_loss: AdversarialLossName = "hinge"
    """The adversarial game; prior_matching for the one in which the discriminator encodes and matches priors."""
    separation: float = 2.0
    """prior_matching: distance of the two priors' means, in their standard deviations."""
    steps: int = 100_000
    """Generator steps."""
    batch_size: int = 64
    """Images in one update, over all replicas."""
    discriminator_steps: int = 5
    """Discriminator updates in a generator step (n_dis)."""
    learning_rate: float = 2e-4
    """Adam's learning rate for the generator."""
    discriminator_learning_rate: float | None = None
    """Adam's learning rate for the discriminator; the generator's if none."""
    beta_1: float = 0.0
    """Adam's decay of the first moment."""
    beta_2: float = 0.9
    """Adam's decay of the second moment."""
    decay: Decay = "linear"
    """Learning-rate decay: linear to zero at the last generator step, or none."""
    ema_decay: float = 0.0
    """Decay of the moving average of the generator's weights, which then draws the samples; 0 for none."""
    precision: Precision = "float32"
    """Dtype policy of the networks; losses and normalisation stay float32."""
    jit_compile: Switch = False
    """Compile the training step with XLA: seconds at the start, then faster for small networks. On one device only, and
    with other random numbers."""
    seed: int = 0
    """Seed of initial weights, data order and latents."""
    source: Annotated[str, tyro.conf.Suppress] = ""
    """Where the row was published."""
    published: Annotated[Mapping[str, float], tyro.conf.Suppress] = field(default_factory=dict)
    """Published numbers by metric."""

    def __post_init__(self) -> None:
        for name in (*_POSITIVE, *_POSITIVE_OR_NONE):
            self._check_positive(name, optional=name in _POSITIVE_OR_NONE)
        for name in ("beta_1", "beta_2"):
            if not 0 <= getattr(self, name) < 1:
                raise InputError(f"`{name}` must be at least 0 and below 1. Received: {getattr(self, name)}")
        if self.seed < 0:
            raise InputError(f"`seed` must not be negative. Received: {self.seed}")
        for name, choices in (("architecture", Architecture), ("decay", Decay), ("precision", Precision)):
            check_choice(name, getattr(self, name), get_args(choices))
        for objective in self.objectives:
            check_choice("objectives", objective, get_args(ObjectiveName))
        if self.adversarial_loss != "prior_matching" and self.separation != 2.0:
            raise InputError(
                f"`separation` is a setting of the adversarial loss prior_matching, not of {self.adversarial_loss}. "
                f"Received: {self.separation}"
            )
        self._check_architecture()

    @property
    def settings(self) -> dict[str, object]:
        """The fields that decide what is trained, ready for JSON."""
        return settings_of(self)

    def _check_positive(self, name: str, *, optional: bool) -> None:
        value = getattr(self, name)
        if value is None and optional:
            return
        if value <= 0:
            bound = "positive" if name.endswith(("rate", "unit", "target", "separation")) else "at least 1"
            raise InputError(f"`{name}` must be {bound}. Received: {value}")

    def _check_architecture(self) -> None:
        """Refuses what the networks do not have."""
        points = self.architecture == "mlp"
        if points != (self.image_size is None):
            raise InputError(f"`image_size` must be none exactly for the architecture mlp. Received: {self.image_size}")
        if self.architecture in ("dcgan", "mlp"):
            self._refuse("num_classes", None)
            self._refuse("spectral_norm", False)
        if self.architecture != "dcgan":
            self._refuse("discriminator_batch_norm", True)
            self._refuse("kernel_init", "dcgan")
        if not points:
            self._refuse("unit", 1.0)
            self._refuse("data_range", 0.0)
        if self.architecture != "resnet":
            self._refuse("activate_shortcut", True)

    def _refuse(self, name: str, only: object) -> None:
        """Raises an InputError unless a setting has the only value that there is for the architecture."""
        value = getattr(self, name)
        if value != only:
            shown = "none" if only is None else only
            raise InputError(f"`{name}` must be {shown} for the architecture {self.architecture}. Received: {value}")
