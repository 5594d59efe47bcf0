"""Addresses of saved models: names of those that come with this package, folders, and `hf://OWNER/NAME`."""

import importlib
from pathlib import Path

from tf_infomax.errors import InputError
from tf_infomax.models.pretrained.layout import CONFIG, PRESET, WEIGHTS, holds_saved_model

_HUB = "hf://"
"""Beginning of an address on Hugging Face's hub; `@REVISION` may follow the name."""
_SHIPPED = Path(__file__).parent / "shipped"


def shipped_names() -> list[str]:
    """Returns the names of the models that come with this package."""
    return sorted(path.name for path in _SHIPPED.iterdir() if (path / CONFIG).is_file())


def is_address(place: Path | str) -> bool:
    """Whether a place is the address of a saved model.

    A folder is if it holds one, and comes before a model of its name that comes with this package.
    """
    if Path(place).exists():
        return holds_saved_model(Path(place))
    return str(place).startswith(_HUB) or str(place) in shipped_names()


def folder_of(address: Path | str) -> Path:
    """Returns the folder of a saved model; one on the hub is downloaded first, into the hub's cache.

    Raises:
        InputError: There is no such model, it cannot be downloaded, or the folder lacks files.
    """
    text = str(address)
    if text.startswith(_HUB):
        return _checked(_downloaded(text), text)
    if text in shipped_names() and not holds_saved_model(Path(address)):
        return _SHIPPED / text
    if not Path(address).is_dir():
        names = ", ".join(shipped_names())
        raise InputError(f"`preset` must be a folder, {_HUB}OWNER/NAME or one of {names}. Received: {text}")
    return _checked(Path(address), text)


def _checked(folder: Path, address: str) -> Path:
    """Returns a folder that has the files of a saved model."""
    for name in (CONFIG, PRESET, WEIGHTS):
        if not (folder / name).is_file():
            raise InputError(
                f"{address} holds no model that `save_to_preset` or `tf-infomax save-preset` wrote: it has no {name}."
            )
    return folder


def _downloaded(address: str) -> Path:
    repository, _, revision = address.removeprefix(_HUB).partition("@")
    try:
        hub = importlib.import_module("huggingface_hub")
    except ImportError:
        raise InputError(f'{address} needs huggingface_hub: pip install "tf-infomax[hub]".') from None
    try:
        return Path(hub.snapshot_download(repo_id=repository, revision=revision or None))
    except Exception as error:  # Of the network, of the hub and of names, in several libraries' classes.
        reason = str(error).strip().splitlines() or [type(error).__name__]
        raise InputError(f"{address} cannot be downloaded: {reason[0]}") from error
