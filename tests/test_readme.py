"""The README's Python runs as it stands, on smaller networks, and what it names exists."""

import importlib.util
import re
from pathlib import Path

import numpy as np
import pytest

from tests.tiny import batches, random_images

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
SMALLER = {
    "= 1000, 64, 5": "= 2, 4, 2",
    "ResNetGenerator(32, base_channels=64)": "ResNetGenerator(32, base_channels=8)",
    "ResNetDiscriminator(32, base_channels=32)": "ResNetDiscriminator(32, base_channels=8)",
    "InfoMax(128)": "InfoMax(8)",
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
    api, objective, usage = (smaller(block) for block in python_blocks())
    names: dict = {"__name__": "readme"}
    exec(api, names)
    assert names["images"].shape == (64, 32, 32, 3) and names["images"].dtype == np.uint8
    assert int(names["gan"].generator_optimizer.iterations) == 2

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
    assert len(python_blocks()[1].splitlines()) < 30


def test_programs_exist():
    programs = set(re.findall(r"python -m (\w+\.\w+)", README))
    assert {"trainers.quickstart", "trainers.gan", "export.verify"} <= programs
    for program in programs:
        assert importlib.util.find_spec(program), program
