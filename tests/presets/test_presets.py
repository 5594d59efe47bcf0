"""The presets: their names and settings, and that each gives a GAN."""

import dataclasses
import json

import pytest

from tf_infomax.commands import command_line
from tf_infomax.errors import InputError
from tf_infomax.metrics import IMAGE_METRICS, POINT_METRICS
from tf_infomax.presets import (
    DATASETS,
    METHODS,
    PAIRS,
    PRESETS,
    GANPreset,
    build_gan,
    preset_named,
)

UNCONDITIONAL = ("sngan", "infomax-gan", "ssgan", "ssgan-im", "wgan-gp", "wgan-gp-im")
CONDITIONAL = ("cgan", "cgan-im")
DCGAN = ("dcgan-quarter", "dcgan-quarter-im", "dcgan-half", "dcgan-half-im")
IMAGES = ("cifar10", "cifar100", "stl10", "celeba64", "celeba128", "imagenet32", "imagenet128", "lsun128")
LABELLED = {"cifar10": 10, "cifar100": 100, "imagenet32": 1000, "imagenet128": 1000}
CPU_SIZED = ("stacked-digits", "digits")
VANILLA = ("vgan", "vgan-ver", "wgan", "wgan-ver")
ON_POINTS = (*VANILLA, "ie")
MIXTURES = ("ring", "grid")

# Before there was a table, the two rows that the README's numbers were measured with.
STACKED_DIGITS = {
    "dataset": "stacked-digits",
    "split": "train",
    "image_size": 28,
    "num_channels": 3,
    "architecture": "convolutional",
    "generator_channels": 64,
    "discriminator_channels": 64,
    "latent_dim": 128,
    "projection_dim": 64,
    "infomax_discriminator_weight": 0.2,
    "infomax_generator_weight": 0.2,
    "own_locations": "negatives",
    "negatives": "global",
    "adversarial_loss": "hinge",
    "steps": 5500,
    "batch_size": 64,
    "discriminator_steps": 1,
    "learning_rate": 1e-3,
    "discriminator_learning_rate": None,
    "beta_1": 0.5,
    "beta_2": 0.999,
    "decay": "linear",
    "precision": "float32",
    "seed": 0,
    "num_classes": None,
    "spectral_norm": True,
    "ema_decay": 0.0,
}

TINY_WIDTHS = {32: (4, 4), 48: (8, 16), 64: (16, 16), 128: (16, 16), 28: (8, 8), None: (4, 4)}


def tiny(preset: GANPreset, **changes) -> GANPreset:
    generator_channels, discriminator_channels = TINY_WIDTHS[preset.image_size]
    return dataclasses.replace(
        preset,
        generator_channels=generator_channels,
        discriminator_channels=discriminator_channels,
        latent_dim=4,
        projection_dim=4,
        **changes,
    )


def kind(preset: GANPreset) -> tuple:
    """What decides which networks and objectives are built; presets of one kind differ in the schedule alone."""
    names = ("architecture", "image_size", "num_channels", "num_classes", "spectral_norm", "objectives")
    names += ("discriminator_batch_norm", "kernel_init", "statistics_network", "adversarial_loss")
    return tuple(getattr(preset, name) for name in names)


KINDS = {kind(preset): name for name, preset in PRESETS.items()}


def test_names():
    expected = {f"{method}-{dataset}" for method in UNCONDITIONAL for dataset in IMAGES}
    expected |= {f"{method}-{dataset}" for method in CONDITIONAL for dataset in LABELLED}
    expected |= {f"{method}-stacked-mnist" for method in DCGAN}
    methods = UNCONDITIONAL + CONDITIONAL + DCGAN + ON_POINTS
    expected |= {f"{method}-{dataset}" for method in methods for dataset in CPU_SIZED}
    expected |= {f"{method}-{dataset}" for method in ON_POINTS for dataset in MIXTURES}
    assert set(PRESETS) == set(PAIRS) == expected and len(expected) == 104
    assert set(METHODS) == set(methods)
    assert set(DATASETS) == {*IMAGES, "stacked-mnist", *CPU_SIZED, *MIXTURES}


