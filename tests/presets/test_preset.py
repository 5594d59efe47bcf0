"""Presets: settings by name, and overrides in Python and on the command line."""

import pickle

import keras
import pytest

import tf_infomax
from tests.small_presets import narrow
from tf_infomax.commands import train
from tf_infomax.errors import InputError
from tf_infomax.presets import PRESETS, Data, EncoderGame, Preset, Schedule, preset_named, settings
from tf_infomax.presets.optimization import Optimization


def test_settings_have_one_name():
    preset = preset_named("infomax-gan-cifar10")
    assert preset.get("steps") == preset.steps == preset.schedule.steps
    assert preset.get("generator.latent_dim") == preset.model.generator.latent_dim
    for name, value in preset.items():
        assert preset.get(name) == value and preset.override({name: value}) == preset


def test_other_processes_have_the_same_preset():
    for name in ("infomax-gan-cifar10", "dim-coord-digits"):
        assert pickle.loads(pickle.dumps(PRESETS[name])) == PRESETS[name]


def test_override_leaves_the_rest():
    preset = preset_named("infomax-gan-cifar10")
    changes = {"steps": 5, "generator.base_channels": 4, "objectives.infomax.projection_dim": 8, "seed": 3}
    changed = preset.override(changes)
    assert dict(changed.items()) == {**dict(preset.items()), **changes}
    assert changed.published == preset.published and preset == preset_named("infomax-gan-cifar10")


def test_a_whole_part_may_be_replaced():
    networks = {"generator": settings(tf_infomax.MLPGenerator, base_channels=4)}
    preset = narrow("vgan-ring").override({**networks, "objectives": {}})
    assert preset.model.generator.builds is tf_infomax.MLPGenerator and preset.get("generator.base_channels") == 4


@pytest.mark.parametrize(
    "name, similar",
    [
        ("step", "steps"),
        ("generator.base_channel", "generator.base_channels"),
        ("objectives.infomax.projection", "objectives.infomax.projection_dim"),
        ("discriminator_step", "discriminator_steps"),
        ("steps.more", "steps"),
    ],
)
def test_unknown_settings_name_similar_ones(name, similar):
    preset = preset_named("infomax-gan-cifar10")
    for refused in (lambda: preset.override({name: 1}), lambda: preset.get(name)):
        with pytest.raises(InputError, match=f"no setting `{name}`: did you mean .*{similar}"):
            refused()
    with pytest.raises(InputError, match="no setting `xyz`: the settings are seed, dataset, .* batch_size"):
        preset.get("xyz")


def parse(name: str, arguments: str) -> Preset:
    return train.parse([name, "--run-dir", "x", *arguments.split()])[1].preset


@pytest.mark.parametrize(
    ("arguments", "changes"),
    [
        ("--discriminator.activate-shortcut False", {"discriminator.activate_shortcut": False}),
        ("--discriminator.spectral-norm True --objectives.infomax.spectral-norm True", {}),
        ("--num-classes 10", {"num_classes": 10}),
        ("--num-classes None --generator.base-channels None", {}),
        ("--generator.base-channels 8 --discriminator.base-channels None", {"generator.base_channels": 8}),
        ("--ema-decay 0.999 --steps 7", {"ema_decay": 0.999, "steps": 7}),
        ("--objectives.infomax.own-locations masked", {"objectives.infomax.own_locations": "masked"}),
        ("--adversarial-loss minimax --seed 5", {"adversarial_loss": "minimax", "seed": 5}),
        ("--objectives.infomax.location-fraction 0.5", {"objectives.infomax.location_fraction": 0.5}),
    ],
)
def test_overrides_on_the_command_line(arguments, changes):
    name = "infomax-gan-cifar10"
    assert parse(name, arguments) == preset_named(name).override(changes)


@pytest.mark.parametrize("name", ["ssgan-im-cifar10", "vgan-ver-ring", "dim-coord-stl10"])
def test_every_setting_is_an_option(name, capsys):
    with pytest.raises(SystemExit):
        parse(name, "--help")
    printed = capsys.readouterr().out
    for setting, _ in PRESETS[name].items():
        assert f"--{setting.replace('_', '-')} " in printed, setting


