"""Presets narrow enough to train within a test."""

from collections.abc import Mapping
from typing import Any

from tf_infomax.presets import Preset, preset_named

NARROW: Mapping[str, Any] = {
    "generator.base_channels": 8,
    "generator.latent_dim": 4,
    "discriminator.base_channels": 8,
    "encoder.base_channels": 2,
    "encoder.fc_units": 4,
    "encoder.output_dim": 4,
    "encoder.local_units": 4,
    "objectives.infomax.projection_dim": 4,
    "objectives.variational_entropy.base_channels": 4,
    "objectives.local_infomax.head_units": 4,
    "objectives.global_infomax.head_units": 4,
    "objectives.contrastive_prediction.head_units": 4,
    "objectives.prior_matching.hidden_units": (4,),
    "objectives.reconstruction.base_channels": 2,
    "objectives.reconstruction.fc_units": 4,
    "objectives.variational_bound.base_channels": 2,
    "objectives.variational_bound.fc_units": 4,
    "objectives.adversarial_inference.base_channels": 2,
    "objectives.adversarial_inference.fc_units": 4,
    "objectives.absolute_coordinates.hidden_units": 4,
    "objectives.relative_coordinates.hidden_units": 4,
}
"""Widths of all networks and heads that presets have."""


def narrow(preset: Preset | str, **changes: Any) -> Preset:
    """Returns a preset with narrow networks and heads; `changes` are settings of one word, such as `steps`."""
    preset = preset_named(preset) if isinstance(preset, str) else preset
    return where_known(preset, NARROW).override(changes)


def where_known(preset: Preset, changes: Mapping[str, Any]) -> Preset:
    """Returns a preset with those of the changes whose settings it has."""
    known = dict(preset.items())
    return preset.override({name: value for name, value in changes.items() if name in known})
