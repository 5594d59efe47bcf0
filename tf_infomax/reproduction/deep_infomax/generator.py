"""A generator trained by matching an encoder to priors: Deep InfoMax's Table 11 (Appendices A.8, A.9)."""

import dataclasses
import functools

import tf_infomax
from tf_infomax.presets import Preset, settings
from tf_infomax.presets.game import GameOfThree
from tf_infomax.reproduction.claims import Claim
from tf_infomax.reproduction.experiment import Experiment
from tf_infomax.reproduction.natural_table import SMALL, Size, draw_natural, natural_data, natural_table, small_preset
from tf_infomax.reproduction.table_data import TableData

PUBLISHED = {"ie": {"fid": 55.15}, "ns-gan-cp": {"fid": 40.17}, "wgan-gp": {"fid": 42.30}}
"""On Tiny ImageNet, by row."""
CLAIMS = tuple(
    Claim(
        text=f"{name} is nearer to the data than matching to priors",
        source="Deep InfoMax, Table 11",
        column="fid",
        better="lower",
        pairs=[(row, "ie")],
    )
    for row, name in (("ns-gan-cp", "A non-saturating GAN with contractive penalty"), ("wgan-gp", "WGAN-GP"))
)


def deep_infomax_generator(
    *, steps: int = 6000, num_images: int = 10_000, size: Size = SMALL, data: TableData | None = None
) -> Experiment:
    """Returns the experiment: three games of the same networks.

    Args:
        steps: Generator steps of each run.
        num_images: Generated and real images per measurement.
        size: Size of the networks.
        data: Data of the runs; CIFAR-10 with Inception's features if None.
    """
    data = natural_data(data)
    wasserstein = small_preset("wgan-gp", data, size, steps=steps)
    contractive = {"objectives": {"contractive_penalty": settings(tf_infomax.ContractivePenalty)}}
    presets = {
        "ie": _with_priors(wasserstein.override(contractive)),
        "ns-gan-cp": wasserstein.override({**contractive, "adversarial_loss": "non_saturating"}),
        "wgan-gp": wasserstein,
    }
    return natural_table(
        "deep-infomax-generator",
        presets,
        size,
        steps,
        num_images,
        data,
        watched=("fid",),
        paper="Tiny ImageNet at 64 px, wider networks, 100 epochs, FID on Inception",
        published=PUBLISHED,
        claims=CLAIMS,
        illustrate=functools.partial(draw_natural, data=data),
    )


def _with_priors(preset: Preset) -> Preset:
    """Returns a preset in whose game an encoder matches real and generated images to two priors."""
    updates = preset.game.batches_per_step
    game = GameOfThree(settings(tf_infomax.PriorMatchingGame), discriminator_steps=updates)
    return dataclasses.replace(preset, game=game)
