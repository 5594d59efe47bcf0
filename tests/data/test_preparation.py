"""Images of your own under the name of a dataset."""

import numpy as np
import pytest

from tf_infomax.data import load_source, preparation
from tf_infomax.data.preparation import prepare_dataset
from tf_infomax.errors import InputError
from tf_infomax.images import write_png

GREY = np.random.default_rng(0).integers(0, 256, (20, 28, 28), np.uint8)
DIGITS = np.arange(20) % 10


@pytest.fixture
def npz(tmp_path):
    path = tmp_path / "digits.npz"
    np.savez(path, x_train=GREY, y_train=DIGITS, x_test=GREY[:10, ..., None], y_test=DIGITS[:10, None], note="mine")
    return path


def pairs(images, labels) -> list[tuple[int, bytes]]:
    """Labels with the bytes of their images: TensorFlow Datasets shuffles."""
    return sorted((int(label), np.asarray(image).tobytes()) for image, label in zip(images, labels))


def read(name, data_dir, *, split="train", image_size=28):
    source = load_source(name, split=split, image_size=image_size, data_dir=data_dir, cache_dir=data_dir / "cache")
    return source, pairs(*source.read(range(source.num_images)))


def test_arrays_take_the_place_of_a_published_dataset(npz, tmp_path):
    prepared = prepare_dataset("mnist", npz, data_dir=tmp_path / "datasets")
    assert prepared == ("mnist/3.0.1", tmp_path / "datasets", {"train": 20, "test": 10})
    source, found = read("mnist", prepared.data_dir)
    assert found == pairs(GREY, DIGITS)
    assert (source.image_shape, source.num_classes) == ((28, 28, 1), 10)
    assert read("mnist", prepared.data_dir, split="test")[1] == pairs(GREY[:10], DIGITS[:10])
    stacked = load_source(
        "stacked-mnist", split="train", image_size=32, data_dir=tmp_path / "datasets", cache_dir=tmp_path
    )
    assert (stacked.num_images, stacked.num_classes) == (128_000, 1000)


def test_a_name_of_ones_own(npz, tmp_path):
    prepared = prepare_dataset("my_digits", npz, data_dir=tmp_path)
    source, found = read("my_digits", prepared.data_dir)
    assert found == pairs(GREY, DIGITS)
    assert prepared.full_name == "my_digits/1.0.0" and source.class_names == tuple("0123456789")


def test_names_of_medmnist(tmp_path):
    np.savez(tmp_path / "med.npz", train_images=GREY, val_images=GREY[:3])
    prepared = prepare_dataset("med", tmp_path / "med.npz", data_dir=tmp_path)
    assert prepared.num_images == {"train": 20, "val": 3}
    assert read("med", tmp_path, split="val")[0].num_classes is None


def test_folders_under_a_name_of_ones_own(tmp_path):
    colours = {}
    for split in ("train", "test"):
        for kind in ("dark", "light"):
            (tmp_path / "photos" / split / kind).mkdir(parents=True)
            for number in range(3):
                level = (20 if kind == "dark" else 200) + number
                colours[split, kind, number] = np.full((32, 32, 3), level, np.uint8)
                write_png(tmp_path / "photos" / split / kind / f"{number}.png", colours[split, kind, number])
    prepare_dataset("photos", tmp_path / "photos", data_dir=tmp_path / "datasets")
    source, found = read("photos", tmp_path / "datasets", image_size=32)
    assert source.class_names == ("dark", "light")
    expected = [(colours["train", kind, n], label) for label, kind in enumerate(("dark", "light")) for n in range(3)]
    assert found == pairs(*zip(*expected))


def test_folders_of_a_published_dataset(tmp_path):
    names = "airplane automobile bird cat deer dog frog horse ship truck".split()
    for number, name in enumerate(names):
        (tmp_path / "photos" / "train" / name).mkdir(parents=True)
        write_png(tmp_path / "photos" / "train" / name / "0.png", np.full((32, 32, 3), number, np.uint8))
    prepare_dataset("cifar10", tmp_path / "photos", data_dir=tmp_path / "datasets")
    source, found = read("cifar10", tmp_path / "datasets", image_size=32)
    assert source.class_names == tuple(names)
    assert found == pairs([np.full((32, 32, 3), number, np.uint8) for number in range(10)], range(10))


