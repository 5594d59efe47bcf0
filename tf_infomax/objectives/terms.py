"""Terms of a player's loss, and their logs."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import tensorflow as tf

from tf_infomax.types import Logs, Tensor


class Term(NamedTuple):
    """One summand of a player's loss."""

    name: str
    """Name of the objective, or `adversarial`."""
    loss: Tensor
    """Scalar, unweighted."""
    weighted: Tensor
    """Scalar, weighted."""
    metrics: Mapping[str, Tensor]
    """Metrics by name."""


def logs_of(player: str, terms: Iterable[Term]) -> Logs:
    """Returns the logs of one update: each unweighted term, their weighted sum and all metrics."""
    terms = list(terms)
    logs = {f"{player}/{term.name}": term.loss for term in terms}
    logs[f"{player}/total"] = tf.add_n([term.weighted for term in terms])
    return logs | {f"{term.name}/{name}": value for term in terms for name, value in term.metrics.items()}
