"""Settings of InfoMax-GAN on natural images: its Tables 3 and 4, Figures 6 and 7, and Appendix A.5."""

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tf_infomax.presets import Preset
from tf_infomax.presets.published import LOCAL_LOCAL
from tf_infomax.presets.table import published_numbers, published_variants
from tf_infomax.reproduction.claims import Claim
from tf_infomax.reproduction.experiment import Experiment, Folders
from tf_infomax.reproduction.figures import draw_scalars, runs_by_row
from tf_infomax.reproduction.natural_table import (
    SMALL,
    Size,
    draw_natural_curves,
    natural_data,
    natural_table,
    small_preset,
)
from tf_infomax.reproduction.table_data import TableData

STEPS = 1500
"""Generator steps of a run: a quarter of those of `natural-images`."""
STABILITY = ((0.0, 0.9, 1), (0.0, 0.9, 2), (0.0, 0.9, 5), (0.5, 0.999, 1), (0.5, 0.999, 2), (0.5, 0.999, 5))
"""Adam's decays and discriminator updates. Source: InfoMax-GAN, Table 3."""
MULTIPLES = (2, 4, 16, 32)
"""R as a multiple of the depth of the discriminator's features, beside 8. Source: InfoMax-GAN, Table 4."""
WEIGHTS = (
    *((weight, weight) for weight in (0.0, 0.1, 0.5, 1.0)),
    *((0.2, 0.0), (0.2, 0.1), (0.0, 0.2), (0.1, 0.2)),
)
"""Alpha and beta, weights of the generator and the discriminator, beside 0.2 and 0.2. Source: InfoMax-GAN, Figure 6."""
AS_PUBLISHED = "as-published"
"""The row that others vary in one way each."""
ABLATIONS: Mapping[str, Mapping[str, Any]] = {
    AS_PUBLISHED: {},
    "plain-heads": {"objectives.infomax.spectral_norm": False},
    "local-local": LOCAL_LOCAL,
    "earlier-map": {"objectives.infomax.local_layer": "block1"},
}
"""Changes of InfoMax by row. Source: InfoMax-GAN, Appendix A.5, but for `earlier-map`, our question."""


def stability(
    *, steps: int = STEPS, num_images: int = 10_000, size: Size = SMALL, data: TableData | None = None
) -> Experiment:
    """Returns InfoMax-GAN's Table 3: SNGAN and InfoMax-GAN by Adam's decays and discriminator updates.

    Args:
        steps: Generator steps of each run.
        num_images: Generated and real images per measurement.
        size: Size of the networks.
        data: Data of the runs; CIFAR-10 with Inception's features if None.
    """
    data = natural_data(data)
    presets: dict[str, Preset] = {}
    published: dict[str, dict[str, float]] = {}
    for setting in STABILITY:
        changes = dict(zip(("beta_1", "beta_2", "discriminator_steps"), setting))
        for method in ("sngan", "infomax-gan"):
            row = _stability_row(method, *setting)
            presets[row] = small_preset(method, data, size, steps=steps, **changes)
            published[row] = _published(method, changes)
    claim = Claim(
        text="InfoMax-GAN is nearer to the data than SNGAN whatever the decays and the discriminator's updates",
        source="InfoMax-GAN, Table 3",
        column="fid",
        better="lower",
        pairs=[(_stability_row("infomax-gan", *own), _stability_row("sngan", *own)) for own in STABILITY],
        each=True,
    )
    return natural_table(
        "stability",
        presets,
        size,
        steps,
        num_images,
        data,
        watched=("fid",),
        published=published,
        claims=[claim],
        illustrate=functools.partial(_draw, data=data),
    )


def _stability_row(method: str, beta_1: float, beta_2: float, discriminator_steps: int) -> str:
    return f"{method}-adam-{beta_1:g}-{beta_2:g}-ndis-{discriminator_steps}"


