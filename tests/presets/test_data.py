"""Sizes, crops and mirror images among the settings of data."""

import pytest

from tests.small_presets import narrow
from tf_infomax.commands import train
from tf_infomax.errors import InputError
from tf_infomax.presets import GANData, preset_named
from tf_infomax.runs.identity import differing, flat


def test_a_square_is_one_number():
    for size in ((32, 32), [32, 32]):
        assert GANData("folder", image_size=size) == GANData("folder", image_size=32)
    assert GANData("folder", image_size=[32, 64]).image_size == (32, 64)


def test_earlier_runs_are_the_same_runs():
    here = flat(preset_named("infomax-gan-cifar10").override({"mirror": False, "image_size": (32, 32)}).settings)
    there = {name: value for name, value in here.items() if name not in ("data.source_size", "data.mirror")}
    assert len(there) == len(here) - 2 and differing(there, here) == [] and here["data.image_size"] == 32
    mirrored = flat(preset_named("infomax-gan-cifar10").override({"mirror": True}).settings)
    assert differing(there, mirrored) == ["data.mirror"]


@pytest.mark.parametrize(
    ("arguments", "size"), [("--image-size 64", 64), ("--image-size 32 64", (32, 64)), ("--image-size 64 64", 64)]
)
def test_sizes_on_the_command_line(arguments, size):
    name = "infomax-gan-cifar10"
    preset = train.parse([name, "--run-dir", "x", *arguments.split()])[1].preset
    assert preset.get("image_size") == size and preset == preset_named(name).override({"image_size": size})


def test_rectangles_reach_the_networks():
    changes = {"image_size": (32, 64), "num_channels": 1, "source_size": (36, 64)}
    preset = narrow("infomax-gan-cifar10").override(changes)
    assert preset.build().image_shape == (32, 64, 1)
    assert preset.data.loaded_size == (36, 64)
    assert preset.data.random_changes == {"crop_size": (32, 64)}


def test_random_changes_of_training():
    assert GANData("folder").random_changes == {}
    assert GANData("folder", mirror=True).random_changes == {"mirror": True}
    assert GANData("folder", mirror=False) == GANData("folder")


@pytest.mark.parametrize(
    ("name", "changes", "message"),
    [
        ("sngan-cifar10", {"image_size": (32, 0)}, "`image_size` must be at least 1. Received: 0"),
        ("sngan-cifar10", {"image_size": (32, 64, 3)}, "`image_size` must be one number, or height and width"),
        ("sngan-cifar10", {"source_size": 31}, "`source_size` must be at least `image_size` = 32. Received: 31"),
        ("sngan-cifar10", {"source_size": (64, 31)}, "at least `image_size` = 32. Received: 64x31"),
        ("vgan-ring", {"source_size": 4}, "`source_size` is for images. Received: 4, for points"),
        ("vgan-ring", {"mirror": True}, "`mirror` is for images. Received: True, for points"),
        ("dim-g-digits", {"image_size": (28, 56)}, "`image_size` must be one number for an encoder. Received: 28x56"),
        ("dim-g-stl10", {"source_size": (96, 64)}, "`source_size` must be one number for an encoder. Received: 96x64"),
    ],
)
def test_settings_that_are_refused(name, changes, message):
    with pytest.raises(InputError, match=message):
        preset_named(name).override(changes)


def test_methods_of_squares_refuse_rectangles():
    with pytest.raises(InputError, match="RotationPrediction needs square images. Received: 32x64"):
        narrow("ssgan-cifar10").override({"image_size": (32, 64)}).build()
