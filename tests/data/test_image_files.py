"""The files of a folder: which are read, which are not, and which class each of them has."""

import os

import pytest

from tf_infomax.data.image_files import find_images
from tf_infomax.errors import InputError
from tf_infomax.files import printable


@pytest.fixture
def by_class(tmp_path):
    for name in ("cats/a.png", "cats/deep/b.png", "dogs/c.png"):
        (tmp_path / "data" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "data" / name).touch()
    return tmp_path / "data"


FILES = ("cats/a.png", "cats/deep/b.png", "dogs/c.png")


@pytest.mark.parametrize("target", ["data", "data/cats", "data/dogs", "."])
@pytest.mark.parametrize("link", ["dogs/loop", "cats/deep/loop", "birds"])
def test_links_multiply_no_images_and_mix_no_classes(by_class, link, target):
    (by_class / link).symlink_to(by_class.parent / target, target_is_directory=True)
    files = find_images(by_class)
    assert files.paths == FILES and files.class_names == ("cats", "dogs") and files.links == (link,)


def test_a_circle_of_links_outside(by_class, tmp_path):
    (tmp_path / "outside" / "more").mkdir(parents=True)
    (tmp_path / "outside" / "d.png").touch()
    (tmp_path / "outside" / "more" / "e.png").touch()
    (tmp_path / "outside" / "more" / "back").symlink_to(tmp_path / "outside")
    (tmp_path / "outside" / "home").symlink_to(by_class)
    (by_class / "dogs" / "linked").symlink_to(tmp_path / "outside")
    files = find_images(by_class)
    assert files.paths == (*FILES, "dogs/linked/d.png", "dogs/linked/more/e.png")
    assert files.links == ("dogs/linked/home", "dogs/linked/more/back")


def test_classes_and_images_may_be_links(by_class, tmp_path):
    (tmp_path / "birds").mkdir()
    (tmp_path / "birds" / "f.png").touch()
    (by_class / "birds").symlink_to(tmp_path / "birds")
    (by_class / "dogs" / "g.png").symlink_to(tmp_path / "birds" / "f.png")
    files = find_images(by_class)
    assert files.paths == ("birds/f.png", *FILES, "dogs/g.png")
    assert files.class_names == ("birds", "cats", "dogs") and files.links == ()


def test_other_formats_are_counted(by_class):
    for name in ("a.tiff", "b.TIFF", "deep/c.heic", "notes.txt", ".hidden.tiff"):
        (by_class / "cats" / name).touch()
    files = find_images(by_class)
    assert files.paths == FILES and files.others == {".tiff": 2, ".heic": 1}


def test_what_is_no_file_is_listed(by_class):
    """It is named when it is read."""
    (by_class / "cats" / "broken.png").symlink_to(by_class / "nowhere.png")
    (by_class / "cats" / "itself.png").symlink_to(by_class / "cats" / "itself.png")
    os.mkfifo(by_class / "dogs" / "pipe.png")
    files = find_images(by_class)
    added = ("cats/broken.png", "cats/itself.png", "dogs/pipe.png")
    assert files.paths == tuple(sorted((*FILES, *added))) and len(files.digest()) == 64


def test_names_that_are_not_utf8(by_class):
    name = os.fsdecode(b"caf\xe9.png")
    (by_class / "cats" / name).touch()
    files = find_images(by_class)
    assert f"cats/{name}" in files.paths and len(files.digest()) == 64
    assert printable(name) == "caf\\xe9.png" and printable("é.png") == "é.png"


def test_names_of_classes_that_are_not_utf8_can_be_written(by_class):
    (by_class / os.fsdecode(b"caf\xe9")).mkdir()
    (by_class / os.fsdecode(b"caf\xe9") / "a.png").touch()
    files = find_images(by_class)
    assert files.class_names == ("caf\\xe9", "cats", "dogs")
    names = [files.class_names[label] for label in files.labels]
    assert names == [printable(os.path.dirname(path)).split("/")[0] for path in files.paths]


def test_images_of_other_formats_are_named_where_there_are_none(by_class, tmp_path):
    (by_class / "apes").mkdir()
    (by_class / "apes" / "a.tif").touch()
    with pytest.raises(InputError, match=r"Received: apes, which has none; of other formats the folder has 1 \.tif$"):
        find_images(by_class)
    (tmp_path / "scans").mkdir()
    (tmp_path / "scans" / "a.heic").touch()
    with pytest.raises(InputError, match=r"has no images: .*; of other formats the folder has 1 \.heic$"):
        find_images(tmp_path / "scans")


def test_names_sizes_and_times_make_the_digest(by_class):
    digests = [find_images(by_class).digest()]
    path = by_class / "cats" / "a.png"

    def changed():
        digests.append(find_images(by_class).digest())
        return len(set(digests)) == len(digests)

    path.write_bytes(b"x")
    assert changed()
    os.utime(path, ns=(0, 1))
    assert changed()
    path.rename(by_class / "cats" / "z.png")
    assert changed()
    assert find_images(by_class).digest() == digests[-1]


def test_a_folder_that_cannot_be_listed(by_class, monkeypatch):
    scan = os.scandir

    def scandir(place):
        if str(place).endswith("deep"):
            raise PermissionError(13, "Permission denied")
        return scan(place)

    monkeypatch.setattr(os, "scandir", scandir)
    with pytest.raises(InputError, match="deep must be a folder that can be listed. Received: Permission denied"):
        find_images(by_class)
