"""From a preset to a compiled Deep InfoMax."""

from collections.abc import Callable, Mapping
from typing import Any, cast

import keras

from tf_infomax.models.deep_infomax import DeepInfoMax
from tf_infomax.models.optimizers import default_optimizer
from tf_infomax.networks.encoders import ConvolutionalEncoder, StridedCropEncoder
from tf_infomax.objectives import (
    Classification,
    CoordinatePrediction,
    EncoderObjective,
    GlobalInfoMax,
    LocalInfoMax,
    PriorMatching,
)
from tf_infomax.presets.encoder_preset import EncoderPreset

Build = Callable[[EncoderPreset], EncoderObjective]


def build_deep_infomax(preset: EncoderPreset) -> DeepInfoMax:
    """Builds and compiles the model of a preset; under a strategy, call it in the strategy's scope.

    It sets Keras' random seed, so that equal presets give equal initial weights.

    Raises:
        InputError: The encoder or the objectives refuse a setting.
    """
    keras.utils.set_random_seed(preset.seed)
    model = DeepInfoMax(
        _encoder(preset),
        [_OBJECTIVES[name](preset) for name in preset.objectives],
        occlusion=preset.occlusion,
        block_size=preset.block_size,
        num_globals=preset.num_globals,
        random_flip=preset.random_flip,
        seed=preset.seed,
    )
    optimizers = [default_optimizer(preset.learning_rate, beta_1=0.9, beta_2=0.999) for _ in range(2)]
    model.compile(encoder_optimizer=optimizers[0], critic_optimizer=optimizers[1], jit_compile=preset.jit_compile)
    return model


def _encoder(preset: EncoderPreset) -> keras.Model:
    common: dict[str, Any] = {
        "output_dim": preset.output_dim,
        "base_channels": preset.base_channels,
        "num_channels": preset.num_channels,
        "dtype": preset.precision,
    }
    if preset.fc_units is not None:
        common["fc_units"] = preset.fc_units
    if preset.architecture == "strided_crops":
        return StridedCropEncoder(preset.image_size, **common)
    return ConvolutionalEncoder(preset.image_size, architecture=preset.architecture, **common)


def _information(objective: type[LocalInfoMax] | type[GlobalInfoMax], part: str) -> Build:
    """Returns what builds an objective from the settings of its part, `local` or `global`."""
    return lambda preset: objective(
        getattr(preset, f"{part}_weight"),
        estimator=preset.estimator,
        head=getattr(preset, f"{part}_head"),
        head_units=getattr(preset, f"{part}_head_units"),
        num_negatives=preset.num_negatives,
        dtype=preset.precision,
    )


def _classification(preset: EncoderPreset) -> EncoderObjective:
    return Classification(cast(int, preset.num_classes), dtype=preset.precision)  # the preset checks that it is one


_OBJECTIVES: Mapping[str, Build] = {
    "local_infomax": _information(LocalInfoMax, "local"),
    "global_infomax": _information(GlobalInfoMax, "global"),
    "prior_matching": lambda preset: PriorMatching(preset.prior_weight, dtype=preset.precision),
    "absolute_coordinates": lambda preset: CoordinatePrediction(preset.coordinate_weight, dtype=preset.precision),
    "relative_coordinates": lambda preset: CoordinatePrediction(
        preset.coordinate_weight, coordinates="relative", dtype=preset.precision
    ),
    "classification": _classification,
}
