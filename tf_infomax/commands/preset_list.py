"""The list of presets with their published numbers, and the heading of a preset's help."""

import itertools
import textwrap

from tf_infomax.presets import (
    DATASETS,
    ENCODER_PROTOCOL,
    PRESETS,
    PROTOCOL,
    Preset,
    PublishedNumber,
    published_numbers,
    published_variants,
)

_WIDTH = 120


def usage(program: str, doc: str) -> str:
    """Returns the list of all presets."""
    return "\n".join(
        [
            f"usage: {program} PRESET --run-dir RUN [overrides]",
            "",
            doc.strip(),
            "",
            "presets, with what was published for them:",
            *(row for dataset in DATASETS for row in _dataset_rows(dataset)),
            "",
            textwrap.fill(PROTOCOL, _WIDTH),
            textwrap.fill(ENCODER_PROTOCOL, _WIDTH),
            "",
            f"{program} PRESET --help lists what can be overridden.",
        ]
    )


def _dataset_rows(dataset: str) -> list[str]:
    """Yields a heading and a line for each preset of the dataset."""
    width = max(map(len, PRESETS))
    names = [name for name, (_, of_dataset) in PRESETS.pairs.items() if of_dataset == dataset]
    rows = [f"  {name:{width}}  {PRESETS.steps(name):7,} steps  {_published(name)}" for name in names]
    indent = " " * (width + len("  1234567 steps  ") + 2)
    lines = [line for row in rows for line in textwrap.wrap(row, _WIDTH, subsequent_indent=indent)]
    return ["", *textwrap.wrap(f"{dataset}: {_heading(dataset)}", _WIDTH, subsequent_indent="  "), *lines]


def _heading(dataset: str) -> str:
    """Describes the data of a dataset's presets, for each kind of model with another size or split."""
    headings = []
    for kind, recipe in DATASETS[dataset].recipes.items():
        size = recipe.changes.get("image_size", 32)
        split, crops = recipe.changes.get("split", "train"), recipe.changes.get("source_size")
        text = f"dataset {DATASETS[dataset].name}, split {split}, {'points' if size is None else f'{size} px'}"
        headings.append((kind, text + (f", random crops of {crops} px" if crops else "")))
    if len({text for _, text in headings}) == 1:
        return headings[0][1]
    return "; ".join(f"{kind}s: {text}" for kind, text in headings)


def _published(name: str) -> str:
    numbers = published_numbers(name)
    text = ", ".join(f"{number.metric} {number.value}" for number in numbers)
    return f"{text}  ({numbers[0].table})" if numbers else ""


def description(name: str, preset: Preset) -> str:
    """Returns the preset's origin and numbers published with other settings."""
    lines = [f"{name}: {_published(name) or preset.source or 'a preset of your own'}"]
    variants = [number for number in published_variants(name) if preset.override(number.overrides) != preset]
    for table, numbers in itertools.groupby(variants, key=lambda number: number.table):
        lines.append(f"  with other settings ({table}):")
        lines += [f"    {_row(list(group))}" for _, group in itertools.groupby(numbers, key=_all_but_the_last_value)]
    return "\n".join(lines)


def _all_but_the_last_value(number: PublishedNumber) -> tuple[str, str]:
    return number.metric, number.command_line.rpartition(" ")[0]


def _row(numbers: list[PublishedNumber]) -> str:
    """Returns a line for numbers that differ in the last setting alone."""
    metric, options = _all_but_the_last_value(numbers[0])
    values = ", ".join(str(list(number.overrides.values())[-1]) for number in numbers)
    spreads = ["" if number.std is None else f" ± {number.std}" for number in numbers]
    results = ", ".join(f"{number.value}{spread}" for number, spread in zip(numbers, spreads, strict=True))
    return f"{options} {values}: {metric} {results}"
