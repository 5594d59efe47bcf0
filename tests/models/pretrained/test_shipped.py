"""The models that come with the package."""

import numpy as np

import tf_infomax
from tests.eager import no_graphs  # noqa: F401
from tf_infomax.metrics import DigitFeatures
from tf_infomax.models.pretrained.addresses import folder_of, shipped_names

NAME = "infomax-gan-digits"
MAX_BYTES = 2_000_000


def test_it_is_small():
    assert shipped_names() == [NAME]
    assert sum(path.stat().st_size for path in folder_of(NAME).iterdir()) < MAX_BYTES


def test_it_draws_all_digits():
    images = tf_infomax.from_preset(NAME).generate(300, seed=1)
    assert images.shape == (300, 28, 28, 1) and images.dtype == np.uint8
    logits = DigitFeatures()(images).logits
    shares = np.bincount(logits.argmax(1), minlength=10) / len(images)
    assert shares.min() > 0.03 and shares.max() < 0.2


def test_its_card_and_measurements_name_no_folder_of_a_machine():
    for name in ("README.md", "preset.json", "metrics.json"):
        text = (folder_of(NAME) / name).read_text()
        assert '"path": "/' not in text and "data_dir" not in text
