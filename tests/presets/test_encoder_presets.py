"""The presets of Deep InfoMax against the paper."""

import pytest

from tests.small_presets import narrow
from tf_infomax import StridedCropEncoder
from tf_infomax.errors import InputError
from tf_infomax.presets import METHODS, NUMBERS, PRESETS

ENCODERS = [name for name, (method, _) in PRESETS.pairs.items() if METHODS[method].kind == "encoder"]
OCCLUDED = ("dim-occlude", "dim-coord-occlude")


@pytest.mark.parametrize("name", [name for name in ENCODERS if name.endswith(("-digits", "-stl10"))])
def test_every_method_is_built(name):
    preset = narrow(name)
    model = preset.build()
    assert [objective.name for objective in model.objectives] == list(preset.model.objectives)
    assert model.occlusion == (10 if PRESETS.pairs[name][0] in OCCLUDED else 0)
    assert model.random_flip == name.endswith("-stl10")
    assert float(model.encoder_optimizer.learning_rate) == pytest.approx(1e-4 if name.endswith("-stl10") else 5e-4)


def test_weights_of_the_paper():
    weights = {
        method: {objective.name: objective.weight for objective in narrow(f"{method}-digits").build().objectives}
        for method in ("dim-g", "dim-l-infonce", "dim-lg", "aae")
    }
    assert weights == {
        "dim-g": {"global_infomax": 1.0, "prior_matching": 1.0},
        "dim-l-infonce": {"local_infomax": 1.0, "prior_matching": 0.1},
        "dim-lg": {"local_infomax": 0.1, "global_infomax": 0.5, "prior_matching": 0.1},
        "aae": {"reconstruction": 1.0, "prior_matching": 10.0},
    }


def test_generative_models_differ_in_their_settings():
    assert PRESETS["vae-cifar10"].get("objectives.variational_bound.beta") == 1.0
    assert PRESETS["beta-vae-cifar10"].get("objectives.variational_bound.beta") == 0.5
    assert PRESETS["aae-cifar10"].get("objectives.prior_matching.prior") == "normal"
    betas = {method: PRESETS[f"{method}-cifar10"].get("beta_1") for method in ("ae", "vae", "aae", "bigan")}
    assert betas == {"ae": 0.9, "vae": 0.9, "aae": 0.5, "bigan": 0.5}


@pytest.mark.parametrize("estimator", ["dv", "jsd", "infonce"])
def test_the_method_names_the_estimator(estimator):
    assert PRESETS[f"dim-l-{estimator}-cifar10"].get("objectives.local_infomax.estimator") == estimator


def test_steps_are_the_papers_epochs():
    images = {"cifar10": 50_000, "cifar100": 50_000, "tiny-imagenet": 100_000, "stl10": 100_000}
    for dataset, count in images.items():
        preset = PRESETS[f"dim-l-jsd-{dataset}"]
        assert preset.steps * preset.batch_size == count * (1000 if dataset.startswith("cifar") else 200)


def test_an_untrained_encoder_makes_no_step():
    for name in ENCODERS:
        assert (PRESETS.steps(name) == 0) == name.startswith("untrained-")


def test_labels_are_of_the_dataset():
    classes = {"cifar10": 10, "cifar100": 100, "stl10": 10, "tiny-imagenet": 200, "digits": 10, "stacked-digits": 1000}
    for dataset, count in classes.items():
        preset = PRESETS[f"supervised-{dataset}"]
        assert preset.data.num_classes == count and list(preset.model.objectives) == ["classification"]
        assert preset.data.split == "train"  # where the labels are
    assert PRESETS["dim-g-stl10"].data.split == "unlabelled"


def test_stl10_is_seen_in_crops():
    preset = PRESETS["dim-g-stl10"]
    assert (preset.data.image_size, preset.data.loaded_size) == (64, 96)
    assert PRESETS["dim-g-cifar10"].data.loaded_size == 32


def test_crops_have_their_own_encoder_on_all_datasets():
    sizes = {"digits": 32, "stacked-digits": 32, "cifar10": 32, "cifar100": 32, "stl10": 64, "tiny-imagenet": 64}
    for method in ("dim-l-crops", "dim-l-blocks", "cpc"):
        for dataset, size in sizes.items():
            preset = PRESETS[f"{method}-{dataset}"]
            assert preset.model.encoder.builds is StridedCropEncoder and preset.data.image_size == size
            assert "prior_matching" not in preset.model.objectives
    blocks = narrow("dim-l-blocks-digits").build()
    assert blocks.block_size == 3 and blocks.num_globals > 1


def test_rows_take_the_place_of_labels():
    images = {
        "cifar10": 50_000,
        "cifar100": 50_000,
        "stl10": 100_000,
        "tiny-imagenet": 100_000,
        "digits": 4000,
        "stacked-digits": 128_000,
    }
    for dataset, count in images.items():
        data = PRESETS[f"nat-{dataset}"].data
        assert data.given["num_images"] == count and data.gives_rows and data.num_classes is None
        assert not PRESETS[f"dim-g-{dataset}"].data.gives_rows
    assert narrow("nat-digits").build().objectives[0].targets.shape == (4000, 4)
    with pytest.raises(InputError, match="NoiseAsTargets needs the setting `num_images`. Received: none"):
        narrow("nat-digits").override({"num_images": None}).build()
    with pytest.raises(InputError, match="`jit_compile` must be False with noise_as_targets, .* Received: True"):
        narrow("nat-digits", jit_compile=True).build()


def test_published_numbers():
    assert PRESETS["dim-l-infonce-cifar10"].published == {"mlp_conv": 75.21, "mlp_fc": 75.57, "mlp_output": 69.13}
    assert PRESETS["dim-coord-occlude-cifar100"].published["mlp_output"] == 45.96
    assert PRESETS["dim-l-jsd-stl10"].published["finetune"] == 76.96
    assert PRESETS["ae-cifar100"].published == {"mlp_conv": 31.50, "mlp_fc": 23.89, "mlp_output": 27.44}
    assert PRESETS["bigan-stl10"].published["finetune"] == 74.77
    assert PRESETS["vae-cifar10"].published["mine"] == 93.02
    assert PRESETS["nat-cifar10"].published["mlp_output"] == 31.16
    assert PRESETS["cpc-stl10"].published == {"mlp_conv": 77.81}
    tables = [number.table for number in NUMBERS if number.preset in ENCODERS]
    # Four accuracies of supervised encoders; 40 rows of three layers, and with fine-tuning on STL-10.
    assert len([table for table in tables if table.endswith(("Table 1", "Table 2"))]) == 4 + 40 * 3 + 10
    assert len([table for table in tables if table.endswith("Table 3")]) == 3 * 2
    assert len([table for table in tables if table.endswith("Table 4")]) == 7 * 6
    assert len([table for table in tables if table.endswith("Table 5")]) == 6 * 3