def test_what_was_published_is_no_option(capsys):
    with pytest.raises(SystemExit):
        parse("infomax-gan-cifar10", "--help")
    printed = capsys.readouterr().out
    assert "--source " not in printed and "--published" not in printed


def test_optimizers():
    gan = narrow("dcgan-quarter-im-stacked-mnist").build()
    assert float(gan.generator_optimizer.learning_rate) == pytest.approx(1e-4)
    assert float(gan.discriminator_optimizer.learning_rate) == pytest.approx(2e-4)
    assert (gan.generator_optimizer.beta_1, gan.generator_optimizer.beta_2) == (0.5, 0.99)


def test_the_rate_of_every_player_reaches_zero_at_the_last_step():
    gan = narrow("sngan-cifar10", steps=10).build()
    for optimizer, updates in ((gan.generator_optimizer, 10), (gan.discriminator_optimizer, 50)):
        assert float(keras.ops.convert_to_tensor(optimizer.learning_rate)) == pytest.approx(2e-4)
        optimizer.iterations.assign(updates)
        assert float(keras.ops.convert_to_tensor(optimizer.learning_rate)) == 0.0


def test_data_and_training_reach_the_model():
    changes = {"image_size": 48, "num_channels": 1, "num_classes": 3, "precision": "mixed_bfloat16", "seed": 7}
    training = {"adversarial_loss": "minimax", "discriminator_steps": 2, "decay": "none", "ema_decay": 0.5}
    preset = narrow("cgan-im-cifar10").override({**changes, **training})
    gan = preset.override({"discriminator.base_channels": 16}).build(log_gradient_norms=True)
    assert (gan.image_shape, gan.num_classes, gan.seed, gan.log_gradient_norms) == ((48, 48, 1), 3, 7, True)
    assert gan.generator.dtype_policy.name == gan.objectives[0].dtype_policy.name == "mixed_bfloat16"
    expected = {"adversarial_loss": "minimax", "discriminator_steps": 2, "augmentation": None}
    assert preset.game.compile_arguments() == expected
    assert gan.discriminator_steps == 2 and gan.averaged_generator is not None


def test_equal_presets_have_equal_weights():
    weights = [narrow("sngan-digits", seed=seed).build().get_weights() for seed in (0, 0, 1)]
    same, other = ([bool((a == b).all()) for a, b in zip(weights[0], rest)] for rest in weights[1:])
    assert all(same) and not all(other)


def test_jit_compile_is_that_of_the_preset():
    assert narrow("vgan-ring").build().jit_compile is True
    assert narrow("vgan-ring", jit_compile=False).build().jit_compile is False


@pytest.mark.parametrize(
    ("name", "changes", "message"),
    [
        ("sngan-cifar10", {"num_classes": 0}, "`num_classes` must be at least 1. Received: 0"),
        ("sngan-cifar10", {"num_channels": 0}, "`num_channels` must be at least 1. Received: 0"),
        ("sngan-cifar10", {"learning_rate": 0.0}, "`learning_rate` must be positive. Received: 0.0"),
        ("sngan-cifar10", {"discriminator_learning_rate": -1.0}, "`discriminator_learning_rate` must be positive"),
        ("sngan-cifar10", {"beta_1": 1.0}, "`beta_1` must be at least 0 and below 1. Received: 1.0"),
        ("sngan-cifar10", {"decay": "cosine"}, "`decay` must be one of linear, none. Received: cosine"),
        ("sngan-cifar10", {"precision": "float16"}, "`precision` must be one of .* Received: float16"),
        ("sngan-cifar10", {"discriminator_steps": 0}, "`discriminator_steps` must be at least 1. Received: 0"),
        ("sngan-cifar10", {"batch_size": 0}, "`batch_size` must be at least 1. Received: 0"),
        ("sngan-cifar10", {"seed": -1}, "`seed` must be from 0 .* Received: -1"),
        ("infomax-gan-digits", {"objectives.infomax": 5}, "`infomax` must be settings, .* Received: 5"),
        ("dim-g-digits", {"steps": -1}, "`steps` must not be negative. Received: -1"),
        ("dim-g-digits", {"source_size": 20}, "`source_size` must be at least `image_size` = 28. Received: 20"),
    ],
)
def test_parts_refuse_values(name, changes, message):
    with pytest.raises(InputError, match=message):
        preset_named(name).override(changes)


