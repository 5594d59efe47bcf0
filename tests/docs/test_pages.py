"""Pages of the site: Python blocks run on smaller networks, and commands parse."""

import pytest

from tests.docs.documents import PAGES, README, ROOT, SMALLER, blocks, commands, smaller
from tests.eager import no_graphs  # noqa: F401
from tf_infomax.commands import train
from tf_infomax.commands.main import COMMANDS

WITH_PYTHON = [path for path in PAGES if blocks(path, "python")]
COMMAND_LINES = [words for path in (README, *PAGES) for words in commands(path)]


def test_every_size_is_in_a_document():
    text = "".join(block for path in (README, *PAGES) for block in blocks(path, "python"))
    for size in SMALLER:
        assert size in text


@pytest.mark.slow
@pytest.mark.parametrize("path", WITH_PYTHON, ids=lambda path: path.stem)
def test_python_blocks_run(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names: dict = {"__name__": "page"}
    for block in blocks(path, "python"):
        exec(smaller(block), names)


def test_commands_exist():
    assert {words[0] for words in COMMAND_LINES} <= set(COMMANDS)
    assert {words[0] for words in commands(README)} == set(COMMANDS)


def test_trainings_parse():
    lines = [words[1:] for words in COMMAND_LINES if words[0] == "train"]
    trainings = [words for words in lines if words[0] != "PRESET" and ":" not in words[0]]
    assert len(trainings) > 5
    for words in trainings:
        name, arguments = train.parse(words)
        assert name == ("infomax-gan-digits" if words[0] == "--from-preset" else words[0])
        assert str(arguments.run_dir) == "RUN"


def test_the_site_finds_its_snippets():
    """A formatter takes `--8<-- "file"` in a block of Python for an expression, and sets spaces."""
    for path in PAGES:
        assert "8 < --" not in path.read_text(), path


def test_every_table_of_results_is_on_a_page():
    text = "".join(path.read_text() for path in PAGES)
    for table in (ROOT / "results").glob("*/table.md"):
        assert table.parent.name in text
