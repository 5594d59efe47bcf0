"""Functions of images, run in batches that are split over replicas."""

from collections.abc import Callable, Mapping

import numpy as np
import tensorflow as tf

from tf_infomax.errors import check_positive
from tf_infomax.types import Array, Tensor

_IMAGES = tf.TensorSpec([None, None, None, None], tf.uint8)


class BatchedFunction:
    """Runs a function of images over any number of them.

    Each batch is split over the replicas of the strategy in scope where this object is made; the variables that the
    function reads must have been made there, too.

    Args:
        function: Maps uint8 images (B, H, W, C), of which no axis is known, to named tensors (B, ...).
        batch_size: Images run at a time, on all replicas together.
    """

    def __init__(self, function: Callable[[Tensor], Mapping[str, Tensor]], *, batch_size: int) -> None:
        check_positive(batch_size=batch_size)
        self.batch_size = batch_size
        self._strategy = strategy = tf.distribute.get_strategy()
        self._distributed = tf.distribute.has_strategy()

        def run_on_replicas(images: Tensor) -> Mapping[str, Tensor]:
            return strategy.run(function, args=(images,))

        if self._distributed:  # The type of what replicas receive is not public.
            self._run = tf.function(run_on_replicas, reduce_retracing=True, autograph=False)
        else:
            self._run = tf.function(function, input_signature=[_IMAGES], autograph=False)

    def __call__(self, images: Array) -> dict[str, Array]:
        """Maps images (N, H, W, C) uint8, N at least 1, to named arrays (N, ...)."""
        run_batch = self._on_replicas if self._distributed else self._on_one_device
        starts = range(0, len(images), self.batch_size)
        batches = [run_batch(images[start : start + self.batch_size]) for start in starts]
        return {name: np.concatenate([batch[name] for batch in batches]) for name in batches[0]}

    def _on_one_device(self, batch: Array) -> Mapping[str, Tensor]:
        return self._run(tf.constant(batch))

    def _on_replicas(self, batch: Array) -> Mapping[str, Array]:
        count = self._num_replicas()
        # Some images twice, so that all replicas have as many: a share of none breaks many networks.
        rows = np.arange(len(batch) + -len(batch) % count) % len(batch)
        outputs = self._run(self._distribute(np.split(batch[rows], count)))
        return {name: np.concatenate(self._local(output))[: len(batch)] for name, output in outputs.items()}

    def _num_replicas(self) -> int:
        """Returns the number of replicas of this process, the only ones that it can give images to."""
        return len(self._local(self._strategy.experimental_distribute_values_from_function(lambda _: tf.constant(0))))

    def _distribute(self, shares: list[Array]) -> Tensor:
        each = iter(shares)
        return self._strategy.experimental_distribute_values_from_function(lambda _: tf.constant(next(each)))

    def _local(self, values: Tensor) -> tuple[Tensor, ...]:
        return self._strategy.experimental_local_results(values)
