import json
import signal
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from tests import programs
from tf_infomax.data import cache, storage, training_dataset
from tf_infomax.data.cache import cache_folder, cached_source
from tf_infomax.data.image_stream import ImageStream
from tf_infomax.data.storage import stored_source
from tf_infomax.errors import InputError
from tf_infomax.files import default_cache_dir

SHAPE = (7, 4, 4, 3)
IMAGES = np.random.default_rng(0).integers(0, 256, SHAPE, np.uint8)
LABELS = np.array([2, 0, 1, 1, 2, 0, 0])


def stream(batches=lambda: ((IMAGES[start : start + 3], LABELS[start : start + 3]) for start in (0, 3, 6)), **changes):
    values = {"name": "noise", "split": "train[:50%]", "shape": SHAPE, "num_classes": 3, "class_names": ("a", "b", "c")}
    return ImageStream(**values | {"identity": {"dataset": "noise"}, "batches": batches} | changes)


def never():
    raise AssertionError("read again")


def contents(folder):
    return sorted(path.name for path in folder.iterdir())


def test_images_and_labels(tmp_path):
    source = cached_source(stream(), cache_dir=tmp_path)
    assert (source.name, source.split, source.num_images) == ("noise", "train[:50%]", 7)
    assert (source.image_shape, source.num_classes, source.class_names) == ((4, 4, 3), 3, ("a", "b", "c"))
    images, labels = source.read([6, 0, 0])
    np.testing.assert_array_equal(images, IMAGES[[6, 0, 0]])
    np.testing.assert_array_equal(labels, LABELS[[6, 0, 0]])
    np.testing.assert_array_equal(source.sample_real(7, 0), storage.stored_source(stream()).sample_real(7, 0))


def test_batches_are_those_from_memory(tmp_path, two_replicas):
    sources = cached_source(stream(), cache_dir=tmp_path), stored_source(stream())
    datasets = [training_dataset(source, batch_size=4, num_steps=9, seed=0) for source in sources]
    assert datasets[0].element_spec == datasets[1].element_spec
    for ours, theirs in zip(*datasets, strict=True):
        for value, other in zip(ours, theirs, strict=True):
            np.testing.assert_array_equal(value, other)
    shared = two_replicas.experimental_distribute_dataset(datasets[0])
    for halves, (_, labels) in zip(shared, datasets[1], strict=True):
        np.testing.assert_array_equal(np.concatenate(two_replicas.experimental_local_results(halves[1])), labels)


def test_a_cache_is_read_from_its_dataset_once(tmp_path):
    cached_source(stream(), cache_dir=tmp_path)
    np.testing.assert_array_equal(cached_source(stream(never), cache_dir=tmp_path).images_at(range(7)), IMAGES)


def test_another_identity_is_another_cache(tmp_path):
    cached_source(stream(), cache_dir=tmp_path)
    with pytest.raises(AssertionError, match="read again"):
        cached_source(stream(never, identity={"dataset": "noise", "crop": 2}), cache_dir=tmp_path)


def test_fewer_images_than_expected(tmp_path):
    source = cached_source(stream(lambda: iter([(IMAGES[:3], LABELS[:3])])), cache_dir=tmp_path)
    assert source.num_images == 3
    np.testing.assert_array_equal(cached_source(stream(never), cache_dir=tmp_path).images_at(range(3)), IMAGES[:3])


@pytest.mark.parametrize("name, content", [("images.u8", b"short"), ("labels.i64", b""), ("description.json", b"[1]")])
def test_a_cache_that_does_not_fit_its_description_is_made_anew(tmp_path, name, content):
    cached_source(stream(), cache_dir=tmp_path)
    (cache_folder(stream(), tmp_path) / name).write_bytes(content)
    np.testing.assert_array_equal(cached_source(stream(), cache_dir=tmp_path).images_at(range(7)), IMAGES)


def test_a_failure_leaves_nothing(tmp_path):
    def failing():
        yield IMAGES[:3], LABELS[:3]
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError, match="no more"):
        cached_source(stream(failing), cache_dir=tmp_path)
    assert contents(tmp_path) == []


def test_a_killed_attempt_is_not_taken_for_a_cache_and_is_removed(tmp_path):
    code = f"""
import os, signal
from tests.data import test_cache
def batches():
    yield test_cache.IMAGES[:3], test_cache.LABELS[:3]
    os.kill(os.getpid(), signal.SIGKILL)
test_cache.cached_source(test_cache.stream(batches), cache_dir={str(tmp_path)!r})
"""
    killed = programs.run_code(code)
    folder = cache_folder(stream(), tmp_path)
    assert killed.returncode == -signal.SIGKILL
    assert len(list(tmp_path.glob(".partial-*"))) == 1 and not folder.exists()
    np.testing.assert_array_equal(cached_source(stream(), cache_dir=tmp_path).images_at(range(7)), IMAGES)
    assert contents(tmp_path) == [folder.name]


def test_one_of_two_makes_the_cache_and_the_other_waits(tmp_path):
    readings, sources = [], []

    def slow():
        readings.append(True)
        time.sleep(0.2)
        yield IMAGES, LABELS

    def open_source():
        sources.append(cached_source(stream(slow), cache_dir=tmp_path))

    threads = [threading.Thread(target=open_source) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(readings) == 1
    for source in sources:
        np.testing.assert_array_equal(source.images_at(range(7)), IMAGES)


def test_too_little_space_is_said_before_reading(tmp_path, monkeypatch):
    monkeypatch.setattr(cache.shutil, "disk_usage", lambda path: SimpleNamespace(free=3 * 2**30))
    huge = stream(never, shape=(10_000, 1024, 1024, 3))
    with pytest.raises(InputError, match=r"'noise'.* at 1024 pixels needs 29.3 GiB in .*3.0 GiB are free.*`cache_dir`"):
        cached_source(huge, cache_dir=tmp_path)
    assert not list(tmp_path.glob(".partial-*"))


def test_a_place_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written to .*file.*`cache_dir`"):
        cached_source(stream(), cache_dir=tmp_path / "file")


def test_default_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    assert default_cache_dir() == tmp_path / "caches" / "tf-infomax"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_cache_dir() == tmp_path / ".cache" / "tf-infomax"


def test_a_user_without_a_home_is_told_what_to_set(monkeypatch):
    def no_home():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(Path, "home", no_home)
    with pytest.raises(InputError, match="Caches need a folder .--cache-dir., XDG_CACHE_HOME, or a user with a home"):
        default_cache_dir()


def test_the_description_says_what_the_cache_holds(tmp_path):
    cached_source(stream(), cache_dir=tmp_path)
    folder = cache_folder(stream(), tmp_path)
    assert folder.name.startswith("noise-train-50-4-")
    description = json.loads((folder / "description.json").read_text())
    assert description == {"shape": list(SHAPE), "num_classes": 3, "identity": {"dataset": "noise"}}


def test_memory_up_to_the_limit_and_disk_above(tmp_path, monkeypatch):
    monkeypatch.setattr(storage, "MEMORY_LIMIT_BYTES", IMAGES.size)
    stored_source(stream(), cache_dir=tmp_path)
    assert contents(tmp_path) == []
    monkeypatch.setattr(storage, "MEMORY_LIMIT_BYTES", IMAGES.size - 1)
    np.testing.assert_array_equal(stored_source(stream(), cache_dir=tmp_path).images_at(range(7)), IMAGES)
    assert contents(tmp_path) != []
