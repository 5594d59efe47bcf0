"""The commands of the guide for TensorFlow's own program, as the guide has them."""

import shlex
import subprocess
from pathlib import Path

import numpy as np
import pytest

from tests.docs.documents import ROOT, blocks
from tests.programs import environment
from tests.serving.exports import assert_equal_samples, small_generator
from tf_infomax.models import Sampler

GUIDE = ROOT / "docs" / "guides" / "serving.md"
COMMANDS = [
    shlex.split(line)
    for block in blocks(GUIDE, "bash")
    for line in block.replace("\\\n", " ").splitlines()
    if line.startswith("saved_model_cli")
]


def run(command: list[str], model: Path, folder: Path) -> str:
    (folder / "serving").mkdir(exist_ok=True)
    if not (folder / "serving" / "infomax").exists():
        (folder / "serving" / "infomax").symlink_to(model)
    return subprocess.run(command, cwd=folder, env=environment(), capture_output=True, text=True, check=True).stdout


@pytest.mark.slow
def test_the_guides_commands(exports, tmp_path):
    show, draw = COMMANDS
    assert "num_images" in run(show, exports["colour"].parent, tmp_path)
    run(draw, exports["colour"].parent, tmp_path)
    assert_equal_samples(np.load(tmp_path / "arrays" / "images.npy"), Sampler(small_generator("colour")).generate(4, 0))
