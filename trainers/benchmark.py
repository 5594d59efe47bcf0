"""Times training steps: python -m trainers.benchmark --preset P [--compare Q].

Prints JSON: seconds per generator step (median and all), real images per second, peak memory and, with --compare, the
ratio of P to Q, whose steps alternate, each preset in a process of its own. The images are random: the speed is that of
training without the input pipeline.
"""

import dataclasses
import json
import shlex
import sys
from dataclasses import dataclass, field
from pathlib import Path

from tf_infomax import command_line
from tf_infomax.benchmark import BenchmarkOptions, WorkerFailed, run_benchmark
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
    output: Path | None = None
    """JSON file to write as well."""
    overwrite: bool = False
    """Replace the file if it exists."""


def main(arguments: Arguments) -> None:
    """Times and prints."""
    names = [arguments.preset] if arguments.compare is None else [arguments.preset, arguments.compare]
    presets = [(name, arguments.overrides.apply(preset_named(name))) for name in names]
    if arguments.output and arguments.output.exists() and not arguments.overwrite:
        raise InputError(f"{arguments.output} exists already; pass --overwrite to replace it.")
    try:
        result = run_benchmark(presets, arguments.options, on_round=lambda text: print(text, file=sys.stderr))
    except WorkerFailed as failure:
        print(f"error: {failure}", file=sys.stderr)
        sys.exit(1)
    result = {"command": shlex.join(["python", "-m", "trainers.benchmark", *sys.argv[1:]]), **result}
    print(json.dumps(result, indent=2))
    if arguments.output:
        write_json(arguments.output, result)


if __name__ == "__main__":
    command_line.run_program(main, Arguments)
