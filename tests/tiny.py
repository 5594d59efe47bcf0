"""Networks and GANs small enough to train within a test."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from tf_infomax.layers import BatchNormalization, conv, linear
from tf_infomax.layers.precision import full_precision
from tf_infomax.layers.residual import upsample
from tf_infomax.models import GAN, PlayersModel
from tf_infomax.objectives import AuxiliaryObjective, InfoMax
from tf_infomax.runs.directory import RunDirectory

IMAGE_SHAPE = (8, 8, 1)
LATENT_DIM = 4


@keras.saving.register_keras_serializable(package="tests")
class TinyGenerator(keras.Model):
    """Latents (B, 4) to images (B, 8, 8, 1): linear - BN - ReLU - upsample - conv - tanh."""

    def __init__(self, **kwargs) -> None:
        super().__init__(**kwargs)
        self.latent_dim = LATENT_DIM
        self.project = linear(LATENT_DIM, 4 * 4 * 8, name="project", dtype=self.dtype_policy)
        self.norm = BatchNormalization(name="norm", dtype=self.dtype_policy)
        self.to_image = conv(8, 1, name="to_image", dtype=self.dtype_policy)

    def build(self, input_shape) -> None:
        self.project.build(input_shape)
        self.norm.build((None, 4, 4, 8))
        self.to_image.build((None, 8, 8, 8))

    def call(self, latents, training=False):
        hidden = tf.reshape(self.project(latents), [-1, 4, 4, 8])
        hidden = upsample(tf.nn.relu(self.norm(hidden, training=training)))
        return tf.tanh(full_precision(self.to_image(hidden)))


@keras.saving.register_keras_serializable(package="tests")
class TinyDiscriminator(keras.Model):
    """Images (B, 8, 8, 1) to logits, local features (B, 4, 4, 6) and global features (B, 8), spectrally normalised."""

    def __init__(self, **kwargs) -> None:
        super().__init__(**kwargs)
        common = {"spectral_norm": True, "dtype": self.dtype_policy}
        self.conv0 = conv(1, 6, strides=2, name="conv0", **common)
        self.conv1 = conv(6, 8, name="conv1", **common)
        self.to_logits = linear(8, 1, name="to_logits", **common)

    def build(self, input_shape) -> None:
        self.conv0.build((None, 8, 8, 1))
        self.conv1.build((None, 4, 4, 6))
        self.to_logits.build((None, 8))

    def call(self, images, training=False):
        local_features = tf.nn.leaky_relu(self.conv0(images, training=training))
        hidden = tf.nn.leaky_relu(self.conv1(local_features, training=training))
        global_features = tf.reduce_sum(full_precision(hidden), axis=[1, 2])
        return {
            "logits": full_precision(self.to_logits(global_features, training=training)),
            "local_features": full_precision(local_features),
            "global_features": global_features,
        }


def tiny_gan(objectives: Sequence[AuxiliaryObjective] | None = None, **kwargs) -> GAN:
    """The tiny pair, with a small InfoMax unless objectives are given; equal arguments give equal weights.

    `kwargs` are `dtype`, that of the networks and the InfoMax, and what `GAN` takes.
    """
    keras.utils.set_random_seed(0)
    dtype = {"dtype": kwargs.pop("dtype")} if "dtype" in kwargs else {}
    networks = TinyGenerator(name="generator", **dtype), TinyDiscriminator(name="discriminator", **dtype)
    return GAN(*networks, [InfoMax(8, **dtype)] if objectives is None else objectives, **kwargs)


def finished_run(path: Path, model: PlayersModel, **config: Any) -> RunDirectory:
    """A run that has nothing but its configuration and its model."""
    run = RunDirectory(path)
    run.open({"preset": "custom", "settings": {}, "model_file": "gan.keras", **config})
    run.save_model(model)
    return run


def random_images(num_images: int, seed: int = 0, shape: tuple[int, ...] = IMAGE_SHAPE) -> np.ndarray:
    """Uniform noise (N, H, W, C) float32 in [-1, 1]."""
    return np.random.default_rng(seed).uniform(-1, 1, (num_images, *shape)).astype(np.float32)


def batches(data: np.ndarray | tuple[np.ndarray, ...], batch_size: int) -> tf.data.Dataset:
    """A dataset of whole batches in order."""
    return tf.data.Dataset.from_tensor_slices(data).batch(batch_size, drop_remainder=True)


def values(variables: Sequence[keras.Variable]) -> list[np.ndarray]:
    """Copies of variables."""
    return [np.array(tf.convert_to_tensor(variable)) for variable in variables]


def all_state(model: PlayersModel) -> dict[str, list[np.ndarray]]:
    """Everything that training changes."""
    optimizers = {f"{player}_optimizer": values(optimizer.variables) for player, optimizer in model.players.items()}
    return {"weights": values(model.weights), **optimizers}


def assert_equal_states(model: PlayersModel | dict, other: PlayersModel | dict) -> None:
    """Bit for bit."""
    states = [state if isinstance(state, dict) else all_state(state) for state in (model, other)]
    for name, expected in states[0].items():
        for value, other_value in zip(expected, states[1][name], strict=True):
            np.testing.assert_array_equal(value, other_value)
