"""Renames the settings of results from version 0.1 to 0.2: python results/rename_settings.py FILE ...

Version 0.1 had the same flat settings for every method. Settings keep their values under their new names; those of
objectives and networks that a method lacks had no effect and are left out. Numbers, seeds, times and machines do not
change, nor does a file that already has the new names.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tf_infomax
from tf_infomax.files import write_json
from tf_infomax.presets import Preset, settings
from tf_infomax.presets.architectures import ARCHITECTURES
from tf_infomax.presets.kinds import KINDS

OBJECTIVES = {
    "infomax": lambda: settings(tf_infomax.InfoMax),
    "rotation": lambda: settings(tf_infomax.RotationPrediction),
    "gradient_penalty": lambda: settings(tf_infomax.GradientPenalty),
    "contractive_penalty": lambda: settings(tf_infomax.ContractivePenalty),
    "variational_entropy": lambda: settings(tf_infomax.VariationalEntropy),
    "local_infomax": lambda: settings(tf_infomax.LocalInfoMax),
    "global_infomax": lambda: settings(tf_infomax.GlobalInfoMax),
    "prior_matching": lambda: settings(tf_infomax.PriorMatching),
    "absolute_coordinates": lambda: settings(tf_infomax.CoordinatePrediction),
    "relative_coordinates": lambda: settings(tf_infomax.CoordinatePrediction, coordinates="relative"),
    "classification": lambda: settings(tf_infomax.Classification),
}

INFORMATION = ("objectives.local_infomax", "objectives.global_infomax")
COORDINATES = ("objectives.absolute_coordinates", "objectives.relative_coordinates")
RENAMED: Mapping[str, tuple[str, ...]] = {
    "generator_channels": ("generator.base_channels",),
    "discriminator_channels": ("discriminator.base_channels",),
    "latent_dim": ("generator.latent_dim",),
    "spectral_norm": ("discriminator.spectral_norm",),
    "discriminator_batch_norm": ("discriminator.batch_norm",),
    "kernel_init": ("generator.kernel_init", "discriminator.kernel_init"),
    "activate_shortcut": ("discriminator.activate_shortcut",),
    "unit": ("generator.unit", "discriminator.unit"),
    "data_range": ("discriminator.data_range",),
    "projection_dim": ("objectives.infomax.projection_dim",),
    "infomax_discriminator_weight": ("objectives.infomax.discriminator_weight",),
    "infomax_generator_weight": ("objectives.infomax.generator_weight",),
    "infomax_spectral_norm": ("objectives.infomax.spectral_norm",),
    "own_locations": ("objectives.infomax.own_locations",),
    "negatives": ("objectives.infomax.negatives",),
    "local_layer": ("objectives.infomax.local_layer",),
    "global_layer": ("objectives.infomax.global_layer",),
    "location_fraction": ("objectives.infomax.location_fraction",),
    "rotation_discriminator_weight": ("objectives.rotation.discriminator_weight",),
    "rotation_generator_weight": ("objectives.rotation.generator_weight",),
    "gradient_penalty_weight": ("objectives.gradient_penalty.discriminator_weight",),
    "gradient_penalty_target": ("objectives.gradient_penalty.target",),
    "contractive_penalty_weight": ("objectives.contractive_penalty.discriminator_weight",),
    "variational_entropy_weight": ("objectives.variational_entropy.generator_weight",),
    "variational_entropy_clipping": ("objectives.variational_entropy.clip_to_adversarial",),
    "statistics_network": ("objectives.variational_entropy.architecture",),
    "base_channels": ("encoder.base_channels",),
    "fc_units": ("encoder.fc_units",),
    "output_dim": ("encoder.output_dim",),
    "estimator": tuple(f"{name}.estimator" for name in INFORMATION),
    "num_negatives": tuple(f"{name}.num_negatives" for name in INFORMATION),
    "local_weight": ("objectives.local_infomax.weight",),
    "local_head": ("objectives.local_infomax.head",),
    "local_head_units": ("objectives.local_infomax.head_units",),
    "global_weight": ("objectives.global_infomax.weight",),
    "global_head": ("objectives.global_infomax.head",),
    "global_head_units": ("objectives.global_infomax.head_units",),
    "prior_weight": ("objectives.prior_matching.weight",),
    "coordinate_weight": tuple(f"{name}.weight" for name in COORDINATES),
}
"""New names by old ones; other names are unchanged."""


def preset_of(flat: Mapping[str, Any]) -> Preset:
    """Returns the preset of flat settings."""
    is_encoder = "output_dim" in flat
    networks = ARCHITECTURES["encoder" if is_encoder else flat["architecture"]]()
    objectives = {name: OBJECTIVES[name]() for name in flat["objectives"]}
    preset = KINDS["encoder" if is_encoder else "gan"](flat["dataset"], networks, objectives)
    known = dict(preset.items())
    changes = {
        new: value
        for old, value in flat.items()
        for new in RENAMED.get(old, (old,))
        # A None in a renamed setting meant the constructor's default.
        if new in known and (value is not None or new == old)
    }
    if is_encoder:
        changes["encoder.architecture"] = flat["architecture"]
    return preset.override(changes)


def renamed(values: Any) -> Any:
    """Returns JSON with every flat group of settings replaced."""
    if isinstance(values, list):
        return [renamed(value) for value in values]
    if not isinstance(values, dict):
        return values
    if "objectives" in values and "architecture" in values:
        return preset_of(values).settings
    return {name: renamed(value) for name, value in values.items()}


if __name__ == "__main__":
    for file in map(Path, sys.argv[1:]):
        write_json(file, renamed(json.loads(file.read_text())))