def test_nothing_is_replaced_unasked(npz, tmp_path):
    prepare_dataset("mnist", npz, data_dir=tmp_path)
    np.savez(tmp_path / "other.npz", x_train=GREY[::-1], y_train=DIGITS)
    with pytest.raises(InputError, match=r"mnist/3\.0\.1 is there already; --overwrite replaces it\.$"):
        prepare_dataset("mnist", tmp_path / "other.npz", data_dir=tmp_path)
    assert read("mnist", tmp_path)[1] == pairs(GREY, DIGITS)
    prepare_dataset("mnist", tmp_path / "other.npz", data_dir=tmp_path, overwrite=True)
    assert (tmp_path / "mnist").is_dir() and not list((tmp_path / "mnist").glob("incomplete*"))


def test_what_is_prepared_anew_is_read_anew(npz, tmp_path, monkeypatch):
    monkeypatch.setattr("tf_infomax.data.storage.MEMORY_LIMIT_BYTES", 0)  # so that it is read through a cache on disk
    prepare_dataset("my_digits", npz, data_dir=tmp_path)
    assert read("my_digits", tmp_path)[1] == pairs(GREY, DIGITS)
    np.savez(npz, x_train=GREY, y_train=DIGITS[::-1])
    prepare_dataset("my_digits", npz, data_dir=tmp_path, overwrite=True)
    assert read("my_digits", tmp_path)[1] == pairs(GREY, DIGITS[::-1])


def test_what_cannot_be_written_leaves_the_old_one(npz, tmp_path):
    for label in ("a", "b"):
        (tmp_path / "photos" / "train" / label).mkdir(parents=True)
        write_png(tmp_path / "photos" / "train" / label / "0.png", np.full((32, 32, 3), 7, np.uint8))
    datasets = tmp_path / "datasets"
    prepare_dataset("photos", tmp_path / "photos", data_dir=datasets)
    (tmp_path / "photos" / "train" / "b" / "0.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    with pytest.raises(InputError, match="cannot be read"):
        prepare_dataset("photos", tmp_path / "photos", data_dir=datasets, overwrite=True)
    kept = np.full((32, 32, 3), 7, np.uint8)
    assert read("photos", datasets, image_size=32)[1] == pairs([kept, kept], [0, 1])


@pytest.mark.parametrize(
    "arrays, message",
    [
        ({"pixels": GREY}, "must hold arrays x_SPLIT, such as x_train, or SPLIT_images. Received: neither"),
        ({"x_train": GREY / 255}, r"must be \(N, H, W\) or \(N, H, W, C\) uint8. Received: \(20, 28, 28\) float64"),
        ({"x_train": np.zeros((5, 28, 28, 4), np.uint8)}, "must have 1 or 3 channels. Received: 4"),
        ({"x_train": GREY, "y_train": DIGITS[:5]}, r"must be 20 whole numbers from 0. Received: \(5,\) int64"),
        ({"x_train": GREY, "y_train": DIGITS - 1}, "must be 20 whole numbers from 0"),
        ({"x_train": GREY[:, :20], "y_train": DIGITS}, r"Images of mnist are \(28, 28, 1\). Received: \(20, 28, 1\)"),
        ({"x_train": GREY}, "Images of mnist have labels. Received: none in train"),
        ({"x_train": GREY, "y_train": DIGITS + 1}, "Labels of mnist must be below 10. Received: 10 in train"),
    ],
)
def test_what_is_not_like_the_dataset_is_refused(arrays, message, tmp_path):
    np.savez(tmp_path / "given.npz", **arrays)
    with pytest.raises(InputError, match=message):
        prepare_dataset("mnist", tmp_path / "given.npz", data_dir=tmp_path / "datasets")
    assert not (tmp_path / "datasets").exists()


def test_other_bad_input(npz, tmp_path):
    with pytest.raises(InputError, match="Received: .*nowhere, which does not exist"):
        prepare_dataset("mnist", tmp_path / "nowhere")
    (tmp_path / "broken.npz").write_bytes(npz.read_bytes()[:500])
    with pytest.raises(InputError, match=r"broken\.npz must be a whole archive of arrays"):
        prepare_dataset("mnist", tmp_path / "broken.npz")
    with pytest.raises(InputError, match="of TensorFlow Datasets, with attributes, identity, landmarks"):
        prepare_dataset("celeb_a", npz, data_dir=tmp_path)
    with pytest.raises(InputError, match="or letters, digits and underscores. Received: my digits"):
        prepare_dataset("my digits", npz, data_dir=tmp_path)
    with pytest.raises(InputError, match="without configurations, or one of your own. Received: imagenet_resized"):
        prepare_dataset("imagenet_resized", npz, data_dir=tmp_path)
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="must hold a folder for each split, such as train. Received: no folders"):
        prepare_dataset("mine", tmp_path / "empty", data_dir=tmp_path)
    np.savez(tmp_path / "half.npz", x_train=GREY, y_train=DIGITS, x_test=GREY)
    with pytest.raises(InputError, match="All splits must have labels, or none. Received: none in test alone"):
        prepare_dataset("mine", tmp_path / "half.npz", data_dir=tmp_path)


