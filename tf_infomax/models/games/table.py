"""Games by name."""

from collections.abc import Mapping

from tf_infomax.errors import check_choice
from tf_infomax.models.games.base import AdversarialGame
from tf_infomax.models.games.prior_matching import PriorMatchingGame
from tf_infomax.models.games.two_player import Hinge, Minimax, NonSaturating, Wasserstein

GAMES: Mapping[str, type[AdversarialGame]] = {
    "hinge": Hinge,
    "non_saturating": NonSaturating,
    "minimax": Minimax,
    "wasserstein": Wasserstein,
    "prior_matching": PriorMatchingGame,
}
"""Games by their names as `adversarial_loss`."""


def as_game(adversarial_loss: str | AdversarialGame) -> AdversarialGame:
    """Returns a game unchanged, or the game of a name with its defaults.

    Raises:
        InputError: There is no game of that name.
    """
    if isinstance(adversarial_loss, AdversarialGame):
        return adversarial_loss
    check_choice("adversarial_loss", adversarial_loss, GAMES)
    return GAMES[adversarial_loss]()
