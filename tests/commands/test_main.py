"""The console script: commands, their help without TensorFlow, completion, and the modules of a clone."""

import importlib
import shutil
import subprocess
from pathlib import Path

import pytest

import tf_infomax
from tests import programs
from tf_infomax.commands import main, train
from tf_infomax.commands.main import COMMANDS
from tf_infomax.errors import InputError
from tf_infomax.presets import METHODS, PRESETS

COMMAND_OF_MODULE = {
    "trainers.benchmark": "benchmark",
    "trainers.deep_infomax": "train",
    "trainers.digit_classifier": "digit_classifier",
    "trainers.evaluate": "evaluate",
    "trainers.gan": "train",
    "trainers.probe": "probe",
    "trainers.quickstart": "quickstart",
    "trainers.reproduce": "reproduce",
    "trainers.sample": "sample",
    "export.from_mimicry": "import_mimicry",
    "export.saved_model": "export",
    "export.verify": "verify",
}
"""Modules of a clone that `python -m` runs, by the command that each of them is."""


def printed(capsys, *argv: str) -> str:
    with pytest.raises(SystemExit) as exit_:
        main.run(argv)
    assert not exit_.value.code
    return capsys.readouterr().out


def test_help_lists_the_commands(capsys):
    text = printed(capsys, "--help")
    for name, command in COMMANDS.items():
        assert name in text and command.summary in text
    assert max(map(len, text.splitlines())) <= 120
    with pytest.raises(SystemExit) as exit_:
        main.run([])
    assert exit_.value.code == 2 and capsys.readouterr().out == text


def test_version(capsys):
    main.run(["--version"])
    assert tf_infomax.__version__ in capsys.readouterr().out


def test_an_unknown_command_lists_all():
    with pytest.raises(InputError) as error:
        main.run(["evalute"])
    assert all(name in str(error.value) for name in COMMANDS) and "Received: evalute" in str(error.value)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name, capsys, monkeypatch):
    monkeypatch.delenv("COLUMNS", raising=False)
    text = printed(capsys, name, "--help")
    assert f"usage: tf-infomax {name}" in text and max(map(len, text.splitlines())) <= 120


WITHOUT_TENSORFLOW = """
import contextlib, io, sys
from tf_infomax.commands import main
from tf_infomax.errors import InputError

wrong = [["nothing"], ["train", "sngan-cifar11", "--run-dir", "x"], ["evaluate", "--nothing"]]
for line in [["--help"], ["--version"], *wrong, *([name, "--help"] for name in main.COMMANDS)]:
    with contextlib.suppress(SystemExit, InputError), contextlib.redirect_stdout(io.StringIO()):
        main.run(line)
    assert "tensorflow" not in sys.modules, line
"""


def test_help_and_wrong_names_do_not_import_tensorflow():
    finished = programs.run_code(WITHOUT_TENSORFLOW)
    assert finished.returncode == 0, finished.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(shell, capsys):
    script = printed(capsys, main.COMPLETION, shell)
    for name in (*COMMANDS, *PRESETS, "--run-dir", "--metrics-every"):
        assert name in script


COMPLETE = """
eval "$(cat)"
complete() { :; }
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}
_tyro_tf_infomax
printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
@pytest.mark.parametrize(
    "line, completions",
    [
        ("tf-infomax qu", {"quickstart"}),
        ("tf-infomax train dcgan-half-st", {"dcgan-half-stacked-digits", "dcgan-half-stacked-mnist"}),
        ("tf-infomax train sngan-digits --metrics-", {"--metrics-every"}),
        ("tf-infomax evaluate --prot", {"--protocol"}),
    ],
)
def test_what_bash_completes(line, completions, capsys):
    script = printed(capsys, main.COMPLETION, "bash")
    command = ["bash", "-c", COMPLETE, "bash", *line.split()]
    finished = subprocess.run(command, input=script, capture_output=True, text=True, timeout=60)
    assert set(finished.stdout.split()) == completions, finished.stderr


def test_every_module_of_a_clone_is_here():
    found = {
        f"{folder}.{path.stem}"
        for folder in ("trainers", "export")
        for path in (programs.ROOT / folder).glob("*.py")
        if path.stem != "__init__"
    }
    assert found == set(COMMAND_OF_MODULE)


@pytest.mark.parametrize("module", COMMAND_OF_MODULE)
def test_modules_call_the_commands(module, monkeypatch):
    """`python -m MODULE` runs the command's `main` on the same arguments, under a name of its own."""
    called = {}
    command = importlib.import_module(f"tf_infomax.commands.{COMMAND_OF_MODULE[module]}")
    monkeypatch.setattr(command, "main", lambda argv, *, program: called.update(argv=argv, program=program))
    monkeypatch.setattr("sys.argv", [module, "one", "--two"])
    source = Path(programs.ROOT, *module.split(".")).with_suffix(".py").read_text()
    exec(compile(source, module, "exec"), {"__name__": "__main__"})
    assert called == {"argv": ["one", "--two"], "program": f"python -m {module}"}


@pytest.mark.parametrize("module", ["trainers.gan", "trainers.deep_infomax"])
def test_the_list_of_presets_under_another_name(module):
    finished = programs.run(module, "--help")
    assert finished.returncode == 0 and f"usage: python -m {module} PRESET" in finished.stdout
    assert all(name in finished.stdout for name in PRESETS) and METHODS.keys()


def test_the_list_names_the_program(capsys):
    with pytest.raises(SystemExit):
        train.main(["--help"], program="own")
    assert capsys.readouterr().out.startswith("usage: own PRESET")
