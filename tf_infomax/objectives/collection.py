"""Collections of objectives: their names, their heads, and the player that trains them."""

from collections.abc import Mapping, Sequence

import keras

from tf_infomax.errors import InputError
from tf_infomax.objectives.base import AuxiliaryObjective, Player
from tf_infomax.objectives.encoder_objective import EncoderObjective

RESERVED_NAMES = ("adversarial", "total", "augmentation")
"""Names of a player's own logs."""


def check_names(objectives: Sequence[AuxiliaryObjective | EncoderObjective]) -> None:
    """Raises an InputError unless objectives are a list, with distinct names, since terms and logs would clash."""
    if not isinstance(objectives, Sequence) or any(not isinstance(item, keras.layers.Layer) for item in objectives):
        raise InputError(f"`objectives` must be a list of objectives, such as [InfoMax(1024)]. Received: {objectives}")
    names = [objective.name for objective in objectives]
    if len(set(names)) < len(names):
        raise InputError(f"`objectives` must have distinct names. Received: {', '.join(names)}")
    if taken := [name for name in names if name in RESERVED_NAMES]:
        raise InputError(f"An objective must not be called {', '.join(RESERVED_NAMES)}. Received: {', '.join(taken)}")


def build_heads(owners: Sequence[keras.layers.Layer], shapes: Mapping[str, Sequence[int | None]]) -> None:
    """Creates the heads of objectives, or the critics of a game, that have none yet.

    Args:
        owners: Objectives or a game.
        shapes: Shapes of a network's outputs, by name; the batch size is ignored.

    Raises:
        InputError: An objective needs an output that the network lacks.
    """
    shapes_of_any_batch = {name: (None, *shape[1:]) for name, shape in shapes.items()}
    for owner in owners:
        if not owner.built:
            owner.build(shapes_of_any_batch)
            owner.built = True


def active_objectives(objectives: Sequence[AuxiliaryObjective], player: Player) -> list[AuxiliaryObjective]:
    """Returns the objectives that are in a player's loss."""
    return [objective for objective in objectives if objective.player_weights[player] > 0]


def clipped_names(objectives: Sequence[AuxiliaryObjective]) -> list[str]:
    """Returns the names of the generator's terms whose gradient is clipped to the adversarial one."""
    return [objective.name for objective in active_objectives(objectives, "generator") if objective.clip_to_adversarial]


def head_variables(objectives: Sequence[AuxiliaryObjective], player: Player) -> list[keras.Variable]:
    """Returns the heads that a player's optimizer trains."""
    training = [item for item in active_objectives(objectives, player) if item.heads_train_with == player]
    return [variable for objective in training for variable in objective.trainable_variables]
