"""Datasets: images, resolution and training schedule."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from tf_infomax.presets.kinds import KindName


@dataclass(frozen=True)
class Recipe:
    """The recipe of one kind of model on a dataset, for all methods."""

    architecture: str
    """One of `ARCHITECTURES`, unless the method has its own."""
    changes: Mapping[str, Any] = field(default_factory=dict)
    """Settings by name; a method's take precedence."""
    cpu_sized: bool = False
    """Whether it is small enough for two cores; it then has presets for all methods."""
    method_changes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Settings by method; they take precedence over all others."""
    num_images: int | None = None
    """Images of the split, for methods that keep something for each."""
    without: Collection[str] = ()
    """Methods that it is not offered for: their samples are noise at the end of a schedule of this size."""


@dataclass(frozen=True)
class Dataset:
    """A dataset and its recipe for each kind of model."""

    name: str
    """Name for `load_source`."""
    recipes: Mapping[KindName, Recipe]
    num_classes: int | None = None
    """Number of classes; None without labels."""


def _gan(**changes: Any) -> Recipe:
    """Settings of the 100,000 steps of most datasets."""
    return Recipe("resnet", changes)


def _encoder(num_images: int, **changes: Any) -> Recipe:
    return Recipe("encoder", changes, num_images=num_images)


_GAN_CPU = {
    "image_size": 28,
    "generator.base_channels": 64,
    "discriminator.base_channels": 64,
    "discriminator_steps": 1,
    "learning_rate": 1e-3,
    "beta_1": 0.5,
    "beta_2": 0.999,
}
_ENCODER_CPU = {
    "image_size": 28,
    "encoder.base_channels": 32,
    "encoder.fc_units": 512,
    "learning_rate": 5e-4,
    "steps": 1000,
}
# 200 epochs of 100,000 images; source: Deep InfoMax, Appendix A.2, as the 1,000 epochs of CIFAR's 50,000.
_ENCODER_64 = {"image_size": 64, "steps": 312_500}
_CIFAR_STEPS = 781_250
_MIXTURE = {
    "image_size": None,
    "num_channels": 2,
    "generator.latent_dim": 2,
    "generator.unit": 0.2,  # four standard deviations of a component
    "discriminator.unit": 0.2,
    "discriminator_steps": 1,
    "steps": 15_000,
}
_ALL_OF_CELEBA = {"split": "train+validation+test"}

# Source of the GANs' recipes: InfoMax-GAN, Appendix A.1, A.2, and the authors' library for celeba64, imagenet32 and
# lsun128.
DATASETS: Mapping[str, Dataset] = {
    "cifar10": Dataset("cifar10", {"gan": _gan(), "encoder": _encoder(50_000, steps=_CIFAR_STEPS)}, num_classes=10),
    "cifar100": Dataset("cifar100", {"gan": _gan(), "encoder": _encoder(50_000, steps=_CIFAR_STEPS)}, num_classes=100),
    "stl10": Dataset(
        "stl10",
        {
            "gan": _gan(split="unlabelled", image_size=48),
            "encoder": Recipe(
                "alexnet-encoder",
                {**_ENCODER_64, "split": "unlabelled", "source_size": 96, "random_flip": True},
                num_images=100_000,
                method_changes={"supervised": {"split": "train", "num_classes": 10, "steps": 15_625}},
            ),
        },
    ),
    "celeba64": Dataset("celeb_a", {"gan": _gan(**_ALL_OF_CELEBA, image_size=64)}),
    "celeba128": Dataset(
        "celeb_a", {"gan": _gan(**_ALL_OF_CELEBA, image_size=128, discriminator_steps=2, decay="none")}
    ),
    "imagenet32": Dataset("imagenet2012", {"gan": _gan()}, num_classes=1000),
    "imagenet128": Dataset(
        "imagenet2012", {"gan": _gan(image_size=128, steps=450_000, decay="none")}, num_classes=1000
    ),
    "lsun128": Dataset("lsun/bedroom", {"gan": _gan(image_size=128, discriminator_steps=2)}),
    "tiny-imagenet": Dataset(
        "folder", {"encoder": Recipe("alexnet-encoder", _ENCODER_64, num_images=100_000)}, num_classes=200
    ),
    "stacked-mnist": Dataset("stacked-mnist", {"gan": Recipe("dcgan", {"image_size": 28, "steps": 500_000})}),
    "stacked-digits": Dataset(
        "stacked-digits",
        {
            "gan": Recipe(
                "convolutional",
                {**_GAN_CPU, "steps": 5500},
                cpu_sized=True,
                without=("dcgan-quarter", "dcgan-quarter-im"),
            ),
            "encoder": Recipe("encoder", _ENCODER_CPU, cpu_sized=True, num_images=128_000),
        },
        num_classes=1000,
    ),
    "digits": Dataset(
        "digits",
        {
            "gan": Recipe("convolutional", {**_GAN_CPU, "num_channels": 1, "steps": 4000}, cpu_sized=True),
            "encoder": Recipe("encoder", {**_ENCODER_CPU, "num_channels": 1}, cpu_sized=True, num_images=4000),
        },
        num_classes=10,
    ),
    # Source: GAN + VER, section IV-A.
    "ring": Dataset("ring", {"gan": Recipe("mlp", {**_MIXTURE, "discriminator.data_range": 1.0})}),
    "grid": Dataset("grid", {"gan": Recipe("mlp", {**_MIXTURE, "discriminator.data_range": 4.0})}),
}
"""Datasets by their names in presets."""
