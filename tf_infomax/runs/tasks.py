"""Tasks by class of model."""

from typing import Any

from tf_infomax.errors import InputError
from tf_infomax.models import GAN, DeepInfoMax, PlayersModel
from tf_infomax.runs.encoder_task import EncoderTask
from tf_infomax.runs.gan_task import GANTask
from tf_infomax.runs.task import Task

TASKS: dict[type[PlayersModel], Task[Any, Any]] = {GAN: GANTask(), DeepInfoMax: EncoderTask()}
"""Tasks by class of model, for its subclasses as well."""


def task_of(model: type) -> Task[Any, Any]:
    """Returns the task of a class of models.

    Raises:
        InputError: There is none.
    """
    for ancestor in model.__mro__:
        if ancestor in TASKS:
            return TASKS[ancestor]
    known = ", ".join(cls.__name__ for cls in TASKS)
    raise InputError(f"The model must be one of {known}, or a subclass. Received: {model.__name__}")
