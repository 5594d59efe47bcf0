"""Published numbers, each with its source and the preset that trains it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

PAPER = "Lee et al., WACV 2021"
LIBRARY = "Mimicry, the authors' library"
GAN_VER = "Khorramshahi et al., 2020"
DEEP_INFOMAX = "Hjelm et al., ICLR 2019"

PROTOCOL = (
    f"Means over three seeds. {PAPER}: FID of 50,000 real and 10,000 generated images, KID of 50,000 and 50,000, IS of "
    f"50,000 generated images, modes and modes_kl of 25,600. {LIBRARY}: FID of 50,000 and 50,000. {GAN_VER}: the best "
    "by cross validation, 2,500 real and 2,500 generated samples, five times; its digits are all of MNIST."
)
"""Protocol of the published numbers. Source: InfoMax-GAN, Appendix A.3, and the authors' library."""


@dataclass(frozen=True)
class PublishedNumber:
    """One number of one table."""

    table: str
    """Publication and table."""
    preset: str
    """Name of the preset."""
    metric: str
    """Name of the metric, such as fid, kid, is, modes or modes_kl."""
    value: float
    """Mean over the seeds."""
    std: float | None = None
    """Standard deviation over the seeds; None if not published."""
    overrides: Mapping[str, Any] = field(default_factory=dict)
    """Settings that the table varies, by name; empty for the unchanged preset."""

    @property
    def command_line(self) -> str:
        """The overrides as options of the command that trains the preset."""
        return " ".join(f"--{name.replace('_', '-')} {value}" for name, value in self.overrides.items())


Measured = tuple[float, float]
"""Mean and standard deviation over the seeds."""

_TABLE_1_METHODS = ("sngan", "ssgan", "infomax-gan")
_TABLE_1: Mapping[str, Mapping[str, tuple[Measured, ...]]] = {
    "fid": {
        "imagenet128": ((65.74, 0.31), (62.48, 0.31), (58.91, 0.14)),
        "celeba128": ((14.04, 0.02), (16.39, 0.09), (10.63, 0.04)),
        "stl10": ((40.48, 0.07), (38.97, 0.23), (37.49, 0.05)),
        "cifar100": ((24.76, 0.16), (24.64, 0.16), (21.22, 0.26)),
        "cifar10": ((18.63, 0.22), (16.59, 0.13), (17.14, 0.20)),
    },
    "kid": {
        "imagenet128": ((0.0663, 0.0004), (0.0616, 0.0004), (0.0579, 0.0004)),
        "celeba128": ((0.0076, 0.0001), (0.0101, 0.0001), (0.0063, 0.0001)),
        "stl10": ((0.0369, 0.0002), (0.0332, 0.0004), (0.0326, 0.0002)),
        "cifar100": ((0.0156, 0.0003), (0.0161, 0.0002), (0.0135, 0.0004)),
        "cifar10": ((0.0125, 0.0001), (0.0101, 0.0002), (0.0112, 0.0001)),
    },
    "is": {
        "imagenet128": ((13.05, 0.05), (13.30, 0.03), (13.68, 0.06)),
        "celeba128": ((2.72, 0.01), (2.63, 0.01), (2.84, 0.01)),
        "stl10": ((8.04, 0.07), (8.25, 0.06), (8.54, 0.12)),
        "cifar100": ((7.57, 0.11), (7.56, 0.07), (7.86, 0.10)),
        "cifar10": ((7.97, 0.06), (8.17, 0.06), (8.08, 0.08)),
    },
}

_TABLE_2: Mapping[str, Measured] = {
    "imagenet128": (56.45, 0.29),
    "celeba128": (11.93, 0.14),
    "stl10": (37.73, 0.06),
    "cifar100": (21.40, 0.20),
    "cifar10": (15.42, 0.08),
}

