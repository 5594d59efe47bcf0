"""The base class of models whose players train in one step, each with its own optimizer."""

from collections.abc import Iterable, Mapping
from typing import Any

import keras

from tf_infomax import distribution
from tf_infomax.types import Logs


class PlayersModel(keras.Model):
    """Base of `GAN` and `DeepInfoMax`: optimizers by player, a step counter and running means.

    A subclass overrides `players` and `compile_arguments`, calls `compile_players` in `compile` and `track` in
    `train_step`. Its `get_config` has the constructor's arguments, serialised.
    """

    @property
    def players(self) -> Mapping[str, keras.optimizers.Optimizer]:
        """Optimizers by player; the first makes one update in each training step."""
        raise NotImplementedError

    # No property: Keras saves what it finds in properties, and would keep the optimizers under this name.
    def compile_arguments(self) -> Mapping[str, Any]:
        """Returns the current arguments of the subclass's `compile`, by name."""
        raise NotImplementedError

    @property
    def step_counter(self) -> keras.Variable:
        """Number of training steps made, a scalar integer."""
        return next(iter(self.players.values())).iterations

    @property
    def jit_compile(self) -> bool:
        """Whether XLA compiles the training step; never with several replicas."""
        return self._jit_compile

    @jit_compile.setter
    def jit_compile(self, value: bool) -> None:
        # Keras would refuse where operations are deterministic. XLA compiles for one device, and an optimizer's step
        # under a strategy writes to all of them.
        self._jit_compile = value and distribution.num_replicas() == 1

    def compile_players(self, log_names: Iterable[str], **kwargs) -> None:
        """Calls `keras.Model.compile` without an optimizer, and creates the running means.

        Args:
            log_names: Names of the terms that `track` receives.
            **kwargs: Arguments of `keras.Model.compile`.
        """
        # Without an explicit None Keras adds an RMSprop that nothing uses and that breaks restoring.
        super().compile(optimizer=None, **{"jit_compile": False, **kwargs})
        self._trackers = {name: keras.metrics.Mean(name=name) for name in log_names}

    @property
    def metrics(self) -> list[keras.metrics.Metric]:
        """Running means of all logged terms."""
        return list(self._trackers.values()) if self.compiled else []

    def track(self, logs: Logs) -> None:
        """Adds the terms of one update to the running means."""
        for name, value in logs.items():
            self._trackers[name].update_state(value)

    @classmethod
    def from_config(cls, config: dict, custom_objects: dict | None = None) -> "PlayersModel":
        return cls(**keras.saving.deserialize_keras_object(config, custom_objects=custom_objects))

    def get_compile_config(self) -> dict | None:
        if not self.compiled:
            return None
        arguments = {**self.compile_arguments(), "jit_compile": self.jit_compile, "run_eagerly": self.run_eagerly}
        return keras.saving.serialize_keras_object(arguments)

    def compile_from_config(self, config: dict) -> None:
        self.compile(**keras.saving.deserialize_keras_object(config))


def current_step(model: PlayersModel) -> int:
    """Returns the number of training steps that a model has made."""
    return int(model.step_counter.numpy())
