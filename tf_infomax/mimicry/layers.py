"""The authors' names of layers and tensors, with the layers and variables of this library that they stand for."""

from collections.abc import Container, Iterable, Sequence
from typing import NamedTuple

import keras
import numpy as np

from tf_infomax.layers import (
    BatchNormalization,
    ClassEmbedding,
    ConditionalBatchNormalization,
    SpectralNormalization,
)
from tf_infomax.mimicry.layouts import AS_IS, CONVOLUTION, LINEAR, POINTWISE, ROW, Layout, convolution_inputs, first_map
from tf_infomax.networks import ProjectionHead, ResNetDiscriminator, ResNetGenerator
from tf_infomax.networks.resnet import channel_plan
from tf_infomax.objectives import AuxiliaryObjective, InfoMax, RotationPrediction
from tf_infomax.sizes import ImageSize


class NamedTensor(NamedTuple):
    """One entry of the authors' state and the variable that holds it here."""

    key: str
    variable: keras.Variable
    layout: Layout = AS_IS

    @property
    def shape(self) -> tuple[int, ...]:
        """Its shape in the authors' state."""
        return self.layout.write(np.empty(self.variable.shape)).shape


class NamedLayer(NamedTuple):
    """One layer by its name in the authors' networks."""

    name: str
    layer: keras.layers.Layer
    kernel: Layout | None = None
    """Layout of the kernel; that of the layer's class if None."""
    bias: Layout = AS_IS

    def tensors(self, keys: Container[str]) -> list[NamedTensor]:
        """Returns the layer's tensors in a state with these keys."""
        if isinstance(self.layer, BatchNormalization):
            return [
                NamedTensor(f"{self.name}.weight", self.layer.gamma),
                NamedTensor(f"{self.name}.bias", self.layer.beta),
                *_statistics(self.name, self.layer),
            ]
        if isinstance(self.layer, ConditionalBatchNormalization):
            embedding = NamedTensor(f"{self.name}.embed.weight", self.layer.embeddings)
            return [embedding, *_statistics(f"{self.name}.bn", self.layer.norm)]
        if not isinstance(self.layer, SpectralNormalization):
            return self._weights("weight")
        if self.iterates_at_inference(keys):
            return [*self._weights("weight"), NamedTensor(f"{self.name}.sn_u", self.layer.u, ROW)]
        return [
            *self._weights("weight_orig"),
            NamedTensor(f"{self.name}.weight_u", self.layer.u),
            NamedTensor(f"{self.name}.weight_v", self.layer.v, self._inputs()),
        ]

    def iterates_at_inference(self, keys: Container[str]) -> bool:
        """Returns whether a state has their second kind of spectral normalisation here, which stores no v."""
        return f"{self.name}.sn_u" in keys

    def _weights(self, weight: str) -> list[NamedTensor]:
        inner = self._inner()
        if isinstance(inner, ClassEmbedding):
            return [NamedTensor(f"{self.name}.{weight}", inner.embeddings)]
        layout = self.kernel or (CONVOLUTION if len(inner.kernel.shape) == 4 else LINEAR)
        return [
            NamedTensor(f"{self.name}.{weight}", inner.kernel, layout),
            NamedTensor(f"{self.name}.bias", inner.bias, self.bias),
        ]

    def _inputs(self) -> Layout:
        kernel = getattr(self._inner(), "kernel", None)
        return convolution_inputs(*kernel.shape[:2]) if kernel is not None and len(kernel.shape) == 4 else AS_IS

    def _inner(self) -> keras.layers.Layer:
        return self.layer.layer if isinstance(self.layer, SpectralNormalization) else self.layer


def _statistics(name: str, layer: BatchNormalization) -> list[NamedTensor]:
    return [
        NamedTensor(f"{name}.running_mean", layer.moving_mean),
        NamedTensor(f"{name}.running_var", layer.moving_variance),
    ]


def generator_layers(generator: ResNetGenerator) -> list[NamedLayer]:
    """Returns the layers of a built generator, from the latents on."""
    latents = first_map(channel_plan(generator.image_size).bottom_width)
    layers = [NamedLayer("l1", generator.project, latents, latents)]
    for number, block in enumerate(generator.blocks, start=2):
        parts = {"b1": block.norm1, "c1": block.conv1, "b2": block.norm2, "c2": block.conv2, "c_sc": block.shortcut}
        layers += _named(f"block{number}.", parts)
    last = last_number(generator.image_size)
    return layers + _named("", {f"b{last}": generator.norm, f"c{last}": generator.to_image})


def discriminator_layers(
    discriminator: ResNetDiscriminator, objectives: Sequence[AuxiliaryObjective] = ()
) -> list[NamedLayer]:
    """Returns the layers of a built discriminator, from the images on, and those of the objectives' heads."""
    infomax = any(isinstance(objective, InfoMax) for objective in objectives)
    layers = []
    last_block = len(discriminator.blocks) - 1
    for index, block in enumerate(discriminator.blocks):
        name = f"block{index + 1}"
        if infomax:
            name = f"local_feat_blocks.{index}" if index < last_block else "global_feat_blocks.0"
        parts = {"c1": block.conv1, "c2": block.conv2, "c_sc": block.shortcut}
        layers += _named(f"{name}.", {part: layer for part, layer in parts.items() if layer is not None})
    logits = "linear" if infomax else f"l{last_number(discriminator.image_size)}"
    layers.append(NamedLayer(logits, discriminator.to_logits))
    if discriminator.embedding is not None:
        layers.append(NamedLayer("l_y", discriminator.embedding))
    return layers + [layer for objective in objectives for layer in _heads(objective)]


def last_number(image_size: ImageSize) -> int:
    """Returns the number in the names of the last layers of both networks."""
    # At 48 pixels the discriminator has as many blocks as at 64, but its last layer is numbered as the generator's.
    return len(channel_plan(image_size).generator_shifts) + 1


def _heads(objective: AuxiliaryObjective) -> list[NamedLayer]:
    if isinstance(objective, RotationPrediction):
        return [NamedLayer("l_y", objective.head)]
    if isinstance(objective, InfoMax):
        local_head = _projection("local_nrkhs", objective.local_head, POINTWISE)
        return local_head + _projection("global_nrkhs", objective.global_head, LINEAR)
    return []


def _projection(name: str, head: ProjectionHead, layout: Layout) -> list[NamedLayer]:
    parts = {"a": head.hidden, "b": head.output_layer, "sc": head.shortcut}
    return [NamedLayer(f"{name}_{part}", layer, layout) for part, layer in parts.items()]


def _named(prefix: str, layers: dict[str, keras.layers.Layer]) -> list[NamedLayer]:
    return [NamedLayer(prefix + part, layer) for part, layer in layers.items()]


def named_tensors(layers: Iterable[NamedLayer], keys: Container[str]) -> dict[str, NamedTensor]:
    """Returns the tensors of layers by key, as in a state with these keys."""
    return {tensor.key: tensor for layer in layers for tensor in layer.tensors(keys)}