_TABLE_3_PRESETS = ("sngan-cifar10", "infomax-gan-cifar10", "sngan-stl10", "infomax-gan-stl10")
_TABLE_3: Mapping[tuple[float, float, int], tuple[Measured, ...]] = {  # (beta_1, beta_2, n_dis): FID
    (0.0, 0.9, 1): ((164.74, 0.42), (24.42, 0.18), (267.10, 0.20), (54.29, 0.13)),
    (0.0, 0.9, 2): ((20.87, 0.19), (18.08, 0.27), (46.65, 0.18), (38.96, 0.31)),
    (0.0, 0.9, 5): ((18.63, 0.22), (17.14, 0.20), (40.48, 0.07), (37.49, 0.05)),
    (0.5, 0.999, 1): ((73.07, 0.20), (20.58, 0.10), (134.51, 0.37), (62.28, 0.07)),
    (0.5, 0.999, 2): ((18.74, 0.24), (17.19, 0.32), (40.67, 0.29), (40.54, 0.20)),
    (0.5, 0.999, 5): ((21.10, 0.89), (18.39, 0.04), (84.20, 0.67), (75.72, 0.19)),
}

_TABLE_4: Mapping[int, Measured] = {  # R: FID
    256: (17.07, 0.25),
    512: (17.21, 0.15),
    1024: (17.14, 0.20),
    2048: (17.80, 0.05),
    4096: (17.38, 0.11),
}

_TABLE_5: Mapping[str, tuple[Measured, Measured]] = {  # modes, KL divergence
    "dcgan-quarter": ((27.67, 0.47), (5.44, 0.01)),
    "dcgan-quarter-im": ((62.00, 1.63), (4.68, 0.01)),
    "dcgan-half": ((610.00, 8.83), (1.98, 0.01)),
    "dcgan-half-im": ((716.67, 1.25), (1.64, 0.01)),
}

LOCAL_LOCAL = {
    "objectives.infomax.local_layer": "block2",
    "objectives.infomax.global_layer": "block3",
    "objectives.infomax.location_fraction": 0.5,
}
"""Two maps in the place of local and global features. The paper does not name them: here the last two, with half of
their locations."""
_APPENDIX_A5: tuple[tuple[Mapping[str, Any], Measured], ...] = (
    ({"objectives.infomax.spectral_norm": False}, (18.67, 0.25)),
    (LOCAL_LOCAL, (20.20, 0.05)),
)

_VER_METHODS = ("vgan", "wgan", "vgan-ver", "wgan-ver")
_VER_MIXTURE_METRICS = ("modes", "hq", "kl", "wd", "mmd", "ta", "ra", "ga", "pr", "re")
_VER_RING = (
    (8, 99.28, 1.739, 0.185, 0.058, 74.15, 73.47, 74.84, 74.73, 73.47),
    (8, 94.43, 0.791, 0.038, 0.020, 62.68, 62.80, 62.55, 62.64, 62.80),
    (8, 96.92, 0.452, 0.059, 0.011, 58.20, 56.72, 59.68, 59.22, 57.40),
    (8, 92.71, 0.462, 0.019, 0.002, 58.36, 57.40, 59.32, 59.23, 58.72),
)
_VER_GRID = (
    (19, 96.43, 4.160, 1.169, 0.039, 86.87, 90.11, 83.64, 81.85, 90.11),
    (25, 80.87, 2.21, 0.155, 0.002, 75.54, 75.08, 75.99, 75.93, 75.08),
    (23, 95.79, 1.764, 0.649, 0.050, 64.60, 64.75, 64.44, 64.55, 64.74),
    (25, 83.67, 1.33, 0.12, 0.002, 65.50, 65.47, 65.52, 65.50, 65.47),
)
_VER_DIGITS_METRICS = ("is", "fid", "modes", "kl", "wd", "mmd", "ta", "ra", "ga", "pr", "re")
_VER_DIGITS = (
    (4.287, 0.034, 7.1, 2.691, 0.770, 0.111, 85.19, 80.00, 90.39, 89.28, 80.01),
    (9.223, 0.012, 10, 0.007, 0.025, 0.045, 68.87, 68.09, 69.65, 69.15, 66.39),
    (8.431, 0.025, 10, 0.256, 0.031, 0.069, 74.47, 73.84, 75.09, 74.78, 73.84),
    (9.235, 0.011, 10, 0.007, 0.025, 0.047, 68.19, 67.94, 69.45, 69.93, 65.81),
)
_VER_TABLES: Mapping[str, tuple[str, tuple[str, ...], tuple[tuple[float, ...], ...]]] = {
    "ring": ("Table I", _VER_MIXTURE_METRICS, _VER_RING),
    "grid": ("Table II", _VER_MIXTURE_METRICS, _VER_GRID),
    "digits": ("Table III", _VER_DIGITS_METRICS, _VER_DIGITS),  # there, all of MNIST
}

