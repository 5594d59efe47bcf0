"""Networks from files as subjects of probes: any Keras model or SavedModel with named outputs."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tf_infomax import data
from tf_infomax.errors import InputError
from tf_infomax.images import to_uint8
from tf_infomax.metrics.features.network import NO_LOGITS, OutputNames
from tf_infomax.metrics.features.own_network import load_network, name_of_network
from tf_infomax.runs.options import NetworkOptions, ProbeOptions
from tf_infomax.runs.probing.probe import probe_subject
from tf_infomax.runs.probing.subject import Subject
from tf_infomax.types import Tensor


def probe_network(
    path: Path, network: NetworkOptions, options: ProbeOptions | None = None, *, picture: Path | None = None
) -> list[dict[str, Any]]:
    """Measures the features of a network in a file.

    Args:
        path: A `.keras` file of a functional or sequential model, or the folder of a SavedModel.
        network: Its layers and data.
        options: What to measure.
        picture: File of the picture of neighbours.

    Returns:
        One record a number, see `probe_run`.

    Raises:
        InputError: There is no such network, it has other layers or takes other images, or a measure does not fit.
    """
    options = options or ProbeOptions()
    if not network.layers or network.dataset is None:
        raise InputError("A network from a file needs `layers` and a `dataset`. Received: one or both missing")
    loaded = load_network(path, OutputNames(network.layers[-1], NO_LOGITS, network.layers[:-1]))
    size = _image_size(network, loaded.image_shape)

    def encode(images: Tensor) -> Mapping[str, Tensor]:
        return loaded.run(loaded.prepare(to_uint8(images)))

    subject = Subject(name_of_network(path), encode, network.layers, network.layers[-1])
    sources = [
        data.load_source(
            network.dataset,
            split=split,
            image_size=size,
            num_channels=loaded.image_shape[2],
            data_dir=options.data_dir,
            cache_dir=options.cache_dir,
        )
        for split in (options.train_split, options.test_split)
    ]
    return probe_subject(subject, sources, options, picture=picture)


def _image_size(network: NetworkOptions, image_shape: Sequence[int | None]) -> int:
    if network.image_size is None:
        return _side(image_shape)
    size, (height, width, _) = network.image_size, image_shape
    if height not in (None, size) or width not in (None, size):
        raise InputError(f"`image_size` must be that of the network, {height} x {width}. Received: {size}")
    return size


def _side(image_shape: Sequence[int | None]) -> int:
    height, width, _ = image_shape
    if height is None or height != width:
        raise InputError(
            f"`image_size` must be given for a network that takes images of any or of no square size. "
            f"Received: None, for images of {height} x {width}"
        )
    return height
