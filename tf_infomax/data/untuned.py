"""Pipelines without tf.data's tuner."""

import tensorflow as tf

_PREFETCHED = 2


def untuned(dataset: tf.data.Dataset) -> tf.data.Dataset:
    """Prefetches two elements of a dataset and turns off the tuning of its buffers and its parallelism.

    The tuner sleeps for up to a minute at a time, and dropping an iterator, as `fit` does at its end, waits until it
    wakes up. Without it, maps with `tf.data.AUTOTUNE` use all cores from the start.
    """
    options = tf.data.Options()
    options.autotune.enabled = False
    return dataset.prefetch(_PREFETCHED).with_options(options)
