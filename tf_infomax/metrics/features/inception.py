"""Features of TF-GAN's Inception network, those of FID, KID and Inception score in the literature."""

from pathlib import Path

from tf_infomax import compat
from tf_infomax.errors import InputError
from tf_infomax.metrics.features.digests import digest_of
from tf_infomax.metrics.features.network import LoadedFeatures, OutputNames
from tf_infomax.metrics.features.pins import check_pinned
from tf_infomax.metrics.features.saved_model import load_saved_model

INCEPTION_HANDLE = "https://tfhub.dev/tensorflow/tfgan/eval/inception/1"
"""TF-GAN's Inception network on TensorFlow Hub: the weights of Salimans et al. 2016."""

NAME = "inception"
OUTPUTS = OutputNames("pool_3", "logits")
SIZE = (299, 299)


class InceptionFeatures(LoadedFeatures):
    """TF-GAN's Inception network: `pool_3` (2,048) and `logits` (1,008).

    The digest of the first network under this name is kept in the user's cache, and another one is refused.

    Args:
        path_or_handle: A TensorFlow Hub handle, or the folder of a copy of its SavedModel.
        resize: Row of `RESIZES` by which images get 299x299 pixels; `"bilinear"` if None.
        batch_size: Images run at a time.

    Raises:
        InputError: The network cannot be loaded, or is not the one first used on this machine.

    Source:
        Salimans et al. 2016; Heusel et al. 2017. TF-GAN asks for images of 299x299 in [-1, 1] and leaves the resizing
        to the user; its examples use TensorFlow's bilinear one. Numbers from other Inception weights or other resizing
        are not comparable.
    """

    def __init__(
        self, path_or_handle: str | Path = INCEPTION_HANDLE, *, resize: str | None = None, batch_size: int = 50
    ) -> None:
        self.path_or_handle = str(path_or_handle)
        self.path = _local_copy(self.path_or_handle)
        network = load_saved_model(self.path, OUTPUTS)
        sha256 = digest_of(self.path)
        check_pinned(NAME, sha256)
        super().__init__(
            network,
            name=NAME,
            title="TF-GAN's Inception network",
            sha256=sha256,
            resize=resize,
            default_resize="bilinear",
            size=SIZE,
            batch_size=batch_size,
        )

    def is_current(self) -> bool:
        return self.path.exists() and digest_of(self.path) == self.sha256


def _local_copy(path_or_handle: str) -> Path:
    """Returns the folder of the SavedModel, downloaded if need be."""
    if "://" not in path_or_handle:
        return Path(path_or_handle).resolve()
    try:
        return Path(compat.tensorflow_hub().resolve(path_or_handle))
    except Exception as error:  # TensorFlow Hub raises OSError, ValueError, RuntimeError and TensorFlow's own errors.
        raise InputError(
            f"cannot get Inception ({type(error).__name__}): where there is a network, run curl -L "
            f"'{path_or_handle}?tf-hub-format=compressed' -o inception.tar.gz, unpack that archive into a folder here, "
            "and pass --features inception:FOLDER"
        ) from error
