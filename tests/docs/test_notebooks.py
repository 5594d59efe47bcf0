"""The tutorials as notebooks: in step with their scripts, and one of them run in Jupyter's kernel."""

import importlib.util
import json

import pytest

from tests.docs.documents import ROOT
from tests.docs.test_tutorials import SCRIPTS

jupytext = pytest.importorskip("jupytext", reason="the extra `docs` is not installed")


def writer():
    spec = importlib.util.spec_from_file_location("notebooks", ROOT / "docs" / "notebooks.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_notebooks_are_in_step_with_their_scripts(script):
    """Otherwise run `python docs/notebooks.py`."""
    assert script.with_suffix(".ipynb").read_text(encoding="utf-8") == writer().notebook_of(script)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_a_notebook_has_the_code_of_its_script_after_an_installation(script):
    cells = json.loads(script.with_suffix(".ipynb").read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    assert "%pip install" in code[0] and not any("%" in line[:1] for line in code[1:])
    position = 0
    text = script.read_text()
    for source in code[1:]:
        position = text.index(source, position) + len(source)


@pytest.mark.slow
def test_a_notebook_runs_in_a_kernel(tmp_path, monkeypatch):
    nbclient = pytest.importorskip("nbclient", reason="the extra `docs` is not installed")
    import nbformat

    monkeypatch.setenv("TUTORIAL_STEPS", "2")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    notebook = nbformat.read(ROOT / "docs" / "tutorials" / "objective.ipynb", as_version=4)
    notebook.cells = notebook.cells[1:]  # Tests install nothing.
    nbclient.NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(tmp_path)}}).execute()
    assert (tmp_path / "objective" / "objective.png").stat().st_size > 0


def test_a_page_links_its_notebook_and_colab_where_the_repository_is_public(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    hooks = pytest.importorskip("site_hooks", reason="the extra `docs` is not installed")
    page = "# Title\n\nText.\n"
    assert hooks.with_notebook(page, "objective", None) == "# Title\n\n[Notebook](objective.ipynb)\n\nText.\n"
    linked = hooks.with_notebook(page, "objective", "https://github.com/someone/tf-infomax/")
    assert "research.google.com/github/someone/tf-infomax/blob/main/docs/tutorials/objective.ipynb" in linked
