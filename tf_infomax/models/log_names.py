"""Names of a GAN's logs, known before training: running means must exist before a step is traced."""

from collections.abc import Sequence
from typing import get_args

from tf_infomax.models.clipping import ADVERSARIAL
from tf_infomax.models.games import AdversarialGame, ThreePlayerGame
from tf_infomax.models.games.base import CRITIC_LOSS
from tf_infomax.objectives import AuxiliaryObjective, Player, active_objectives, clipped_names


def log_names(
    objectives: Sequence[AuxiliaryObjective], game: AdversarialGame, *, gradient_norms: bool = False
) -> list[str]:
    """Returns the names of all terms, metrics and norms.

    Args:
        objectives: The GAN's objectives.
        game: The GAN's game.
        gradient_norms: Whether `gradient_norm/<player>` is logged.
    """
    names = []
    for player in get_args(Player):
        terms = [ADVERSARIAL, *(objective.name for objective in active_objectives(objectives, player)), "total"]
        names += [f"{player}/{term}" for term in terms]
        names += [f"gradient_norm/{player}"] if gradient_norms else []
    names += [f"{objective.name}/{metric}" for objective in objectives for metric in objective.metric_names]
    names += [f"{name}/clip_factor" for name in clipped_names(objectives)]
    return names + ([CRITIC_LOSS] if isinstance(game, ThreePlayerGame) else [])
