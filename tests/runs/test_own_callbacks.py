"""Callbacks from outside in a run: by their places, called last, with the state saved if one fails."""

import keras
import numpy as np
import pytest

from tf_infomax.callbacks import StepCallback
from tf_infomax.commands import train as train_command
from tf_infomax.errors import InputError
from tf_infomax.presets import Preset, preset_named
from tf_infomax.runs.directory import RunDirectory
from tf_infomax.runs.execution import Stopped
from tf_infomax.runs.options import GANRunOptions
from tf_infomax.runs.training import train

MODULE = """
import keras

class Recorded(keras.callbacks.Callback):
    def __init__(self, name):
        super().__init__()
        self.path, self.calls = None, []
        self.name = name

    def on_train_batch_end(self, batch, logs=None):
        self.calls.append((batch, dict(logs)))
        with self.path.open("a") as file:
            file.write(f"{self.name} {batch} {'generator/total' in logs}\\n")

def one(run, preset):
    callback = Recorded("one")
    callback.path = run.path.parent / "calls.txt"
    return callback

def two(run, preset):
    callbacks = [Recorded("two"), Recorded("three")]
    for callback in callbacks:
        callback.path = run.path.parent / "calls.txt"
    return callbacks

def a_number(run, preset): return 3
def the_class(run, preset): return Recorded
def plateau(run, preset): return keras.callbacks.ReduceLROnPlateau()
def of_nothing(): return []
not_callable = 3
"""
SMALL = {"generator.base_channels": 8, "discriminator.base_channels": 8, "objectives.infomax.projection_dim": 4}


@pytest.fixture(autouse=True)
def own_module(tmp_path, monkeypatch):
    (tmp_path / "own_callbacks_of_a_test.py").write_text(MODULE)
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def preset(steps: int = 3) -> Preset:
    return preset_named("infomax-gan-digits").override({**SMALL, "steps": steps, "batch_size": 4})


def options(*functions: str) -> GANRunOptions:
    places = tuple(f"own_callbacks_of_a_test:{name}" for name in functions)
    return GANRunOptions(callbacks=places, metrics_every=0, sample_every=1)


def state(run: RunDirectory) -> list[np.ndarray]:
    return [np.asarray(weight) for weight in run.load_gan().get_weights()]


class Failing(StepCallback):
    """Raises at a step."""

    def on_step(self, step, logs) -> None:
        if step == 2:
            raise ZeroDivisionError("mine")


class Ending(StepCallback):
    """Ends training at a step."""

    def on_step(self, step, logs) -> None:
        self.model.stop_training = step == 2


def test_functions_are_called_with_run_and_preset_and_their_callbacks_in_order(tmp_path):
    train(preset(2), tmp_path / "run", options=options("one", "two"))
    assert (tmp_path / "calls.txt").read_text().splitlines() == [
        f"{name} {batch} True" for batch in (0, 1) for name in ("one", "two", "three")
    ]


def test_the_run_is_the_same_with_and_without(tmp_path):
    train(preset(), tmp_path / "with", options=options("one"))
    train(preset(), tmp_path / "without", options=options())
    for own, other in zip(state(RunDirectory(tmp_path / "with")), state(RunDirectory(tmp_path / "without"))):
        np.testing.assert_array_equal(own, other)
    train(preset(), tmp_path / "with", options=options())  # Continued without them: nothing is refused.


@pytest.mark.parametrize("callback, error", [(Failing(), ZeroDivisionError), (Ending(), Stopped)])
def test_a_run_that_a_callback_ended_goes_on_as_if_nothing_had_happened(tmp_path, callback, error):
    with pytest.raises(error):
        train(preset(), tmp_path / "run", options=options(), own_callbacks=[callback])
    run = RunDirectory(tmp_path / "run")
    assert [path.name for path in run.checkpoints.iterdir()] == ["step_000002.weights.h5"]
    train(preset(), run.path, options=options())
    train(preset(), tmp_path / "whole", options=options())
    for own, other in zip(state(run), state(RunDirectory(tmp_path / "whole"))):
        np.testing.assert_array_equal(own, other)


@pytest.mark.parametrize(
    "place, message",
    [
        ("nowhere", "`callbacks` must be MODULE:FUNCTION, such as my_tools:tracked. Received: nowhere"),
        ("no_such_module_here:tracked", "The function no_such_module_here:tracked needs a module that can be imported"),
        ("own_callbacks_of_a_test:missing", "must be there and callable. Received: NoneType"),
        ("own_callbacks_of_a_test:not_callable", "must be there and callable. Received: int"),
        ("own_callbacks_of_a_test:a_number", "must return a Keras callback or a list of them. Received: int"),
        ("own_callbacks_of_a_test:the_class", "Received: the class Recorded"),
        ("own_callbacks_of_a_test:of_nothing", "must take a run directory and a preset"),
        ("own_callbacks_of_a_test:plateau", "`ReduceLROnPlateau` works on a model with one loss and one optimizer"),
    ],
)
def test_wrong_places_are_refused_before_anything_is_written(tmp_path, place, message):
    with pytest.raises(InputError) as caught:
        train(preset(), tmp_path / "run", options=GANRunOptions(callbacks=(place,)))
    assert message in str(caught.value)
    assert not (tmp_path / "run").exists()


def test_given_callbacks_are_checked_too(tmp_path):
    with pytest.raises(InputError, match="ReduceLROnPlateau"):
        train(preset(), tmp_path / "run", own_callbacks=[keras.callbacks.ReduceLROnPlateau()])


def test_the_command_takes_several():
    words = ["infomax-gan-digits", "--run-dir", "RUN", "--callbacks", "a:b", "c:d"]
    _, arguments = train_command.parse(words)
    assert arguments.options.callbacks == ("a:b", "c:d")
