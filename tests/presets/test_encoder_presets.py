"""The presets of Deep InfoMax against the paper."""

import dataclasses

import pytest

from tf_infomax.errors import InputError
from tf_infomax.presets import ENCODER_NUMBERS, ENCODER_PRESETS, EncoderPreset, build_deep_infomax

SMALL = {"base_channels": 2, "fc_units": 4, "output_dim": 4, "local_head_units": 4, "global_head_units": 4}


@pytest.mark.parametrize("name", [name for name in ENCODER_PRESETS if name.endswith(("-digits", "-stl10"))])
def test_every_method_is_built(name):
    preset = ENCODER_PRESETS[name]
    model = build_deep_infomax(dataclasses.replace(preset, **SMALL))
    assert tuple(objective.name for objective in model.objectives) == preset.objectives
    assert model.occlusion == preset.occlusion and model.random_flip == preset.random_flip
    assert float(model.encoder_optimizer.learning_rate) == pytest.approx(1e-4 if name.endswith("-stl10") else 5e-4)


def test_weights_of_the_paper():
    weights = {
        method: {o.name: o.weight for o in build_deep_infomax(small(method)).objectives}
        for method in ("dim-g", "dim-l-infonce", "dim-lg")
    }
    assert weights == {
        "dim-g": {"global_infomax": 1.0, "prior_matching": 1.0},
        "dim-l-infonce": {"local_infomax": 1.0, "prior_matching": 0.1},
        "dim-lg": {"local_infomax": 0.1, "global_infomax": 0.5, "prior_matching": 0.1},
    }


def small(method: str) -> EncoderPreset:
    return dataclasses.replace(ENCODER_PRESETS[f"{method}-digits"], **SMALL)


def test_steps_are_the_papers_epochs():
    images = {"cifar10": 50_000, "cifar100": 50_000, "tiny-imagenet": 100_000, "stl10": 100_000}
    for dataset, count in images.items():
        preset = ENCODER_PRESETS[f"dim-l-jsd-{dataset}"]
        assert preset.steps * preset.batch_size == count * (1000 if dataset.startswith("cifar") else 200)


def test_published_numbers():
    assert len(ENCODER_NUMBERS) == 4 + 16 * 3 + 4 + 18 + 18
    assert {number.preset for number in ENCODER_NUMBERS} <= set(ENCODER_PRESETS)
    assert ENCODER_PRESETS["dim-l-infonce-cifar10"].published == {
        "mlp_conv": 75.21,
        "mlp_fc": 75.57,
        "mlp_output": 69.13,
    }
    assert ENCODER_PRESETS["dim-coord-occlude-cifar100"].published["mlp_output"] == 45.96
    assert ENCODER_PRESETS["dim-l-jsd-stl10"].published["finetune"] == 76.96
    for number in ENCODER_NUMBERS:
        dataclasses.replace(ENCODER_PRESETS[number.preset], **number.overrides)


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"objectives": ("local",)}, "`objectives` must be one of local_infomax, .* Received: local"),
        ({"objectives": ("classification",), "num_classes": None}, "needs `num_classes`. Received: none"),
        ({"num_negatives": 0}, "`num_negatives` must be positive. Received: 0"),
        ({"steps": -1}, "`steps` must not be negative. Received: -1"),
    ],
)
def test_bad_settings(changes, message):
    with pytest.raises(InputError, match=message):
        dataclasses.replace(ENCODER_PRESETS["dim-g-digits"], **changes)