@pytest.mark.parametrize("name", KINDS.values())
def test_builds(name):
    preset = tiny(PRESETS[name])
    gan = build_gan(preset)
    assert gan.image_shape == (*2 * (preset.image_size,), preset.num_channels)[-1 if preset.image_size is None else 0 :]
    assert gan.num_classes == preset.num_classes
    assert [objective.name for objective in gan.objectives] == list(preset.objectives)
    assert gan.adversarial_loss == preset.adversarial_loss
    vectors = [variable for variable in gan.discriminator.weights if variable.path.rpartition("/")[2] == "u"]
    assert bool(vectors) == preset.spectral_norm


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
def test_rows(preset):
    assert GANPreset(**json.loads(json.dumps(preset.settings)) | {"objectives": preset.objectives}).settings == (
        preset.settings
    )
    assert preset.source
    assert bool(preset.published) == ("no published" not in preset.source)
    assert set(preset.published) <= {*IMAGE_METRICS, *POINT_METRICS}


def test_settings_of_the_papers():
    infomax_gan = preset_named("infomax-gan-cifar10")
    assert (infomax_gan.dataset, infomax_gan.split, infomax_gan.image_size) == ("cifar10", "train", 32)
    assert (infomax_gan.steps, infomax_gan.discriminator_steps, infomax_gan.decay) == (100_000, 5, "linear")
    assert (infomax_gan.learning_rate, infomax_gan.beta_1, infomax_gan.beta_2) == (2e-4, 0.0, 0.9)
    assert (infomax_gan.batch_size, infomax_gan.projection_dim, infomax_gan.adversarial_loss) == (64, 1024, "hinge")
    imagenet = preset_named("ssgan-im-imagenet128")
    assert imagenet.objectives == ("rotation", "infomax")
    assert (imagenet.dataset, imagenet.steps, imagenet.discriminator_steps) == ("imagenet2012", 450_000, 5)
    assert imagenet.decay == "none"
    celeba = preset_named("sngan-celeba128")
    assert (celeba.split, celeba.discriminator_steps, celeba.decay) == ("train+validation+test", 2, "none")
    assert preset_named("ssgan-celeba64").discriminator_steps == 5
    lsun = preset_named("wgan-gp-im-lsun128")
    assert (lsun.dataset, lsun.discriminator_steps, lsun.decay) == ("lsun/bedroom", 2, "linear")
    assert (lsun.adversarial_loss, lsun.objectives) == ("wasserstein", ("gradient_penalty", "infomax"))
    assert preset_named("sngan-stl10").split == "unlabelled" and preset_named("sngan-stl10").image_size == 48
    dcgan = preset_named("dcgan-half-stacked-mnist")
    assert (dcgan.latent_dim, dcgan.generator_channels, dcgan.discriminator_channels) == (256, 64, 16)
    assert (dcgan.learning_rate, dcgan.discriminator_learning_rate, dcgan.batch_size) == (1e-4, 2e-4, 128)
    assert (dcgan.beta_1, dcgan.beta_2, dcgan.steps, dcgan.discriminator_steps) == (0.5, 0.99, 500_000, 1)
    assert preset_named("dcgan-quarter-im-stacked-mnist").discriminator_channels == 8


@pytest.mark.parametrize("method", VANILLA)
def test_settings_of_gan_and_ver(method):
    """What the paper gives; learning rate, decays and weights are chosen."""
    objectives = ("gradient_penalty",) if method.startswith("wgan") else ()
    objectives += ("variational_entropy",) if method.endswith("ver") else ()
    for dataset in (*MIXTURES, *CPU_SIZED):
        preset = PRESETS[f"{method}-{dataset}"]
        assert preset.objectives == objectives and preset.batch_size == 64
        assert preset.adversarial_loss == ("wasserstein" if "gradient_penalty" in objectives else "minimax")
        assert preset.steps == PRESETS[f"vgan-{dataset}"].steps and preset.discriminator_steps == 1
        assert preset.variational_entropy_clipping and preset.split == "train"
    for dataset in MIXTURES:
        preset = PRESETS[f"{method}-{dataset}"]
        assert (preset.dataset, preset.architecture, preset.image_size) == (dataset, "mlp", None)
        assert (preset.num_channels, preset.latent_dim, preset.statistics_network) == (2, 2, None)
    for dataset in CPU_SIZED:
        preset = PRESETS[f"{method}-{dataset}"]
        assert (preset.architecture, preset.image_size, preset.kernel_init) == ("dcgan", 28, "kaiming")
        assert not preset.discriminator_batch_norm and preset.statistics_network == "mlp"


