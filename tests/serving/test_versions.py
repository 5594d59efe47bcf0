"""Folders of models: numbers of versions."""

import threading
import time

import pytest

from tf_infomax.errors import InputError
from tf_infomax.serving import latest_version, saved_model_in, versions_in
from tf_infomax.serving.versions import new_version


@pytest.fixture
def model(tmp_path):
    for name in ("2", "10", "notes", ".partial-1-11"):
        (tmp_path / "model" / name).mkdir(parents=True)
    (tmp_path / "model" / "7").write_text("not a version")
    return tmp_path / "model"


def test_versions_are_numbers_in_order(model):
    assert versions_in(model) == [2, 10]
    assert latest_version(model) == model / "10"


def test_next_is_after_the_highest(model, tmp_path):
    with new_version(model, "next") as folder:
        assert folder == model / "11"
    with new_version(tmp_path / "another", "next") as folder:
        assert folder == tmp_path / "another" / "1"


@pytest.mark.parametrize("version", [2, 10, 7])
def test_an_existing_version_is_refused(model, version):
    with pytest.raises(InputError, match="exists already"), new_version(model, version):
        pass


@pytest.mark.parametrize("version", [0, 2**63])
def test_version_numbers_are_those_of_a_request(tmp_path, version):
    with pytest.raises(InputError, match=f"at least 1, and below 2.63. Received: {version}"):
        with new_version(tmp_path / "model", version):
            pass


def test_greater_numbers_are_no_versions(tmp_path):
    (tmp_path / str(2**63)).mkdir()
    (tmp_path / "\u00b2").mkdir()
    assert versions_in(tmp_path) == []


def test_a_failed_export_leaves_the_next_one_in_peace(tmp_path):
    """Which waits for the lock in a folder that the failed one had made, and removes."""
    chosen = []

    def write():
        with new_version(tmp_path / "model", "next") as target:
            chosen.append(target.name)
            target.mkdir()

    thread = threading.Thread(target=write)
    with pytest.raises(RuntimeError), new_version(tmp_path / "model", 1):
        thread.start()
        time.sleep(0.2)
        raise RuntimeError
    thread.join()
    assert chosen == ["1"] and versions_in(tmp_path / "model") == [1]


def test_a_failed_export_leaves_no_folder(tmp_path):
    with pytest.raises(RuntimeError), new_version(tmp_path / "model", 1):
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_a_folder_without_versions(model, tmp_path):
    for path in (tmp_path, model / "notes", tmp_path / "nowhere"):
        with pytest.raises(InputError, match="holds no version of a model"):
            latest_version(path)
        with pytest.raises(InputError, match="holds no version of a model"):
            saved_model_in(path)


def test_a_number_may_have_zeros_before_it(tmp_path):
    (tmp_path / "0002").mkdir()
    assert versions_in(tmp_path) == [2] and latest_version(tmp_path) == tmp_path / "0002"
    with pytest.raises(InputError, match="0002 holds no SavedModel"):
        saved_model_in(tmp_path)


def test_a_version_or_the_highest_of_a_model(exports):
    version = exports["points"]
    assert saved_model_in(version) == saved_model_in(version.parent) == version
