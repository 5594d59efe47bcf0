"""The table of presets: methods times datasets."""

import json

import pytest

import tf_infomax
from tests.small_presets import narrow
from tf_infomax.commands import train
from tf_infomax.errors import InputError
from tf_infomax.presets import DATASETS, METHODS, NUMBERS, PRESETS, Method, preset_named, settings

GANS_OF_IMAGES = ("sngan", "infomax-gan", "ssgan", "ssgan-im", "wgan-gp", "wgan-gp-im")
CONDITIONAL = ("cgan", "cgan-im")
DCGAN = ("dcgan-quarter", "dcgan-quarter-im", "dcgan-half", "dcgan-half-im")
GANS_OF_POINTS = ("vgan", "vgan-ver", "wgan", "wgan-ver", "ie")
DEEP_INFOMAX = ("dim-g", "dim-l-dv", "dim-l-jsd", "dim-l-infonce", "dim-lg", "dim-coord", "dim-occlude")
GENERATIVE = ("ae", "vae", "beta-vae", "aae", "bigan")
OF_CROPS = ("dim-l-crops", "dim-l-blocks", "cpc")
ENCODERS = ("untrained", *DEEP_INFOMAX, "dim-coord-occlude", *GENERATIVE, *OF_CROPS, "nat", "supervised")

IMAGES = ("cifar10", "cifar100", "stl10", "celeba64", "celeba128", "imagenet32", "imagenet128", "lsun128")
LABELLED = ("cifar10", "cifar100", "imagenet32", "imagenet128")
CPU_SIZED = ("stacked-digits", "digits")
ENCODED = ("cifar10", "cifar100", "stl10", "tiny-imagenet")

PAIRS = (
    (GANS_OF_IMAGES, IMAGES),
    (CONDITIONAL, LABELLED),
    (DCGAN, ("stacked-mnist",)),
    (GANS_OF_POINTS, ("ring", "grid")),
    (GANS_OF_IMAGES + CONDITIONAL + DCGAN + GANS_OF_POINTS, CPU_SIZED),
    (ENCODERS, ENCODED + CPU_SIZED),
)


def test_names():
    """Published methods are trained on what they were published for, and on what is CPU-sized, but for noise."""
    expected = {f"{method}-{dataset}" for methods, datasets in PAIRS for method in methods for dataset in datasets}
    noise = {"dcgan-quarter-stacked-digits", "dcgan-quarter-im-stacked-digits"}
    assert set(PRESETS) == set(PRESETS.pairs) == expected - noise


@pytest.mark.parametrize("name", PRESETS)
def test_rows(name):
    preset = PRESETS[name]
    method, dataset = PRESETS.pairs[name]
    assert preset.data.dataset == DATASETS[dataset].name and name == f"{method}-{dataset}"
    assert preset.steps == PRESETS.steps(name)
    assert preset.source and bool(preset.published) == any(
        number.preset == name and not number.overrides for number in NUMBERS
    )
    assert json.loads(json.dumps(preset.settings)) == preset.settings


def test_an_unknown_name_lists_similar_ones_first():
    with pytest.raises(InputError) as error:
        preset_named("infomax-gan-cifar11")
    message = str(error.value)
    assert message.index("infomax-gan-cifar10") < message.index("infomax-gan-cifar100")
    assert "\n" not in message and all(name in message for name in PRESETS)
    assert "infomax-gan-cifar11" not in PRESETS
    with pytest.raises(KeyError):
        PRESETS["infomax-gan-cifar11"]


def test_a_row_of_your_own(monkeypatch, capsys, tmp_path):
    """A method that is added appears with all datasets of its kind, in the list of programs, and trains."""
    both = Method("me", objectives=lambda: [settings(tf_infomax.RotationPrediction, generator_weight=0.7)])
    monkeypatch.setitem(METHODS, "mine", both)
    assert {name for name in PRESETS if name.startswith("mine-")} == {f"mine-{name}" for name in IMAGES + CPU_SIZED}
    with pytest.raises(SystemExit):
        train.main(["--help"])
    assert "mine-digits" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        train.main(["mine-digits", "--help"])
    assert "--objectives.rotation.generator-weight" in capsys.readouterr().out
    gan = narrow("mine-digits").build()
    assert gan.objectives[0].generator_weight == 0.7
