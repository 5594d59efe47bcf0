"""The presets of GANs against their papers."""

import pytest

from tests.small_presets import narrow, where_known
from tf_infomax.presets import DATASETS, METHODS, PRESETS, Preset, preset_named

CLASSES = {
    "cifar10": 10,
    "cifar100": 100,
    "imagenet32": 1000,
    "imagenet128": 1000,
    "stacked-digits": 1000,
    "digits": 10,
}
CPU_SIZED = ("stacked-digits", "digits")
MIXTURES = ("ring", "grid")
VANILLA = ("vgan", "vgan-ver", "wgan", "wgan-ver")
WIDTHS = {48: (8, 16), 64: (16, 16), 128: (16, 16)}
"""The narrowest networks of large images."""


def size_of(name: str) -> int | None:
    return DATASETS[PRESETS.pairs[name][1]].recipes["gan"].changes.get("image_size", 32)


GANS = [name for name, (method, _) in PRESETS.pairs.items() if METHODS[method].kind == "gan"]
OF_EACH_SIZE = {(PRESETS.pairs[name][0], size_of(name)): name for name in GANS}
"""A preset for each method and size of images: others differ in schedule and channels alone."""


def tiny(name: str, **changes) -> Preset:
    generator, discriminator = WIDTHS.get(size_of(name), (8, 8))
    widths = {"generator.base_channels": generator, "discriminator.base_channels": discriminator}
    return where_known(narrow(name, **changes), widths)


def values(preset: Preset, *names: str) -> tuple:
    return tuple(preset.get(name) for name in names)


def without_objective(preset: Preset, name: str) -> Preset:
    objectives = {key: part for key, part in preset.model.objectives.items() if key != name}
    return preset.override({"objectives": objectives})


@pytest.mark.parametrize("name", OF_EACH_SIZE.values())
def test_builds(name):
    preset = tiny(name)
    gan, data = preset.build(), preset.data
    points = data.image_size is None
    assert gan.image_shape == ((2,) if points else (data.image_size, data.image_size, data.num_channels))
    assert gan.num_classes == data.num_classes
    assert [objective.name for objective in gan.objectives] == list(preset.model.objectives)
    vectors = [variable for variable in gan.discriminator.weights if variable.path.rpartition("/")[2] == "u"]
    assert bool(vectors) == dict(preset.items()).get("discriminator.spectral_norm", False)


def test_settings_of_infomax_gan():
    cifar = preset_named("infomax-gan-cifar10")
    assert values(cifar, "dataset", "split", "image_size") == ("cifar10", "train", 32)
    assert values(cifar, "steps", "batch_size", "discriminator_steps", "decay") == (100_000, 64, 5, "linear")
    assert values(cifar, "learning_rate", "beta_1", "beta_2", "adversarial_loss") == (2e-4, 0.0, 0.9, "hinge")
    assert cifar.get("objectives.infomax.projection_dim") == 1024
    stl = preset_named("sngan-stl10")
    assert values(stl, "split", "image_size") == ("unlabelled", 48)


def test_settings_of_large_images():
    imagenet = preset_named("ssgan-im-imagenet128")
    assert list(imagenet.model.objectives) == ["rotation", "infomax"]
    assert values(imagenet, "dataset", "steps", "discriminator_steps") == ("imagenet2012", 450_000, 5)
    assert imagenet.get("decay") == "none"
    celeba = preset_named("sngan-celeba128")
    assert values(celeba, "split", "discriminator_steps", "decay") == ("train+validation+test", 2, "none")
    assert preset_named("ssgan-celeba64").get("discriminator_steps") == 5
    lsun = preset_named("wgan-gp-im-lsun128")
    assert values(lsun, "dataset", "discriminator_steps", "decay") == ("lsun/bedroom", 2, "linear")
    assert lsun.get("adversarial_loss") == "wasserstein"
    assert list(lsun.model.objectives) == ["gradient_penalty", "infomax"]


def test_settings_of_stacked_mnist():
    dcgan = preset_named("dcgan-half-stacked-mnist")
    widths = ("generator.latent_dim", "generator.base_channels", "discriminator.base_channels")
    assert values(dcgan, *widths) == (256, 64, 16)
    assert values(dcgan, "learning_rate", "discriminator_learning_rate", "batch_size") == (1e-4, 2e-4, 128)
    assert values(dcgan, "beta_1", "beta_2", "steps", "discriminator_steps") == (0.5, 0.99, 500_000, 1)
    assert preset_named("dcgan-quarter-im-stacked-mnist").get("discriminator.base_channels") == 8


@pytest.mark.parametrize("name", [f"{method}-{dataset}" for method in VANILLA for dataset in (*MIXTURES, *CPU_SIZED)])
def test_settings_of_gan_and_ver(name):
    """What the paper gives; learning rate, decays and weights are chosen."""
    preset, method = PRESETS[name], PRESETS.pairs[name][0]
    objectives = ["gradient_penalty"] if method.startswith("wgan") else []
    objectives += ["variational_entropy"] if method.endswith("ver") else []
    assert list(preset.model.objectives) == objectives
    assert preset.get("adversarial_loss") == ("wasserstein" if method.startswith("wgan") else "minimax")
    assert values(preset, "batch_size", "discriminator_steps", "split") == (64, 1, "train")
    assert preset.steps == PRESETS[name.replace(method, "vgan")].steps
    if "variational_entropy" in objectives:
        assert preset.get("objectives.variational_entropy.clip_to_adversarial") is True


