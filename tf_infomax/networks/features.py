"""The outputs that all discriminators have in common."""

from collections.abc import Sequence

import keras
import tensorflow as tf

from tf_infomax.layers import apply_layer
from tf_infomax.layers.precision import full_precision
from tf_infomax.types import Features, Tensor


def discriminator_outputs(logits: Tensor, maps: Sequence[Tensor], global_features: Tensor) -> Features:
    """Names the outputs of a discriminator, all float32.

    Args:
        logits: (B, 1).
        maps: Output of each block (B, h, w, C), as the next one receives it.
        global_features: (B, F), from which the logits are computed.

    Returns:
        `logits`; `local_features`, the input of the last block; `global_features`; `block0`, `block1`, ...
    """
    maps = [full_precision(feature_map) for feature_map in maps]
    blocks = {f"block{i}": feature_map for i, feature_map in enumerate(maps)}
    features = {"local_features": maps[-2], "global_features": full_precision(global_features)}
    return {"logits": full_precision(logits), **features, **blocks}


def sum_over_locations(feature_map: Tensor) -> Tensor:
    """Sums a map (B, H, W, C) over its locations to global features (B, C), float32."""
    return tf.reduce_sum(full_precision(feature_map), axis=[1, 2])


def projection_logits(
    to_logits: keras.layers.Layer,
    embedding: keras.layers.Layer | None,
    global_features: Tensor,
    labels: Tensor | None,
    *,
    training: bool,
) -> Tensor:
    """Returns `to_logits(h) + <E[y], h>` (B, 1) for global features h (B, F), without the product if there is no E.

    Source: Miyato and Koyama, 2018 (cGANs with projection discriminator).
    """
    logits = full_precision(apply_layer(to_logits, global_features, training=training))
    if embedding is None:
        return logits
    rows = full_precision(apply_layer(embedding, labels, training=training))  # (B, F)
    return logits + tf.reduce_sum(rows * global_features, axis=-1, keepdims=True)
