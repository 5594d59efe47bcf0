import io
import logging
import os

import numpy as np
import pytest
from PIL import Image, ImageOps

from tests import programs
from tf_infomax.data import load_source, storage
from tf_infomax.data.preprocessing import prepare_image
from tf_infomax.errors import InputError


def picture(number, height=12, width=10):
    """Grey level 20 * number on the left half, colours on the right one."""
    image = np.full((height, width, 3), 20 * number, np.uint8)
    image[:, width // 2 :] = [200, 100, 20 * number]
    return image


def write(path, image, **options):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(image).save(path, **options)


def load(data_dir, *, image_size=8, **options):
    return load_source("folder", split="train", image_size=image_size, data_dir=str(data_dir), **options)


@pytest.fixture
def flat(tmp_path):
    """Three images of different sizes and kinds, and files that are none."""
    write(tmp_path / "images" / "b.png", picture(1))
    write(tmp_path / "images" / "a.BMP", picture(0, 20, 31))
    write(tmp_path / "images" / "c.gif", picture(2, 8, 8))
    (tmp_path / "images" / "notes.txt").write_text("none")
    (tmp_path / "images" / "._b.png").write_text("none")
    (tmp_path / "images" / ".thumbnails").mkdir()
    return tmp_path / "images"


@pytest.fixture
def by_class(tmp_path):
    """Two dogs, one of them deeper, and one cat."""
    write(tmp_path / "classes" / "dogs" / "z" / "deep.png", picture(3))
    write(tmp_path / "classes" / "dogs" / "a.png", picture(2))
    write(tmp_path / "classes" / "cats" / "b.png", picture(1))
    return tmp_path / "classes"


def test_a_folder_of_images_has_no_labels(flat):
    source = load(flat)
    assert (source.name, source.split, source.num_images) == ("folder", "train", 3)
    assert (source.image_shape, source.num_classes, source.class_names) == ((8, 8, 3), None, None)
    images, labels = source.read([0, 1, 2])
    for image, original in zip(images, [picture(0, 20, 31), picture(1), picture(2, 8, 8)], strict=True):
        assert np.abs(image.numpy().astype(int) - prepare_image(original, 8).numpy()).max() <= 1
    np.testing.assert_array_equal(labels, [0, 0, 0])


def test_sub_folders_are_classes(by_class):
    source = load(by_class)
    assert (source.num_classes, source.class_names) == (2, ("cats", "dogs"))
    images, labels = source.read([0, 1, 2])
    np.testing.assert_array_equal(labels, [0, 1, 1])
    np.testing.assert_array_equal(images[:, 0, 0, 0], [20, 40, 60])


def test_other_splits_are_folders_beside_it(by_class):
    beside = by_class.parent / "val"
    write(beside / "dogs" / "images" / "d.png", picture(4))
    write(beside / "cats" / "c.png", picture(5))
    source = load_source("folder", split="val", image_size=8, data_dir=str(by_class))
    assert (source.split, source.class_names, source.num_images) == ("val", ("cats", "dogs"), 2)
    images, labels = source.read([0, 1])
    np.testing.assert_array_equal(labels, [0, 1])
    np.testing.assert_array_equal(images[:, 0, 0, 0], [100, 80])
    assert load(by_class).num_images == 3
    write(beside / "birds" / "b.png", picture(1))
    with pytest.raises(InputError, match="val must have the same classes as .*classes"):
        load_source("folder", split="val", image_size=8, data_dir=str(by_class))


def test_shades_of_grey(flat):
    source = load(flat, num_channels=1)
    assert source.image_shape == (8, 8, 1)
    grey = np.array(Image.fromarray(picture(1)[1:11]).convert("L").resize((8, 8), Image.Resampling.BILINEAR), int)
    assert np.abs(source.images_at([1])[0, ..., 0].astype(int) - grey).max() <= 1


ANIMATED = {"save_all": True, "append_images": [Image.fromarray(picture(5, 8, 8))]}


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize(
    "kind, mode, options",
    [
        ("png", "RGB", {}),
        ("png", "RGBA", {}),
        ("png", "L", {}),
        ("png", "LA", {}),
        ("png", "P", {}),
        ("jpeg", "RGB", {"quality": 100, "subsampling": 0}),
        ("jpeg", "L", {"quality": 100}),
        ("bmp", "RGB", {}),
        ("bmp", "L", {}),
        ("gif", "RGB", ANIMATED),
        ("bmp", "P", {}),
        ("gif", "P", {}),
        ("webp", "RGB", {"lossless": True}),
    ],
)
def test_formats(tmp_path, kind, mode, options, channels):
    original = Image.fromarray(picture(4, 8, 8)).convert(mode)
    original.save(tmp_path / f"image.{kind}", **options)
    expected = np.array(original.convert("RGB" if channels == 3 else "L"), int).reshape(8, 8, channels)
    decoded = load(tmp_path, num_channels=channels).images_at([0])[0].astype(int)
    # TensorFlow decodes JPEG by a fast transform.
    assert np.abs(decoded - expected).max() <= (8 if kind == "jpeg" else 1)


def test_the_first_frame_of_an_animated_webp_file(flat):
    frames = [Image.fromarray(picture(number, 8, 8)) for number in (7, 1)]
    frames[0].save(flat / "d.webp", save_all=True, append_images=frames[1:], lossless=True)
    np.testing.assert_array_equal(load(flat).images_at([3])[0], picture(7, 8, 8))


@pytest.fixture
def damaged(flat):
    jpeg = io.BytesIO()
    Image.fromarray(picture(1)).save(jpeg, "jpeg")
    (flat / "aa.jpg").write_bytes(jpeg.getvalue()[:150])
    (flat / "bb.png").write_bytes(b"")
    return flat


def test_unreadable_files_are_named(damaged):
    with pytest.raises(
        InputError, match="2 of the 5 images .* cannot be read: aa.jpg, bb.png; remove .*`skip_unreadable`"
    ):
        load(damaged)
    for number in range(9):
        (damaged / f"d{number}.png").write_bytes(b"no image")
    with pytest.raises(InputError, match="11 of the 14 .*: aa.jpg, bb.png, d0.png, d1.png, d2.png, ...; remove"):
        load(damaged)


def test_unreadable_files_can_be_left_out(damaged, caplog):
    source = load(damaged, skip_unreadable=True)
    np.testing.assert_array_equal(source.images_at(range(3))[:, 0, 0, 0], [0, 20, 40])
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert "2 of the 5 images" in record.getMessage() and "aa.jpg" in record.getMessage()


def test_the_warning_is_one_line_of_a_program(damaged):
    code = (
        "from tf_infomax.commands.program import program_output\nfrom tf_infomax.data import load_source\n"
        "with program_output():\n"
        f"    load_source('folder', split='train', image_size=8, data_dir={str(damaged)!r}, skip_unreadable=True)"
    )
    finished = programs.run_code(code)
    assert finished.returncode == 0
    (line,) = [line for line in finished.stderr.splitlines() if str(damaged) in line]
    assert line.startswith("warning: 2 of the 5 images") and line.endswith("aa.jpg")


def test_what_is_no_file_is_named_and_does_not_wait(flat):
    os.mkfifo(flat / "pipe.png")
    (flat / "broken.jpg").symlink_to(flat / "nowhere.jpg")
    with pytest.raises(InputError, match="2 of the 5 images .* cannot be read: broken.jpg, pipe.png; remove"):
        load(flat)
    np.testing.assert_array_equal(load(flat, skip_unreadable=True).images_at(range(3))[:, 0, 0, 0], [0, 20, 40])


def test_names_that_are_not_utf8(flat):
    write(flat / os.fsdecode(b"caf\xe9.png"), picture(3))
    (flat / os.fsdecode(b"d\xe9.png")).write_bytes(b"")
    with pytest.raises(InputError, match=r"1 of the 5 images .*: d.xe9.png; remove") as error:
        load(flat)
    str(error.value).encode()
    np.testing.assert_array_equal(load(flat, skip_unreadable=True).images_at([3])[0, 0, 0], [60] * 3)


@pytest.mark.parametrize("height, width", [(1, 1), (1, 400), (400, 2), (40, 3000)])
def test_any_size_and_shape(tmp_path, height, width):
    write(tmp_path / "a.png", picture(3, height, width))
    side = min(height, width)
    top, left = round((height - side) / 2), round((width - side) / 2)
    centre = picture(3, height, width)[top : top + side, left : left + side]
    np.testing.assert_array_equal(load(tmp_path).images_at([0])[0], prepare_image(centre, 8))


@pytest.mark.parametrize("channels", [1, 3])
def test_files_of_both_decoders_are_read_in_order(tmp_path, channels):
    """Pillow decodes those with orientation or transparency, TensorFlow the others."""
    exif = Image.Exif()
    exif[0x0112] = 3
    for number in range(12):
        image = picture(number)
        if number % 3 == 1:
            write(tmp_path / f"{number:02d}.png", image[::-1, ::-1], exif=exif)
        elif number % 3 == 2:
            write(tmp_path / f"{number:02d}.png", np.dstack([image, np.full(image.shape[:2], 255, np.uint8)]))
        else:
            write(tmp_path / f"{number:02d}.png", image)
    levels = load(tmp_path, num_channels=channels).images_at(range(12))[:, 0, 0, 0]
    np.testing.assert_array_equal(levels, 20 * np.arange(12))


@pytest.mark.parametrize("kind", ["jpg", "png"])
def test_images_are_turned_upright(tmp_path, kind):
    """By TensorFlow's pipeline as by Pillow."""
    options = {"quality": 100, "subsampling": 0} if kind == "jpg" else {}
    image = np.kron(np.arange(20, 220, 20, np.uint8)[:9].reshape(3, 3), np.ones((16, 16), np.uint8))
    image = np.repeat(image[..., None], 3, axis=-1)
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        write(tmp_path / f"{orientation}.{kind}", image, exif=exif, **options)
    images = load(tmp_path, image_size=48).images_at(range(8)).astype(int)
    for orientation in range(1, 9):
        with Image.open(tmp_path / f"{orientation}.{kind}") as file:
            expected = np.asarray(ImageOps.exif_transpose(file), int)
        assert np.abs(images[orientation - 1] - expected).max() <= 8
    write(tmp_path / "9.jpg", image)
    np.testing.assert_allclose(load(tmp_path, image_size=48).images_at([8])[0], image, atol=8)


def test_notices_of_what_is_left_out(by_class, caplog):
    (by_class / "cats" / "a.tiff").touch()
    (by_class / "cats" / "b.heic").touch()
    (by_class / "dogs" / "loop").symlink_to(by_class)
    assert load(by_class).num_images == 3
    texts = [record.getMessage() for record in caplog.records]
    assert len(texts) == 2 and texts[0].endswith("that are not read are left out: 1 .heic, 1 .tiff")
    assert "the link dogs/loop leads to a folder that is read already" in texts[1]


def test_labels_stay_with_their_images(by_class):
    (by_class / "cats" / "a.png").write_bytes(b"no image")
    source = load(by_class, skip_unreadable=True)
    images, labels = source.read([0, 1, 2])
    np.testing.assert_array_equal(labels, [0, 1, 1])
    np.testing.assert_array_equal(images[:, 0, 0, 0], [20, 40, 60])


def test_all_unreadable(tmp_path):
    (tmp_path / "a.png").write_bytes(b"")
    with pytest.raises(InputError, match="1 of the 1 images .* cannot be read: a.png$"):
        load(tmp_path, skip_unreadable=True)


def test_the_files_have_a_digest(by_class):
    before = load(by_class).files_digest
    assert before == load(by_class).files_digest
    write(by_class / "cats" / "b.png", picture(9))
    os.utime(by_class / "cats" / "b.png", ns=(0, 0))
    assert load(by_class).files_digest != before


def test_cache(by_class, tmp_path, monkeypatch):
    in_memory = load(by_class)
    monkeypatch.setattr(storage, "MEMORY_LIMIT_BYTES", 0)
    on_disk = load(by_class, cache_dir=tmp_path / "cache")
    assert (on_disk.num_classes, on_disk.class_names) == (2, ("cats", "dogs"))
    for ours, theirs in zip(on_disk.read([2, 0, 1]), in_memory.read([2, 0, 1]), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    write(by_class / "cats" / "b.png", picture(9))
    os.utime(by_class / "cats" / "b.png", ns=(0, 0))
    assert load(by_class, cache_dir=tmp_path / "cache").images_at([0])[0, 0, 0, 0] == 180
    assert len(list((tmp_path / "cache").glob("*/"))) == 2


def test_an_unreadable_file_leaves_no_cache(damaged, tmp_path, monkeypatch):
    monkeypatch.setattr(storage, "MEMORY_LIMIT_BYTES", 0)
    with pytest.raises(InputError, match="aa.jpg"):
        load(damaged, cache_dir=tmp_path / "cache")
    assert not list((tmp_path / "cache").glob("*/"))
    assert load(damaged, cache_dir=tmp_path / "cache", skip_unreadable=True).num_images == 3


def test_no_folder(tmp_path):
    (tmp_path / "file").write_text("")
    for data_dir in (None, tmp_path / "missing", tmp_path / "file"):
        with pytest.raises(InputError, match="needs a folder.*`data_dir`.*Received: "):
            load_source("folder", split="train", image_size=8, data_dir=data_dir)


def test_no_images(tmp_path):
    (tmp_path / "notes.txt").write_text("none")
    with pytest.raises(InputError, match="has no images.*.jpg, .jpeg, .png"):
        load(tmp_path)
    (tmp_path / "cats").mkdir()
    with pytest.raises(InputError, match="has no images"):
        load(tmp_path)


def test_images_beside_classes(by_class):
    write(by_class / "a.png", picture(0))
    with pytest.raises(InputError, match="either .* or .*both a.png and cats/b.png"):
        load(by_class)


def test_a_class_without_images(by_class):
    (by_class / "birds").mkdir()
    with pytest.raises(InputError, match="must have images. Received: birds"):
        load(by_class)


def test_folders_without_images_beside_images_do_not_matter(flat):
    (flat / "empty").mkdir()
    assert load(flat).num_classes is None


@pytest.mark.parametrize(
    "options, message",
    [
        ({"split": "test"}, "others as folders beside .*images. Received: 'test'"),
        ({"split": ""}, "Received: ''"),
        ({"num_channels": 2}, "1 or 3 for folder. Received: 2"),
        ({"image_size": 0}, "`image_size` must be at least 1. Received: 0"),
    ],
)
def test_wrong_arguments(flat, options, message):
    with pytest.raises(InputError, match=message):
        load_source("folder", **{"split": "train", "image_size": 8, "data_dir": flat} | options)


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("size", [(8, 12), (12, 8)])
@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_rectangles_are_cropped_as_a_viewer_shows_them(tmp_path, orientation, size, channels):
    exif = Image.Exif()
    exif[0x0112] = orientation
    pixels = np.random.default_rng(0).integers(0, 256, (24, 40, 3), np.uint8)
    write(tmp_path / "a.png", pixels, exif=exif)
    shown = ImageOps.exif_transpose(Image.open(tmp_path / "a.png")).convert("RGB" if channels == 3 else "L")
    source = load(tmp_path, image_size=size, num_channels=channels)
    assert source.image_shape == (*size, channels)
    expected = prepare_image(np.array(shown).reshape(shown.height, shown.width, channels), size)
    assert np.abs(source.images_at([0])[0].astype(int) - expected.numpy()).max() <= 1
