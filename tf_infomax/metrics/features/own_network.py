"""Features of a network in a file or folder of the user's."""

from pathlib import Path

from tf_infomax.errors import InputError
from tf_infomax.metrics.features.digests import digest_of
from tf_infomax.metrics.features.keras_model import SUFFIX, load_keras_file
from tf_infomax.metrics.features.names import own_name
from tf_infomax.metrics.features.network import LoadedFeatures, Network, OutputNames
from tf_infomax.metrics.features.saved_model import SAVED_MODEL_FILE, load_saved_model


class NetworkFeatures(LoadedFeatures):
    """A network of one's own: the folder of a SavedModel, or a `.keras` file.

    It takes images (B, H, W, C) float32 in [-1, 1], or uint8. A SavedModel can be called with them and returns a
    dictionary, or it has the signature `serving_default`; a Keras model is functional or sequential. Outputs are
    flattened.

    Args:
        path: The folder or file.
        name: Name in records; that of the folder, or of the file without `.keras`, if None.
        resize: Row of `RESIZES` by which images get the size of the network; `"bicubic-antialias"` if None, or
            `"native"` for a network that takes images of any size.
        feature_output: Output of the activations; for a Keras model the key of its dictionary, or a layer.
        logit_output: That of the logits; `"none"` for a network without them.
        batch_size: Images run at a time.

    Raises:
        InputError: There is no such network, it has other outputs, or the name is that of a shipped one.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        name: str | None = None,
        resize: str | None = None,
        feature_output: str = "pool_3",
        logit_output: str = "logits",
        batch_size: int = 50,
    ) -> None:
        self.path = Path(path).resolve()
        name = own_name(name or name_of_network(self.path))
        super().__init__(
            load_network(self.path, OutputNames(feature_output, logit_output)),
            name=name,
            title=f"the network {name}",
            sha256=digest_of(self.path),
            resize=resize,
            batch_size=batch_size,
        )

    def is_current(self) -> bool:
        return self.path.exists() and digest_of(self.path) == self.sha256


def is_network(path: Path) -> bool:
    """Returns whether a path is that of a `.keras` file or of the folder of a SavedModel."""
    return path.suffix == SUFFIX or (path / SAVED_MODEL_FILE).exists()


def name_of_network(path: Path) -> str:
    """Returns the name of a folder, or of a file without `.keras`."""
    return path.name if path.is_dir() else path.stem


def load_network(path: Path, outputs: OutputNames) -> Network:
    """Loads a network of images under the strategy in scope.

    Args:
        path: The folder of a SavedModel, or a `.keras` file.
        outputs: Names of the outputs to use.

    Raises:
        InputError: There is no such network, or it has other inputs or outputs.
    """
    if path.is_dir():
        return load_saved_model(path, outputs)
    if path.suffix == SUFFIX and path.is_file():
        return load_keras_file(path, outputs)
    raise InputError(f"expected the folder of a SavedModel or a {SUFFIX} file. Received: {str(path)!r}")
