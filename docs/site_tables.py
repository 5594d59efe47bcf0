"""Tables of the site, made from the files that commands wrote and from the published numbers of the presets."""

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from tf_infomax.metrics import POINT_METRICS, headings
from tf_infomax.presets import NUMBERS, PRESETS, PublishedNumber

ROOT = Path(__file__).parents[1]
SHIPPED = ROOT / "tf_infomax" / "models" / "pretrained" / "shipped"
METHODS = ("sngan", "infomax-gan", "ssgan", "ssgan-im", "cgan", "cgan-im", "wgan-gp", "wgan-gp-im")
DATASETS = ("cifar10", "cifar100", "stl10", "celeba64", "celeba128", "imagenet32", "imagenet128", "lsun128")


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Returns a table in Markdown."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines).replace(" ± ", "&nbsp;±&nbsp;")


def measured(name: str) -> tuple[list[str], list[list[str]]]:
    """Reads the header and the rows of `results/NAME/table.md`."""
    lines = [line for line in (ROOT / "results" / name / "table.md").read_text().splitlines() if line.startswith("|")]
    header, _, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return header, rows


def caption(name: str) -> str:
    """Reads the sentences above and below the table in `results/NAME/table.md`."""
    lines = (ROOT / "results" / name / "table.md").read_text().splitlines()
    return "\n".join(line for line in lines if not line.startswith("|")).strip()


def plain(name: str) -> str:
    """Returns the table of `results/NAME` as it was measured."""
    return table(*measured(name))


def comparison(name: str, *columns: str) -> str:
    """Returns chosen columns of `results/NAME`, each with the published number in brackets."""
    header, rows = measured(name)
    values = [dict(zip(header, row, strict=True)) for row in rows]
    cells = [[f"{row[column]} ({row[f'{column}, published']})" for column in columns] for row in values]
    return table(["", *columns], [[row[""], *row_cells] for row, row_cells in zip(values, cells, strict=True)])


def number(path: str, *keys: str | int, digits: int = 0) -> str:
    """Reads one number of a JSON file of the repository."""
    value = json.loads((ROOT / path).read_text())
    for key in keys:
        value = value[key]
    return f"{value:,.{digits}f}"


def measurements(name: str, files: dict[str, str], metrics: Sequence[str]) -> str:
    """Returns measurements of points that `tf-infomax evaluate` wrote to `results/NAME`, a row for each file.

    The last row is the floor: real samples against other real ones.
    """
    rows = []
    for file, label in files.items():
        records = {item["metric"]: item for item in json.loads((ROOT / "results" / name / f"{file}.json").read_text())}
        rows.append([label, *(f"{records[metric]['value']:.4g}" for metric in metrics)])
    rows.append(["real against real", *(f"{records[metric]['floor']:.4g}" for metric in metrics)])
    columns = headings(POINT_METRICS)
    return table(["", *(columns[metric] for metric in metrics)], rows)


def shipped(name: str) -> str:
    """Returns the measurements of a model that comes with the package, a row for each split."""
    records = json.loads((SHIPPED / name / "metrics.json").read_text())
    metrics = ("fid", "modes", "precision", "recall")
    rows: dict[str, dict[str, str]] = {}
    for record in records:
        floor = "" if record["floor"] is None else f" ({record['floor']:.3g})"
        row = rows.setdefault(f"{record['num_real']:,} real images of {record['split']}", {})
        row[record["metric"]] = f"{record['value']:.3g} ± {record['std']:.1g}{floor}"
    cells = [[label, *(row.get(metric, "") for metric in metrics)] for label, row in rows.items()]
    return table(["as many samples against", *metrics], cells)


def claims() -> str:
    """Returns the index of `results/` without its heading, and with names for links."""
    _, _, text = (ROOT / "results" / "README.md").read_text().partition("\n\n")
    return re.sub(r"^## \[(.+?)\]\(.+?\)$", r"## \1", text, flags=re.MULTILINE)


def published_fid() -> str:
    """Returns the published FID of methods by datasets; `-` marks a preset without one."""
    fid = {item.preset: item for item in NUMBERS if item.metric == "fid" and not item.overrides}

    def cell(preset: str) -> str:
        if preset not in fid:
            return "-" if preset in PRESETS else ""
        return f"{fid[preset].value:.2f}" + ("" if "Table" in fid[preset].table else r"\*")

    return table(["", *DATASETS], [[row, *(cell(f"{row}-{column}") for column in DATASETS)] for row in METHODS])


def published(numbers: Sequence[PublishedNumber], heading: str = "preset") -> str:
    """Returns published numbers, a row for each preset and its overrides, a column for each metric."""
    metrics = list(dict.fromkeys(item.metric for item in numbers))
    rows: dict[tuple[str, str], dict[str, str]] = {}
    for item in numbers:
        options = f" `{item.command_line}`" if item.overrides else ""
        spread = "" if item.std is None else f" ± {item.std:g}"
        rows.setdefault((item.preset, options), {})[item.metric] = f"{item.value:g}{spread}"
    return table(
        [heading, *metrics],
        [[f"{name}{options}", *(row.get(metric, "") for metric in metrics)] for (name, options), row in rows.items()],
    )


def published_in(table_name: str) -> str:
    """Returns the numbers of one table of a paper, such as `Hjelm et al., ICLR 2019, Table 1`."""
    numbers = [item for item in NUMBERS if item.table == table_name]
    if not numbers:
        raise ValueError(f"No published number is from {table_name!r}.")
    return published(numbers)
