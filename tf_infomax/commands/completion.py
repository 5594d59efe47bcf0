"""The command line of `train` for shell completion: any preset, and the options of a GAN's run."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Union

import tyro

from tf_infomax.presets import PRESETS
from tf_infomax.presets.data import GANData
from tf_infomax.presets.game import AdversarialGame
from tf_infomax.presets.optimization import GANOptimization
from tf_infomax.presets.schedule import Schedule
from tf_infomax.runs.options import GANRunOptions

_Unprefixed = tyro.conf.arg(name="")


@dataclass(frozen=True)
class PresetArguments:
    """The directory of a run and what most presets have in common."""

    run_dir: Path
    """Directory of the run."""
    data: Annotated[GANData, _Unprefixed]
    game: Annotated[AdversarialGame, _Unprefixed]
    optimization: Annotated[GANOptimization, _Unprefixed]
    schedule: Annotated[Schedule, _Unprefixed]
    options: Annotated[GANRunOptions, _Unprefixed]


# A sub-command for each preset: tyro's scripts complete these, and no positional arguments.
_Presets: Any = Union[tuple(Annotated[PresetArguments, tyro.conf.subcommand(name)] for name in PRESETS)]  # noqa: UP007


@dataclass(frozen=True)
class TrainArguments:
    """A preset's name and its options."""

    preset: Annotated[_Presets, _Unprefixed]
    """The preset."""
