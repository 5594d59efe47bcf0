"""The training command: the list and the options of presets, and errors."""

import pytest

from tests import programs
from tf_infomax.commands import train
from tf_infomax.errors import InputError
from tf_infomax.presets import METHODS, PRESETS

LONGEST_LINE = 120


@pytest.fixture(autouse=True)
def _no_terminal(monkeypatch):
    """Help as it goes to a file; the workers of tests say how wide their terminal is."""
    monkeypatch.delenv("COLUMNS", raising=False)


def printed_help(capsys, *arguments: str) -> str:
    with pytest.raises(SystemExit) as exit_:
        train.main([*arguments, "--help"])
    assert not exit_.value.code
    return capsys.readouterr().out


def test_help_lists_presets(capsys):
    printed = printed_help(capsys)
    assert all(name in printed for name in PRESETS)
    assert max(map(len, printed.splitlines())) <= LONGEST_LINE
    words = " ".join(printed.split())
    for published in (
        "fid 17.14, kid 0.0112, is 8.08 (Lee et al., WACV 2021, Table 1)",
        "modes 8, hq 99.28, kl 1.739, wd 0.185, mmd 0.058, ta 74.15, ra 73.47",
        "mlp_output 69.13",
    ):
        assert published in words
    assert words.count("(Khorramshahi et al., 2020, Table III)") == 4


def test_nothing_at_all_prints_the_same_and_fails(capsys):
    printed = printed_help(capsys)
    with pytest.raises(SystemExit) as exit_:
        train.main([])
    assert exit_.value.code == 2 and capsys.readouterr().out == printed


def test_the_address_of_a_saved_model_is_needed(tmp_path):
    with pytest.raises(InputError, match="--from-preset must be followed by the address of a saved model"):
        train.main(["--run-dir", str(tmp_path / "run"), "--from-preset"])


def test_options_before_the_preset_do_not_pass_for_success(tmp_path):
    with pytest.raises(InputError, match="Expected the name of a preset first.* Received: --run-dir$"):
        train.main(["--run-dir", str(tmp_path / "run"), "sngan-digits"])


@pytest.mark.parametrize(
    "preset, published",
    [
        (
            "infomax-gan-cifar10",
            "--objectives.infomax.projection-dim 256, 512, 2048, 4096: fid 17.07 ± 0.25, 17.21 ± 0.15, 17.8 ± 0.05,",
        ),
        ("dim-l-jsd-cifar10", "--objectives.local-infomax.head concat_and_convolve: svm_conv 63.25"),
    ],
)
def test_help_of_a_preset_lists_what_was_published_with_other_settings(preset, published, capsys):
    assert published in printed_help(capsys, preset)


OF_EACH_KIND = {(PRESETS.pairs[name][0], METHODS[PRESETS.pairs[name][0]].kind): name for name in PRESETS}
"""A preset of every method: on other datasets it has the same options, or those of the same networks."""
WITH_MOST_TO_SAY = ("infomax-gan-cifar10", "infomax-gan-stl10", "vgan-ver-digits", "dim-l-jsd-cifar10")
NAMES = sorted({*OF_EACH_KIND.values(), *WITH_MOST_TO_SAY, *(name for name in PRESETS if name.startswith("sngan-"))})


@pytest.mark.parametrize("name", NAMES)
def test_help_of_a_preset_fits_two_screens(name, capsys):
    """One line for an option: at most 66 lines for the simplest GAN, at most 90 for any preset."""
    lines = printed_help(capsys, name).splitlines()
    assert len(lines) <= (66 if name.startswith("sngan-") else 90)
    assert max(map(len, lines)) <= LONGEST_LINE


@pytest.mark.parametrize(
    "arguments, names",
    [
        (["sngan-digits", "--objectives.infomax.projection-dim", "8"], ["--objectives.infomax.projection-dim"]),
        (["sngan-digits", "--generator.base-chanels", "8"], ["base-chanels", "--generator.base-channels"]),
        (["sngan-digits", "--discriminator-step", "8"], ["--discriminator-step,", "--discriminator-steps"]),
        (["dim-g-digits", "--beta1", "0.5"], ["--beta1", "--beta-1"]),
        (["sngan-digits", "--steps", "many"], ["--steps", "many"]),
        (["sngan-digits", "--adversarial-loss", "hing"], ["adversarial-loss", "hinge", "hing"]),
        (["infomax-gan-digits", "--objectives.rotation.generator-weight", "1"], ["--objectives.rotation"]),
    ],
)
def test_options_that_are_not_there(arguments, names, tmp_path):
    """What has no effect is refused, not ignored; a message of one line names what is similar."""
    with pytest.raises(InputError) as error:
        train.main([*arguments, "--run-dir", str(tmp_path / "run")])
    message = str(error.value)
    assert "\n" not in message and all(name in message for name in names), message
    assert not (tmp_path / "run").exists()


def test_the_run_directory_is_needed():
    with pytest.raises(InputError, match="--run-dir"):
        train.main(["sngan-digits"])


@pytest.mark.parametrize(
    "argument", ["no_such_module:PRESET", "tf_infomax.presets:NOTHING", "tf_infomax.presets:PRESETS"]
)
def test_places_without_a_preset(argument):
    with pytest.raises(InputError, match=f"The preset {argument} "):
        train.main([argument, "--run-dir", "x"])


def test_wrong_input_is_one_line_and_status_2(tmp_path):
    for arguments in (
        ("infomax-gan-cifar11", "--run-dir", tmp_path / "run"),
        ("sngan-digits", "--run-dir", tmp_path / "run", "--objectives.infomax.projection-dim", 8),
    ):
        finished = programs.tf_infomax("train", *arguments)
        assert finished.returncode == 2
        (line,) = finished.stderr.strip().splitlines()
        assert line.startswith("error: ") and str(arguments[0 if "11" in arguments[0] else 3]) in line
    assert not (tmp_path / "run").exists()
