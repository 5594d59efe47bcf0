"""The base class of augmentations of what a GAN's discriminator sees."""

from collections.abc import Mapping

import keras

from tf_infomax.objectives.contract import check_overrides
from tf_infomax.types import Logs, Tensor

AUGMENTATION = "augmentation"
"""Name before those of an augmentation's metrics in the logs."""


class Augmentation(keras.layers.Layer):
    """Changes all images that the discriminator of a `GAN` sees, real and generated ones, image by image.

    The generator trains through it, so that it must be differentiable in the images. Its samples are as likely changed
    as real images are: it learns to make images that look real unchanged, as long as no change is too frequent.

    A subclass overrides `call`, and may override `update`, `metric_names` and `metric_descriptions`, which go together;
    `get_config` where its constructor has arguments. State is in non-trainable weights of the layer, made in its
    constructor.

    Raises:
        InputError: `call` is not overridden.

    Source: Zhao et al., NeurIPS 2020; Karras et al., NeurIPS 2020.
    """

    metric_names: tuple[str, ...] = ()
    """Names of the metrics that `update` returns; logged as `augmentation/<metric>`."""

    metric_descriptions: Mapping[str, str] = {}
    """A line on some of these metrics, for TensorBoard."""

    def __init__(self, **kwargs) -> None:
        # Images keep their precision under any policy.
        super().__init__(**{"autocast": False, **kwargs})
        check_overrides(type(self), Augmentation, Augmentation.call)
        self.built = True

    def call(self, images: Tensor, seed: Tensor) -> Tensor:
        """Returns changed images.

        Args:
            images: (B, H, W, C) in [-1, 1].
            seed: (2,) int32 for `tf.random.stateless_*`, the same on all replicas: an image's draws must be those of
                its row among the images of all replicas, see `distribution.replica_share`.

        Returns:
            Like the images; values may leave [-1, 1].
        """
        raise NotImplementedError

    def update(self, real_logits: Tensor) -> Logs:
        """Updates the state after an update of the discriminator, and returns metrics by name.

        Args:
            real_logits: (B, 1), the discriminator's on changed real images; positive where it takes them for real.
        """
        return {}