def test_networks_of_gan_and_ver():
    gan = build_gan(dataclasses.replace(PRESETS["vgan-ver-ring"], unit=0.25, data_range=0.5))
    generator, discriminator = gan.generator, gan.discriminator
    assert [layer.units for layer in generator.hidden_layers] == [400] * 4 and gan.image_shape == (2,)
    assert [(layer.units, layer.num_pieces) for layer in discriminator.hidden_layers] == [(200, 5)] * 3
    assert [layer.bias_range for layer in discriminator.hidden_layers] == [2.0, 0.0, 0.0]
    assert generator.unit == discriminator.unit == 0.25
    assert gan.objectives[0].statistics.hidden.units == 128 and not gan.objectives[0].statistics.convs


@pytest.mark.parametrize("name", [f"{method}-{dataset}" for method in VANILLA for dataset in (*MIXTURES, *CPU_SIZED)])
def test_entropy_is_all_that_a_method_with_it_adds(name):
    without = tuple(objective for objective in PRESETS[name].objectives if objective != "variational_entropy")
    baseline = PRESETS[name.replace("-ver", "")]
    weight = baseline.variational_entropy_weight  # which the baseline has no use for
    settings = dataclasses.replace(PRESETS[name], objectives=without, variational_entropy_weight=weight).settings
    assert settings == baseline.settings


@pytest.mark.parametrize("dataset", CPU_SIZED)
def test_settings_of_the_cpu_sized_rows(dataset):
    for method in UNCONDITIONAL + CONDITIONAL:
        preset = PRESETS[f"{method}-{dataset}"]
        assert (preset.architecture, preset.image_size) == ("convolutional", 28)
        assert (preset.generator_channels, preset.discriminator_channels, preset.projection_dim) == (64, 64, 64)
        assert preset.num_channels == (1 if dataset == "digits" else 3)
    wgan = PRESETS[f"wgan-gp-im-{dataset}"]
    assert (wgan.discriminator_steps, wgan.learning_rate, wgan.beta_1, wgan.beta_2) == (5, 1e-3, 0.0, 0.9)
    dcgan, published = PRESETS[f"dcgan-half-{dataset}"], PRESETS["dcgan-half-stacked-mnist"]
    same = {"dataset": dataset, "num_channels": dcgan.num_channels, "projection_dim": 64, "steps": dcgan.steps}
    assert dcgan.settings == published.settings | same


@pytest.mark.parametrize(("name", "objectives"), [("sngan", []), ("infomax-gan", ["infomax"])])
def test_the_first_rows_are_as_they_were(name, objectives):
    settings = preset_named(f"{name}-stacked-digits").settings
    expected = STACKED_DIGITS | {"objectives": objectives}
    assert {field: settings[field] for field in expected} == expected


@pytest.mark.parametrize("dataset", LABELLED | {"stacked-digits": 1000, "digits": 10})
def test_conditional_rows_have_the_classes_of_the_dataset(dataset):
    classes = (LABELLED | {"stacked-digits": 1000, "digits": 10})[dataset]
    for method in CONDITIONAL:
        assert PRESETS[f"{method}-{dataset}"].num_classes == classes
    assert PRESETS[f"sngan-{dataset}"].num_classes is None


@pytest.mark.parametrize("name", [name for name in PRESETS if name.startswith("infomax-gan") or "-im-" in name])
def test_infomax_is_all_that_a_method_with_it_adds(name):
    baseline = name.replace("infomax-gan", "sngan").replace("-im-", "-")
    without = tuple(objective for objective in PRESETS[name].objectives if objective != "infomax")
    settings = dataclasses.replace(PRESETS[name], objectives=without).settings
    assert settings == PRESETS[baseline].settings


