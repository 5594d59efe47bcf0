"""Datasets: images, resolution and the schedule that they are trained with."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Dataset:
    """What a dataset sets, whatever the method."""

    settings: Mapping[str, Any]
    """Fields of `GANPreset`; a method's come after them."""
    num_classes: int | None = None
    """Classes for conditional methods; none if none of them is trained with it."""
    cpu_sized: bool = False
    """Whether all methods are trained with it, in a small way; otherwise those of its architecture are."""


_LINEAR_DECAY = {"steps": 100_000, "discriminator_steps": 5, "decay": "linear"}
_CELEBA = {"dataset": "celeb_a", "split": "train+validation+test"}
_CPU = {
    "image_size": 28,
    "architecture": "convolutional",
    "generator_channels": 64,
    "discriminator_channels": 64,
    "projection_dim": 64,
    "discriminator_steps": 1,
    "learning_rate": 1e-3,
    "beta_1": 0.5,
    "beta_2": 0.999,
}

_MIXTURE = {
    "image_size": None,
    "num_channels": 2,
    "architecture": "mlp",
    "latent_dim": 2,
    "unit": 0.2,  # four standard deviations of a component
    "batch_size": 64,
    "discriminator_steps": 1,
    "steps": 15_000,
}

# Source: InfoMax-GAN, Appendix A.1, A.2, and the authors' library for celeba64, imagenet32 and lsun128.
DATASETS: Mapping[str, Dataset] = {
    "cifar10": Dataset({**_LINEAR_DECAY, "dataset": "cifar10", "image_size": 32}, num_classes=10),
    "cifar100": Dataset({**_LINEAR_DECAY, "dataset": "cifar100", "image_size": 32}, num_classes=100),
    "stl10": Dataset({**_LINEAR_DECAY, "dataset": "stl10", "split": "unlabelled", "image_size": 48}),
    "celeba64": Dataset({**_LINEAR_DECAY, **_CELEBA, "image_size": 64}),
    "celeba128": Dataset({**_CELEBA, "image_size": 128, "steps": 100_000, "discriminator_steps": 2, "decay": "none"}),
    "imagenet32": Dataset({**_LINEAR_DECAY, "dataset": "imagenet2012", "image_size": 32}, num_classes=1000),
    "imagenet128": Dataset(
        {"dataset": "imagenet2012", "image_size": 128, "steps": 450_000, "discriminator_steps": 5, "decay": "none"},
        num_classes=1000,
    ),
    "lsun128": Dataset({**_LINEAR_DECAY, "dataset": "lsun/bedroom", "image_size": 128, "discriminator_steps": 2}),
    "stacked-mnist": Dataset({"dataset": "stacked-mnist", "image_size": 28, "architecture": "dcgan", "steps": 500_000}),
    "stacked-digits": Dataset({**_CPU, "dataset": "stacked-digits", "steps": 5500}, num_classes=1000, cpu_sized=True),
    "digits": Dataset({**_CPU, "dataset": "digits", "num_channels": 1, "steps": 4000}, num_classes=10, cpu_sized=True),
    # Source: GAN + VER, section IV-A.
    "ring": Dataset({**_MIXTURE, "dataset": "ring", "data_range": 1.0}),
    "grid": Dataset({**_MIXTURE, "dataset": "grid", "data_range": 4.0}),
}
"""The datasets by the names that presets have for them."""
