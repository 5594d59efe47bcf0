"""Commands that train a preset: their list of presets, and how one and its overrides are read."""

import dataclasses
import sys
import textwrap
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar

import tyro

from tf_infomax.commands import command_line
from tf_infomax.presets import Preset, PublishedNumber, preset_among

_WIDTH = 120


P = TypeVar("P", bound=Preset)
Arguments = TypeVar("Arguments")


class PresetCommand(Generic[P]):
    """The command line `PROGRAM PRESET --run-dir RUN [overrides]`.

    Args:
        program: The command, such as `python -m trainers.gan`.
        doc: The program's docstring.
        presets: By name, dataset by dataset.
        pairs: Names of the method and of the dataset of every preset.
        heading: Maps the first preset of a dataset to one line about it.
        protocol: How the published numbers were measured.
        variants: Maps the name of a preset to the numbers that were published with other settings than its own.
    """

    def __init__(
        self,
        program: str,
        doc: str,
        *,
        presets: Mapping[str, P],
        pairs: Mapping[str, tuple[str, str]],
        heading: Callable[[P], str],
        protocol: str,
        variants: Callable[[str], Sequence[PublishedNumber]],
    ) -> None:
        self.program = program
        self.doc = doc.strip()
        self.presets = presets
        self.pairs = pairs
        self.heading = heading
        self.protocol = protocol
        self.variants = variants

    def parse(self, arguments: Callable[..., Arguments], argv: Sequence[str]) -> tuple[str, Arguments]:
        """Reads the name of a preset and the rest of a command line; without a name it prints the list and exits.

        Args:
            arguments: A dataclass with the fields `run_dir` and `preset`, and others that have defaults.
            argv: The command line.

        Raises:
            InputError: There is no such preset, or the command line does not parse.
        """
        if not argv or argv[0].startswith("-"):
            print(self.usage())
            sys.exit(0 if argv else command_line.INPUT_ERROR_STATUS)
        name = argv[0]
        default: Any = arguments(run_dir=tyro.MISSING, preset=preset_among(name, self.presets))
        parsed = command_line.parse(
            type(default),
            doc=self.description(name),
            argv=argv[1:],
            default=default,
            program=f"{self.program} {name}",
        )
        return name, self._with_split(parsed, name, argv)

    def _with_split(self, arguments: Any, name: str, argv: Sequence[str]) -> Any:
        """Takes `"train"` of another dataset than the preset's, whose split it may not have, unless one is named."""
        if arguments.preset.dataset == self.presets[name].dataset or any(text.startswith("--split") for text in argv):
            return arguments
        return dataclasses.replace(arguments, preset=dataclasses.replace(arguments.preset, split="train"))

    def usage(self) -> str:
        """Returns the list of all presets with what was published for them."""
        datasets = dict.fromkeys(dataset for _, dataset in self.pairs.values())
        return "\n".join(
            [
                f"usage: {self.program} PRESET --run-dir RUN [overrides]",
                "",
                self.doc,
                "",
                "presets, with what was published for them:",
                *(row for dataset in datasets for row in self._dataset_rows(dataset)),
                "",
                textwrap.fill(self.protocol, 100),
                "",
                f"{self.program} PRESET --help lists what can be overridden, "
                "and what was published with other settings.",
            ]
        )

    def _dataset_rows(self, dataset: str) -> list[str]:
        """A heading and a line for each preset of the dataset."""
        width = max(map(len, self.presets))
        names = [name for name, (_, of_dataset) in self.pairs.items() if of_dataset == dataset]
        rows = [
            f"  {name:{width}}  {self.presets[name].steps:7,} steps  {_published(self.presets[name])}" for name in names
        ]
        indent = " " * (width + len("  1234567 steps  ") + 2)
        lines = [line for row in rows for line in textwrap.wrap(row, _WIDTH, subsequent_indent=indent)]
        return ["", f"{dataset}: {self.heading(self.presets[names[0]])}", *lines]

    def description(self, name: str) -> str:
        """Returns the program's docstring, the preset's origin and the numbers that were published with changes."""
        preset = self.presets[name]
        lines = [self.doc, "", f"{name}: {_published(preset) or preset.source}"]
        if variants := self.variants(name):
            lines += ["", "Published with other settings:", *map(_variant_row, variants)]
        return "\n".join(lines)


def _published(preset: Preset) -> str:
    numbers = ", ".join(f"{metric} {value}" for metric, value in preset.published.items())
    return f"{numbers}  ({preset.source})" if numbers else ""


def _variant_row(number: PublishedNumber) -> str:
    spread = "" if number.std is None else f" ± {number.std}"
    return f"  {number.command_line}: {number.metric} {number.value}{spread} ({number.table})"
