"""Nearest neighbours in a representation."""

import numpy as np

from tf_infomax.metrics import neighbours
from tf_infomax.types import Array


def nearest_neighbours(queries: Array, references: Array, *, num_neighbours: int = 4) -> Array:
    """Returns which references are nearest to each query by the L1 distance, nearest first.

    Args:
        queries: (Q, ...).
        references: (N, ...), flattened like the queries.
        num_neighbours: k, at most N.

    Returns:
        (Q, k) integers.

    Raises:
        InputError: There are fewer references than neighbours.

    Source: Hjelm et al., ICLR 2019, Appendix A.4.
    """
    flat_queries, flat_references = (np.reshape(part, (len(part), -1)) for part in (queries, references))
    return neighbours.nearest_neighbours(flat_queries, flat_references, num_neighbours, order=1)[0]
