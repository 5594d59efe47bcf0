"""Times training steps: tf-infomax benchmark --preset P [--compare Q].

Prints JSON: seconds per training step (median and all), real images per second, peak memory and, with --compare, the
ratio of P to Q, whose steps alternate between two processes. The images are random, so the input pipeline is not timed.
--input-only times the pipeline alone, on the preset's dataset, and compares its speed with that of training. --serving
times requests to an exported generator instead, in this process, by gRPC and REST and, with --onnx, by ONNX Runtime.
"""

import json
import shlex
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import tyro

from tf_infomax.benchmark.options import BenchmarkOptions, InputOptions, ServingOptions
from tf_infomax.commands import program as _program
from tf_infomax.errors import InputError
from tf_infomax.files import write_bytes, write_json
from tf_infomax.presets import Precision, Preset, preset_named
from tf_infomax.sizes import ImageSize

_Unprefixed = tyro.conf.arg(name="")


@dataclass(frozen=True)
class Overrides:
    """Settings that replace those of both presets, where they have them."""

    batch_size: int | None = None
    """Images in one update."""
    discriminator_steps: int | None = None
    """Discriminator updates in a generator step."""
    image_size: ImageSize | None = None
    """Height and width of the images, one number where they are equal."""
    generator_channels: Annotated[int | None, tyro.conf.arg(name="generator.base-channels")] = None
    """Base width of the generator."""
    discriminator_channels: Annotated[int | None, tyro.conf.arg(name="discriminator.base-channels")] = None
    """Base width of the discriminator."""
    projection_dim: Annotated[int | None, tyro.conf.arg(name="objectives.infomax.projection-dim")] = None
    """Dimensions of the space in which InfoMax compares features."""
    precision: Precision | None = None
    """Dtype policy of the networks."""

    def settings(self) -> dict[str, Any]:
        """Returns the given settings by name."""
        settings = {
            "batch_size": self.batch_size,
            "discriminator_steps": self.discriminator_steps,
            "image_size": self.image_size,
            "generator.base_channels": self.generator_channels,
            "discriminator.base_channels": self.discriminator_channels,
            "objectives.infomax.projection_dim": self.projection_dim,
            "precision": self.precision,
        }
        return {name: value for name, value in settings.items() if value is not None}

    def apply(self, presets: Sequence[Preset]) -> list[Preset]:
        """Returns the presets with these settings.

        Raises:
            InputError: No preset has one of them.
        """
        settings, known = self.settings(), [dict(preset.items()) for preset in presets]
        for name in settings:
            if not any(name in names for names in known):
                presets[0].get(name)  # refuses the name and lists similar ones
        return [
            preset.override({name: value for name, value in settings.items() if name in names})
            for preset, names in zip(presets, known)
        ]


@dataclass(frozen=True)
class Arguments:
    """Command line."""

    preset: str | None = None
    """Preset to time."""
    compare: str | None = None
    """Preset to compare with."""
    options: Annotated[BenchmarkOptions, _Unprefixed] = field(default_factory=BenchmarkOptions)
    overrides: Annotated[Overrides, _Unprefixed] = field(default_factory=Overrides)
    input_only: bool = False
    """Also time the input pipeline alone, and compare its speed with that of training."""
    input_options: Annotated[InputOptions, _Unprefixed] = field(default_factory=InputOptions)
    serving: Path | None = None
    """Folder of an export to time, in place of a preset."""
    serving_options: Annotated[ServingOptions, _Unprefixed] = field(default_factory=ServingOptions)
    output: Path | None = None
    """JSON file to write; with --serving also table.md beside it."""
    overwrite: bool = False
    """Replace the file if it exists."""


def run(arguments: Arguments) -> None:
    """Times and prints."""
    if arguments.output and not arguments.overwrite:
        _program.check_new(arguments.output, *([_table_beside(arguments.output)] if arguments.serving else []))
    if arguments.serving is not None:
        _run_serving(arguments, arguments.serving)
        return
    if arguments.preset is None:
        raise InputError("Name a preset by --preset, or the folder of an export by --serving.")
    if arguments.serving_options != ServingOptions():
        raise InputError("Options of serving need --serving.")
    _run_training(arguments, arguments.preset)


def _run_serving(arguments: Arguments, model: Path) -> None:
    from tf_infomax.benchmark.serving_speed import table, time_serving
    from tf_infomax.runs.machine import machine, versions

    if arguments.preset is not None or arguments.compare is not None:
        raise InputError("--serving times an export, in place of a preset.")
    given = arguments.options, arguments.overrides, arguments.input_options
    if given != (BenchmarkOptions(), Overrides(), InputOptions()) or arguments.input_only:
        raise InputError("Options of training and of the input pipeline are for --preset, not for --serving.")
    result = time_serving(model, arguments.serving_options)
    print(table(result))
    if arguments.output:
        write_json(arguments.output, {"machine": machine(), "versions": versions(), **result})
        write_bytes(_table_beside(arguments.output), (table(result) + "\n").encode())


def _table_beside(output: Path) -> Path:
    return output.with_name("table.md")


def _run_training(arguments: Arguments, preset: str) -> None:
    from tf_infomax.benchmark.training_steps import run_benchmark
    from tf_infomax.benchmark.worker import WorkerFailed

    names = [preset] if arguments.compare is None else [preset, arguments.compare]
    presets = list(zip(names, arguments.overrides.apply([preset_named(name) for name in names])))
    if not arguments.input_only and arguments.input_options != InputOptions():
        raise InputError("Options of the input pipeline need --input-only.")
    inputs = [_input_speed(name, preset, arguments.input_options) for name, preset in presets if arguments.input_only]
    try:
        result = run_benchmark(presets, arguments.options, on_round=_say)
    except WorkerFailed as failure:
        print(f"error: {failure}", file=sys.stderr)
        sys.exit(1)
    for trained, loaded in zip(result["presets"], inputs):
        ratio = loaded["images_per_second"]["median"] / trained["images_per_second"]
        trained["input_pipeline"] = {**loaded, "times_training_speed": ratio}
    result = {"command": _command(sys.argv), **result}
    print(json.dumps(result, indent=2))
    if arguments.output:
        write_json(arguments.output, result)


def _input_speed(name: str, preset: Preset, options: InputOptions) -> dict[str, Any]:
    from tf_infomax.benchmark.input_pipeline import time_input_pipeline

    measured = time_input_pipeline(preset, options)
    _say(f"{name}: the input pipeline alone reads {measured['images_per_second']['median']:.0f} images per second")
    return measured


def _command(argv: Sequence[str]) -> str:
    """Returns the running command line, as a user would type it."""
    arguments = argv[2:] if argv[1:2] == ["benchmark"] else argv[1:]
    return shlex.join(["tf-infomax", "benchmark", *arguments])


def _say(text: str) -> None:
    print(text, file=sys.stderr)


def main(argv: Sequence[str], *, program: str = "tf-infomax benchmark") -> None:
    """Runs what a command line asks for."""
    _program.main(run, Arguments, argv, program=program, doc=__doc__)
