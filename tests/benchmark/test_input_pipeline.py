import json
import statistics
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from tf_infomax.benchmark import input_pipeline
from tf_infomax.benchmark.input_pipeline import _batches_per_second, time_input_pipeline
from tf_infomax.benchmark.options import InputOptions
from tf_infomax.errors import InputError
from tf_infomax.presets import preset_named


@pytest.fixture
def preset(tmp_path):
    """A folder of eight images, of which a step reads six."""
    for number in range(8):
        Image.fromarray(np.full((6, 6, 3), number, np.uint8)).save(tmp_path / f"{number}.png")
    changes = {"dataset": "folder", "image_size": 4, "batch_size": 3, "discriminator_steps": 2}
    return preset_named("sngan-stacked-digits").override(changes)


def test_images_per_second(preset, tmp_path):
    options = InputOptions(rounds=3, round_seconds=0.01, data_dir=str(tmp_path))
    measured = json.loads(json.dumps(time_input_pipeline(preset, options)))
    rates = measured["images_per_second"]
    assert len(rates["all"]) == 3 and min(rates["all"]) > 0 and rates["median"] == statistics.median(rates["all"])
    assert (measured["images_per_batch"], measured["image_shape"]) == (6, [4, 4, 3])
    assert measured["dataset"] == {"name": "folder", "split": "train", "size": 8}


def test_a_round_counts_its_batches(monkeypatch):
    clock = iter([0.0, 0.4, 0.8, 1.25])
    monkeypatch.setattr(input_pipeline, "time", SimpleNamespace(perf_counter=lambda: next(clock)))
    assert _batches_per_second(iter(range(10)), 1.0) == 3 / 1.25


def test_too_few_images(preset, tmp_path):
    wide = preset.override({"batch_size": 5})
    message = "`batch_size` .*`discriminator_steps` .* must be from 1 to 8.*Received: 10"
    with pytest.raises(InputError, match=message):
        time_input_pipeline(wide, InputOptions(data_dir=str(tmp_path)))
