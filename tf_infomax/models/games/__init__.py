"""Adversarial games: the losses of a GAN's players."""

from tf_infomax.models.games.base import AdversarialGame, ThreePlayerGame
from tf_infomax.models.games.prior_matching import PriorMatchingGame
from tf_infomax.models.games.table import GAMES, as_game
from tf_infomax.models.games.two_player import Hinge, Minimax, NonSaturating, Wasserstein

__all__ = [
    "GAMES",
    "AdversarialGame",
    "Hinge",
    "Minimax",
    "NonSaturating",
    "PriorMatchingGame",
    "ThreePlayerGame",
    "Wasserstein",
    "as_game",
]
