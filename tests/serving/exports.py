"""Small generators, exported, and helpers to call exports as strangers do."""

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from tensorflow.core.protobuf import saved_model_pb2

from tf_infomax.models import Sampler
from tf_infomax.models.gan_networks import example_inputs
from tf_infomax.networks import ConvolutionalGenerator, MLPGenerator
from tf_infomax.networks.conditioning import call_network

LATENT_DIM, NUM_CLASSES = 8, 3
_GENERATORS = {
    "colour": lambda: ConvolutionalGenerator(28, base_channels=8, latent_dim=LATENT_DIM),
    "classes": lambda: ConvolutionalGenerator(
        28, base_channels=8, latent_dim=LATENT_DIM, num_channels=1, num_classes=NUM_CLASSES
    ),
    "points": lambda: MLPGenerator(2, base_channels=8, latent_dim=LATENT_DIM),
}
KINDS = tuple(_GENERATORS)
IMAGES = ("colour", "classes")


def small_generator(kind: str) -> keras.Model:
    """A generator of contrasts without training: images in colour, grey images of three classes, or points."""
    generator = _GENERATORS[kind]()
    call_network(generator, *example_inputs(generator))
    rng = np.random.default_rng(0)
    for variable in generator.trainable_variables:
        variable.assign(rng.normal(size=variable.shape))
    return generator


def samples(outputs: Mapping[str, Any]) -> np.ndarray:
    """The images or points among a signature's outputs."""
    return np.asarray(outputs["images" if "images" in outputs else "points"])


def drawn_by(generator: keras.Model, seeds: np.ndarray, labels: np.ndarray | None = None) -> np.ndarray:
    """What `GAN.generate(1, seed)` draws for each seed."""
    sampler = Sampler(generator)
    rows = range(len(seeds))
    return np.concatenate(
        [sampler.generate(1, int(seeds[i]), labels=None if labels is None else labels[[i]]) for i in rows]
    )


def assert_equal_samples(actual: Any, expected: np.ndarray) -> None:
    """Images within a grey level, which batches of other sizes may round to; points within float32."""
    actual = np.asarray(actual)
    assert (actual.shape, actual.dtype) == (expected.shape, expected.dtype)
    tolerance = 1 if expected.dtype == np.uint8 else 1e-4
    np.testing.assert_allclose(actual.astype(np.float64), expected.astype(np.float64), rtol=0, atol=tolerance)


def signature_def(saved_model: Path, name: str) -> Any:
    """A signature as the file has it, with the names of its tensors."""
    message = saved_model_pb2.SavedModel.FromString((saved_model / "saved_model.pb").read_bytes())
    return message.meta_graphs[0].signature_def[name]


@functools.cache
def loaded(saved_model: Path) -> Mapping[str, Any]:
    """Signatures as functions."""
    return tf.saved_model.load(str(saved_model)).signatures
