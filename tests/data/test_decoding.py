"""Decoding of image files: what a viewer shows, by the libraries that define the formats."""

import io

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image, ImageOps

from tf_infomax.data.decoding import UnreadableImage, decode_image, is_grey, plain_orientation, read_image

ORIENTATION = 0x0112


def picture(height=20, width=30):
    """Smooth colours without a symmetry."""
    rows, columns = np.mgrid[:height, :width]
    return np.stack([rows * 10, columns * 8, (rows + columns) * 4], axis=-1).clip(0, 255).astype(np.uint8)


def encoded(image, kind, **options) -> bytes:
    buffer = io.BytesIO()
    (image if isinstance(image, Image.Image) else Image.fromarray(image)).save(buffer, kind, **options)
    return buffer.getvalue()


def by_tensorflow(contents):
    return tf.io.decode_image(contents, channels=3, expand_animations=False).numpy()


@pytest.mark.parametrize(
    "kind, mode, options, plain",
    [
        ("jpeg", "RGB", {}, True),
        ("jpeg", "RGB", {"progressive": True, "subsampling": 0}, True),
        ("jpeg", "L", {}, True),
        ("jpeg", "CMYK", {}, True),
        ("png", "RGB", {}, True),
        ("png", "L", {}, True),
        ("png", "P", {}, False),
        ("png", "1", {}, False),
        ("bmp", "RGB", {}, False),
        ("bmp", "L", {}, False),
        ("gif", "P", {}, False),
        ("webp", "RGB", {"lossless": True}, False),
        ("webp", "RGB", {}, False),
    ],
)
def test_what_tensorflow_decodes_rightly_has_its_pixels(kind, mode, options, plain):
    contents = encoded(Image.fromarray(picture()).convert(mode), kind, **options)
    np.testing.assert_array_equal(decode_image(contents), by_tensorflow(contents))
    assert plain_orientation(contents) == (1 if plain else None)


@pytest.mark.parametrize(
    "kind, mode, tolerance",
    [
        *((kind, mode, 0) for kind in ("png", "bmp", "gif") for mode in ("RGB", "L", "P")),
        *(("jpeg", mode, 8) for mode in ("RGB", "L", "CMYK")),
        ("webp", "RGB", 0),
    ],
)
def test_pixels_are_those_of_pillow(kind, mode, tolerance):
    """TensorFlow decodes palette BMPs wrongly."""
    contents = encoded(Image.fromarray(picture()).convert(mode), kind)
    expected = np.asarray(Image.open(io.BytesIO(contents)).convert("RGB"), int)
    assert np.abs(decode_image(contents) - expected).max() <= tolerance


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind, options", [("jpeg", {"quality": 100, "subsampling": 0}), ("png", {}), ("webp", {})])
def test_images_are_turned_upright(kind, options, orientation):
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    contents = encoded(picture(), kind, exif=exif, **options)
    expected = np.asarray(ImageOps.exif_transpose(Image.open(io.BytesIO(contents))), int)
    decoded = decode_image(contents)
    assert decoded.shape == expected.shape and np.abs(decoded - expected).max() <= 8
    assert plain_orientation(contents) == (orientation if kind == "jpeg" else None)


def test_damaged_exif_data_say_nothing():
    contents = encoded(picture(), "jpeg", exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff garbage")
    assert decode_image(contents).shape == (20, 30, 3)


@pytest.mark.parametrize("kind", ["png", "webp"])
def test_transparent_images_lie_on_white(kind):
    pixels = np.zeros((4, 4, 4), np.uint8)
    pixels[:2] = [200, 100, 0, 255]
    pixels[2] = [200, 100, 0, 51]  # a fifth
    decoded = decode_image(encoded(pixels, kind, **({"lossless": True} if kind == "webp" else {})))
    np.testing.assert_array_equal(decoded[:2], np.broadcast_to([200, 100, 0], (2, 4, 3)))
    np.testing.assert_array_equal(decoded[2], np.broadcast_to([244, 224, 204], (4, 3)))
    np.testing.assert_array_equal(decoded[3], np.full((4, 3), 255))


@pytest.mark.parametrize("kind, mode", [("png", "P"), ("png", "L"), ("png", "RGB"), ("gif", "P"), ("gif", "L")])
def test_one_transparent_colour(kind, mode):
    image = Image.fromarray(np.repeat(np.array([[[10], [20]]], np.uint8), 3, axis=-1))
    image = image.quantize(2) if mode == "P" else image.convert(mode)
    colour = image.getpixel((0, 0))
    decoded = decode_image(encoded(image, kind, transparency=colour))
    assert decoded[0, 0].tolist() == [255] * 3 and decoded[0, 1].tolist() == [20] * 3


def test_the_upper_half_of_16_bits():
    levels = np.arange(2**16, dtype=np.uint16).reshape(256, 256)
    for pixels in (levels, np.stack([levels] * 3, axis=-1)):
        contents = tf.io.encode_png(pixels.reshape(256, 256, -1)).numpy()
        np.testing.assert_array_equal(decode_image(contents), np.stack([levels >> 8] * 3, axis=-1))


@pytest.mark.parametrize("kind", ["gif", "png", "webp"])
def test_the_first_frame_of_an_animation(kind):
    first, second = Image.fromarray(np.full((4, 4), 40, np.uint8)), Image.fromarray(np.full((4, 4), 200, np.uint8))
    options = {"lossless": True} if kind == "webp" else {}
    contents = encoded(first.convert("RGB"), kind, save_all=True, append_images=[second.convert("RGB")], **options)
    np.testing.assert_array_equal(decode_image(contents), np.full((4, 4, 3), 40))


@pytest.mark.parametrize("kind", ["jpeg", "png", "bmp", "gif", "webp"])
@pytest.mark.parametrize("part", [0.0, 0.3, 0.9])
def test_truncated_files(kind, part):
    noise = np.random.default_rng(0).integers(0, 256, (40, 40, 3), np.uint8)
    contents = encoded(noise, kind)
    with pytest.raises(UnreadableImage):
        decode_image(contents[: int(part * len(contents))])


@pytest.mark.parametrize(
    "contents", [b"no image", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\0 a TIFF", b"RIFFxxxxWAVE"]
)
def test_what_is_no_image(contents):
    with pytest.raises(UnreadableImage):
        decode_image(contents)


@pytest.mark.parametrize("kind", ["jpeg", "png", "bmp", "gif"])
def test_an_image_of_any_size(kind, monkeypatch):
    """Pillow alone refuses images above a number of pixels."""
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    for height, width in ((1, 1), (1, 500), (2, 16_000)):
        assert decode_image(encoded(picture(height, width), kind)).shape == (height, width, 3)


def test_shades_of_grey():
    grey = Image.fromarray(picture()).convert("L")
    for kind in ("jpeg", "png", "bmp"):
        assert is_grey(encoded(grey, kind)) and not is_grey(encoded(picture(), kind))
    assert is_grey(encoded(grey.convert("LA"), "png")) and is_grey(
        tf.io.encode_png(np.zeros((2, 2, 1), "uint16")).numpy()
    )


def test_what_is_no_file(tmp_path):
    for path in (tmp_path, tmp_path / "none"):
        with pytest.raises(UnreadableImage, match="no regular file"):
            read_image(path)
