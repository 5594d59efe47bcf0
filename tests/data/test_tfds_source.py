"""Real datasets, prepared in a temporary folder: `tfds.testing.mock_data` would skip the preparation."""

import shlex

import numpy as np
import pytest
import tensorflow as tf
import tensorflow_datasets as tfds

import tf_infomax.data.tfds_source as module
from tests.standins import standin
from tf_infomax.data import load_source, storage
from tf_infomax.errors import InputError

NUM_PHOTOS = 6


class InfomaxPhotos(tfds.core.GeneratorBasedBuilder):
    """Photo k of size (8 + k, 12) has grey level 10 k and label k mod 3."""

    VERSION = tfds.core.Version("1.0.0")
    FEATURES = {"image": tfds.features.Image(shape=(None, None, 3)), "label": tfds.features.ClassLabel(num_classes=3)}

    def _info(self):
        return tfds.core.DatasetInfo(builder=self, features=tfds.features.FeaturesDict(self.FEATURES))

    def _split_generators(self, dl_manager):
        return {"train": self._generate_examples(), "validation": self._generate_examples()}

    def _generate_examples(self):
        for number in range(NUM_PHOTOS):
            image = np.full((8 + number, 12, self.FEATURES["image"].shape[-1]), 10 * number, np.uint8)
            yield number, {"image": image, **self.other_features(number)}

    def other_features(self, number):
        return {"label": number % 3}


class InfomaxSecretLabels(InfomaxPhotos):
    def other_features(self, number):
        return {"label": -1}


class InfomaxUnlabelled(InfomaxPhotos):
    FEATURES = {"image": tfds.features.Image(shape=(None, None, 1)), "caption": tfds.features.Text()}

    def other_features(self, number):
        return {"caption": "a photo"}


class InfomaxTables(InfomaxPhotos):
    FEATURES = {
        "row": tfds.features.Tensor(shape=(3,), dtype=np.float32),
        "label": tfds.features.ClassLabel(num_classes=3),
    }


class InfomaxOffline(InfomaxPhotos):
    def _split_generators(self, dl_manager):
        partial = dl_manager.download_dir / "infomax" / "images.zip.tmp.123"
        partial.mkdir(parents=True)
        (partial / "images.zip").write_text("half")
        raise ConnectionError("no route to host\nsecond line")


@pytest.fixture
def load(tmp_path):
    def load(name, *, split="train", image_size=16, **options):
        return load_source(name, split=split, image_size=image_size, data_dir=str(tmp_path), **options)

    return load


def test_images_and_labels(load):
    source = load("infomax_photos")
    assert (source.name, source.split, source.num_images) == ("infomax_photos", "train", NUM_PHOTOS)
    assert (source.image_shape, source.num_classes) == ((16, 16, 3), 3)
    images, labels = source.read(tf.range(NUM_PHOTOS, dtype=tf.int64))
    numbers = images[:, 0, 0, 0].numpy() // 10
    np.testing.assert_array_equal(images, np.broadcast_to(10 * numbers[:, None, None, None], images.shape))
    np.testing.assert_array_equal(labels, numbers % 3)
    assert sorted(numbers) == list(range(NUM_PHOTOS))


def test_the_order_is_the_same_every_time(load):
    np.testing.assert_array_equal(
        load("infomax_photos").images_at(range(6)), load("infomax_photos").images_at(range(6))
    )


def test_part_of_a_split(load):
    assert load("infomax_photos", split="validation[:50%]").num_images == NUM_PHOTOS // 2


@pytest.mark.parametrize("name, channels", [("infomax_unlabelled", 1), ("infomax_secret_labels", 3)])
def test_unlabelled_sets(load, name, channels):
    source = load(name)
    assert (source.image_shape, source.num_classes) == ((16, 16, channels), None)
    np.testing.assert_array_equal(source.read([0, 1])[1], [0, 0])


def test_mocked_cifar10(tmp_path):
    builder = tfds.builder("cifar10", data_dir=tmp_path)
    split = tfds.core.SplitInfo(name="test", shard_lengths=[5], num_bytes=1, filename_template=None)
    builder.info.set_splits(tfds.core.splits.SplitDict([split]))
    (tmp_path / "cifar10" / str(builder.version)).mkdir(parents=True)
    builder.info.write_to_directory(builder.data_dir)
    with tfds.testing.mock_data(num_examples=5, data_dir=str(tmp_path)):
        source = load_source("cifar10", split="test", image_size=32, data_dir=str(tmp_path))
    assert (source.num_images, source.image_shape, source.num_classes) == (5, (32, 32, 3), 10)


