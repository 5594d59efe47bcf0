"""Settings for few images: augmentation, and the number of images to train on."""

import pytest

from tests.small_presets import narrow
from tf_infomax.commands import train
from tf_infomax.data import load_source
from tf_infomax.errors import InputError
from tf_infomax.models import AdaptiveAugmentation, DiffAugment
from tf_infomax.presets import METHODS, PRESETS, preset_named
from tf_infomax.runs.identity import differing, flat

OF_A_METHOD = {method: name for name, (method, data) in PRESETS.pairs.items() if data == "digits"}
GANS = [name for method, name in OF_A_METHOD.items() if METHODS[method].kind == "gan"]


@pytest.mark.parametrize("name", [*GANS, "infomax-gan-cifar10"])
def test_every_gan_of_images_can_be_augmented(name):
    preset = train.parse([name, "--run-dir", "x", "--augment", "ada"])[1].preset
    assert preset == preset_named(name).override({"augment": "ada"})
    assert preset.game.compile_arguments()["augmentation"] == "ada"


@pytest.mark.parametrize(("augment", "cls"), [("ada", AdaptiveAugmentation), ("diffaugment", DiffAugment)])
def test_the_name_becomes_an_augmentation(augment, cls):
    assert type(narrow("sngan-digits", image_size=8, augment=augment).build().augmentation) is cls
    assert narrow("sngan-digits", image_size=8).build().augmentation is None


def test_encoders_have_neither():
    for name in ("augment", "num_training_images"):
        with pytest.raises(InputError, match=f"no setting `{name}`"):
            preset_named("dim-lg-digits").override({name: None})


def test_earlier_runs_are_the_same():
    """Their configurations have neither setting."""
    there = flat(preset_named("sngan-digits").settings)
    here = {name: value for name, value in there.items() if name not in ("game.augment", "data.num_training_images")}
    assert len(here) == len(there) - 2 and differing(there, here) == []


def test_few_images_to_train_on():
    source = load_source("digits", split="train", image_size=28)
    preset = preset_named("sngan-digits")
    assert preset.data.training_part(source) is source
    assert preset.override({"num_training_images": 30}).data.training_part(source).num_images == 30
    with pytest.raises(InputError, match="`num_training_images` must be at most 4000, .*digits.*Received: 5000$"):
        preset.override({"num_training_images": 5000}).data.training_part(source)
    with pytest.raises(InputError, match="`num_training_images` must be at least 1. Received: 0"):
        preset.override({"num_training_images": 0})
