"""Methods of encoders: Deep InfoMax, the baselines of its paper, an untrained and a supervised encoder."""

from collections.abc import Mapping
from dataclasses import replace

import tf_infomax
from tf_infomax.presets.method import Method
from tf_infomax.presets.published import DEEP_INFOMAX
from tf_infomax.presets.settings import Settings, settings

_LOCAL_UNITS = {"objectives.local_infomax.head_units": 256}
_GLOBAL_UNITS = {"objectives.global_infomax.head_units": 256}


def _local(estimator: str = "infonce") -> list[Settings]:
    return [settings(tf_infomax.LocalInfoMax, estimator=estimator), settings(tf_infomax.PriorMatching)]


def _with_coordinates() -> dict[str, Settings]:
    local, prior = _local()
    return {
        "local_infomax": local,
        "prior_matching": prior,
        "absolute_coordinates": settings(tf_infomax.CoordinatePrediction),
        "relative_coordinates": settings(tf_infomax.CoordinatePrediction, coordinates="relative"),
    }


def _local_and_global() -> list[Settings]:
    local, prior = _local("jsd")
    return [local, settings(tf_infomax.GlobalInfoMax), prior]


def _adversarial_autoencoder() -> list[Settings]:
    # The papers give no weight: theirs are separate steps on two losses. This one matches the prior on digits.
    prior = settings(tf_infomax.PriorMatching, prior="normal", weight=10.0)
    return [settings(tf_infomax.Reconstruction), prior]


def _cpu_widths(objective: str) -> dict[str, int]:
    """Widths of a decoder, and of a discriminator of pairs, beside the narrow encoder."""
    return {f"objectives.{objective}.base_channels": 32, f"objectives.{objective}.fc_units": 512}


_ADVERSARIAL = {"beta_1": 0.5}  # DCGAN's: at 0.9 the discriminator runs away
_UNTRAINED = Method(DEEP_INFOMAX, "encoder", uses_classes=True)
_CPU_CROPS = {"image_size": 32}  # the least that has 7x7 crops
_CROPS = replace(_UNTRAINED, architecture="strided-crops")
_DIM_L_CROPS = replace(
    _CROPS,
    objectives=lambda: [settings(tf_infomax.LocalInfoMax)],
    cpu_changes={**_CPU_CROPS, **_LOCAL_UNITS},
)
_DIM_L = replace(_UNTRAINED, objectives=_local, cpu_changes=_LOCAL_UNITS)
_AE = replace(
    _UNTRAINED,
    objectives=lambda: [settings(tf_infomax.Reconstruction)],
    cpu_changes=_cpu_widths("reconstruction"),
)
_VAE = replace(
    _UNTRAINED,
    objectives=lambda: [settings(tf_infomax.VariationalBound)],
    cpu_changes=_cpu_widths("variational_bound"),
)

# Source: Deep InfoMax, section 4.2 and Tables 1 to 5. The paper says neither which of the betas of its Appendix A.6 is
# that of its tables nor how many blocks are drawn from an image.
ENCODER_METHODS: Mapping[str, Method] = {
    "untrained": replace(_UNTRAINED, changes={"steps": 0}, cpu_changes={"steps": 0}),
    "dim-g": replace(
        _UNTRAINED,
        objectives=lambda: [settings(tf_infomax.GlobalInfoMax), settings(tf_infomax.PriorMatching, weight=1.0)],
        cpu_changes=_GLOBAL_UNITS,
    ),
    "dim-l-dv": replace(_DIM_L, objectives=lambda: _local("dv")),
    "dim-l-jsd": replace(_DIM_L, objectives=lambda: _local("jsd")),
    "dim-l-infonce": _DIM_L,
    "dim-lg": replace(
        _UNTRAINED,
        objectives=_local_and_global,
        changes={"objectives.local_infomax.weight": 0.1, "objectives.global_infomax.weight": 0.5},
        cpu_changes={**_LOCAL_UNITS, **_GLOBAL_UNITS},
    ),
    "dim-coord": replace(_DIM_L, objectives=_with_coordinates),
    "dim-occlude": replace(_DIM_L, changes={"occlusion": 10}),
    "dim-coord-occlude": replace(_DIM_L, objectives=_with_coordinates, changes={"occlusion": 10}),
    "ae": _AE,
    "vae": _VAE,
    "beta-vae": replace(_VAE, changes={"objectives.variational_bound.beta": 0.5}),
    "aae": replace(_AE, objectives=_adversarial_autoencoder, changes=_ADVERSARIAL),
    "bigan": replace(
        _UNTRAINED,
        objectives=lambda: [settings(tf_infomax.AdversarialInference)],
        changes=_ADVERSARIAL,
        cpu_changes=_cpu_widths("adversarial_inference"),
    ),
    "dim-l-crops": _DIM_L_CROPS,
    "dim-l-blocks": replace(_DIM_L_CROPS, changes={"block_size": 3, "num_globals": 4}),
    "cpc": replace(
        _CROPS,
        objectives=lambda: [settings(tf_infomax.ContrastivePrediction)],
        cpu_changes={**_CPU_CROPS, "objectives.contrastive_prediction.head_units": 256},
    ),
    "nat": Method(DEEP_INFOMAX, "encoder", objectives=lambda: [settings(tf_infomax.NoiseAsTargets)], uses_rows=True),
    "supervised": replace(_UNTRAINED, objectives=lambda: [settings(tf_infomax.Classification)]),
}
"""Methods by name."""
