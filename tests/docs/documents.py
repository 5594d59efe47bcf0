"""The README and the pages of the site: code blocks, small enough for tests, and commands."""

import re
import shlex
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
PAGES = sorted((ROOT / "docs").rglob("*.md"))
SMALLER = {
    "= 1000, 64, 5": "= 2, 4, 2",
    "ResNetGenerator(32, base_channels=64": "ResNetGenerator(32, base_channels=8",
    "ResNetDiscriminator(32, base_channels=32": "ResNetDiscriminator(32, base_channels=8",
    "InfoMax(128)": "InfoMax(8)",
    "ConvolutionalGenerator(32)": "ConvolutionalGenerator(32, base_channels=8)",
    "ConvolutionalDiscriminator(32)": "ConvolutionalDiscriminator(32, base_channels=8)",
    "steps = 1000\n": "steps = 2\n",
    "MLPGenerator(2,": "MLPGenerator(2, base_channels=8,",
    "ConvolutionalEncoder(28,": "ConvolutionalEncoder(28, base_channels=8, fc_units=16,",
    "head_units=256": "head_units=8",
    "VariationalBound()": "VariationalBound(base_channels=8, fc_units=16)",
}
"""Sizes in the documents, and those that tests run."""


def blocks(path: Path, language: str) -> list[str]:
    """Returns the code blocks of a document in one language; `py` marks Python that needs more than the page has."""
    return re.findall(rf"```{language}\n(.*?)```", path.read_text(), flags=re.DOTALL)


def smaller(code: str) -> str:
    """Replaces the sizes of networks and trainings."""
    for text, replacement in SMALLER.items():
        code = code.replace(text, replacement)
    return code


def commands(path: Path) -> list[list[str]]:
    """Returns the command lines of `tf-infomax` in the bash blocks and the tables of a document."""
    lines = [line for block in blocks(path, "bash") for line in block.replace("\\\n", " ").splitlines()]
    lines += re.findall(r"^\| `(tf-infomax [^`]*)`", path.read_text(), flags=re.MULTILINE)
    return [shlex.split(line, comments=True)[1:] for line in lines if line.startswith("tf-infomax ")]
