"""Type aliases of the public API.

Shape letters in docstrings: B batch, H, W, C image or feature map, F features, Z latents, K classes, N images,
M locations, R projection.
"""

from collections.abc import Mapping

import numpy as np
import tensorflow as tf

Tensor = tf.Tensor
"""A TensorFlow tensor."""

Array = np.ndarray
"""A numpy array."""

Features = Mapping[str, tf.Tensor]
"""Named outputs of a network. A discriminator's are `logits` (B, 1), `local_features` (B, H, W, C), `global_features`
(B, F) and the map of every block: `block0`, `block1`, ..."""

Logs = dict[str, tf.Tensor]
"""Named scalars of one training step."""
