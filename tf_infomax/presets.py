"""Published and CPU-sized training recipes: one frozen dataclass a row, and the GAN that it describes."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

import keras
import tyro

from tf_infomax.errors import InputError
from tf_infomax.losses.mutual_information import OwnLocations
from tf_infomax.models.gan import GAN
from tf_infomax.networks import (
    ConvolutionalDiscriminator,
    ConvolutionalGenerator,
    ResNetDiscriminator,
    ResNetGenerator,
)
from tf_infomax.objectives import AuxiliaryObjective, InfoMax
from tf_infomax.objectives.infomax import Negatives
from tf_infomax.schedules import LinearDecay

Architecture = Literal["resnet", "convolutional"]
ObjectiveName = Literal["infomax"]
Precision = Literal["float32", "mixed_bfloat16"]


@dataclass(frozen=True)
class GANPreset:
    """Everything that decides which GAN a run trains."""

    dataset: str
    """digits, stacked-digits, or a name from TensorFlow Datasets."""
    split: str = "train"
    """Split that is trained on."""
    image_size: int = 32
    """Height and width in pixels."""
    num_channels: int = 3
    """1 for grey images, 3 for colour."""
    architecture: Architecture = "resnet"
    """Networks: residual, or the plain convolutional pair of SNGAN."""
    generator_channels: int = 256
    """Base width of the generator."""
    discriminator_channels: int = 128
    """Base width of the discriminator."""
    latent_dim: int = 128
    """Size of the latents (Z)."""
    objectives: tuple[ObjectiveName, ...] = ()
    """Auxiliary objectives beside the adversarial game."""
    projection_dim: int = 1024
    """InfoMax: size of the space in which features are compared (R)."""
    infomax_discriminator_weight: float = 0.2
    """InfoMax: weight in the discriminator's loss (beta)."""
    infomax_generator_weight: float = 0.2
    """InfoMax: weight in the generator's loss (alpha)."""
    own_locations: OwnLocations = "negatives"
    """InfoMax: role of an image's other locations: negatives (paper), masked (authors' code) or excluded."""
    negatives: Negatives = "global"
    """InfoMax: negatives from all replicas or from the replica's own batch."""
    adversarial_loss: Literal["hinge", "non_saturating", "minimax", "wasserstein"] = "hinge"
    """The adversarial game."""
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
    decay: Literal["linear", "none"] = "linear"
    """Learning-rate decay: linear to zero at the last generator step, or none."""
    precision: Precision = "float32"
    """Dtype policy of the networks; losses and normalisation stay float32."""
    seed: int = 0
    """Seed of initial weights, data order and latents."""
    source: Annotated[str, tyro.conf.Suppress] = ""
    """Where the row was published."""
    published: Annotated[Mapping[str, float], tyro.conf.Suppress] = field(default_factory=dict)
    """Published numbers by metric."""

    def __post_init__(self) -> None:
        for name in ("steps", "batch_size", "discriminator_steps", "num_channels"):
            if getattr(self, name) < 1:
                raise InputError(f"`{name}` must be at least 1. Received: {getattr(self, name)}")
        if self.learning_rate <= 0:
            raise InputError(f"`learning_rate` must be positive. Received: {self.learning_rate}")

    @property
    def settings(self) -> dict[str, object]:
        """The fields that decide what is trained, ready for JSON."""
        values = dataclasses.asdict(self)
        for name in ("source", "published"):
            values.pop(name)
        values["objectives"] = list(self.objectives)
        return values


_CIFAR10 = GANPreset(dataset="cifar10", source="Lee et al., WACV 2021, Table 1")
_STACKED_DIGITS = GANPreset(
    dataset="stacked-digits",
    image_size=28,
    architecture="convolutional",
    generator_channels=64,
    discriminator_channels=64,
    projection_dim=64,
    steps=5500,
    discriminator_steps=1,
    learning_rate=1e-3,
    beta_1=0.5,
    beta_2=0.999,
    source="CPU-sized; no published counterpart",
)

PRESETS: Mapping[str, GANPreset] = {
    "infomax-gan-stacked-digits": dataclasses.replace(_STACKED_DIGITS, objectives=("infomax",)),
    "sngan-stacked-digits": _STACKED_DIGITS,
    "infomax-gan-cifar10": dataclasses.replace(_CIFAR10, objectives=("infomax",), published={"fid": 17.14}),
    "sngan-cifar10": dataclasses.replace(_CIFAR10, published={"fid": 18.63}),
}

_NETWORKS = {
    "resnet": (ResNetGenerator, ResNetDiscriminator),
    "convolutional": (ConvolutionalGenerator, ConvolutionalDiscriminator),
}


def preset_named(name: str) -> GANPreset:
    """Returns the preset called `name`.

    Raises:
        InputError: There is none; the message lists them.
    """
    if name not in PRESETS:
        raise InputError(f"There is no preset {name!r}; the presets are {', '.join(PRESETS)}.")
    return PRESETS[name]


def build_gan(preset: GANPreset) -> GAN:
    """Builds and compiles the GAN of a preset; under a strategy, call it in the strategy's scope.

    It sets Keras' random seed, so that equal presets give equal initial weights.
    """
    keras.utils.set_random_seed(preset.seed)
    generator_class, discriminator_class = _NETWORKS[preset.architecture]
    generator = generator_class(
        preset.image_size,
        base_channels=preset.generator_channels,
        latent_dim=preset.latent_dim,
        num_channels=preset.num_channels,
        dtype=preset.precision,
    )
    discriminator = discriminator_class(
        preset.image_size,
        base_channels=preset.discriminator_channels,
        num_channels=preset.num_channels,
        dtype=preset.precision,
    )
    gan = GAN(generator, discriminator, build_objectives(preset), seed=preset.seed)
    gan.compile(
        preset.adversarial_loss,
        discriminator_steps=preset.discriminator_steps,
        generator_optimizer=_optimizer(preset, preset.learning_rate, 1),
        discriminator_optimizer=_optimizer(
            preset, preset.discriminator_learning_rate or preset.learning_rate, preset.discriminator_steps
        ),
    )
    return gan


def build_objectives(preset: GANPreset) -> list[AuxiliaryObjective]:
    """Returns the preset's auxiliary objectives, in order."""
    builders = {"infomax": _infomax}
    return [builders[name](preset) for name in preset.objectives]


def _infomax(preset: GANPreset) -> InfoMax:
    return InfoMax(
        preset.projection_dim,
        discriminator_weight=preset.infomax_discriminator_weight,
        generator_weight=preset.infomax_generator_weight,
        own_locations=preset.own_locations,
        negatives=preset.negatives,
        dtype=preset.precision,
    )


def _optimizer(preset: GANPreset, learning_rate: float, updates_per_step: int) -> keras.optimizers.Optimizer:
    rate = learning_rate
    if preset.decay == "linear":
        rate = LinearDecay(learning_rate, preset.steps, updates_per_step=updates_per_step)
    return keras.optimizers.Adam(rate, beta_1=preset.beta_1, beta_2=preset.beta_2, epsilon=1e-8)
