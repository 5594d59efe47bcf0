"""Starting from the weights of another model."""

import numpy as np
import pytest

from tests.eager import no_graphs  # noqa: F401
from tests.small_presets import narrow
from tests.tiny import values
from tf_infomax.errors import InputError
from tf_infomax.models.pretrained.transfer import start_from


def named_values(part) -> dict[str, np.ndarray]:
    return {variable.path.partition("/")[2]: np.array(variable.value) for variable in part.variables}


def assert_same(model, source, *names: str) -> None:
    for name in names:
        for value, other in zip(values(model.parts()[name].variables), values(source.parts()[name].variables)):
            np.testing.assert_array_equal(value, other)


def test_the_same_networks_take_everything():
    source, model = (narrow("infomax-gan-digits", seed=seed).build() for seed in (1, 2))
    transfer = start_from(model, source)
    assert transfer == (sum(len(part.variables) for part in model.parts().values()), ())
    assert_same(model, source, *model.parts())


def test_a_new_objective_is_fresh():
    source, model = narrow("sngan-digits", seed=1).build(), narrow("infomax-gan-digits", seed=2).build()
    before = named_values(model.objectives[0])
    transfer = start_from(model, source)
    assert_same(model, source, "generator", "discriminator")
    assert all(name.startswith("objectives.infomax/") for name in transfer.fresh)
    for name, value in named_values(model.objectives[0]).items():
        np.testing.assert_array_equal(value, before[name])
        assert f"objectives.infomax/{name}" in transfer.fresh


def test_tables_of_classes_start_from_the_mean_class():
    source = narrow("cgan-digits", seed=1).build()
    model = narrow("cgan-digits", seed=2, num_classes=3).build()
    transfer = start_from(model, source)
    there, here = (named_values(gan.generator) for gan in (source, model))
    tables = [name for name in here if here[name].shape != there[name].shape]
    assert tables and not [name for name in transfer.fresh if name.startswith("generator/")]
    for name in here:
        expected = np.tile(there[name].mean(0), (3, 1)) if name in tables else there[name]
        np.testing.assert_allclose(here[name], expected, rtol=1e-6, err_msg=name)


def test_classes_are_added_to_a_model_without():
    source, model = narrow("sngan-digits", seed=1).build(), narrow("cgan-digits", seed=2).build()
    for variable in source.generator.variables:  # Scales, offsets and statistics that are not 1 and 0.
        variable.assign(np.random.default_rng(0).uniform(0.1, 0.5, variable.shape))
    transfer = start_from(model, source)
    assert all(name.startswith("discriminator/") for name in transfer.fresh)
    for label in (0, 9):  # Each class draws what the model without classes drew.
        drawn = model.generate(3, labels=np.full(3, label))
        np.testing.assert_allclose(drawn.astype(int), source.generate(3).astype(int), atol=1)


def test_classes_are_taken_from_a_model_with():
    source, model = narrow("cgan-digits", seed=1).build(), narrow("sngan-digits", seed=2).build()
    for variable in source.generator.variables:
        row = np.random.default_rng(0).uniform(0.1, 0.5, variable.shape[-1:])
        variable.assign(np.broadcast_to(row, variable.shape))  # All classes are the same.
    assert start_from(model, source).fresh == ()
    drawn = source.generate(3, labels=np.zeros(3, np.int64))
    np.testing.assert_allclose(model.generate(3).astype(int), drawn.astype(int), atol=1)


def test_colours_are_added():
    source, model = narrow("sngan-digits", seed=1).build(), narrow("sngan-digits", seed=2, num_channels=3).build()
    fresh = start_from(model, source).fresh
    assert {name.split("/")[1] for name in fresh} == {"to_image", "conv0"}


def test_a_moving_average_starts_from_the_generator():
    source, model = narrow("sngan-digits", seed=1).build(), narrow("sngan-digits", seed=2, ema_decay=0.9).build()
    assert start_from(model, source).fresh == ()
    np.testing.assert_array_equal(model.generate(2), source.generate(2))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"generator.base_channels": 16},
            "The generator to start from must have the same settings. Received: base_channels 8 there, 16 here",
        ),
        ({"discriminator.base_channels": 16}, "The discriminator to start from must have the same settings"),
        ({"image_size": 32}, "The generator to start from must have the same settings. Received: image_size 28 there"),
    ],
)
def test_other_sizes_are_refused(changes, message):
    source, model = narrow("sngan-digits").build(), narrow("sngan-digits").override(changes).build()
    before = values(model.variables)
    with pytest.raises(InputError, match=message):
        start_from(model, source)
    for value, earlier in zip(values(model.variables), before, strict=True):
        np.testing.assert_array_equal(value, earlier)


def test_other_networks_are_refused():
    source, model = narrow("dim-l-infonce-digits").build(), narrow("sngan-digits").build()
    with pytest.raises(
        InputError, match="The generator to start from must be a ConvolutionalGenerator. Received: none"
    ):
        start_from(model, source)
