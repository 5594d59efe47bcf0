"""Models that train with `compile` and `fit`, their games, schedules and samplers."""

from tf_infomax.models.augmentation import AdaptiveAugmentation, Augmentation, DiffAugment
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
from tf_infomax.models.generator_weights import generator_of, resolve_weights, sampler_of
from tf_infomax.models.players import PlayersModel, all_variables, current_step
from tf_infomax.models.pretrained.loading import from_preset
from tf_infomax.models.projection import Found, LatentSearch, discriminator_features
from tf_infomax.models.sampler import Sampler
from tf_infomax.models.schedules import LinearDecay

__all__ = [
    "GAN",
    "AdaptiveAugmentation",
    "AdversarialGame",
    "Augmentation",
    "DeepInfoMax",
    "DiffAugment",
    "Found",
    "Hinge",
    "LatentSearch",
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
    "discriminator_features",
    "from_preset",
    "generator_of",
    "resolve_weights",
    "sampler_of",
]
