"""Workarounds: each works and leaves no trace, and those that can be checked here are still needed."""

import io
import json
import os
import platform
import subprocess
import sys

import keras
import numpy as np
import pytest

from tf_infomax import compat

PROGRAM = """
import json, sys

def failure(module):
    try:
        __import__(module)
    except Exception as error:
        return str(error)

def loaded(*names):
    return [name for name in sys.modules if name.startswith(names)]

report = {}
import tf_infomax.metrics
report["loaded_by_importing_the_metrics"] = loaded("tensorflow_gan", "tensorflow_hub", "tensorflow_probability")
from tf_infomax import compat
compat.tfgan_eval()
report["left_behind"] = loaded("tensorflow_gan")
report["plain_tfgan"] = failure("tensorflow_gan")
compat.tfgan_eval.cache_clear()
report["after_the_failure"] = compat.tfgan_eval().__name__
sys.modules["pkg_resources"] = None  # As under setuptools 82: importing it fails.
report["plain_hub"] = failure("tensorflow_hub")
report["hub"] = compat.tensorflow_hub().__name__
print(json.dumps(report))
"""


@pytest.fixture(scope="module")
def report() -> dict:
    """What a fresh interpreter sees: what a failed import leaves behind must not reach the other tests."""
    result = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=300, check=False)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout.splitlines()[-1])


def test_importing_the_metrics_loads_neither_library(report: dict) -> None:
    assert report["loaded_by_importing_the_metrics"] == []


def test_tfgan_still_needs_its_workaround(report: dict) -> None:
    assert report["plain_tfgan"], "TF-GAN imports again: remove its section of tf_infomax/compat"
    assert "estimator" in report["plain_tfgan"], "TF-GAN fails in another way than tf_infomax/compat says"


def test_tfgan_leaves_nothing_behind_and_loads_after_a_failed_import(report: dict) -> None:
    assert report["left_behind"] == []
    assert report["after_the_failure"] == "tensorflow_gan.python.eval.classifier_metrics"


def test_tfgan_has_the_functions_that_the_metrics_call() -> None:
    module = compat.tfgan_eval()
    assert module is compat.tfgan_eval()
    for name in (
        "frechet_classifier_distance_from_activations",
        "kernel_classifier_distance_and_std_from_activations",
        "classifier_score_from_logits",
    ):
        assert callable(getattr(module, name))


def test_a_missing_tfgan_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [])
    with pytest.raises(ModuleNotFoundError, match="install tensorflow-gan"):
        compat.tfgan_eval.__wrapped__()


def test_tensorflow_hub_still_needs_its_workaround(report: dict) -> None:
    assert report["plain_hub"], "TensorFlow Hub imports by itself: remove its section of tf_infomax/compat"
    assert report["hub"] == "tensorflow_hub"


def test_tensorflow_hub_loads_and_pkg_resources_is_put_back() -> None:
    before = sys.modules.get("pkg_resources")
    assert callable(compat.tensorflow_hub().load)
    assert sys.modules.get("pkg_resources") is before


def test_tensorflow_is_loaded_in_silence_if_that_is_asked_for() -> None:
    result = subprocess.run(
        [sys.executable, "-c", "import tf_infomax, sys; print('still open', file=sys.stderr)"],
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    assert result.stderr == "still open\n"


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="an x86 processor")
@pytest.mark.parametrize(("given", "expected"), [({}, True), ({"TF_ENABLE_ONEDNN_OPTS": "0"}, False)])
def test_convolutions_are_those_of_onednn_unless_the_user_chose_otherwise(given, expected) -> None:
    code = "import tf_infomax; tf_infomax.GAN; from tensorflow.python.framework import test_util as t"
    own = {name: value for name, value in os.environ.items() if name != "TF_ENABLE_ONEDNN_OPTS"}
    result = subprocess.run(
        [sys.executable, "-c", f"{code}; print(t.IsMklEnabled())"],
        env={**own, **given},
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    assert result.stdout.split()[-1] == str(expected)


def test_tensorflow_is_loaded_where_standard_error_is_closed() -> None:
    code = "import sys; sys.stderr = None; from tf_infomax import compat; compat.import_tensorflow(); print('loaded')"
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    command = [sys.executable, "-c", code]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=True)
    assert result.stdout == "loaded\n"


def test_layers_at_any_depth_are_found_and_keras_finds_the_first_level() -> None:
    inner = keras.layers.Dense(1)
    model = keras.Sequential([keras.Sequential([inner])])
    assert inner not in model.layers, "Keras walks all levels: remove its section of tf_infomax/compat"
    assert compat.sublayers(model) == [model.layers[0], inner]


def test_keras_still_keeps_the_weights_of_a_layer_that_was_replaced() -> None:
    def replaced(*, untracked: bool) -> list[str]:
        owner = keras.layers.Layer()
        owner.part = keras.layers.Dense(1, name="old")
        owner.part.build((None, 1))
        if untracked:
            compat.untrack(owner, owner.part)
        owner.part = keras.layers.Dense(1, name="new")
        owner.part.build((None, 1))
        return [variable.path.split("/")[0] for variable in owner.weights]

    assert replaced(untracked=True) == ["new", "new"]
    assert "old" in replaced(untracked=False), "Keras drops it by itself: remove its section of tf_infomax/compat"


def test_weights_in_memory_are_those_of_a_file(tmp_path):
    models = [keras.Sequential([keras.Input([3]), keras.layers.Dense(2)]) for _ in range(2)]
    (tmp_path / "a.weights.h5").write_bytes(compat.weights_in_memory(models[0]))
    models[1].load_weights(tmp_path / "a.weights.h5")
    for ours, theirs in zip(*(model.get_weights() for model in models), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    with pytest.raises(ValueError, match="filename"):
        models[0].save_weights(io.BytesIO())


def test_a_program_imports_keras_without_the_libraries_beside_it():
    program = """
import sys
from tf_infomax.commands import program
program.start_tensorflow()
import tf_infomax.runs.training
print([name for name in ("sklearn", "pandas", "matplotlib") if name in sys.modules])
import sklearn, pandas, matplotlib
"""
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=300, check=False)
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines()[-1] == "[]"
