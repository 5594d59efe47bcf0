"""Folders of saved models: what is written, what is read back, and what is refused."""

import json

import h5py
import keras
import numpy as np
import pytest

import tf_infomax
from tests.eager import no_graphs  # noqa: F401
from tests.small_presets import narrow
from tests.tiny import assert_equal_states, batches, random_images, tiny_gan, values
from tf_infomax.errors import InputError
from tf_infomax.models import GAN

FILES = {"config.json", "metadata.json", "model.weights.h5", "preset.json", "metrics.json", "README.md"}


@pytest.fixture(scope="module")
def gan() -> GAN:
    """A GAN with a moving average after two steps."""
    gan = tiny_gan(ema_decay=0.9)
    gan.compile(discriminator_steps=2, generator_optimizer=keras.optimizers.Adam(0.01, beta_1=0.25))
    gan.fit(batches(random_images(16), 8), shuffle=False, verbose=0)
    return gan


def weights_by_part(model) -> dict[str, list[np.ndarray]]:
    return {name: values(part.variables) for name, part in model.parts().items()}


def assert_equal_weights(model, other, **tolerance) -> None:
    ours, others = weights_by_part(model), weights_by_part(other)
    assert ours.keys() == others.keys()
    for name in ours:
        for value, other_value in zip(ours[name], others[name], strict=True):
            np.testing.assert_allclose(value, other_value, **{"rtol": 0, **tolerance})


def test_what_is_written_is_loaded(gan, tmp_path):
    folder = gan.save_to_preset(tmp_path / "saved")
    assert {path.name for path in folder.iterdir()} == FILES
    loaded = tf_infomax.from_preset(folder)
    assert_equal_weights(gan, loaded)
    np.testing.assert_array_equal(loaded.generate(5, seed=3), gan.generate(5, seed=3))
    assert int(loaded.step_counter) == 0 and loaded.discriminator_steps == 2
    assert float(loaded.generator_optimizer.learning_rate) == pytest.approx(0.01)
    assert loaded.generator_optimizer.beta_1 == 0.25


def test_a_loaded_model_trains_as_one_with_these_weights_does(gan, tmp_path):
    loaded = tf_infomax.from_preset(gan.save_to_preset(tmp_path / "saved"))
    twin = tiny_gan(ema_decay=0.9)
    twin.compile(discriminator_steps=2, generator_optimizer=keras.optimizers.Adam(0.01, beta_1=0.25))
    for name, part in twin.parts().items():
        part.set_weights(gan.parts()[name].get_weights())
    for model in (loaded, twin):
        model.fit(batches(random_images(16, seed=1), 8), shuffle=False, verbose=0)
    assert_equal_states(loaded, twin)


def test_keras_loads_the_folder_without_this_package_s_help(gan, tmp_path):
    folder = gan.save_to_preset(tmp_path / "saved")
    loaded = keras.saving.load_model(folder)
    assert not loaded.compiled
    assert_equal_weights(gan, loaded)


def test_half_precision_is_of_kernels_alone(gan, tmp_path):
    whole, half = (gan.save_to_preset(tmp_path / name, storage=name) for name in ("float32", "float16"))
    stored = {}
    with h5py.File(half / "model.weights.h5") as file:
        file.visititems(lambda name, item: stored.update({name: item.dtype} if isinstance(item, h5py.Dataset) else {}))
        kinds = {(len(file[name].shape) >= 2, dtype == np.float16) for name, dtype in stored.items()}
    assert kinds == {(True, True), (False, False)}
    # Half precision has 11 significant bits, and numbers below 2**-14 are multiples of 2**-24.
    assert_equal_weights(gan, tf_infomax.from_preset(half), rtol=2**-11, atol=2**-24)
    assert (half / "model.weights.h5").stat().st_size < (whole / "model.weights.h5").stat().st_size