@pytest.mark.parametrize(
    ("arguments", "changes"),
    [
        ("--spectral-norm False --activate-shortcut False", {"spectral_norm": False, "activate_shortcut": False}),
        ("--spectral-norm True --infomax-spectral-norm True", {}),
        ("--num-classes 10", {"num_classes": 10}),
        ("--num-classes None --generator-channels None", {}),
        ("--generator-channels 8 --discriminator-channels None", {"generator_channels": 8}),
        ("--objectives infomax rotation", {"objectives": ("infomax", "rotation")}),
        ("--objectives", {"objectives": ()}),
        ("--ema-decay 0.999 --location-fraction 0.5", {"ema_decay": 0.999, "location_fraction": 0.5}),
    ],
)
def test_overrides_on_the_command_line(arguments, changes):
    preset = preset_named("sngan-cifar10")
    assert parse(preset, arguments) == dataclasses.replace(preset, **changes)


def parse(preset: GANPreset, arguments: str) -> GANPreset:
    return command_line.parse(GANPreset, doc="", argv=arguments.split(), default=preset)


def test_every_setting_has_help(capsys):
    with pytest.raises(SystemExit):
        parse(preset_named("sngan-cifar10"), "--help")
    printed = capsys.readouterr().out
    for name in PRESETS["sngan-cifar10"].settings:
        assert f"--{name.replace('_', '-')} " in printed, name
    assert "--spectral-norm {True,False}" in printed
    assert "--num-classes {None}|INT" in printed


def test_every_setting_acts():
    """Each field that describes networks, objectives or optimizers changes what is built."""
    base = tiny(preset_named("ssgan-im-digits"))
    conditional = tiny(preset_named("ssgan-im-digits"), num_classes=3)
    assert build_gan(conditional).num_classes == 3
    gan = build_gan(
        dataclasses.replace(
            base,
            objectives=("infomax", "rotation", "gradient_penalty"),
            infomax_discriminator_weight=0.3,
            infomax_generator_weight=0.4,
            infomax_spectral_norm=False,
            local_layer="block1",
            global_layer="block2",
            location_fraction=0.5,
            own_locations="masked",
            negatives="replica",
            rotation_discriminator_weight=0.5,
            rotation_generator_weight=0.6,
            gradient_penalty_weight=7.0,
            gradient_penalty_target=0.5,
            ema_decay=0.9,
            spectral_norm=False,
            seed=3,
        )
    )
    infomax, rotation, penalty = (objective.get_config() for objective in gan.objectives)
    expected = {"discriminator_weight": 0.3, "generator_weight": 0.4, "spectral_norm": False, "negatives": "replica"}
    expected |= {"local_layer": "block1", "global_layer": "block2", "location_fraction": 0.5, "own_locations": "masked"}
    assert {name: infomax[name] for name in expected} == expected
    assert (rotation["discriminator_weight"], rotation["generator_weight"]) == (0.5, 0.6)
    assert (penalty["discriminator_weight"], penalty["target"]) == (7.0, 0.5)
    assert gan.averaged_generator is not None and build_gan(base).averaged_generator is None
    assert gan.discriminator.spectral_norm is False
    assert gan.seed == 3


@pytest.mark.parametrize("activate_shortcut", [True, False])
def test_activated_shortcut(activate_shortcut):
    gan = build_gan(tiny(preset_named("sngan-cifar10"), activate_shortcut=activate_shortcut))
    assert gan.discriminator.activate_shortcut is activate_shortcut


def test_no_width_is_the_published_one():
    gan = build_gan(preset_named("sngan-cifar10"))
    assert (gan.generator.base_channels, gan.discriminator.base_channels) == (256, 128)


