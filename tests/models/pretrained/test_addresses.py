"""Addresses of saved models."""

import sys
from types import SimpleNamespace

import numpy as np
import pytest

import tf_infomax
from tests.eager import no_graphs  # noqa: F401
from tests.tiny import tiny_gan
from tf_infomax.errors import InputError
from tf_infomax.models.pretrained import addresses


@pytest.fixture
def hub(tmp_path, monkeypatch):
    """A hub with one repository, in the place of huggingface_hub's function."""
    folder = tiny_gan().save_to_preset(tmp_path / "repository")
    asked = []

    def snapshot_download(*, repo_id: str, revision: str | None = None) -> str:
        asked.append((repo_id, revision))
        if repo_id != "owner/name":
            raise OSError("404 Client Error: no such repository\nmore lines")
        return str(folder)

    monkeypatch.setitem(sys.modules, "huggingface_hub", SimpleNamespace(snapshot_download=snapshot_download))
    return SimpleNamespace(folder=folder, asked=asked)


def test_the_hub(hub):
    for address in ("hf://owner/name", "hf://owner/name@v2"):
        loaded = tf_infomax.from_preset(address)
        np.testing.assert_array_equal(loaded.generate(2), tf_infomax.from_preset(hub.folder).generate(2))
    assert hub.asked == [("owner/name", None), ("owner/name", "v2")]


def test_what_the_hub_has_not(hub):
    with pytest.raises(
        InputError, match="hf://owner/other cannot be downloaded: 404 Client Error: no such repository$"
    ):
        addresses.folder_of("hf://owner/other")


def test_the_hub_without_its_package(monkeypatch):
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(InputError, match=r'needs huggingface_hub: pip install "tf-infomax\[hub\]"'):
        addresses.folder_of("hf://owner/name")


def test_what_is_neither(tmp_path):
    with pytest.raises(InputError, match="`preset` must be a folder, hf://OWNER/NAME or one of infomax-gan-digits"):
        tf_infomax.from_preset("infomax-gan-digit")
    with pytest.raises(InputError, match="it has no config.json"):
        tf_infomax.from_preset(tmp_path)
