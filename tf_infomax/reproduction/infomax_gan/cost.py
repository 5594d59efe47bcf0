"""What InfoMax costs: time and memory of generator updates, InfoMax-GAN's Figure 5."""

import functools
from collections.abc import Mapping, Sequence
from pathlib import Path

from tf_infomax.benchmark.options import BenchmarkOptions
from tf_infomax.benchmark.training_steps import run_benchmark
from tf_infomax.presets import Preset, preset_named
from tf_infomax.reproduction.claims import Claim
from tf_infomax.reproduction.experiment import Experiment, Summary

DATASETS = {"cifar10": "32px", "stl10": "48px"}
DISCRIMINATOR_STEPS = (1, 2, 5)
UPDATES = 100
AUTHORS_ROW = "32px-ndis-5"
AUTHORS_SECONDS = {"sngan": 18.9, "infomax-gan": 20.1}
"""Seconds of an update in the authors' library at the published widths, float32: PyTorch 2.13 on two cores with AMX."""
COLUMNS = {
    "sngan_seconds": f"SNGAN, {UPDATES} updates (s)",
    "infomax_gan_seconds": f"InfoMax-GAN, {UPDATES} updates (s)",
    "overhead": "InfoMax costs %",
    "sngan_mib": "SNGAN, peak memory (MiB)",
    "infomax_gan_mib": "InfoMax-GAN, peak memory (MiB)",
}


def cost(
    *,
    steps: int = 5,
    widths: tuple[int, int] | None = None,
    datasets: Sequence[str] = tuple(DATASETS),
    discriminator_steps: Sequence[int] = DISCRIMINATOR_STEPS,
) -> Experiment:
    """Returns the experiment; its seeds number repetitions.

    Args:
        steps: Timed generator updates of each method; the median counts.
        widths: Widths of generator and discriminator; the published ones if None.
        datasets: Datasets whose networks are timed.
        discriminator_steps: Discriminator updates for each generator update.
    """
    methods = "infomax-gan", "sngan"
    pairs = {
        f"{DATASETS[data]}-ndis-{updates}": tuple(_preset(f"{method}-{data}", updates, widths) for method in methods)
        for data in datasets
        for updates in discriminator_steps
    }

    def measure(row: str, seed: int, folder: Path) -> Mapping[str, float]:
        names = f"infomax-gan {row}", f"sngan {row}"
        result = run_benchmark(list(zip(names, pairs[row])), BenchmarkOptions(steps=steps))
        infomax_gan, sngan = result["presets"]
        return {
            "sngan_seconds": UPDATES * sngan["seconds_per_step"]["median"],
            "infomax_gan_seconds": UPDATES * infomax_gan["seconds_per_step"]["median"],
            "overhead": 100.0 * (result["ratio"]["median_of_ratios"] - 1.0),
            "sngan_mib": sngan["peak_memory_mib"],
            "infomax_gan_mib": infomax_gan["peak_memory_mib"],
        }

    wide = "the published widths" if widths is None else f"widths {widths[0]} and {widths[1]}"
    return Experiment(
        name="cost",
        title=(
            f"Generator updates with their n_dis discriminator updates, batch 64, {wide}, float32; a hundred times the "
            f"median of {steps} updates. The two methods take turns update by update, and the overhead is the median "
            "of the ratios of neighbours. Three repetitions in place of seeds."
        ),
        rows=tuple(pairs),
        columns=COLUMNS,
        settings={
            "steps": steps,
            "presets": {row: [preset.settings for preset in pair] for row, pair in pairs.items()},
        },
        measure=measure,
        conclude=beside_the_authors if widths is None else lambda summary: "",
        claims=(_claim(tuple(pairs)),),
    )


def _claim(rows: Sequence[str]) -> Claim:
    return Claim(
        text="InfoMax takes less than 0.1% of the time of an update",
        source="InfoMax-GAN, Figure 5",
        column="overhead",
        better="lower",
        pairs=[(row, 0.1) for row in rows],
        each=True,
    )


def beside_the_authors(summary: Summary) -> str:
    """Returns a sentence on the authors' library beside the numbers of its row, where they were measured."""
    if AUTHORS_ROW not in summary:
        return ""
    columns = summary[AUTHORS_ROW]
    sngan, infomax_gan = (UPDATES * AUTHORS_SECONDS[method] for method in ("sngan", "infomax-gan"))
    return (
        f"The authors' library, PyTorch 2.13 on two other cores, with AMX, takes {sngan:,.0f} s for SNGAN and "
        f"{infomax_gan:,.0f} s for InfoMax-GAN at {AUTHORS_ROW}, {100.0 * (infomax_gan / sngan - 1.0):.1f}% more for "
        f"InfoMax; here these are {columns['sngan_seconds']['mean']:,.0f} s, "
        f"{columns['infomax_gan_seconds']['mean']:,.0f} s and {columns['overhead']['mean']:.1f}%."
    )


@functools.cache
def _preset(name: str, discriminator_steps: int, widths: tuple[int, int] | None) -> Preset:
    changes = {"discriminator_steps": discriminator_steps}
    if widths is not None:
        changes |= {"generator.base_channels": widths[0], "discriminator.base_channels": widths[1]}
    return preset_named(name).override(changes)
