"""Tiny stand-ins for published datasets, prepared on disk: TensorFlow Datasets reads them like the real ones.

`standin("celeb_a", folder)` prepares one, for any process that then asks for `celeb_a` with `data_dir=folder`; nothing
is mocked. From a shell: python -m tests.standins celeb_a FOLDER.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow_datasets as tfds

SPLITS: dict[str, dict[str, bool]] = {
    "cifar10": {"train": True, "test": True},
    "cifar100": {"train": True, "test": True},
    "stl10": {"train": True, "test": True, "unlabelled": False},
    "celeb_a": {"train": True, "validation": True, "test": True},
    "imagenet2012": {"train": True, "validation": True, "test": False},
    "lsun/bedroom": {"train": True, "validation": True},
    "mnist": {"train": True, "test": True},
}
"""For each dataset its splits, and whether the labels in them are known."""

NUM_EXAMPLES = 40


def standin(name: str, data_dir: Path | str, num_examples: int = NUM_EXAMPLES) -> str:
    """Prepares a dataset of noise with the name, version, features and splits of the real one.

    Images are uniform noise, those of any size between 200 and 300 pixels a side; the labels of a split are
    0, 1, ..., K - 1, 0, ...

    Args:
        name: One of `SPLITS`.
        data_dir: Folder of prepared datasets.
        num_examples: Images in each split.

    Returns:
        The folder, as the `data_dir` of programs and of `load_source`.
    """
    builder = tfds.builder(name, data_dir=str(data_dir))
    if not builder.is_prepared():
        tfds.disable_progress_bar()
        builder._split_generators = lambda dl_manager: {
            split: _examples(builder.info.features, num_examples, seed, labelled)
            for seed, (split, labelled) in enumerate(SPLITS[name].items())
        }
        builder.download_and_prepare(download_dir=str(Path(data_dir) / "downloads"))
    return str(data_dir)


def _examples(features: Any, num_examples: int, seed: int, labelled: bool) -> Iterator[tuple[int, dict[str, Any]]]:
    rng = np.random.default_rng(seed)
    for number in range(num_examples):
        example = {key: _value(feature, number, rng) for key, feature in features.items()}
        yield number, example | ({} if labelled else {"label": -1})


def _value(feature: Any, number: int, rng: np.random.Generator) -> Any:
    if isinstance(feature, tfds.features.FeaturesDict):
        return {key: _value(inner, number, rng) for key, inner in feature.items()}
    if isinstance(feature, tfds.features.Image):
        shape = [rng.integers(200, 300) if size is None else size for size in feature.shape]
        return rng.integers(0, 256, shape, np.uint8)
    if isinstance(feature, tfds.features.ClassLabel):
        return number % feature.num_classes
    if isinstance(feature, tfds.features.Text):
        return f"example {number}"
    return np.zeros(feature.shape, feature.np_dtype)


if __name__ == "__main__":
    print(standin(sys.argv[1], sys.argv[2]))
