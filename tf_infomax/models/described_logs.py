"""Names of a model's logs, known before training, with a line on each: running means exist before a step is traced."""

from collections.abc import Sequence
from typing import get_args

from tf_infomax.models.augmentation import Augmentation
from tf_infomax.models.augmentation.base import AUGMENTATION
from tf_infomax.models.clipping import ADVERSARIAL
from tf_infomax.models.games import AdversarialGame, ThreePlayerGame
from tf_infomax.models.games.base import CRITIC_LOSS
from tf_infomax.objectives import (
    AuxiliaryObjective,
    EncoderObjective,
    Player,
    active_objectives,
    clipped_names,
)


def gan_logs(
    objectives: Sequence[AuxiliaryObjective],
    game: AdversarialGame,
    augmentation: Augmentation | None = None,
    *,
    gradient_norms: bool = False,
) -> dict[str, str]:
    """Returns all terms, metrics and norms of a GAN by name, with descriptions, empty where there is none.

    Args:
        objectives: The GAN's objectives.
        game: The GAN's game.
        augmentation: The GAN's augmentation, if it has one.
        gradient_norms: Whether `gradient_norm/<player>` is logged.
    """
    logs = {}
    for player in get_args(Player):
        logs[f"{player}/{ADVERSARIAL}"] = f"The {player}'s loss in the game {type(game).__name__}."
        for objective in active_objectives(objectives, player):
            logs[f"{player}/{objective.name}"] = _term(objective, player, objective.player_weights[player])
        logs[f"{player}/total"] = _total(player)
        if gradient_norms:
            logs[f"gradient_norm/{player}"] = f"Norm of the gradient of all of the {player}'s variables."
    for objective in objectives:
        logs |= _metrics(objective.name, objective)
    for name in clipped_names(objectives):
        logs[f"{name}/clip_factor"] = "Factor that scaled the term's gradient down to the norm of the adversarial one."
    if augmentation is not None:
        logs |= _metrics(AUGMENTATION, augmentation)
    return logs | ({CRITIC_LOSS: "The critic's loss."} if isinstance(game, ThreePlayerGame) else {})


def encoder_logs(objectives: Sequence[EncoderObjective]) -> dict[str, str]:
    """Returns all terms and metrics of an encoder by name, with descriptions, empty where there is none."""
    logs = {"encoder/total": _total("encoder")}
    for objective in objectives:
        logs[f"encoder/{objective.name}"] = _term(objective, "encoder", objective.weight)
        if objective.adversarial:
            logs[f"critic/{objective.name}"] = f"Loss of the heads that train against the encoder in {objective.name}."
        logs |= _metrics(objective.name, objective)
    return logs


def _term(objective: AuxiliaryObjective | EncoderObjective, player: str, weight: float) -> str:
    return f"{type(objective).__name__} in the {player}'s loss, before its weight of {weight:g}."


def _total(player: str) -> str:
    return f"The {player}'s loss: the weighted sum of all terms."


def _metrics(name: str, owner: AuxiliaryObjective | EncoderObjective | Augmentation) -> dict[str, str]:
    return {f"{name}/{metric}": owner.metric_descriptions.get(metric, "") for metric in owner.metric_names}
