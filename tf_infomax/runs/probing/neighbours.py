"""A picture of nearest neighbours."""

import numpy as np

from tf_infomax.images import image_grid
from tf_infomax.metrics.neighbours import nearest_neighbours
from tf_infomax.runs.probing.subject import Part
from tf_infomax.types import Array


def neighbours_picture(train: Part, test: Part, layer: str, *, seed: int = 0, num_neighbours: int = 4) -> Array:
    """Draws one training image of each class, at most ten, and the test images nearest to it.

    Args:
        train: Where queries are from, the first column.
        test: Where neighbours are from, nearest first.
        layer: The features that are compared, by the L1 distance.
        seed: Decides the queries.
        num_neighbours: Neighbours in a row.

    Returns:
        (H, W, C) uint8.

    Source: Hjelm et al., ICLR 2019, Appendix A.4, Figure 8.
    """
    rng = np.random.default_rng(seed)
    classes = rng.permutation(np.unique(train.labels))[:10]
    queries = np.array([rng.choice(np.flatnonzero(train.labels == label)) for label in np.sort(classes)])
    codes, others = train.features[layer][queries], test.features[layer]
    flat = codes.reshape(len(codes), -1), others.reshape(len(others), -1)
    nearest, _ = nearest_neighbours(*flat, min(num_neighbours, len(test.images)), order=1)
    rows = [np.concatenate([train.images[query][None], test.images[own]]) for query, own in zip(queries, nearest)]
    return image_grid(np.concatenate(rows), columns=1 + nearest.shape[1])