def sensitivity(
    *, steps: int = STEPS, num_images: int = 10_000, size: Size = SMALL, data: TableData | None = None
) -> Experiment:
    """Returns InfoMax-GAN's Table 4 and Figure 6: the size of the projection, and the weights; see `stability`."""
    data = natural_data(data)
    presets = {AS_PUBLISHED: small_preset("infomax-gan", data, size, steps=steps)}
    published = {AS_PUBLISHED: _published("infomax-gan", {})}
    for multiple in MULTIPLES:
        row, channels = f"r-{multiple}-times", size["discriminator.base_channels"]
        projection = {"objectives.infomax.projection_dim": multiple * channels}
        presets[row] = small_preset("infomax-gan", data, size, steps=steps, **projection)
        published[row] = _published("infomax-gan", {"objectives.infomax.projection_dim": multiple * 128})
    for alpha, beta in WEIGHTS:
        weights = {"objectives.infomax.generator_weight": alpha, "objectives.infomax.discriminator_weight": beta}
        presets[_weights_row(alpha, beta)] = small_preset("infomax-gan", data, size, steps=steps, **weights)
    return natural_table(
        "sensitivity",
        presets,
        size,
        steps,
        num_images,
        data,
        watched=("fid",),
        published=published,
        claims=_WEIGHT_CLAIMS,
        illustrate=functools.partial(_draw, data=data),
    )


def _weights_row(alpha: float, beta: float) -> str:
    return f"alpha-{alpha:g}-beta-{beta:g}"


def _weight_claim(text: str, better: str, worse: str) -> Claim:
    return Claim(
        text=text,
        source="InfoMax-GAN, section 4.3",
        column="fid",
        better="lower",
        pairs=[(better, worse)],
    )


_NONE, _DISCRIMINATOR, _GENERATOR = _weights_row(0.0, 0.0), _weights_row(0.0, 0.2), _weights_row(0.2, 0.0)
_WEIGHT_CLAIMS = (
    _weight_claim("Weights of 0.2 are better than weights of 1", AS_PUBLISHED, _weights_row(1.0, 1.0)),
    _weight_claim("InfoMax for the discriminator alone is better than none", _DISCRIMINATOR, _NONE),
    _weight_claim("InfoMax for both is better than for the discriminator alone", AS_PUBLISHED, _DISCRIMINATOR),
    _weight_claim("InfoMax for both is better than for the generator alone", AS_PUBLISHED, _GENERATOR),
)


def ablations(
    *, steps: int = STEPS, num_images: int = 10_000, size: Size = SMALL, data: TableData | None = None
) -> Experiment:
    """Returns InfoMax-GAN's Appendix A.5: heads, positions of the maps and weights; see `stability`."""
    data = natural_data(data)
    presets = {row: small_preset("infomax-gan", data, size, steps=steps, **own) for row, own in ABLATIONS.items()}
    claims = [
        Claim(
            text=text,
            source="InfoMax-GAN, Appendix A.5",
            column="fid",
            better="lower",
            pairs=[(AS_PUBLISHED, other)],
        )
        for text, other in (
            ("Spectral normalisation of the heads helps", "plain-heads"),
            ("Local and global features are better than two maps", "local-local"),
        )
    ]
    numbers = {row: _published("infomax-gan", own) for row, own in ABLATIONS.items()}
    published = {row: own for row, own in numbers.items() if own}
    return natural_table(
        "ablations",
        presets,
        size,
        steps,
        num_images,
        data,
        watched=("fid",),
        published=published,
        claims=claims,
        illustrate=functools.partial(_draw_losses, data=data),
    )


def _published(method: str, overrides: Mapping[str, Any]) -> dict[str, float]:
    """Returns the FID that was published for a method on CIFAR-10 with other settings, or with none; empty if none."""
    name = f"{method}-cifar10"
    numbers = published_variants(name) if overrides else published_numbers(name)
    return {item.metric: item.value for item in numbers if item.metric == "fid" and item.overrides == overrides}


def _draw(output: Path, folders: Folders, *, data: TableData) -> None:
    draw_natural_curves(output, folders, data=data, metrics=["fid"])


def _draw_losses(output: Path, folders: Folders, *, data: TableData) -> None:
    """Draws the distances, and the losses of both players beside those of InfoMax: Figure 7."""
    _draw(output, folders, data=data)
    runs = {row: own for row, own in runs_by_row(folders).items() if row in (AS_PUBLISHED, "plain-heads")}
    draw_scalars(output / "losses.png", runs, LOSSES)


LOSSES = {
    "discriminator/adversarial": "discriminator, adversarial loss",
    "discriminator/infomax": "discriminator, InfoMax (nats)",
    "generator/adversarial": "generator, adversarial loss",
    "generator/infomax": "generator, InfoMax (nats)",
}
"""Scalars of a run's log, with the labels of their axes."""
