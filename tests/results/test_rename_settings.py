"""Renaming the settings of version 0.1: numbers and methods do not change."""

import importlib.util
import json
from pathlib import Path

import pytest

from tf_infomax.presets import PRESETS

ROOT = Path(__file__).parents[2]
OLD_FILE = Path(__file__).parent / "methods_digits_0_1.json"


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("rename_settings", ROOT / "results" / "rename_settings.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def old():
    return json.loads(OLD_FILE.read_text())


def without_settings(results: dict) -> dict:
    return {name: value for name, value in results.items() if name != "settings"}


def test_nothing_but_settings_changes(script, old):
    assert without_settings(script.renamed(old)) == without_settings(old)


def test_settings_are_those_of_the_presets(script, old):
    new = script.renamed(old)["settings"]
    assert (new["steps"], new["num_images"]) == (old["settings"]["steps"], old["settings"]["num_images"])
    for method, settings in new["presets"].items():
        preset = PRESETS[f"{method}-stacked-digits"].override({"steps": new["steps"]})
        assert settings == preset.settings, method


def test_committed_numbers_are_the_old_ones(script, old):
    committed = json.loads((ROOT / "results" / "methods-digits" / "results.json").read_text())
    assert (committed["cells"], committed["summary"]) == (old["cells"], old["summary"])


def test_every_old_setting_has_a_value_that_is_kept(script, old):
    """Each one of the flat settings that the method has is found under its new name, with its value."""
    for method, flat in old["settings"]["presets"].items():
        known = dict(script.preset_of(flat).items())
        found = {name: known[new] for name in flat for new in script.RENAMED.get(name, (name,)) if new in known}
        assert found == {name: flat[name] for name in found}
        assert {"steps", "generator_channels", "learning_rate", "adversarial_loss"} <= set(found), method


def test_new_results_stay_as_they_are(script, old):
    new = script.renamed(old)
    assert script.renamed(new) == new


def test_a_setting_that_was_none_keeps_the_constructors_default(script):
    flat = {"dataset": "ring", "architecture": "mlp", "objectives": [], "image_size": None, "generator_channels": None}
    preset = script.preset_of(flat)
    assert preset.get("generator.base_channels") == 400 and preset.get("image_size") is None