def test_a_model_that_was_not_compiled_is_loaded_so(tmp_path):
    gan = tiny_gan()
    loaded = tf_infomax.from_preset(gan.save_to_preset(tmp_path / "saved"))
    assert not loaded.compiled
    np.testing.assert_array_equal(loaded.generate(2), gan.generate(2))


@pytest.mark.parametrize("name", ["dim-l-infonce-digits", "ssgan-im-digits", "cgan-digits", "vgan-ver-ring"])
def test_other_models(name, tmp_path):
    model = narrow(name).build()
    loaded = tf_infomax.from_preset(model.save_to_preset(tmp_path / "saved"))
    assert type(loaded) is type(model) and loaded.compiled
    assert_equal_weights(model, loaded)


def test_the_card_names_the_parts(gan, tmp_path):
    text = (gan.save_to_preset(tmp_path / "my-model") / "README.md").read_text()
    assert "# my-model" in text and "after 2 training steps" in text
    assert "- averaged generator: TinyGenerator" in text and "- objectives.infomax: InfoMax" in text
    assert 'tf_infomax.from_preset("my-model")' in text and "model.generate(64, seed=0)" in text
    encoder = narrow("dim-l-infonce-digits").build().save_to_preset(tmp_path / "encoder")
    assert "model.predict(images)" in (encoder / "README.md").read_text()


def test_other_files_stay_and_models_are_replaced_on_demand(gan, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match="is not empty and holds no saved model"):
        gan.save_to_preset(tmp_path / "mine", overwrite=True)
    assert (tmp_path / "mine" / "notes.txt").read_text() == "mine"
    folder = tiny_gan().save_to_preset(tmp_path / "saved")
    before = (folder / "README.md").read_text()
    with pytest.raises(InputError, match="holds a saved model; pass --overwrite"):
        gan.save_to_preset(folder)
    assert (folder / "README.md").read_text() == before
    (folder / ".git").mkdir()
    with pytest.raises(InputError, match="also holds .git, which would be lost"):
        gan.save_to_preset(folder, overwrite=True)
    assert (folder / ".git").exists() and (folder / "README.md").read_text() == before
    (folder / ".git").rmdir()
    gan.save_to_preset(folder, overwrite=True)
    assert_equal_weights(gan, tf_infomax.from_preset(folder))


def test_an_unknown_storage_is_refused(gan, tmp_path):
    with pytest.raises(InputError, match="`storage` must be one of float32, float16. Received: int8"):
        gan.save_to_preset(tmp_path / "saved", storage="int8")
    assert not list(tmp_path.iterdir())


def damage_config(folder):
    (folder / "config.json").write_text("{")


def damage_class(folder):
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "registered_name": "no>Such", "class_name": "Such"}))


def damage_weights(folder):
    (folder / "model.weights.h5").write_bytes((folder / "model.weights.h5").read_bytes()[:1000])


def other_weights(folder):
    with h5py.File(folder / "model.weights.h5", "a") as file:
        names: list[str] = []
        file.visititems(lambda name, item: names.append(name) if isinstance(item, h5py.Dataset) else None)
        del file[names[0]]


def lose_preset(folder):
    (folder / "preset.json").unlink()


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (damage_config, r"config.json is damaged \("),
        (damage_class, "config.json must be of classes that are imported and their arguments. Received: a file that"),
        (damage_weights, "model.weights.h5 is damaged or of other networks"),
        (other_weights, "model.weights.h5 is damaged or of other networks"),
        (lose_preset, "holds no model that `save_to_preset` or `tf-infomax save-preset` wrote: it has no preset.json"),
    ],
)
def test_damaged_folders_are_refused_in_one_sentence(gan, tmp_path, damage, message):
    folder = gan.save_to_preset(tmp_path / "saved")
    damage(folder)
    with pytest.raises(InputError, match=message) as error:
        tf_infomax.from_preset(folder)
    assert "\n" not in str(error.value)
