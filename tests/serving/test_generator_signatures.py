"""Signatures of generators: each draws what `GAN.generate` draws."""

import numpy as np
import pytest
import tensorflow as tf

from tests.serving.exports import (
    IMAGES,
    KINDS,
    NUM_CLASSES,
    assert_equal_samples,
    drawn_by,
    loaded,
    samples,
    small_generator,
)
from tf_infomax.latents import generation_latents, truncated_latents
from tf_infomax.models import Sampler

SEEDS = np.array([5, 0, -(2**31), 2**31 - 1, 5])
LABELS = np.array([0, 1, 2, 0, 1])


@pytest.mark.parametrize("kind", KINDS)
def test_each_seed_has_the_image_of_its_own(exports, kind):
    outputs = loaded(exports[kind])["seeds"](seeds=tf.constant(SEEDS))
    assert_equal_samples(samples(outputs), drawn_by(small_generator(kind), SEEDS))
    assert np.array_equal(samples(outputs)[0], samples(outputs)[4])
    assert not np.array_equal(samples(outputs)[0], samples(outputs)[1])


@pytest.mark.parametrize("kind", KINDS)
def test_generate_has_the_prefix_property(exports, kind):
    generate = loaded(exports[kind])["generate"]
    many = samples(generate(num_images=tf.constant(6), seed=tf.constant(7)))
    assert_equal_samples(many, Sampler(small_generator(kind)).generate(6, 7))
    for number in (1, 4):
        few = samples(generate(num_images=tf.constant(number), seed=tf.constant(7)))
        assert_equal_samples(few, many[:number])


@pytest.mark.parametrize("kind", KINDS)
def test_vectors_of_numbers_follow_each_other(exports, kind):
    generate = loaded(exports[kind])["generate"]
    several = generate(num_images=tf.constant([2, 3]), seed=tf.constant([7, 8]))
    parts = [generate(num_images=tf.constant(n), seed=tf.constant(seed)) for n, seed in ((2, 7), (3, 8))]
    for name in several:
        assert_equal_samples(several[name], np.concatenate([part[name] for part in parts]))


def test_classes(exports):
    signatures, generator = loaded(exports["classes"]), small_generator("classes")
    chosen = signatures["seeds_class"](seeds=tf.constant(SEEDS), labels=tf.constant(LABELS))
    assert_equal_samples(samples(chosen), drawn_by(generator, SEEDS, LABELS))
    drawn = signatures["seeds"](seeds=tf.constant(SEEDS))
    again = signatures["seeds_class"](seeds=tf.constant(SEEDS), labels=drawn["labels"])
    assert_equal_samples(samples(again), samples(drawn))
    one = {"num_images": tf.constant(4), "seed": tf.constant(3), "label": tf.constant(NUM_CLASSES - 1, tf.int64)}
    expected = Sampler(generator).generate(4, 3, labels=np.full(4, NUM_CLASSES - 1))
    assert_equal_samples(samples(signatures["generate_class"](**one)), expected)


@pytest.mark.parametrize("kind", KINDS)
def test_truncation_bounds_the_latents_of_the_seeds(exports, kind):
    signatures = loaded(exports[kind])
    labels = {"labels": tf.constant(LABELS)} if kind == "classes" else {}
    seeds = {"seeds": tf.constant(SEEDS), **labels}
    bounds = tf.constant([0.5, 1.0, 2.0, 8.0, 8.0])
    drawn = samples(signatures["seeds_truncated"](**seeds, truncation=bounds))
    latents = truncated_latents(signatures["latents"](seeds=tf.constant(SEEDS))["latents"], bounds)
    assert_equal_samples(drawn, samples(signatures["serving_default"](latents=latents, **labels)))
    whole = samples(signatures["seeds_class" if labels else "seeds"](**seeds))
    # Almost no normal number lies beyond 8.
    assert_equal_samples(drawn[3:], whole[3:])
    assert not np.allclose(drawn[0], whole[0], atol=1e-2)


@pytest.mark.parametrize("kind", IMAGES)
def test_png_files_hold_the_images(exports, kind):
    signatures = loaded(exports[kind])
    png = {name for name in signatures if name.endswith("_png")}
    assert png == {f"{name}_png" for name in signatures if name not in png | {"latents"}}
    images = signatures["seeds"](seeds=tf.constant(SEEDS))
    files = signatures["seeds_png"](seeds=tf.constant(SEEDS))
    assert files.keys() == images.keys() - {"images"} | {"png_bytes"}
    for file, image in zip(files["png_bytes"].numpy(), images["images"].numpy(), strict=True):
        np.testing.assert_array_equal(tf.io.decode_png(file), image)


def test_points_have_no_png_files(exports):
    names = {"serving_default", "generate", "seeds", "seeds_truncated", "latents"}
    assert loaded(exports["points"]).keys() == names


@pytest.mark.parametrize("kind", KINDS)
def test_latents_are_those_behind_the_seeds(exports, kind):
    signatures = loaded(exports[kind])
    latents = signatures["latents"](seeds=tf.constant(SEEDS))["latents"]
    for row, seed in zip(latents, SEEDS, strict=True):
        np.testing.assert_array_equal(row[None], generation_latents(1, latents.shape[1], int(seed)))
    drawn = signatures["seeds"](seeds=tf.constant(SEEDS))
    labels = {"labels": drawn["labels"]} if "labels" in drawn else {}
    assert_equal_samples(samples(signatures["serving_default"](latents=latents, **labels)), samples(drawn))


@pytest.mark.parametrize("kind", KINDS)
def test_a_server_may_join_requests(exports, kind):
    # It joins the rows of inputs and splits those of outputs, so every axis of rows is open and the numbers agree.
    for name, signature in loaded(exports[kind]).items():
        _, inputs = signature.structured_input_signature
        if not name.startswith("generate"):
            assert all(spec.shape[0] is None for spec in inputs.values())
        assert all(spec.shape[0] is None for spec in signature.structured_outputs.values())
