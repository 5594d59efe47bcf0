"""Models that train with `compile` and `fit`, their games, schedules and samplers."""

from tf_infomax.models.deep_infomax import DeepInfoMax
from tf_infomax.models.games import (
    AdversarialGame,
    Hinge,
    Minimax,
    NonSaturating,
    PriorMatchingGame,
    ThreePlayerGame,
    Wasserstein,
)
from tf_infomax.models.gan import GAN
from tf_infomax.models.generator_weights import resolve_weights, sampler_of
from tf_infomax.models.players import PlayersModel, all_variables, current_step
from tf_infomax.models.sampler import Sampler
from tf_infomax.models.schedules import LinearDecay

__all__ = [
    "GAN",
    "AdversarialGame",
    "DeepInfoMax",
    "Hinge",
    "LinearDecay",
    "Minimax",
    "NonSaturating",
    "PlayersModel",
    "PriorMatchingGame",
    "Sampler",
    "ThreePlayerGame",
    "Wasserstein",
    "all_variables",
    "current_step",
    "resolve_weights",
    "sampler_of",
]
