"""Trains a GAN: python -m trainers.gan PRESET --run-dir RUN [overrides].

The same command on the same directory continues a run that was interrupted.
"""

import dataclasses
import sys
import textwrap
from dataclasses import dataclass, field
from pathlib import Path

import tyro

from tf_infomax import command_line
from tf_infomax.presets import (
    DATASETS,
    PAIRS,
    PRESETS,
    PROTOCOL,
    GANPreset,
    PublishedNumber,
    check_overrides,
    preset_named,
    published_variants,
)
from tf_infomax.run_directory import RunDirectory
from tf_infomax.training import Interrupted, RunOptions, default_features, train

PROGRAM = "python -m trainers.gan"


@dataclass(frozen=True)
class Arguments:
    """Command line after the preset's name."""

    run_dir: Path
    """Directory of the run."""
    preset: GANPreset
    execution: RunOptions = field(default_factory=RunOptions)


def main(argv: list[str]) -> None:
    """Trains what a command line asks for."""
    if not argv or argv[0].startswith("-"):
        print(_usage())
        sys.exit(0 if argv else command_line.INPUT_ERROR_STATUS)
    name = argv[0]
    preset = preset_named(name)
    arguments = command_line.parse(
        Arguments,
        doc=_description(name),
        argv=argv[1:],
        default=Arguments(run_dir=tyro.MISSING, preset=preset),
        program=f"{PROGRAM} {name}",
    )
    check_overrides(name, arguments.preset)
    if arguments.preset.dataset != preset.dataset and not any(text.startswith("--split") for text in argv):
        # The preset's split is one of the preset's dataset.
        arguments = dataclasses.replace(arguments, preset=dataclasses.replace(arguments.preset, split="train"))
    run(name, arguments)


def run(name: str, arguments: Arguments) -> None:
    """Trains, and says how to go on when a signal stops it."""
    try:
        train(arguments.preset, arguments.run_dir, name=name, options=arguments.execution)
    except Interrupted as interruption:
        print(
            f"\nStopped by {interruption.signal.name} after step {interruption.step} of {arguments.preset.steps}; "
            "the state is saved. Run the same command again to continue.",
            file=sys.stderr,
        )
        sys.exit(128 + interruption.signal)
    directory = RunDirectory(arguments.run_dir)
    print(f"Model: {directory.model_path}\nSamples: {directory.samples / 'final.png'}")
    needs_choice = arguments.preset.image_size is not None and not default_features(arguments.preset.dataset)
    features = " --features inception" if needs_choice else ""
    print(f"Next: python -m trainers.evaluate {arguments.run_dir}{features}")


def _usage() -> str:
    return "\n".join(
        [
            f"usage: {PROGRAM} PRESET --run-dir RUN [overrides]",
            "",
            __doc__.strip(),
            "",
            "presets, with what was published for them:",
            *(row for dataset in DATASETS for row in _dataset_rows(dataset)),
            "",
            textwrap.fill(PROTOCOL, 100),
            "",
            f"{PROGRAM} PRESET --help lists what can be overridden, and what was published with other settings.",
        ]
    )


def _dataset_rows(dataset: str) -> list[str]:
    """A heading and a line for each preset of the dataset."""
    width = max(map(len, PRESETS))
    names = [name for name, (_, of_dataset) in PAIRS.items() if of_dataset == dataset]
    preset = PRESETS[names[0]]
    size = "points" if preset.image_size is None else f"{preset.image_size} px"
    heading = f"{dataset}: dataset {preset.dataset}, split {preset.split}, {size}"
    rows = [f"  {name:{width}}  {PRESETS[name].steps:7,} steps  {_published(PRESETS[name])}" for name in names]
    indent = " " * (width + len("  1234567 steps  ") + 2)
    return ["", heading, *(line for row in rows for line in textwrap.wrap(row, 120, subsequent_indent=indent))]


def _published(preset: GANPreset) -> str:
    numbers = ", ".join(f"{metric} {value}" for metric, value in preset.published.items())
    return f"{numbers}  ({preset.source})" if numbers else ""


def _description(name: str) -> str:
    """The program's docstring, the preset's origin and the settings of the tables that vary it."""
    preset, variants = PRESETS[name], published_variants(name)
    lines = [__doc__.strip(), "", f"{name}: {_published(preset) or preset.source}"]
    if variants:
        lines += ["", "Published with other settings:", *map(_variant_row, variants)]
    return "\n".join(lines)


def _variant_row(number: PublishedNumber) -> str:
    return f"  {number.command_line}: {number.metric} {number.value} ± {number.std} ({number.table})"


if __name__ == "__main__":
    with command_line.program_output():
        main(sys.argv[1:])
