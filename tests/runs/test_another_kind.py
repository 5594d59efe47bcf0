"""A kind of model from outside the package: its runs need only a row of `TASKS`."""

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.event_files import scalars
from tf_infomax.errors import InputError
from tf_infomax.models import PlayersModel
from tf_infomax.models.optimizers import default_optimizer
from tf_infomax.presets import Data, EncoderGame, Optimization, Preset, Schedule, settings
from tf_infomax.runs.directory import RunDirectory
from tf_infomax.runs.options import RunOptions
from tf_infomax.runs.probing.subject import Subject
from tf_infomax.runs.task import Task
from tf_infomax.runs.tasks import TASKS, task_of
from tf_infomax.runs.training import train


@keras.saving.register_keras_serializable(package="tests")
class Average(PlayersModel):
    """Learns the mean image.

    Args:
        image_size: Height and width in pixels.
        num_channels: Colour channels.
        scale: Factor of the loss.
        seed: Of nothing.
    """

    def __init__(
        self, image_size: int = 28, *, num_channels: int = 1, scale: float = 1.0, seed: int = 0, **kwargs
    ) -> None:
        super().__init__(**kwargs)
        self.image_size, self.num_channels, self.scale, self.seed = image_size, num_channels, scale, seed
        self.mean = self.add_weight(shape=(image_size, image_size, num_channels), initializer="zeros", name="mean")
        self.built = True

    @property
    def players(self) -> Mapping[str, keras.optimizers.Optimizer]:
        return {"learner": self.learner_optimizer}

    def compile_arguments(self) -> Mapping[str, Any]:
        return {"learner_optimizer": self.learner_optimizer}

    def compile(self, learner_optimizer: keras.optimizers.Optimizer | None = None, **kwargs) -> None:
        self.learner_optimizer = learner_optimizer or default_optimizer(0.1)
        self.learner_optimizer.build(self.trainable_variables)
        self.compile_players({"learner/total": "The learner's loss."}, **kwargs)

    def make_updates(self, data):
        images = data[0] if isinstance(data, tuple) else data
        with tf.GradientTape() as tape:
            loss = self.scale * tf.reduce_mean(tf.square(images - self.mean))
        self.learner_optimizer.apply(tape.gradient(loss, [self.mean.value]), [self.mean])
        return [{"learner/total": loss}]

    def get_config(self) -> dict:
        own = {name: getattr(self, name) for name in ("image_size", "num_channels", "scale", "seed")}
        return {**super().get_config(), **own}


class Learning(EncoderGame):
    """One player."""

    @property
    def updates_per_step(self) -> Mapping[str, int]:
        return {"learner": 1}


class AverageTask(Task[Average, RunOptions]):
    """Trains it."""

    model_file = "average.keras"

    def default_options(self) -> RunOptions:
        return RunOptions()

    def check_source(self, model, preset, source) -> None:
        if source.image_shape[-1] != model.num_channels:
            raise InputError(f"`num_channels` must be {model.num_channels}. Received: {source.image_shape[-1]}")

    def export(self, model, directory, *, version, origin):
        raise InputError("It is not served.")

    def verify(self, saved_model, model, *, num_images, seed):
        raise InputError("It is not served.")

    def subject(self, model) -> Subject:
        raise InputError("It has no features.")


@pytest.fixture(autouse=True)
def _row(monkeypatch):
    monkeypatch.setitem(TASKS, Average, AverageTask())


def preset(**changes) -> Preset:
    data = Data("digits", image_size=28, num_channels=1)
    adam = Optimization(learning_rate=0.1, decay="none")
    parts = Preset(data, settings(Average, scale=2.0), Learning(), adam, Schedule(steps=4, batch_size=8))
    return parts.override(changes)


def test_it_trains_and_is_loaded(tmp_path):
    model = train(preset(), tmp_path / "run", name="average", options=RunOptions(log_every=2))
    run = RunDirectory(tmp_path / "run")
    assert run.model_path.name == "average.keras" and run.config()["settings"]["model"]["scale"] == 2.0
    loaded = run.load_model()
    assert isinstance(loaded, Average) and loaded.scale == 2.0 and int(loaded.step_counter) == 4
    np.testing.assert_array_equal(loaded.mean, model.mean)
    assert np.std(loaded.mean) > 0
    assert len(scalars(run.logs)["learner/total"]) == 2


def test_it_continues_where_it_was(tmp_path):
    """From the last checkpoint, although the model's file is gone."""
    model = train(preset(), tmp_path / "run")
    run = RunDirectory(tmp_path / "run")
    run.model_path.unlink()
    np.testing.assert_array_equal(train(preset(), run.path).mean, model.mean)
    assert run.is_finished


def test_its_checks_come_before_anything_is_written(tmp_path):
    with pytest.raises(InputError, match="`num_channels` must be"):
        train(preset(num_channels=3), tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_it_is_no_gan(tmp_path):
    train(preset(), tmp_path / "run")
    with pytest.raises(InputError, match="must hold a GAN. Received: a Average"):
        RunDirectory(tmp_path / "run").load_gan()


def test_a_model_without_a_row(monkeypatch):
    monkeypatch.delitem(TASKS, Average)
    with pytest.raises(InputError, match="one of GAN, DeepInfoMax, or a subclass. Received: Average"):
        task_of(Average)


def test_subclasses_have_the_task_of_their_model():
    class Own(Average):
        pass

    assert task_of(Own) is TASKS[Average]
