"""Nearest neighbours in a representation."""

import numpy as np
from sklearn.neighbors import NearestNeighbors

from tf_infomax.errors import InputError
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
    if not 1 <= num_neighbours <= len(references):
        raise InputError(f"`num_neighbours` must be from 1 to {len(references)}. Received: {num_neighbours}")
    flat_queries, flat_references = (np.reshape(part, (len(part), -1)) for part in (queries, references))
    search = NearestNeighbors(n_neighbors=num_neighbours, metric="manhattan", algorithm="brute").fit(flat_references)
    return search.kneighbors(flat_queries, return_distance=False)
