"""Folders of samples: which are continued, which are refused, and what is deleted."""

import json

import pytest

from tf_infomax.errors import InputError
from tf_infomax.runs.sample_folder import SampleFolder, sample_name, seed_name

MANIFEST = {"num_images": 3, "seed": 0, "classes": None, "weights": "raw", "batch_size": 256, "sha256": "a"}


def folder(path, **changes) -> SampleFolder:
    manifest = {**MANIFEST, **changes}
    return SampleFolder(path, [sample_name(number) for number in range(manifest["num_images"])], manifest)


def snapshot(path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in path.iterdir()}


@pytest.fixture
def begun(tmp_path):
    """A folder with the second of three samples."""
    folder(tmp_path).open()
    (tmp_path / "000001.png").write_bytes(b"png")
    return tmp_path


def test_names():
    assert sample_name(12) == "000012.png" and sample_name(1_000_000, 3) == "1000000-class3.png"
    assert seed_name(17) == "seed00017.png" and seed_name(-(2**31), 3) == "seed-2147483648-class3.png"


def test_samples_of_seeds_are_samples(tmp_path):
    names = [seed_name(17), seed_name(-17), seed_name(2**31 - 1, 3)]
    of_seeds = SampleFolder(tmp_path, names, {**MANIFEST, "seeds": [17, -17, 2**31 - 1]})
    of_seeds.open()
    for name in names:
        (tmp_path / name).write_bytes(b"png")
    with pytest.raises(InputError, match="other samples"):
        folder(tmp_path).open()
    folder(tmp_path).open(overwrite=True)
    assert set(snapshot(tmp_path)) == {"samples.json"}


def test_a_folder_of_an_earlier_version_is_continued(begun):
    """Its manifest has neither seeds nor a truncation."""
    folder(begun, seeds=None, truncation=None).open()
    with pytest.raises(InputError, match="truncation None there, 0.5 here"):
        folder(begun, seeds=None, truncation=0.5).open()


def test_what_is_missing(begun):
    assert json.loads((begun / "samples.json").read_text()) == MANIFEST
    (begun / ".partial-4194305-000000.png").write_bytes(b"half of one")
    (begun / ".DS_Store").write_bytes(b"of a file manager")
    folder(begun).open()
    assert folder(begun).missing() == [0, 2]
    assert set(snapshot(begun)) == {"samples.json", "000001.png", ".DS_Store"}
    folder(begun, num_images=4).open()
    assert folder(begun, num_images=4).missing() == [0, 2, 3]


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"seed": 1}, "seed 0 there, 1 here"),
        ({"classes": [3, 5]}, r"classes None there, \[3, 5\] here"),
        ({"sha256": "b", "weights": "average"}, "sha256 a there, b here, weights raw there, average here"),
        ({"batch_size": 128}, "batch_size 256 there, 128 here"),
        ({"num_images": 2}, "num_images 3 there, 2 here"),
    ],
)
def test_other_samples_are_refused_or_deleted(begun, changes, message):
    before = snapshot(begun)
    with pytest.raises(InputError, match=message):
        folder(begun, **changes).open()
    assert snapshot(begun) == before
    folder(begun, **changes).open(overwrite=True)
    assert set(snapshot(begun)) == {"samples.json"}
    assert json.loads((begun / "samples.json").read_text()) == {**MANIFEST, **changes}


def test_a_place_of_the_run_is_no_difference(begun):
    folder(begun, run="/elsewhere").open()
    assert folder(begun).missing() == [0, 2]


@pytest.mark.parametrize("overwrite", [False, True])
@pytest.mark.parametrize("name", ["notes.txt", "0.png", "photo.png"])
def test_other_files_are_refused(begun, name, overwrite):
    (begun / name).write_bytes(b"mine")
    before = snapshot(begun)
    with pytest.raises(InputError, match=f"holds other files .{name}.; name a new folder"):
        folder(begun).open(overwrite=overwrite)
    assert snapshot(begun) == before


def test_a_number_too_many_is_another_file(begun):
    (begun / "000003.png").write_bytes(b"png")
    with pytest.raises(InputError, match="holds other files .000003.png."):
        folder(begun).open()


@pytest.mark.parametrize("overwrite", [False, True])
def test_files_without_a_manifest_are_nobodys_samples(tmp_path, overwrite):
    for number in range(5):
        (tmp_path / f"00000{number}.png").write_bytes(b"mine")
    with pytest.raises(InputError, match=r"holds other files .000000.png, 000001.png, 000002.png, \.\.\.."):
        folder(tmp_path).open(overwrite=overwrite)
    assert len(snapshot(tmp_path)) == 5


@pytest.mark.parametrize("text", ["{", "[]", '{"seed": 0}'])
def test_a_manifest_of_something_else(tmp_path, text):
    (tmp_path / "samples.json").write_text(text)
    with pytest.raises(InputError, match="does not describe samples"):
        folder(tmp_path).open(overwrite=True)
    assert (tmp_path / "samples.json").read_text() == text


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(InputError, match="must be a folder. Received: the file"):
        folder(tmp_path / "file").open(overwrite=True)


def test_one_process_at_a_time(begun):
    with folder(begun).locked():
        with pytest.raises(InputError, match="Another process writes samples to"), folder(begun).locked():
            pass
    assert not (begun / ".lock").exists()
    with pytest.raises(InputError, match="must be a folder"), folder(begun / "samples.json").locked():
        pass
