"""The terms of a player's loss, and what is logged of them."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import tensorflow as tf

from tf_infomax.types import Logs, Tensor


class Term(NamedTuple):
    """One summand of a player's loss."""

    name: str
    """Whose it is: an objective's name, or `adversarial`."""
    loss: Tensor
    """Scalar, without its weight."""
    weighted: Tensor
    """Scalar, with it."""
    metrics: Mapping[str, Tensor]
    """What was measured on the way, by name."""


def logs_of(player: str, terms: Iterable[Term]) -> Logs:
    """Returns what is logged of one update: each term without its weight, their weighted sum and all metrics."""
    terms = list(terms)
    logs = {f"{player}/{term.name}": term.loss for term in terms}
    logs[f"{player}/total"] = tf.add_n([term.weighted for term in terms])
    return logs | {f"{term.name}/{name}": value for term in terms for name, value in term.metrics.items()}
