"""Datasets by name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tf_infomax.data.digits import digits_source
from tf_infomax.data.folder import folder_source
from tf_infomax.data.gaussian_mixture import MIXTURES, mixture_source
from tf_infomax.data.image_source import ImageSource
from tf_infomax.data.stacked import stacked_digits_source, stacked_mnist_source
from tf_infomax.data.validation import check_num_channels
from tf_infomax.errors import InputError
from tf_infomax.sizes import ImageSize, checked_size


@dataclass(frozen=True)
class SourceRequest:
    """The arguments of `load_source` for a dataset of images, without its name."""

    split: str
    image_size: ImageSize
    num_channels: int | None
    data_dir: Path | str | None
    cache_dir: Path | str | None
    skip_unreadable: bool


def _digits(request: SourceRequest) -> ImageSource:
    return digits_source(split=request.split, image_size=request.image_size)


def _stacked_digits(request: SourceRequest) -> ImageSource:
    return stacked_digits_source(split=request.split, image_size=request.image_size)


def _stacked_mnist(request: SourceRequest) -> ImageSource:
    return stacked_mnist_source(
        split=request.split, image_size=request.image_size, data_dir=request.data_dir, cache_dir=request.cache_dir
    )


def _folder(request: SourceRequest) -> ImageSource:
    return folder_source(
        request.data_dir,
        split=request.split,
        image_size=request.image_size,
        num_channels=request.num_channels,
        cache_dir=request.cache_dir,
        skip_unreadable=request.skip_unreadable,
    )


OWN_SOURCES: Mapping[str, Callable[[SourceRequest], ImageSource]] = {
    "digits": _digits,
    "stacked-digits": _stacked_digits,
    "stacked-mnist": _stacked_mnist,
    "folder": _folder,
}
"""Datasets of images from elsewhere than TensorFlow Datasets, by name."""


def load_source(
    name: str,
    *,
    split: str,
    image_size: ImageSize | None = None,
    num_channels: int | None = None,
    data_dir: Path | str | None = None,
    cache_dir: Path | str | None = None,
    skip_unreadable: bool = False,
) -> ImageSource:
    """Loads one split of a dataset, into memory or, if it is large, into a cache on disk.

    Args:
        name: `"digits"`, `"stacked-digits"`, `"stacked-mnist"`, `"folder"` for images of your own, `"ring"` or `"grid"`
            for points of a Gaussian mixture, or the name of a dataset in TensorFlow Datasets.
        split: Name of the split, such as `"train"`, which for `"folder"` is the folder itself; other splits are the
            folders of those names beside it.
        image_size: Height and width of the images in pixels, one number where they are equal; None for points, and only
            for them.
        num_channels: Expected channels of the images or numbers of the points; any if None. Images of a folder are
            decoded to that many, 1 or 3; to 3 if None.
        data_dir: Folder of the images for `"folder"`; otherwise that of the prepared datasets of TensorFlow Datasets,
            whose default it is if None.
        cache_dir: Folder of the caches on disk; `files.default_cache_dir()` if None.
        skip_unreadable: Whether images of a folder that cannot be decoded are left out, with a warning.

    Returns:
        The images, or points, and labels, to be read by number.

    Raises:
        InputError: There is no such dataset, split or size, it has other channels, or it cannot be prepared.
    """
    if name in MIXTURES:
        if image_size is not None:
            raise InputError(f"`image_size` must be None for {name}, whose samples are points. Received: {image_size}")
        source = mixture_source(name, split=split)
        check_num_channels(name, source.image_shape[-1], received=num_channels)
        return source
    if image_size is None:
        raise InputError(f"`image_size` must be a number of pixels for the images of {name}. Received: None")
    image_size = checked_size(image_size)
    if name in OWN_SOURCES:
        request = SourceRequest(split, image_size, num_channels, data_dir, cache_dir, skip_unreadable)
        source = OWN_SOURCES[name](request)
        check_num_channels(name, source.image_shape[-1], received=num_channels)
        return source
    # Here and not above: the other datasets need not wait for the import of TensorFlow Datasets.
    from tf_infomax.data.tfds_source import tfds_source

    return tfds_source(
        name,
        split=split,
        image_size=image_size,
        num_channels=num_channels,
        data_dir=data_dir,
        cache_dir=cache_dir,
        other_names=(*OWN_SOURCES, *MIXTURES),
    )