def test_the_old_dataset_stays_until_the_new_one_is_whole(npz, tmp_path, monkeypatch):
    prepare_dataset("my_digits", npz, data_dir=tmp_path)
    seen = []

    def looked_at(*arguments):
        for example in preparation_examples(*arguments):
            seen.append(read("my_digits", tmp_path)[1] if not seen else None)
            yield example

    preparation_examples = preparation._examples
    monkeypatch.setattr(preparation, "_examples", looked_at)
    np.savez(npz, x_train=GREY, y_train=DIGITS[::-1])
    prepare_dataset("my_digits", npz, data_dir=tmp_path, overwrite=True)
    assert seen[0] == pairs(GREY, DIGITS) and read("my_digits", tmp_path)[1] == pairs(GREY, DIGITS[::-1])
    assert [path.name for path in (tmp_path / "my_digits").iterdir()] == ["1.0.0"]


def test_a_dataset_of_your_own_may_change_its_form(npz, tmp_path, monkeypatch):
    monkeypatch.setattr("tensorflow_datasets.core.constants.DATA_DIR", str(tmp_path))
    prepare_dataset("my_digits", npz)
    np.savez(npz, x_train=np.zeros((3, 32, 32, 3), np.uint8))
    prepared = prepare_dataset("my_digits", npz, overwrite=True)
    assert prepared == ("my_digits/1.0.0", tmp_path, {"train": 3})
    source, _ = read("my_digits", tmp_path, image_size=32)
    assert source.image_shape == (32, 32, 3) and source.num_classes is None


def test_names_that_lead_elsewhere(npz, tmp_path):
    for name in ("digits", "stacked-digits", "folder", "ring"):
        with pytest.raises(InputError, match=f"must be none of the datasets that are built in, .*Received: {name}$"):
            prepare_dataset(name, npz, data_dir=tmp_path)
    write_png(tmp_path / "photos" / "my train" / "0.png", np.zeros((32, 32, 3), np.uint8))
    with pytest.raises(InputError, match="Names of splits must be letters.* Received: my train in"):
        prepare_dataset("photos", tmp_path / "photos", data_dir=tmp_path)
    assert not (tmp_path / "datasets").exists() and not list(tmp_path.glob("*/1.0.0"))


@pytest.mark.parametrize("name", ["train.npy", "train.npz"])
def test_an_array_is_no_archive(name, tmp_path):
    with (tmp_path / name).open("wb") as file:
        np.save(file, GREY)
    with pytest.raises(
        InputError, match=r"must be a whole archive of arrays \(\.npz\)\. Received: a file that is none$"
    ):
        prepare_dataset("mine", tmp_path / name, data_dir=tmp_path)


def test_a_damaged_image_leaves_nothing(tmp_path):
    for kind in ("a", "b"):
        (tmp_path / "photos" / "train" / kind).mkdir(parents=True)
    write_png(tmp_path / "photos" / "train" / "a" / "0.png", np.zeros((32, 32, 3), np.uint8))
    (tmp_path / "photos" / "train" / "b" / "1.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    with pytest.raises(InputError, match=r"An image of .*train cannot be read: b/1\.png|1\.png"):
        prepare_dataset("photos", tmp_path / "photos", data_dir=tmp_path / "datasets")
    assert not list((tmp_path / "datasets").rglob("*.tfrecord*"))