@pytest.mark.parametrize("dataset", MIXTURES)
def test_points_of_gan_and_ver(dataset):
    preset = PRESETS[f"vgan-ver-{dataset}"]
    assert values(preset, "dataset", "image_size", "num_channels", "generator.latent_dim") == (dataset, None, 2, 2)
    assert preset.get("objectives.variational_entropy.architecture") is None


@pytest.mark.parametrize("dataset", CPU_SIZED)
def test_digits_of_gan_and_ver(dataset):
    preset = PRESETS[f"vgan-ver-{dataset}"]
    assert values(preset, "image_size", "generator.kernel_init") == (28, "kaiming")
    assert values(preset, "discriminator.kernel_init", "discriminator.batch_norm") == ("kaiming", False)
    assert preset.get("objectives.variational_entropy.architecture") == "mlp"


def test_networks_of_gan_and_ver():
    preset = PRESETS["vgan-ver-ring"].override(
        {"generator.unit": 0.25, "discriminator.unit": 0.25, "discriminator.data_range": 0.5}
    )
    gan = preset.build()
    generator, discriminator = gan.generator, gan.discriminator
    assert [layer.units for layer in generator.hidden_layers] == [400] * 4 and gan.image_shape == (2,)
    assert [(layer.units, layer.num_pieces) for layer in discriminator.hidden_layers] == [(200, 5)] * 3
    assert [layer.bias_range for layer in discriminator.hidden_layers] == [2.0, 0.0, 0.0]
    assert gan.objectives[0].statistics.hidden.units == 128 and not gan.objectives[0].statistics.convs


@pytest.mark.parametrize("name", [name for name in GANS if "-ver-" in name])
def test_entropy_is_all_that_a_method_with_it_adds(name):
    baseline = PRESETS[name.replace("-ver-", "-")]
    assert without_objective(PRESETS[name], "variational_entropy").settings == baseline.settings


@pytest.mark.parametrize("name", [name for name in GANS if name.startswith("infomax-gan") or "-im-" in name])
def test_infomax_is_all_that_a_method_with_it_adds(name):
    baseline = PRESETS[name.replace("infomax-gan", "sngan").replace("-im-", "-")]
    assert without_objective(PRESETS[name], "infomax").settings == baseline.settings


@pytest.mark.parametrize("dataset", [*MIXTURES, *CPU_SIZED])
def test_prior_matching(dataset):
    """Deep InfoMax, Appendix A.8: a third player, and a contractive penalty beside the game."""
    preset = PRESETS[f"ie-{dataset}"]
    assert list(preset.model.objectives) == ["contractive_penalty"]
    assert preset.game.game.builds.__name__ == "PriorMatchingGame"
    steps = preset.get("discriminator_steps")
    assert preset.game.updates_per_step == {"generator": 1, "discriminator": steps, "critic": steps}
    assert set(narrow(preset).build().players) == {"generator", "discriminator", "critic"}


@pytest.mark.parametrize("dataset", CPU_SIZED)
def test_cpu_sized_rows_are_of_one_size(dataset):
    for method in ("sngan", "infomax-gan", "ssgan", "ssgan-im", "wgan-gp", "wgan-gp-im", "cgan", "cgan-im"):
        preset = PRESETS[f"{method}-{dataset}"]
        widths = ("image_size", "generator.base_channels", "discriminator.base_channels")
        assert values(preset, *widths) == (28, 64, 64)
        assert preset.data.num_channels == (1 if dataset == "digits" else 3)
        if "infomax" in preset.model.objectives:
            assert preset.get("objectives.infomax.projection_dim") == 64
    wgan = PRESETS[f"wgan-gp-im-{dataset}"]
    # Adam's decays and the updates of the critic are those of WGAN-GP.
    assert values(wgan, "discriminator_steps", "beta_1", "beta_2") == (5, 0.0, 0.9)


@pytest.mark.parametrize("dataset", CPU_SIZED)
def test_dcgan_on_a_cpu_is_shorter_and_no_other(dataset):
    own, published = PRESETS[f"dcgan-half-{dataset}"], PRESETS["dcgan-half-stacked-mnist"]
    shared = {"dataset": dataset, "num_channels": own.data.num_channels, "steps": own.steps}
    assert own.steps < published.steps and own.settings == published.override(shared).settings


@pytest.mark.parametrize("dataset", CLASSES)
def test_conditional_rows_have_the_classes_of_the_dataset(dataset):
    for method in ("cgan", "cgan-im"):
        assert PRESETS[f"{method}-{dataset}"].data.num_classes == CLASSES[dataset]
    assert PRESETS[f"sngan-{dataset}"].data.num_classes is None


def test_the_published_widths_are_the_defaults():
    gan = preset_named("sngan-cifar10").build()
    assert (gan.generator.base_channels, gan.discriminator.base_channels) == (256, 128)
