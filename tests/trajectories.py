"""Trains each kind of method for a few steps: python -m tests.trajectories FOLDER REPLICAS NAME ...

As one of several workers where the environment says so; then each of them writes a file of its own.
"""

import gc
import os
import sys
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from tests.small_presets import narrow
from tests.tiny import batches, random_images, values
from tf_infomax.cluster import TF_CONFIG, find_cluster
from tf_infomax.distribution import deal_out, make_strategy
from tf_infomax.models import PlayersModel, all_variables

STEPS = 5
BATCH = 8
METHODS = {
    "sngan": "sngan-digits",
    "infomax_gan": "infomax-gan-digits",
    "ssgan_im": "ssgan-im-digits",
    "cgan_im": "cgan-im-digits",
    "wgan_gp_im": "wgan-gp-im-digits",
    "variational_entropy": "vgan-ver-digits",
    "prior_matching": "ie-grid",
    "deep_infomax": "dim-lg-digits",
}
"""Presets by the objective, or the game, that each stands for."""
LEARNING_RATES = {METHODS["prior_matching"]: 1e-4}
"""Where 0.01 is too long a step: equal infinities would say nothing."""

Trajectory = dict[str, np.ndarray]
"""Losses of the steps, by `loss/<name>`, and all variables after the last one, by `state/<number>`."""


def trajectory(preset: str, strategy: tf.distribute.Strategy) -> Trajectory:
    """Trains a narrow model on random images, by gradient descent: Adam makes whole steps of what is rounding."""
    with strategy.scope():
        keras.utils.set_random_seed(0)
        model, rows = small(preset)
        rate = LEARNING_RATES.get(preset, 0.01)
        optimizers = {f"{player}_optimizer": keras.optimizers.SGD(rate) for player in model.players}
        model.compile(**{**model.compile_arguments(), **optimizers, "jit_compile": False})
    losses = Losses()
    dataset = deal_out(strategy, batches(data_for(model, rows * STEPS), rows))
    model.fit(dataset, steps_per_epoch=STEPS, verbose=0, shuffle=False, callbacks=[losses])
    state = {f"state/{number:03d}": values([variable])[0] for number, variable in enumerate(all_variables(model))}
    return {**{f"loss/{name}": np.array(means) for name, means in losses.by_name.items()}, **state}


def small(preset: str) -> tuple[PlayersModel, int]:
    """Returns a narrow model and the rows of its batches."""
    images = {} if preset.startswith("ie-") else {"image_size": 28 if preset.startswith("dim-") else 8}
    updates = {} if preset.startswith("dim-") else {"discriminator_steps": 2 if preset == METHODS["sngan"] else 1}
    own = narrow(preset, batch_size=BATCH, **images, **updates)
    return own.build(), own.images_per_step


def data_for(model: PlayersModel, rows: int) -> tuple[np.ndarray, np.ndarray]:
    return random_images(rows, shape=model.image_shape), np.arange(rows) % 10


class Losses(keras.callbacks.Callback):
    """Keeps the running means of every step."""

    def __init__(self) -> None:
        super().__init__()
        self.by_name: dict[str, list[float]] = {}

    def on_train_batch_end(self, batch, logs=None) -> None:
        for name, value in (logs or {}).items():
            self.by_name.setdefault(name, []).append(float(value))


def main(folder: str, replicas: str, *names: str) -> None:
    worker = find_cluster(os.environ).index if TF_CONFIG in os.environ else None
    gc.freeze()
    gc.set_threshold(10_000)  # As in conftest.py: tracing makes many objects.
    tf.config.experimental.enable_op_determinism()
    strategy = make_strategy("default" if worker is None else "workers", replicas=int(replicas))
    for name in names:
        np.savez(Path(folder) / f"{name}_{worker or 0}.npz", **trajectory(METHODS[name], strategy))


if __name__ == "__main__":
    main(*sys.argv[1:])