def test_unknown_split(load):
    for split in ("test", "train[:900]", "train[:", "train[5:2]"):
        with pytest.raises(InputError, match="has the splits train, validation. Received: '") as caught:
            load("infomax_photos", split=split)
        assert "\n" not in str(caught.value)


def test_sets_without_images_are_refused_before_they_are_downloaded(load):
    with pytest.raises(InputError, match="one feature of uint8 images. Its features: row, label"):
        load("infomax_tables")


def test_a_large_set_goes_through_the_cache(load, tmp_path, monkeypatch):
    in_memory = load("infomax_photos", image_size=16)
    monkeypatch.setattr(storage, "MEMORY_LIMIT_BYTES", NUM_PHOTOS * 16 * 16 * 3 - 1)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    on_disk = load("infomax_photos", image_size=16)
    (folder,) = (tmp_path / "cache" / "tf-infomax").glob("infomax_photos-train-16-*/")
    assert sorted(path.name for path in folder.iterdir()) == ["description.json", "images.u8", "labels.i64"]
    assert (on_disk.num_classes, on_disk.class_names) == (3, in_memory.class_names)
    for ours, theirs in zip(on_disk.read([5, 0, 0, 3]), in_memory.read([5, 0, 0, 3]), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    for other in ({"split": "validation"}, {"image_size": 17}):
        load("infomax_photos", **other)
    assert len(list(folder.parent.glob("*/"))) == 3


def test_secret_labels_in_the_cache_are_none(load, tmp_path, monkeypatch):
    monkeypatch.setattr(storage, "MEMORY_LIMIT_BYTES", 0)
    source = load("infomax_secret_labels", cache_dir=tmp_path / "cache")
    assert (source.num_classes, source.class_names) == (None, None)
    np.testing.assert_array_equal(source.read([0, 1])[1], [0, 0])


def test_crops_are_those_of_the_dataset(tmp_path):
    data_dir = standin("celeb_a", tmp_path, num_examples=3)
    source = load_source("celeb_a", split="test", image_size=178, data_dir=data_dir)
    raw = tfds.load("celeb_a", split="test", data_dir=data_dir, shuffle_files=False)
    np.testing.assert_array_equal(source.images_at(range(3)), [example["image"][20:198] for example in raw])


def test_a_failed_download_leaves_nothing_unfinished_and_says_what_to_run(load, tmp_path, monkeypatch):
    other = tmp_path / "downloads" / "other" / "archive.zip.tmp.456"  # Perhaps of a process that is still running.
    other.mkdir(parents=True)
    with pytest.raises(
        InputError, match=r"'infomax_offline' is not prepared in .*\(ConnectionError: no route to host\)"
    ) as caught:
        load("infomax_offline")
    assert other.exists() and list(tmp_path.rglob("*.tmp.*")) == [other] and not list(tmp_path.rglob("incomplete*"))
    assert "\n" not in str(caught.value)

    interpreter, option, code = shlex.split(str(caught.value).partition("run: ")[2])
    assert (interpreter, option) == ("python", "-c")
    monkeypatch.setattr(InfomaxOffline, "_split_generators", InfomaxPhotos._split_generators)
    exec(code)
    assert load("infomax_offline").num_images == NUM_PHOTOS


def test_wrong_image_size(load):
    with pytest.raises(InputError, match="`image_size` must be at least 1. Received: 0"):
        load("infomax_photos", image_size=0)


def test_no_connection_is_said_at_once(tmp_path, monkeypatch):
    def refuse(address, timeout):
        raise OSError("unreachable")

    monkeypatch.setattr(module.urllib.request, "getproxies", dict)
    monkeypatch.setattr(module.socket, "create_connection", refuse)
    with pytest.raises(InputError, match=r"'cifar10' is not prepared.*no connection to .*run: python -c"):
        load_source("cifar10", split="train", image_size=32, data_dir=str(tmp_path))
