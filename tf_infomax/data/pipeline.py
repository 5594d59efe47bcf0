"""Training batches in an order in which any step can be reached at once."""

import tensorflow as tf

from tf_infomax.data.image_source import ImageSource
from tf_infomax.data.permutation import permute_indices
from tf_infomax.data.random_changes import check_changes, randomly_changed
from tf_infomax.data.untuned import untuned
from tf_infomax.errors import InputError
from tf_infomax.images import as_float
from tf_infomax.sizes import ImageSize
from tf_infomax.types import Tensor


def training_dataset(
    source: ImageSource,
    *,
    batch_size: int,
    num_steps: int,
    seed: int,
    start_step: int = 0,
    shuffle: bool = True,
    to_float: bool = True,
    row_numbers: bool = False,
    crop_size: ImageSize | None = None,
    mirror: bool = False,
) -> tf.data.Dataset:
    """Builds the batches of the steps `start_step` to `num_steps - 1`.

    Step `s` has the samples at positions `s * B` to `s * B + B - 1` of an endless sequence. Position `p` is image
    `permutation[seed, p // N](p mod N)`: the whole set is shuffled anew in each epoch, no image is left out where B
    does not divide N, and each batch depends on seed and step alone.

    Args:
        source: N images.
        batch_size: B, images in a step over all replicas; at most N.
        num_steps: Steps of the whole training, including those before `start_step`.
        seed: Decides the order.
        start_step: First step to read: the number of steps that a resumed run has taken already.
        shuffle: Whether to permute; otherwise every epoch has the order of the source.
        to_float: Whether images are float32; as uint8, which models take as well, they are a quarter of the bytes to
            send to a device.
        row_numbers: Whether to give the number of each image, below N, in place of its label.
        crop_size: Height and width of the part that is cut out of each image, at a random place; all of it if None.
        mirror: Whether a random half of the images is mirrored, left for right; drawn anew in each step, like places.

    Returns:
        A dataset of images (B, H, W, C) float32 in [-1, 1] or uint8, or points (B, D) as they are, and labels or
        row numbers (B,) int64, with static shapes. A distribution strategy hands each replica the next part of the
        batch.

    Raises:
        InputError: The steps, the batch size or the crop are out of range, or points are to be cropped or mirrored.
    """
    check_batch_size(source, batch_size)
    check_changes(source.image_shape, crop_size=crop_size, mirrored=mirror)
    if not 0 <= start_step <= num_steps:
        raise InputError(f"`start_step` must be from 0 to `num_steps` = {num_steps}. Received: {start_step}")

    def read_step(step: Tensor) -> tuple[Tensor, Tensor]:
        positions = step * batch_size + tf.range(batch_size, dtype=tf.int64)  # (B,)
        indices = positions % source.num_images
        if shuffle:
            epochs = positions // source.num_images
            indices = permute_indices(indices, size=source.num_images, seed=seed, stream=epochs)
        images, labels = source.read(indices)
        images = randomly_changed(images, crop_size=crop_size, mirrored=mirror, seed=seed, step=step)
        return as_float(images) if to_float else images, indices if row_numbers else labels

    dataset = tf.data.Dataset.range(start_step, num_steps)
    dataset = dataset.map(read_step, num_parallel_calls=tf.data.AUTOTUNE, deterministic=True)
    return untuned(dataset).with_options(_options())


def _options() -> tf.data.Options:
    options = tf.data.Options()
    options.deterministic = True
    # Each worker takes its share of every batch: there are no files to divide, and OFF would repeat images.
    options.experimental_distribute.auto_shard_policy = tf.data.experimental.AutoShardPolicy.DATA
    return options


def check_batch_size(source: ImageSource, batch_size: int) -> None:
    """Raises an InputError if a source has fewer images than a training step reads."""
    if not 1 <= batch_size <= source.num_images:
        raise InputError(
            f"`batch_size` (times `discriminator_steps` for a GAN) must be from 1 to {source.num_images}, the number "
            f"of images that {source.name!r} has in split {source.split!r}. Received: {batch_size}"
        )