_LIBRARY_FID: Mapping[str, float] = {  # Only numbers that the paper lacks.
    "cgan-cifar10": 10.84,
    "cgan-cifar100": 14.16,
    "sngan-celeba64": 5.71,
    "ssgan-celeba64": 6.03,
    "infomax-gan-celeba64": 5.71,
    "sngan-imagenet32": 23.04,
    "cgan-imagenet32": 21.17,
    "ssgan-imagenet32": 21.79,
    "infomax-gan-imagenet32": 20.68,
}


def _tables() -> Iterator[PublishedNumber]:
    """Numbers of unchanged presets."""
    for metric, rows in _TABLE_1.items():
        for dataset, row in rows.items():
            for method, measured in zip(_TABLE_1_METHODS, row, strict=True):
                yield PublishedNumber(f"{PAPER}, Table 1", f"{method}-{dataset}", metric, *measured)
    for dataset, measured in _TABLE_2.items():
        yield PublishedNumber(f"{PAPER}, Table 2", f"ssgan-im-{dataset}", "fid", *measured)
    for method, row in _TABLE_5.items():
        for metric, measured in zip(("modes", "modes_kl"), row, strict=True):
            yield PublishedNumber(f"{PAPER}, Table 5", f"{method}-stacked-mnist", metric, *measured)
    for preset, value in _LIBRARY_FID.items():
        yield PublishedNumber(LIBRARY, preset, "fid", value)


def _ver_tables() -> Iterator[PublishedNumber]:
    for dataset, (table, metrics, rows) in _VER_TABLES.items():
        for method, row in zip(_VER_METHODS, rows, strict=True):
            for metric, value in zip(metrics, row, strict=True):
                yield PublishedNumber(f"{GAN_VER}, {table}", f"{method}-{dataset}", metric, value)


def _ablations() -> Iterator[PublishedNumber]:
    """Numbers of presets with overrides, including rows with the preset's own settings."""
    for (beta_1, beta_2, discriminator_steps), row in _TABLE_3.items():
        overrides = {"beta_1": beta_1, "beta_2": beta_2, "discriminator_steps": discriminator_steps}
        for preset, measured in zip(_TABLE_3_PRESETS, row, strict=True):
            yield PublishedNumber(f"{PAPER}, Table 3", preset, "fid", *measured, overrides=overrides)
    for projection_dim, measured in _TABLE_4.items():
        overrides = {"objectives.infomax.projection_dim": projection_dim}
        yield PublishedNumber(f"{PAPER}, Table 4", "infomax-gan-cifar10", "fid", *measured, overrides=overrides)
    for ablation, measured in _APPENDIX_A5:
        yield PublishedNumber(f"{PAPER}, Appendix A.5", "infomax-gan-cifar10", "fid", *measured, overrides=ablation)


GAN_NUMBERS: tuple[PublishedNumber, ...] = (*_tables(), *_ver_tables(), *_ablations())
"""All numbers, from InfoMax-GAN's Tables 1 to 5 and Appendix A.5, else the authors' library, and from GAN + VER's
Tables I to III."""
