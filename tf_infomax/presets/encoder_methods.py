"""Methods of encoders: Deep InfoMax, an untrained and a supervised encoder."""

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


_UNTRAINED = Method(DEEP_INFOMAX, "encoder", uses_classes=True)
_DIM_L = replace(_UNTRAINED, objectives=_local, cpu_changes=_LOCAL_UNITS)

# Source: Deep InfoMax, section 4.2 and Tables 1, 4 and 5.
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
    "supervised": replace(_UNTRAINED, objectives=lambda: [settings(tf_infomax.Classification)]),
}
"""Methods by name."""
