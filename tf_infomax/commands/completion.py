"""The command line of `train` for shell completion: any preset, and the options of a GAN's run."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import tyro

from tf_infomax.presets import PRESETS
from tf_infomax.presets.data import Data
from tf_infomax.presets.game import AdversarialGame
from tf_infomax.presets.optimization import GANOptimization
from tf_infomax.presets.schedule import Schedule
from tf_infomax.runs.options import GANRunOptions

_Unprefixed = tyro.conf.arg(name="")


@dataclass(frozen=True)
class TrainArguments:
    """A preset's name, the directory of the run and the settings that most presets share."""

    preset: tyro.conf.Positional[Literal[tuple(PRESETS)]]  # type: ignore[valid-type]
    """Name of the preset."""
    run_dir: Path
    """Directory of the run."""
    data: Annotated[Data, _Unprefixed]
    game: Annotated[AdversarialGame, _Unprefixed]
    optimization: Annotated[GANOptimization, _Unprefixed]
    schedule: Annotated[Schedule, _Unprefixed]
    options: Annotated[GANRunOptions, _Unprefixed]
