"""Recorded tensors of the authors' PyTorch library, and this library's networks with the recorded weights.

`data/README.txt` explains every key of the recordings. All files of their kind in `data/` are compared.
"""

import json
import re
from collections.abc import Collection, Iterable
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from tf_infomax.layers import SpectralNormalization
from tf_infomax.mimicry import (
    NamedLayer,
    NamedTensor,
    Player,
    discriminator_layers,
    generator_layers,
    named_tensors,
    restore,
    restore_discriminator,
    restore_generator,
)
from tf_infomax.models import GAN

DATA = Path(__file__).parent / "data"
METHODS = {"infomax_gan": "infomax-gan", "sngan": "sngan", "ssgan": "ssgan", "cgan_pd": "cgan"}
MODELS = sorted(path.stem for path in DATA.glob("*.npz") if re.fullmatch(rf"({'|'.join(METHODS)})_\d+", path.stem))


class Recording:
    """One file of recorded tensors, its float arrays as `dtype`."""

    def __init__(self, name: str, dtype: type = np.float32, *, folder: Path = DATA) -> None:
        self.name = name
        self.dtype = dtype
        arrays = np.load(folder / f"{name}.npz")
        self.arrays = {key: _as(arrays[key], dtype) for key in arrays}
        self.config = json.loads(str(self.arrays["config"])) if "config" in self.arrays else {}

    def __getitem__(self, key: str) -> np.ndarray:
        return self.arrays[key]

    def __contains__(self, key: str) -> bool:
        return key in self.arrays

    def images(self, key: str) -> np.ndarray:
        """An NCHW map (..., C, H, W) as (..., H, W, C)."""
        return np.moveaxis(self[key], -3, -1)

    def labels(self, key: str) -> np.ndarray | None:
        """Recorded labels; None if the networks are unconditional."""
        return self.arrays.get(key)

    @property
    def method(self) -> str:
        """The recorded method by this library's name."""
        return METHODS[self.name.rpartition("_")[0]]

    def state(self, player: Player) -> dict[str, np.ndarray]:
        """The recorded S0 of one network, by the authors' names."""
        return self.starting_with({"generator": "netG/", "discriminator": "netD/"}[player])

    def starting_with(self, prefix: str) -> dict[str, np.ndarray]:
        """The arrays whose keys have the prefix, by the rest of their keys."""
        return {key.removeprefix(prefix): array for key, array in self.arrays.items() if key.startswith(prefix)}


def _as(array: np.ndarray, dtype: type) -> np.ndarray:
    return array.astype(dtype) if array.dtype == np.float32 else array


def build_gan(recording: Recording, *, activate_shortcut: bool = True) -> GAN:
    """A GAN of the recorded shape with the recorded weights S0, and both kinds of spectral normalisation."""
    settings = {"method": recording.method, "image_size": recording.config["res"]}
    generator = restore_generator(recording.state("generator"), **settings)
    state = recording.state("discriminator")
    discriminator, objectives = restore_discriminator(state, **settings)
    for block in (discriminator, *discriminator.blocks):
        block.activate_shortcut = activate_shortcut
    gan = GAN(generator, discriminator, objectives)
    for layer in named_layers(gan, "discriminator"):
        if layer.iterates_at_inference(state):
            layer.layer.iterate_at_inference = True
    restore(named_layers(gan, "discriminator"), state)
    return gan


def named_layers(gan: GAN, player: Player) -> list[NamedLayer]:
    """Layers of one player by the authors' names, those of the objectives' heads with the discriminator's."""
    if player == "generator":
        return generator_layers(gan.generator)
    return discriminator_layers(gan.discriminator, gan.objectives)


def tensors(gan: GAN, player: Player, keys: Collection[str]) -> dict[str, NamedTensor]:
    """The tensors of one player by the authors' names, those of a state with these keys."""
    return named_tensors(named_layers(gan, player), keys)


def to_state(layers: Iterable[NamedLayer], keys: Collection[str] = ()) -> dict[str, np.ndarray]:
    """The state of layers by the authors' names and in their layouts, as in a state with these keys."""
    return {
        key: tensor.layout.write(np.asarray(tf.convert_to_tensor(tensor.variable)))
        for key, tensor in named_tensors(layers, keys).items()
    }


def sigmas(layers: Iterable[NamedLayer]) -> dict[str, float]:
    """The sigma at inference of spectrally normalised layers, by the authors' names of the layers."""
    return {name: float(layer.sigma()) for name, layer, *_ in layers if isinstance(layer, SpectralNormalization)}


def randomise(variables: Iterable[keras.Variable], seed: int = 0) -> None:
    """Adds noise to every variable, so that none has a value such as 0 or 1 that hides a mistake."""
    generator = np.random.default_rng(seed)
    for variable in variables:
        noise = generator.uniform(-0.1, 0.1, variable.shape)
        variable.assign(variable + np.abs(noise) if "variance" in variable.path else variable + noise)


def relative_error(value: tf.Tensor | np.ndarray, expected: np.ndarray) -> float:
    """Largest difference over the largest expected magnitude."""
    value, expected = np.asarray(value, np.float64), np.asarray(expected, np.float64)
    assert value.shape == expected.shape, (value.shape, expected.shape)
    return float(np.max(np.abs(value - expected)) / np.max(np.abs(expected)))
