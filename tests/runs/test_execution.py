"""Execution of a run whose weights break."""

import numpy as np
import pytest
import tensorflow as tf

from tests.tiny import batches, random_images, tiny_gan
from tf_infomax.callbacks import SampleGrid, StepCallback
from tf_infomax.errors import Diverged
from tf_infomax.runs.directory import RunDirectory
from tf_infomax.runs.execution import execute


class Break(StepCallback):
    """Stands for an update with a NaN gradient: the losses before it were finite."""

    def on_step(self, step, logs) -> None:
        if step == 2:
            self.model.generator.to_image.bias.assign([np.nan])


def test_samples_that_are_not_finite_are_a_divergence(tmp_path):
    gan = tiny_gan([])
    gan.compile()
    grids = SampleGrid(tmp_path / "samples", tmp_path / "logs", every=1, num_images=4)
    with pytest.raises(Diverged, match="4 of 4 images with values that are not finite .* at step 2"):
        execute(
            gan,
            RunDirectory(tmp_path),
            num_steps=3,
            batches=lambda step: batches(random_images(12), 4),
            watchers=[Break(), grids],
            strategy=tf.distribute.get_strategy(),
            checkpoint_seconds=60.0,
        )
    assert {path.name for path in (tmp_path / "samples").iterdir()} == {"step_000001.png"}
