"""The data to measure against: a split, and another one for the floor."""

from collections.abc import Callable
from dataclasses import dataclass

from tf_infomax import data
from tf_infomax.errors import InputError
from tf_infomax.images import are_images
from tf_infomax.runs.config import run_source
from tf_infomax.runs.directory import RunDirectory
from tf_infomax.runs.options import EvaluationOptions
from tf_infomax.sizes import checked_size

OTHER_SPLITS = ("test", "validation", "val", "train")
"""Splits to look for when another one is needed, in order."""


@dataclass(frozen=True)
class RealData:
    """Real samples.

    Attributes:
        source: One split.
        load: Loads another split by its name.
    """

    source: data.ImageSource
    load: Callable[[str], data.ImageSource]

    def other_split(self) -> data.ImageSource | None:
        """Returns another split, None if there is none by a usual name."""
        for split in OTHER_SPLITS:
            if split not in self.source.split:
                try:
                    return self.load(split)
                except InputError:
                    continue
        return None


def data_of_run(run: RunDirectory, options: EvaluationOptions) -> RealData:
    """Loads the data of a run: the middles of images that training crops at random.

    Raises:
        InputError: There is no run here, or the split or the files are missing.
    """
    config = run.config()

    def load(split: str | None) -> data.ImageSource:
        source = run_source(config, split=split, data_dir=options.data_dir, cache_dir=options.cache_dir)
        size = config["settings"]["data"]["image_size"]
        return source.centre_cropped(None if size is None else checked_size(size))

    return RealData(load(options.split), load)


def data_for(dataset: str, sample_shape: tuple[int, ...], options: EvaluationOptions) -> RealData:
    """Loads a dataset for samples of a shape.

    Args:
        dataset: Name of the dataset, for `load_source`.
        sample_shape: (H, W, C) of images, which decide the size of the real ones; (D,) of points.
        options: Options of the evaluation; the split is `"train"` if they name none.

    Raises:
        InputError: There is no such dataset, or it has no such samples.
    """

    def load(split: str) -> data.ImageSource:
        return data.load_source(
            dataset,
            split=split,
            image_size=checked_size(sample_shape[:2]) if are_images(sample_shape) else None,
            num_channels=sample_shape[-1],
            data_dir=options.data_dir,
            cache_dir=options.cache_dir,
        )

    return RealData(load(options.split or "train"), load)