def test_optimizers():
    gan = build_gan(tiny(preset_named("dcgan-quarter-im-stacked-mnist")))
    assert float(gan.generator_optimizer.learning_rate) == pytest.approx(1e-4)
    assert float(gan.discriminator_optimizer.learning_rate) == pytest.approx(2e-4)
    assert gan.generator_optimizer.beta_2 == 0.99
    decaying = build_gan(tiny(preset_named("sngan-cifar10"), steps=10))
    for optimizer, updates in ((decaying.generator_optimizer, 10), (decaying.discriminator_optimizer, 50)):
        schedule = optimizer.get_config()["learning_rate"]["config"]
        assert schedule["num_steps"] * schedule["updates_per_step"] == updates


@pytest.mark.parametrize(
    ("name", "changes", "message"),
    [
        ("dcgan-half-digits", {"num_classes": 10}, "`num_classes` must be none for the architecture dcgan.*10"),
        ("dcgan-half-digits", {"spectral_norm": True}, "`spectral_norm` must be False for .* dcgan.*True"),
        ("sngan-digits", {"activate_shortcut": False}, "`activate_shortcut` must be True .* convolutional.*False"),
        ("dcgan-half-digits", {"activate_shortcut": False}, "`activate_shortcut` must be True .* dcgan"),
        ("sngan-cifar10", {"architecture": "dcgan"}, "`spectral_norm` must be False"),
        ("sngan-cifar10", {"architecture": "unet"}, "resnet, convolutional, dcgan, mlp. Received: unet"),
        ("sngan-cifar10", {"image_size": None}, "`image_size` must be none exactly for .* mlp. Received: None"),
        ("vgan-ring", {"image_size": 28}, "`image_size` must be none exactly for .* mlp. Received: 28"),
        ("vgan-ring", {"spectral_norm": True}, "`spectral_norm` must be False for the architecture mlp"),
        ("vgan-ring", {"num_classes": 8}, "`num_classes` must be none for the architecture mlp. Received: 8"),
        ("vgan-ring", {"kernel_init": "kaiming"}, "`kernel_init` must be dcgan for .* mlp. Received: kaiming"),
        ("vgan-ring", {"discriminator_batch_norm": False}, "`discriminator_batch_norm` must be True for .* mlp"),
        ("vgan-ring", {"activate_shortcut": False}, "`activate_shortcut` must be True for the architecture mlp"),
        ("vgan-digits", {"data_range": 1.0}, "`data_range` must be 0.0 for the architecture dcgan. Received: 1.0"),
        ("sngan-cifar10", {"unit": 0.5}, "`unit` must be 1.0 for the architecture resnet. Received: 0.5"),
        ("vgan-ring", {"unit": 0.0}, "`unit` must be .*. Received: 0.0"),
        ("wgan-ring", {"gradient_penalty_target": 0.0}, "`gradient_penalty_target` must be .*. Received: 0.0"),
        (
            "sngan-cifar10",
            {"objectives": ("infomax", "jigsaw")},
            "infomax, rotation, gradient_penalty.*Received: jigsaw",
        ),
        ("sngan-cifar10", {"decay": "cosine"}, "linear, none. Received: cosine"),
        ("sngan-cifar10", {"num_classes": 0}, "`num_classes` must be at least 1. Received: 0"),
        ("sngan-cifar10", {"generator_channels": 0}, "`generator_channels` must be at least 1. Received: 0"),
        ("sngan-cifar10", {"learning_rate": 0.0}, "`learning_rate` must be positive. Received: 0.0"),
        ("sngan-cifar10", {"discriminator_learning_rate": -1.0}, "must be positive. Received: -1.0"),
        ("sngan-cifar10", {"discriminator_steps": 0}, "`discriminator_steps` must be at least 1. Received: 0"),
    ],
)
def test_refusals(name, changes, message):
    with pytest.raises(InputError, match=message):
        dataclasses.replace(preset_named(name), **changes)


def test_an_unknown_name_lists_similar_ones_first():
    with pytest.raises(InputError) as error:
        preset_named("infomax-gan-cifar11")
    message = str(error.value)
    assert message.startswith("There is no preset 'infomax-gan-cifar11': did you mean infomax-gan-cifar10 or ")
    assert "\n" not in message
    assert all(name in message.partition("The presets are ")[2] for name in PRESETS)
    with pytest.raises(InputError, match="no preset 'zzz': the presets are"):
        preset_named("zzz")
