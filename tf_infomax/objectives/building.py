"""What a model does with its objectives before it trains."""

from collections.abc import Mapping, Sequence

from tf_infomax.errors import InputError
from tf_infomax.objectives.base import AuxiliaryObjective
from tf_infomax.objectives.encoder_objective import EncoderObjective


def check_names(objectives: Sequence[AuxiliaryObjective | EncoderObjective]) -> None:
    """Raises an InputError if two objectives have the same name: they would log under it."""
    names = [objective.name for objective in objectives]
    if len(set(names)) < len(names):
        raise InputError(f"`objectives` must have distinct names. Received: {', '.join(names)}")


def build_heads(
    objectives: Sequence[AuxiliaryObjective | EncoderObjective], shapes: Mapping[str, Sequence[int | None]]
) -> None:
    """Creates the heads of objectives that have none yet.

    Args:
        objectives: Of a GAN or of an encoder.
        shapes: Of what a network's outputs are for one batch, by name; the size of the batch does not count.

    Raises:
        InputError: An objective needs an output that is not there.
    """
    shapes_of_any_batch = {name: (None, *shape[1:]) for name, shape in shapes.items()}
    for objective in objectives:
        if not objective.built:
            objective.build(shapes_of_any_batch)
            objective.built = True
