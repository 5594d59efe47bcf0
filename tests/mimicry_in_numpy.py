"""The authors' networks at inference, computed from a state by numpy alone, as `data/README.txt` describes them."""

from collections.abc import Mapping

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

State = Mapping[str, np.ndarray]

BOTTOM_WIDTH = {32: 4, 48: 6, 64: 4, 128: 4}
HALVINGS = {32: 2, 48: 4, 64: 5, 128: 5}
"""Blocks of the discriminator that halve the resolution; the first ones."""

LOGITS = {32: "l5", 48: "l5", 64: "l6", 128: "l7"}
"""Name of the discriminator's last layer; `linear` in InfoMax-GAN."""


def generate(state: State, latents: np.ndarray, image_size: int, labels: np.ndarray | None = None) -> np.ndarray:
    """Maps latents (N, Z) to images (N, C, H, W)."""
    width = BOTTOM_WIDTH[image_size]
    maps = linear(state, "l1", latents).reshape(len(latents), -1, width, width)
    number = 2
    while f"block{number}.c1.weight" in state:
        maps = generator_block(state, f"block{number}", maps, labels)
        number += 1
    return np.tanh(conv(state, f"c{number}", np.maximum(batch_norm(state, f"b{number}", maps, None), 0)))


def generator_block(state: State, name: str, maps: np.ndarray, labels: np.ndarray | None) -> np.ndarray:
    hidden = upsample(np.maximum(batch_norm(state, f"{name}.b1", maps, labels), 0))
    hidden = np.maximum(batch_norm(state, f"{name}.b2", conv(state, f"{name}.c1", hidden), labels), 0)
    return conv(state, f"{name}.c2", hidden) + conv(state, f"{name}.c_sc", upsample(maps))


def discriminate(
    state: State, images: np.ndarray, image_size: int, labels: np.ndarray | None = None
) -> dict[str, np.ndarray]:
    """Maps images (N, C, H, W) to logits (N, 1), local (N, F, h, w) and global features (N, F)."""
    names = list(dict.fromkeys(key.rpartition(".c1.")[0] for key in state if ".c1." in key))
    maps = images
    for index, name in enumerate(names):
        local_features = np.maximum(maps, 0)
        block = first_block if index == 0 else discriminator_block
        maps = block(state, name, maps, halve=index < HALVINGS[image_size])
    global_features = np.maximum(maps, 0).sum(axis=(2, 3))
    logits = linear(state, LOGITS[image_size] if "linear.bias" not in state else "linear", global_features)
    if labels is not None:
        logits += np.sum(weight(state, "l_y")[labels] * global_features, axis=1, keepdims=True)
    return {"logits": logits, "local_features": local_features, "global_features": global_features}


def first_block(state: State, name: str, images: np.ndarray, *, halve: bool) -> np.ndarray:
    hidden = conv(state, f"{name}.c2", np.maximum(conv(state, f"{name}.c1", images), 0))
    return pool(hidden) + conv(state, f"{name}.c_sc", pool(images))


def discriminator_block(state: State, name: str, maps: np.ndarray, *, halve: bool) -> np.ndarray:
    maps = np.maximum(maps, 0)  # in place there, so that the shortcut receives it as well
    hidden = conv(state, f"{name}.c2", np.maximum(conv(state, f"{name}.c1", maps), 0))
    shortcut = conv(state, f"{name}.c_sc", maps) if f"{name}.c_sc.bias" in state else maps
    return pool(hidden) + pool(shortcut) if halve else hidden + shortcut


def batch_norm(state: State, name: str, maps: np.ndarray, labels: np.ndarray | None) -> np.ndarray:
    inner = name if labels is None else f"{name}.bn"
    mean, variance = (state[f"{inner}.running_{moment}"][:, None, None] for moment in ("mean", "var"))
    if labels is None:
        scale, offset = state[f"{name}.weight"], state[f"{name}.bias"]
    else:
        scale, offset = np.split(state[f"{name}.embed.weight"][labels], 2, axis=1)
    return (maps - mean) / np.sqrt(variance + 1e-5) * scale[..., None, None] + offset[..., None, None]


def weight(state: State, name: str) -> np.ndarray:
    """A weight, divided by its sigma at inference if it has one."""
    if f"{name}.weight_orig" in state:
        kernel, u, v = (state[f"{name}.weight_{part}"] for part in ("orig", "u", "v"))
        return kernel / (u @ kernel.reshape(len(kernel), -1) @ v)
    kernel = state[f"{name}.weight"]
    if f"{name}.sn_u" not in state:
        return kernel
    v = state[f"{name}.sn_u"][0] @ kernel
    v = v / np.linalg.norm(v)
    return kernel / np.linalg.norm(kernel @ v)


def linear(state: State, name: str, vectors: np.ndarray) -> np.ndarray:
    return vectors @ weight(state, name).T + state[f"{name}.bias"]


def conv(state: State, name: str, maps: np.ndarray) -> np.ndarray:
    kernel = weight(state, name)
    padding = kernel.shape[-1] // 2
    padded = np.pad(maps, [(0, 0), (0, 0), (padding, padding), (padding, padding)])
    windows = sliding_window_view(padded, kernel.shape[2:], axis=(2, 3))  # (N, I, H, W, h, w)
    return np.einsum("nihwyx,oiyx->nohw", windows, kernel, optimize=True) + state[f"{name}.bias"][:, None, None]


def pool(maps: np.ndarray) -> np.ndarray:
    height, width = maps.shape[2:]
    return maps.reshape(*maps.shape[:2], height // 2, 2, width // 2, 2).mean(axis=(3, 5))


def upsample(maps: np.ndarray) -> np.ndarray:
    """Doubles the last two axes bilinearly with half-pixel centres, clamped at the edges."""
    for axis in (2, 3):
        padded = np.concatenate([maps.take([0], axis), maps, maps.take([-1], axis)], axis)
        size = maps.shape[axis]
        before, after = padded.take(range(size), axis), padded.take(range(2, size + 2), axis)
        pairs = np.stack([0.75 * maps + 0.25 * before, 0.75 * maps + 0.25 * after], axis + 1)
        maps = pairs.reshape(*maps.shape[:axis], 2 * size, *maps.shape[axis + 1 :])
    return maps
