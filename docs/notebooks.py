"""Writes the tutorials as notebooks beside their scripts: python docs/notebooks.py.

The scripts are what people edit and tests run. The notebooks have the same cells, after one that installs the library.
"""

from pathlib import Path

import jupytext
import nbformat

TUTORIALS = Path(__file__).parent / "tutorials"
INSTALLATION = (
    "# Where the library is not installed yet; until it is on an index, name the path of a clone in its place.\n"
    "%pip install --quiet tf-infomax"
)


def scripts() -> list[Path]:
    """Returns the scripts of the tutorials."""
    return sorted(TUTORIALS.glob("*.py"))


def notebook_of(script: Path) -> str:
    """Returns the notebook of a script as JSON, the same text for the same script."""
    notebook = jupytext.read(script)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(INSTALLATION))
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell{number}"  # They are random otherwise.
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook.metadata = nbformat.NotebookNode(kernelspec=kernel)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    return nbformat.writes(notebook) + "\n"


if __name__ == "__main__":
    for script in scripts():
        script.with_suffix(".ipynb").write_text(notebook_of(script), encoding="utf-8")
