"""The README is short, its code runs, and its links lead somewhere."""

import re

import numpy as np
import pytest

from tests.docs.documents import README, ROOT, blocks, smaller
from tests.tiny import batches, random_images

TEXT = README.read_text()


def test_it_is_short():
    assert len(TEXT.splitlines()) <= 150


def test_set_up_is_two_lines():
    assert 'pip install -e . && python -m trainers.quickstart\npip install -e ".[test]" && pytest\n' in blocks(
        README, "bash"
    )


def test_local_links_and_images_exist():
    targets = [target for target in re.findall(r"\]\(([^)#]+)", TEXT) if "://" not in target]
    assert "docs/samples.png" in targets
    for target in targets:
        assert (ROOT / target).exists(), target


@pytest.mark.slow
def test_python_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    api, objective = (smaller(block) for block in blocks(README, "python"))
    names: dict = {"__name__": "readme"}
    exec(api, names)
    assert names["images"].shape == (64, 32, 32, 3) and names["images"].dtype == np.uint8
    assert int(names["gan"].generator_optimizer.iterations) == 2

    exec(objective, names)
    networks = names["gan"].generator, names["gan"].discriminator
    gan = names["GAN"](*networks, [names["InfoMax"](8), names["LatentReconstruction"](generator_weight=0.5)])
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
    assert len(blocks(README, "python")[1].splitlines()) < 30
