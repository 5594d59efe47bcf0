"""Settings: a constructor's arguments as data, each of which reaches the object."""

import dataclasses
import typing
from typing import Annotated, Any, Literal, get_args, get_origin

import keras
import pytest

import tf_infomax
from tf_infomax.errors import InputError
from tf_infomax.presets import METHODS, Settings, named, settings
from tf_infomax.presets.architectures import ARCHITECTURES
from tf_infomax.presets.settings import GIVEN, settings_class

PARTS = {part.builds: part for networks in ARCHITECTURES.values() for part in networks().values()}
PARTS |= {part.builds: part for method in METHODS.values() for part in named(method.objectives()).values()}
"""Every network and objective that presets are made of."""

SIZES = {"base_channels": 16, "fc_units": 6, "head_units": 5, "num_negatives": 3, "hidden_units": 7}
"""Values where any other number will not do: widths have divisors, and some settings have no number as a default."""

SIZES_OF_IMAGES = {
    tf_infomax.DCGANGenerator: 28,
    tf_infomax.DCGANDiscriminator: 28,
    tf_infomax.ConvolutionalEncoder: 64,  # for its other architecture
}


def other_value(hint: Any, name: str, default: Any) -> Any:
    """Returns a valid value of a setting that is not its default."""
    if get_origin(hint) is Annotated:
        hint = get_args(hint)[0]
    if isinstance(default, tuple):
        return (3, 2)
    if name in SIZES:
        return SIZES[name]
    choices = [choice for part in (hint, *get_args(hint)) if get_origin(part) is Literal for choice in get_args(part)]
    if choices:
        return next(choice for choice in choices if choice != default)
    others = {bool: lambda: not default, int: lambda: default + 1, float: lambda: default / 2 or 0.5}
    return others[type(default)]() if type(default) in others else f"another_{name}"


def changed(target: type) -> Settings:
    """Returns settings of a class, each at another value than its default."""
    fields, hints = (
        dataclasses.fields(settings_class(target)),
        typing.get_type_hints(settings_class(target), None, None, True),
    )
    default = settings_class(target)()
    values = {field.name: other_value(hints[field.name], field.name, getattr(default, field.name)) for field in fields}
    return settings(target, **values)


@pytest.mark.parametrize("target", PARTS, ids=lambda target: target.__name__)
def test_every_setting_reaches_the_part(target):
    part, default = changed(target), settings(target)
    size = SIZES_OF_IMAGES.get(target, 32)
    of_the_data = {"image_size": size, "num_channels": 3, "num_classes": 5, "num_images": 4}
    built = part.build({**of_the_data, "dtype": "mixed_bfloat16"})
    for field in dataclasses.fields(part):
        value = getattr(part, field.name)
        assert value != getattr(default, field.name), field.name
        assert getattr(built, field.name) == value, field.name
    assert built.dtype_policy.name == "mixed_bfloat16"


def test_every_setting_reaches_the_game_of_three():
    game = METHODS["ie"].game()
    part = changed(game.builds)
    built = part.build({})
    for field in dataclasses.fields(part):
        assert getattr(built, field.name) == getattr(part, field.name) != getattr(game, field.name), field.name


def test_every_setting_reaches_the_gan():
    networks = {
        "generator": settings(tf_infomax.MLPGenerator, base_channels=4),
        "discriminator": settings(tf_infomax.MLPDiscriminator, base_channels=4),
    }
    part = settings(tf_infomax.GAN, **networks, objectives=named([settings(tf_infomax.GradientPenalty)]), ema_decay=0.5)
    gan = part.build({"seed": 3}, parts={"image_size": None})
    assert (gan.seed, gan.ema_decay) == (3, 0.5) and gan.averaged_generator is not None
    assert isinstance(gan.generator, tf_infomax.MLPGenerator) and gan.generator.base_channels == 4
    assert [objective.name for objective in gan.objectives] == ["gradient_penalty"]
    assert {field.name for field in dataclasses.fields(part)} == {*networks, "objectives", "ema_decay"}


def test_every_setting_reaches_deep_infomax():
    encoder = settings(tf_infomax.StridedCropEncoder, base_channels=2, local_units=3, fc_units=4, output_dim=5)
    changes = {"occlusion": 8, "block_size": 3, "num_globals": 2, "random_flip": True}
    part = settings(tf_infomax.DeepInfoMax, encoder=encoder, **changes)
    assert {field.name for field in dataclasses.fields(part)} == {"encoder", "objectives", *changes}
    model = part.build({"seed": 4}, parts={"image_size": 32, "num_channels": 1})
    assert {name: getattr(model, name) for name in changes} == changes and model.seed == 4
    assert (model.encoder.local_units, model.encoder.num_channels) == (3, 1)


class Layer(keras.layers.Layer):
    """A layer.

    Args:
        width: Units of the layer,
            in a description of two lines.
        image_size: Given by the data.
    """

    def __init__(self, width: int = 3, *, image_size: int = 8, name: str = "own", **kwargs) -> None:
        super().__init__(name=name, **kwargs)
        self.width = width
        self.image_size = image_size


def test_defaults_and_descriptions_are_the_constructors():
    (field,) = dataclasses.fields(settings_class(Layer))
    assert (field.name, field.default) == ("width", 3)
    hint, *_, argument = get_args(field.type)
    assert hint is int and argument.help == "Units of the layer, in a description of two lines."


def test_the_data_gives_what_it_decides():
    assert "image_size" in GIVEN
    layer = settings(Layer, width=5).build({"image_size": 16, "num_channels": 3})
    assert (layer.width, layer.image_size, layer.name) == (5, 16, "own")
    assert settings(Layer).description() == {"class": "Layer", "width": 3}


def test_names_of_objectives():
    assert list(named([settings(Layer), settings(tf_infomax.InfoMax)])) == ["own", "infomax"]
    assert list(named({"first": settings(Layer)})) == ["first"]
    with pytest.raises(InputError, match="Dense has no name of its own"):
        named([settings(keras.layers.Dense, units=3)])


def test_two_objectives_of_one_name_are_refused():
    with pytest.raises(InputError, match="Two objectives have the name infomax; give their settings by names"):
        named([settings(tf_infomax.InfoMax), settings(tf_infomax.InfoMax, projection_dim=64)])


def test_unknown_arguments_are_refused():
    with pytest.raises(InputError, match="InfoMax has no setting `projection`; it has projection_dim, "):
        settings(tf_infomax.InfoMax, projection=3)
