"""What a measurement of the tests' own programs leaves in `results/`."""

from pathlib import Path
from typing import Any

from tf_infomax.files import write_bytes, write_json
from tf_infomax.runs.machine import machine, versions


def table(header: list[str], rows: list[list[object]]) -> str:
    """Returns a table in Markdown."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def write_record(output: Path, text: str, *, command: str, seconds: float, **content: Any) -> None:
    """Writes `table.md`, a text and how it was made, and `results.json`."""
    found = machine()
    made = f"{seconds / 60:.0f} minutes" if seconds >= 120 else f"{seconds:.0f} s"
    text = f"{text}\n\n{made} on {found['cores']} cores ({found['cpu']}). Command: `{command}`\n"
    write_bytes(output / "table.md", text.encode())
    write_json(
        output / "results.json",
        {"command": command, "seconds": seconds, "machine": found, "versions": versions(), **content},
    )