@pytest.mark.parametrize(
    ("name", "changes", "message"),
    [
        ("sngan-cifar10", {"generator.base_channels": 0}, "`base_channels` .*Received: 0"),
        ("sngan-cifar10", {"generator.latent_dim": 0}, "`latent_dim` must be at least 1. Received: 0"),
        ("sngan-cifar10", {"image_size": 30}, "one of 32, 48, 64, 128, 256 .*Received: 30"),
        ("sngan-cifar10", {"ema_decay": 1.0}, "`ema_decay` must be at least 0 and below 1. Received: 1.0"),
        ("vgan-ring", {"generator.unit": 0.0}, "`unit` must be .*Received: 0.0"),
        ("wgan-ring", {"objectives.gradient_penalty.target": 0.0}, "`target` must be .*Received: 0.0"),
        ("infomax-gan-digits", {"objectives.infomax.own_locations": "some"}, "`own_locations` .* Received: some"),
        ("dim-l-jsd-digits", {"objectives.local_infomax.num_negatives": 0}, "`num_negatives` .*Received: 0"),
        ("dim-g-digits", {"occlusion": 20}, "`occlusion` must be from 0 to 14.* Received: 20"),
        ("sngan-digits", {"adversarial_loss": "hinges"}, "hinge, .*Received: hinges"),
    ],
)
def test_constructors_refuse_values(name, changes, message):
    preset = preset_named(name).override(changes)
    with pytest.raises(InputError, match=message):
        preset.build()


def test_labels_need_networks_that_use_them():
    preset = narrow("dcgan-half-digits").override({"num_classes": 10})
    with pytest.raises(InputError, match="num_classes"):
        from tf_infomax.runs.gan_task import GANTask

        GANTask().build(preset, GANTask().default_options())


def test_one_more_objective():
    preset = preset_named("infomax-gan-digits")
    both = preset.with_objective(settings(tf_infomax.RotationPrediction, generator_weight=0.3))
    assert list(both.model.objectives) == ["infomax", "rotation"] and not both.source and not both.published
    assert both.get("objectives.rotation.generator_weight") == 0.3
    two = preset.with_objective(settings(tf_infomax.InfoMax), "other")
    assert [objective.name for objective in narrow(two).build().objectives] == ["infomax", "other"]
    with pytest.raises(InputError, match="`name` must differ .* Received: infomax"):
        preset.with_objective(settings(tf_infomax.InfoMax))


def test_a_preset_by_its_parts():
    encoder = settings(tf_infomax.ConvolutionalEncoder, base_channels=2, fc_units=4, output_dim=3)
    model = settings(tf_infomax.DeepInfoMax, encoder=encoder)
    preset = Preset(Data("digits", image_size=28, num_channels=1), model, EncoderGame(), Optimization(), Schedule())
    assert preset.steps == Schedule().steps and preset.get("encoder.output_dim") == 3
    assert preset.settings["model"]["encoder"]["class"] == "ConvolutionalEncoder"
    assert preset.build().encoder.output_dim == 3


def test_values_that_need_each_other_may_come_in_any_order():
    sizes = {"image_size": 128, "source_size": 160}
    preset = preset_named("dim-l-infonce-stl10")
    changed = preset.override(sizes)
    assert changed == preset.override(dict(reversed(sizes.items())))
    assert (changed.get("image_size"), changed.get("source_size")) == (128, 160)
    with pytest.raises(InputError, match="`source_size` must be at least `image_size` = 128. Received: 96"):
        preset.override({"image_size": 128})


def test_the_later_of_two_changes_counts():
    network, width = settings(tf_infomax.MLPGenerator, base_channels=4), {"generator.base_channels": 8}
    preset = narrow("vgan-ring")
    assert preset.override({"generator": network, **width}).get("generator.base_channels") == 8
    assert preset.override({**width, "generator": network}).get("generator.base_channels") == 4


def test_a_part_is_settings():
    with pytest.raises(InputError, match="GAN needs settings as its `generator`. Received: 3"):
        narrow("vgan-ring").override({"generator": 3}).build()
    with pytest.raises(InputError, match="GAN needs settings as its `generator`. Received: None"):
        settings(tf_infomax.GAN).build({})
