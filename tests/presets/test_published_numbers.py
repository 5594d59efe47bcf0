"""Published numbers: correct copies, each with its preset and, in tables, with the options of a command."""

import pytest

from tests.small_presets import narrow
from tf_infomax.commands import train
from tf_infomax.metrics import IMAGE_METRICS, POINT_METRICS
from tf_infomax.presets import METHODS, NUMBERS, PRESETS, preset_named, published_variants

GAN_NUMBERS = [number for number in NUMBERS if METHODS[PRESETS.pairs[number.preset][0]].kind == "gan"]


def accuracies(numbers: str) -> dict[str, float]:
    return dict(zip(("ta", "ra", "ga", "pr", "re"), map(float, numbers.split()), strict=True))


@pytest.mark.parametrize(
    ("name", "published"),
    [
        ("infomax-gan-cifar10", {"fid": 17.14, "kid": 0.0112, "is": 8.08}),
        ("ssgan-celeba128", {"fid": 16.39, "kid": 0.0101, "is": 2.63}),
        ("sngan-imagenet128", {"fid": 65.74, "kid": 0.0663, "is": 13.05}),
        ("ssgan-im-stl10", {"fid": 37.73}),
        ("cgan-cifar100", {"fid": 14.16}),
        ("infomax-gan-imagenet32", {"fid": 20.68}),
        ("dcgan-quarter-im-stacked-mnist", {"modes": 62.0, "modes_kl": 4.68}),
        ("wgan-gp-cifar10", {}),
        ("infomax-gan-stacked-digits", {}),
        ("vgan-ver-stacked-digits", {}),
        (
            "vgan-ring",
            {**dict(modes=8, hq=99.28, kl=1.739, wd=0.185, mmd=0.058), **accuracies("74.15 73.47 74.84 74.73 73.47")},
        ),
        (
            "wgan-ring",
            {**dict(modes=8, hq=94.43, kl=0.791, wd=0.038, mmd=0.020), **accuracies("62.68 62.80 62.55 62.64 62.80")},
        ),
        (
            "vgan-ver-ring",
            {**dict(modes=8, hq=96.92, kl=0.452, wd=0.059, mmd=0.011), **accuracies("58.20 56.72 59.68 59.22 57.40")},
        ),
        (
            "wgan-ver-grid",
            {**dict(modes=25, hq=83.67, kl=1.33, wd=0.12, mmd=0.002), **accuracies("65.50 65.47 65.52 65.50 65.47")},
        ),
        (
            "vgan-grid",
            {**dict(modes=19, hq=96.43, kl=4.160, wd=1.169, mmd=0.039), **accuracies("86.87 90.11 83.64 81.85 90.11")},
        ),
    ],
)
def test_published_numbers(name, published):
    assert PRESETS[name].published == published


DIGITS = """
vgan     4.287 0.034 7.1 2.691 0.770 0.111 85.19 80.00 90.39 89.28 80.01
wgan     9.223 0.012 10  0.007 0.025 0.045 68.87 68.09 69.65 69.15 66.39
vgan-ver 8.431 0.025 10  0.256 0.031 0.069 74.47 73.84 75.09 74.78 73.84
wgan-ver 9.235 0.011 10  0.007 0.025 0.047 68.19 67.94 69.45 69.93 65.81
"""


def test_published_numbers_of_digits():
    """The rows of GAN + VER's Table III."""
    names = ["is", "fid", "modes", "kl", "wd", "mmd", *accuracies("0 0 0 0 0")]
    for method, *values in map(str.split, DIGITS.strip().splitlines()):
        preset = PRESETS[f"{method}-digits"]
        assert list(preset.published.items()) == list(zip(names, map(float, values), strict=True))
        assert preset.source == "Khorramshahi et al., 2020, Table III"


@pytest.mark.parametrize("dataset, table", [("ring", "Table I"), ("grid", "Table II")])
@pytest.mark.parametrize("method", ["vgan", "wgan", "vgan-ver", "wgan-ver"])
def test_points_have_all_their_metrics(dataset, table, method):
    preset = PRESETS[f"{method}-{dataset}"]
    assert list(preset.published) == list(POINT_METRICS)
    assert preset.source == f"Khorramshahi et al., 2020, {table}"
    # There are as many generated samples as real ones, so that the total accuracy is the mean of both.
    published = preset.published
    assert published["ta"] == pytest.approx((published["ra"] + published["ga"]) / 2, abs=0.02)


def test_every_number_has_its_preset():
    for number in NUMBERS:
        preset_named(number.preset).override(number.overrides)
        assert number.value > 0
    for number in GAN_NUMBERS:
        assert number.metric in {*IMAGE_METRICS, *POINT_METRICS}
    rows = {(number.preset, number.metric, number.table, number.command_line) for number in NUMBERS}
    assert len(rows) == len(NUMBERS)


@pytest.mark.parametrize("number", [n for n in NUMBERS if n.table.endswith("A.5")], ids=lambda n: n.command_line)
def test_ablations_build(number):
    gan = narrow(number.preset).override(number.overrides).build()
    config = gan.objectives[0].get_config()
    for name, value in number.overrides.items():
        assert config[name.removeprefix("objectives.infomax.")] == value


def test_tables_agree_where_they_meet():
    """Table 3 and Table 4 of InfoMax-GAN have rows with the settings of Table 1."""
    same = [number for number in GAN_NUMBERS if number.overrides and _is_the_preset_itself(number)]
    assert {number.table.rpartition(", ")[2] for number in same} == {"Table 3", "Table 4"}
    for number in same:
        assert PRESETS[number.preset].published[number.metric] == number.value


def _is_the_preset_itself(number) -> bool:
    preset = PRESETS[number.preset]
    return preset.override(number.overrides) == preset


def test_variants():
    tables = [number.table.rpartition(", ")[2] for number in published_variants("infomax-gan-cifar10")]
    assert {table: tables.count(table) for table in tables} == {"Table 3": 6, "Table 4": 5, "Appendix A.5": 2}
    values = {number.command_line: number.value for number in published_variants("infomax-gan-stl10")}
    assert values["--beta-1 0.5 --beta-2 0.999 --discriminator-steps 2"] == 40.54
    assert published_variants("ssgan-cifar10") == ()


@pytest.mark.parametrize("number", [number for number in NUMBERS if number.overrides], ids=str)
def test_command_line_of_a_variant(number):
    _, arguments = train.parse([number.preset, "--run-dir", "x", *number.command_line.split()])
    assert arguments.preset == preset_named(number.preset).override(number.overrides)
