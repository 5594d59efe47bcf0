"""Datasets by name."""

from collections.abc import Callable

from tf_infomax.data.digits import digits_source, stacked_digits_source
from tf_infomax.data.image_source import ImageSource

BUILT_IN_SOURCES: dict[str, Callable[..., ImageSource]] = {
    "digits": digits_source,
    "stacked-digits": stacked_digits_source,
}
"""The datasets that come with the package, by name."""


def load_source(name: str, *, split: str, image_size: int, data_dir: str | None = None) -> ImageSource:
    """Loads one split of a dataset.

    Args:
        name: `"digits"`, `"stacked-digits"`, or the name of a dataset in TensorFlow Datasets.
        split: Name of the split, such as `"train"`.
        image_size: Height and width of the images in pixels.
        data_dir: Folder of the prepared datasets of TensorFlow Datasets; its default if None.

    Returns:
        The images and labels, to be read by number.

    Raises:
        InputError: If the dataset, the split or the size does not exist, or the dataset cannot be prepared; nothing
            else is loaded instead.
    """
    if name in BUILT_IN_SOURCES:
        return BUILT_IN_SOURCES[name](split=split, image_size=image_size)
    # Here and not above: the built-in datasets need not wait until TensorFlow Datasets is imported.
    from tf_infomax.data.tfds_source import tfds_source

    return tfds_source(name, split=split, image_size=image_size, data_dir=data_dir, other_names=tuple(BUILT_IN_SOURCES))
