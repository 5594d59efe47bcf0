"""Recorded tensors of the authors' PyTorch library, brought to this library's names and layouts.

`data/README.txt` explains every key of the recordings.
"""

import json
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from tf_infomax.layers import BatchNormalization, SpectralNormalization
from tf_infomax.models import GAN
from tf_infomax.networks import ResNetDiscriminator, ResNetGenerator
from tf_infomax.objectives import InfoMax

DATA = Path(__file__).parent / "data"
MODELS = ("infomax_gan_32", "sngan_32", "infomax_gan_64")


class Recording:
    """One file of recorded tensors, its float arrays as `dtype`."""

    def __init__(self, name: str, dtype: type = np.float32) -> None:
        self.name = name
        self.dtype = dtype
        arrays = np.load(DATA / f"{name}.npz")
        self.arrays = {key: _as(arrays[key], dtype) for key in arrays}
        self.config = json.loads(str(self.arrays["config"])) if "config" in self.arrays else {}

    def __getitem__(self, key: str) -> np.ndarray:
        return self.arrays[key]

    def __contains__(self, key: str) -> bool:
        return key in self.arrays

    def images(self, key: str) -> np.ndarray:
        """An NCHW map (..., C, H, W) as (..., H, W, C)."""
        return np.moveaxis(self[key], -3, -1)


def _as(array: np.ndarray, dtype: type) -> np.ndarray:
    return array.astype(dtype) if array.dtype == np.float32 else array


def build_gan(recording: Recording, *, activate_shortcut: bool = True) -> GAN:
    """A GAN of the recorded shape with the recorded weights S0."""
    config = recording.config
    generator = ResNetGenerator(config["res"], base_channels=config["ngf"], latent_dim=config["nz"])
    discriminator = ResNetDiscriminator(config["res"], base_channels=config["ndf"], activate_shortcut=activate_shortcut)
    objectives = [InfoMax(config["nrkhs"], own_locations="masked")] if "infomax" in recording.name else []
    gan = GAN(generator, discriminator, objectives)
    restore(gan, recording)
    return gan


def restore(gan: GAN, recording: Recording) -> None:
    """Sets all weights of a GAN to the recorded S0."""
    for name, layer in named_layers(gan, recording).items():
        _restore_layer(layer, name, recording)


def named_layers(gan: GAN, recording: Recording) -> dict[str, keras.layers.Layer]:
    """Layers of the GAN by their recorded name, `netG/...` or `netD/...`."""
    blocks = len(gan.generator.blocks)
    layers = {"netG/l1": gan.generator.project}
    for index, block in enumerate(gan.generator.blocks):
        prefix = f"netG/block{index + 2}"
        layers |= {f"{prefix}.b1": block.norm1, f"{prefix}.b2": block.norm2}
        layers |= {f"{prefix}.c1": block.conv1, f"{prefix}.c2": block.conv2, f"{prefix}.c_sc": block.shortcut}
    layers |= {f"netG/b{blocks + 2}": gan.generator.norm, f"netG/c{blocks + 2}": gan.generator.to_image}
    infomax = bool(gan.objectives)
    last = len(gan.discriminator.blocks) - 1
    for index, block in enumerate(gan.discriminator.blocks):
        prefix = f"netD/block{index + 1}"
        if infomax:
            prefix = "netD/global_feat_blocks.0" if index == last else f"netD/local_feat_blocks.{index}"
        layers |= {f"{prefix}.c1": block.conv1, f"{prefix}.c2": block.conv2}
        if block.shortcut is not None:
            layers[f"{prefix}.c_sc"] = block.shortcut
    layers["netD/linear" if infomax else f"netD/l{last + 2}"] = gan.discriminator.to_logits
    for scope in ("local", "global") if infomax else ():
        head = getattr(gan.objectives[0], f"{scope}_head")
        parts = {"a": head.hidden, "b": head.output_layer, "sc": head.shortcut}
        layers |= {f"netD/{scope}_nrkhs_{part}": layer for part, layer in parts.items()}
    return layers


def recorded_variables(gan: GAN, recording: Recording) -> dict[str, keras.Variable]:
    """Trainable variables by the recorded parameter name."""
    variables = {}
    for name, layer in named_layers(gan, recording).items():
        if isinstance(layer, BatchNormalization):
            variables |= {f"{name}.weight": layer.gamma, f"{name}.bias": layer.beta}
        elif isinstance(layer, SpectralNormalization):
            variables |= {f"{name}.weight_orig": layer.layer.kernel, f"{name}.bias": layer.layer.bias}
        else:
            variables |= {f"{name}.weight": layer.kernel, f"{name}.bias": layer.bias}
    return variables


def to_ours(value: np.ndarray, variable: keras.Variable, *, bottom_width: int) -> np.ndarray:
    """A recorded parameter or gradient in the layout of `variable`."""
    if value.ndim == 4:  # OIHW
        value = value.transpose(2, 3, 1, 0)
        return value.reshape(variable.shape)  # 1x1 convolutions of the heads are Dense here
    if value.ndim == 2:  # (out, in)
        value = value.T
    return to_channels_last(value, bottom_width) if "project" in variable.path else value


def to_channels_last(value: np.ndarray, bottom_width: int) -> np.ndarray:
    """Reorders the generator's first linear outputs from (C, H, W) to (H, W, C)."""
    shape = value.shape
    value = value.reshape(*shape[:-1], -1, bottom_width, bottom_width)
    return np.moveaxis(value, -3, -1).reshape(shape)


def to_our_v(value: np.ndarray, layer: SpectralNormalization) -> np.ndarray:
    """A recorded v (I*kh*kw,) in the order (kh*kw*I,) of our kernels."""
    kernel = layer.layer.kernel
    if len(kernel.shape) == 2:
        return value
    height, width, channels, _ = kernel.shape
    return value.reshape(channels, height, width).transpose(1, 2, 0).reshape(-1)


def _restore_layer(layer: keras.layers.Layer, name: str, recording: Recording) -> None:
    bottom_width = recording.config["bottom_width"]
    if isinstance(layer, BatchNormalization):
        layer.gamma.assign(recording[f"{name}.weight"])
        layer.beta.assign(recording[f"{name}.bias"])
        layer.moving_mean.assign(recording[f"{name}.running_mean"])
        layer.moving_variance.assign(recording[f"{name}.running_var"])
        return
    inner, key = layer, "weight"
    if isinstance(layer, SpectralNormalization):
        inner, key = layer.layer, "weight_orig"
        layer.u.assign(recording[f"{name}.weight_u"])
        layer.v.assign(to_our_v(recording[f"{name}.weight_v"], layer))
    inner.kernel.assign(to_ours(recording[f"{name}.{key}"], inner.kernel, bottom_width=bottom_width))
    inner.bias.assign(to_ours(recording[f"{name}.bias"], inner.bias, bottom_width=bottom_width))


def relative_error(value: tf.Tensor | np.ndarray, expected: np.ndarray) -> float:
    """Largest difference over the largest expected magnitude."""
    value, expected = np.asarray(value, np.float64), np.asarray(expected, np.float64)
    assert value.shape == expected.shape, (value.shape, expected.shape)
    return float(np.max(np.abs(value - expected)) / np.max(np.abs(expected)))
