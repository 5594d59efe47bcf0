"""The README's Python runs as it stands, on smaller networks, and what it names exists."""

import importlib.util
import re
from pathlib import Path

import numpy as np
import pytest

from tests.tiny import batches, random_images
from tf_infomax.presets import METHODS, PRESETS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
SMALLER = {
    "= 1000, 64, 5": "= 2, 4, 2",
    "ResNetGenerator(32, base_channels=64": "ResNetGenerator(32, base_channels=8",
    "ResNetDiscriminator(32, base_channels=32": "ResNetDiscriminator(32, base_channels=8",
    "InfoMax(128)": "InfoMax(8)",
    "steps = 1000\n": "steps = 2\n",
    "MLPGenerator(2,": "MLPGenerator(2, base_channels=8,",
    "ConvolutionalEncoder(28,": "ConvolutionalEncoder(28, base_channels=8, fc_units=16,",
    "head_units=256": "head_units=8",
}


def python_blocks() -> list[str]:
    return re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)


def smaller(code: str) -> str:
    for text, replacement in SMALLER.items():
        code = code.replace(text, replacement)
    return code


def test_every_size_is_replaced():
    for text in SMALLER:
        assert text in "".join(python_blocks())


@pytest.mark.slow
def test_python_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    api, methods, points, encoder, objective, usage = (smaller(block) for block in python_blocks())
    names: dict = {"__name__": "readme"}
    exec(api, names)
    assert names["images"].shape == (64, 32, 32, 3) and names["images"].dtype == np.uint8
    assert int(names["gan"].generator_optimizer.iterations) == 2

    exec(methods, names)
    assert names["images"].shape == (10, 32, 32, 3) and names["wgan_gp"].objectives[0].name == "gradient_penalty"

    exec(points, names)
    assert names["points"].shape == (2500, 2) and names["points"].dtype == np.float32
    assert int(names["vgan_ver"].generator_optimizer.iterations) == 2

    exec(encoder, names)
    assert names["representation"].shape == (500, 64) and names["representation"].dtype == np.float32

    exec(objective + usage, names)
    gan = names["gan"]
    head = gan.objectives[1].head
    before = np.array(head.kernel)
    gan.compile()
    history = gan.fit(batches(random_images(4, shape=(32, 32, 3)), 4), shuffle=False, verbose=0).history
    assert np.isfinite(history["generator/reconstruction"]).all()
    assert np.any(np.array(head.kernel) != before)
    gan.save("own_objective.keras")
    loaded = names["keras"].models.load_model("own_objective.keras")
    assert loaded.objectives[1].generator_weight == 0.5
    np.testing.assert_array_equal(loaded.objectives[1].head.kernel, head.kernel)


def test_the_objective_is_as_short_as_the_text_says():
    assert len(python_blocks()[4].splitlines()) < 30


def rows_of_tables() -> list[list[str]]:
    lines = [line for line in README.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_published_numbers():
    tables = rows_of_tables()
    (datasets,) = (row[1:] for row in tables if "imagenet128" in row)
    methods = [
        method for method in METHODS if any(f"{method}-{name}" in PRESETS for name in (*datasets, "stacked-mnist"))
    ]
    assert len(methods) == 12
    for method in methods:
        (row,) = (row for row in tables if row[0] == method and len(row) in (3, 1 + len(datasets)))
        if len(row) == 3:
            published = PRESETS[f"{method}-stacked-mnist"].published
            assert row[1:] == [f"{published['modes']:.2f}", f"{published['modes_kl']:.2f}"]
            continue
        for dataset, cell in zip(datasets, row[1:], strict=True):
            preset = PRESETS.get(f"{method}-{dataset}")
            number = preset and preset.published.get("fid")
            from_library = "*" if preset and "library" in preset.source else ""
            expected = f"{number:.2f}{from_library}" if number else "-" if preset else ""
            assert cell == expected, (method, dataset)


def test_programs_exist():
    programs = set(re.findall(r"python -m (\w+\.\w+)", README))
    assert {"trainers.quickstart", "trainers.gan", "export.verify"} <= programs
    for program in programs:
        assert importlib.util.find_spec(program), program
