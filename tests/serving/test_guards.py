"""Guards: what cannot be drawn is refused with a sentence, and the next request is served."""

import numpy as np
import pytest
import tensorflow as tf

from tests.serving.exports import LATENT_DIM, loaded, small_generator
from tf_infomax.errors import InputError
from tf_infomax.models import Sampler
from tf_infomax.serving import MAX_ROWS, export_generator

NAN, INFINITE = np.zeros([3, LATENT_DIM], np.float32), np.zeros([3, LATENT_DIM], np.float32)
NAN[1, 2], INFINITE[2, 0] = np.nan, np.inf


def latents(rows: int) -> np.ndarray:
    return np.zeros([rows, LATENT_DIM], np.float32)


def numbers(num_images: int, seed: int = 0, **label: np.int64) -> dict:
    return {"num_images": np.int32(num_images), "seed": np.int32(seed), **label}


def bounded(*truncation: float) -> dict:
    return {"seeds": np.array([1, 2]), "truncation": np.array(truncation, np.float32)}


LIMIT = f"1 to {MAX_ROWS}"
ONE_EACH = "one for each"
CLASSES = "`labels` must be from 0 to 2"
SEED_RANGE = "`seeds` must be from -2[*][*]31 to 2[*][*]31 - 1"

REFUSED = [
    ("colour", "serving_default", {"latents": NAN}, "finite.*nan"),
    ("colour", "serving_default", {"latents": INFINITE}, "finite.*inf"),
    ("points", "serving_default", {"latents": NAN}, "finite"),
    ("colour", "serving_default_png", {"latents": NAN}, "finite"),
    ("colour", "serving_default", {"latents": latents(0)}, LIMIT),
    ("colour", "serving_default", {"latents": latents(MAX_ROWS + 1)}, LIMIT),
    ("colour", "serving_default", {"latents": np.zeros([2, 5], np.float32)}, f"rows of {LATENT_DIM} numbers"),
    ("classes", "serving_default", {"latents": latents(2), "labels": np.array([1])}, ONE_EACH),
    ("classes", "serving_default", {"latents": latents(2), "labels": np.array([1, 1, 1])}, ONE_EACH),
    ("classes", "serving_default", {"latents": latents(2), "labels": np.array([0, 3])}, CLASSES),
    ("classes", "serving_default", {"latents": latents(2), "labels": np.array([-1, 0])}, CLASSES),
    ("colour", "generate", numbers(0), LIMIT),
    ("colour", "generate", numbers(-4), LIMIT),
    ("colour", "generate", numbers(200_000), LIMIT),
    # Were anything drawn before the check, this would ask for 64 GiB.
    ("colour", "generate", numbers(2**31 - 1), LIMIT),
    ("colour", "generate", {"num_images": np.array([2**30] * 4, np.int32), "seed": np.zeros(4, np.int32)}, LIMIT),
    ("colour", "generate", {"num_images": np.array([1, 1], np.int32), "seed": np.int32(0)}, ONE_EACH),
    ("colour", "generate", {"num_images": np.zeros(0, np.int32), "seed": np.zeros(0, np.int32)}, LIMIT),
    ("classes", "generate_class", numbers(2, label=np.int64(3)), CLASSES),
    ("classes", "generate_class", numbers(2000, label=np.int64(0)), LIMIT),
    ("classes", "generate_class", numbers(2, label=np.array([0, 1])), ONE_EACH),
    ("classes", "seeds_class", {"seeds": np.array([1, 2]), "labels": np.array([0])}, ONE_EACH),
    ("classes", "seeds_class", {"seeds": np.array([1, 2]), "labels": np.array([0, 9])}, CLASSES),
    ("colour", "seeds", {"seeds": np.array([1, 2**32 + 5])}, f"{SEED_RANGE}.*{2**32 + 5}"),
    ("colour", "seeds", {"seeds": np.array([-(2**31) - 1])}, SEED_RANGE),
    ("colour", "seeds_png", {"seeds": np.zeros(0, np.int64)}, LIMIT),
    ("colour", "seeds_truncated", bounded(1.0, 0.0), "`truncation` must be positive and finite. Received:. .0"),
    ("colour", "seeds_truncated", bounded(1.0, np.nan), "positive and finite"),
    ("points", "seeds_truncated", bounded(np.inf, 1.0), "positive and finite"),
    ("colour", "seeds_truncated", bounded(1.0), ONE_EACH),
    ("points", "latents", {"seeds": np.zeros(MAX_ROWS + 1, np.int64)}, LIMIT),
]


@pytest.fixture(scope="module")
def signatures(exports):
    return {kind: loaded(path) for kind, path in exports.items()}


@pytest.mark.parametrize("kind, name, request_, sentence", REFUSED)
def test_refused_and_then_served(signatures, kind, name, request_, sentence):
    before = signatures[kind]["seeds"](seeds=tf.constant([1, 2], tf.int64))
    with pytest.raises(tf.errors.InvalidArgumentError, match=sentence):
        signatures[kind][name](**{key: tf.constant(value) for key, value in request_.items()})
    after = signatures[kind]["seeds"](seeds=tf.constant([1, 2], tf.int64))
    for output in before:
        np.testing.assert_array_equal(before[output], after[output])


def test_the_first_fault_is_named(signatures):
    request = {"latents": tf.fill([MAX_ROWS + 1, LATENT_DIM], np.float32(np.nan)), "labels": tf.constant([9, 9])}
    request["labels"] = tf.cast(request["labels"], tf.int64)
    for _ in range(5):
        with pytest.raises(tf.errors.InvalidArgumentError, match=LIMIT):
            signatures["classes"]["serving_default"](**request)


def test_other_dtypes_are_refused(signatures):
    with pytest.raises(Exception, match="float"):
        signatures["colour"]["serving_default"](latents=tf.zeros([1, LATENT_DIM], tf.float64))
    assert signatures["colour"]["serving_default"](latents=tf.zeros([1, LATENT_DIM]))["images"].shape[0] == 1


def test_the_limit_is_that_of_the_export(tmp_path):
    served = loaded(export_generator(small_generator("points"), tmp_path, max_rows=3))
    assert served["serving_default"](latents=tf.constant(latents(3)))["points"].shape[0] == 3
    for name, request in {"serving_default": {"latents": latents(4)}, "generate": numbers(4)}.items():
        with pytest.raises(tf.errors.InvalidArgumentError, match="1 to 3"):
            served[name](**{key: tf.constant(value) for key, value in request.items()})
    with pytest.raises(InputError, match="`max_rows` must be at least 1"):
        export_generator(small_generator("points"), tmp_path, version="next", max_rows=0)


@pytest.mark.parametrize("seed", [2**32 + 5, 2**31, -(2**31) - 1])
def test_python_refuses_seeds_that_would_become_others(seed):
    with pytest.raises(InputError, match="`seed` must be from"):
        Sampler(small_generator("points")).generate(1, seed)
