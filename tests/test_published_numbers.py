"""The published numbers: copied right, each with its preset, and each table's settings within reach of a command."""

import dataclasses

import pytest

from tf_infomax import command_line
from tf_infomax.metrics.evaluation import METRIC_DEFINITIONS
from tf_infomax.presets import (
    NUMBERS,
    PRESETS,
    GANPreset,
    build_gan,
    build_objectives,
    preset_named,
    published_variants,
)


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
    ],
)
def test_published_numbers(name, published):
    assert PRESETS[name].published == published


def test_every_number_has_its_preset():
    for number in NUMBERS:
        preset = dataclasses.replace(preset_named(number.preset), **number.overrides)
        assert number.metric in METRIC_DEFINITIONS and number.value > 0
        build_objectives(preset)
    rows = {(number.preset, number.metric, number.table, number.command_line) for number in NUMBERS}
    assert len(rows) == len(NUMBERS)


@pytest.mark.parametrize("number", [n for n in NUMBERS if n.table.endswith("A.5")], ids=lambda n: n.command_line)
def test_ablations_build(number):
    widths = {"generator_channels": 4, "discriminator_channels": 4, "latent_dim": 4, "projection_dim": 4}
    gan = build_gan(dataclasses.replace(PRESETS[number.preset], **widths, **number.overrides))
    config = gan.objectives[0].get_config()
    for name, value in number.overrides.items():
        assert config[name.removeprefix("infomax_")] == value


def test_tables_agree_where_they_meet():
    same = [number for number in NUMBERS if number.overrides and _is_the_preset_itself(number)]
    assert len(same) == 4 + 1  # a row of Table 3, and one of Table 4
    for number in same:
        assert PRESETS[number.preset].published[number.metric] == number.value


def _is_the_preset_itself(number) -> bool:
    preset = PRESETS[number.preset]
    return dataclasses.replace(preset, **number.overrides) == preset


def test_variants():
    tables = [number.table.rpartition(", ")[2] for number in published_variants("infomax-gan-cifar10")]
    assert {table: tables.count(table) for table in tables} == {"Table 3": 6, "Table 4": 5, "Appendix A.5": 2}
    values = {number.command_line: number.value for number in published_variants("infomax-gan-stl10")}
    assert values["--beta-1 0.5 --beta-2 0.999 --discriminator-steps 2"] == 40.54
    assert published_variants("ssgan-cifar10") == ()


@pytest.mark.parametrize("number", [number for number in NUMBERS if number.overrides], ids=str)
def test_command_line_of_a_variant(number):
    preset = PRESETS[number.preset]
    parsed = command_line.parse(GANPreset, doc="", argv=number.command_line.split(), default=preset)
    assert parsed == dataclasses.replace(preset, **number.overrides)
