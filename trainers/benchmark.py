"""Times training steps: python -m trainers.benchmark --preset P [--compare Q].

Prints JSON: seconds per generator step (median and all), real images per second, peak memory and, with --compare, the
ratio of P to Q, whose steps alternate, each preset in a process of its own. The images are random: the speed is that of
training without the input pipeline. --input-only times that pipeline by itself, on the preset's dataset, and says how
many times as fast as training it is.
"""

import dataclasses
import json
import shlex
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tf_infomax.benchmark import BenchmarkOptions, InputOptions, WorkerFailed, run_benchmark, time_input_pipeline
from tf_infomax.commands import command_line
from tf_infomax.errors import InputError
from tf_infomax.files import write_json
from tf_infomax.presets import GANPreset, Precision, preset_named


@dataclass(frozen=True)
class Overrides:
    """Settings that replace those of both presets; what is not given stays as it is."""

    batch_size: int | None = None
    """Images in one update."""
    discriminator_steps: int | None = None
    """Discriminator updates in a generator step."""
    generator_channels: int | None = None
    """Base width of the generator."""
    discriminator_channels: int | None = None
    """Base width of the discriminator."""
    projection_dim: int | None = None
    """InfoMax: size of the space in which features are compared."""
    precision: Precision | None = None
    """Dtype policy of the networks."""

    def apply(self, preset: GANPreset) -> GANPreset:
        """Returns the preset with these settings."""
        given = {name: value for name, value in dataclasses.asdict(self).items() if value is not None}
        return dataclasses.replace(preset, **given)


@dataclass(frozen=True)
class Arguments:
    """Command line."""

    preset: str
    """Preset to time."""
    compare: str | None = None
    """Preset to compare it with."""
    options: BenchmarkOptions = field(default_factory=BenchmarkOptions)
    overrides: Overrides = field(default_factory=Overrides)
    input_only: bool = False
    """Time the input pipeline alone as well, and compare its speed with that of training."""
    input_options: InputOptions = field(default_factory=InputOptions)
    output: Path | None = None
    """JSON file to write as well."""
    overwrite: bool = False
    """Replace the file if it exists."""


def main(arguments: Arguments) -> None:
    """Times and prints."""
    names = [arguments.preset] if arguments.compare is None else [arguments.preset, arguments.compare]
    presets = [(name, arguments.overrides.apply(preset_named(name))) for name in names]
    if arguments.output and not arguments.overwrite:
        command_line.check_new(arguments.output)
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
    result = {"command": shlex.join(["python", "-m", "trainers.benchmark", *sys.argv[1:]]), **result}
    print(json.dumps(result, indent=2))
    if arguments.output:
        write_json(arguments.output, result)


def _input_speed(name: str, preset: GANPreset, options: InputOptions) -> dict[str, Any]:
    measured = time_input_pipeline(preset, options)
    _say(f"{name}: the input pipeline alone reads {measured['images_per_second']['median']:.0f} images per second")
    return measured


def _say(text: str) -> None:
    print(text, file=sys.stderr)


if __name__ == "__main__":
    command_line.run_program(main, Arguments)
