"""The base class of models whose players train in one step, each with its own optimizer."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from tf_infomax import compat, distribution
from tf_infomax.errors import InputError
from tf_infomax.models.keras_habits import (
    check_compile,
    check_file,
    check_fit,
    check_precision,
    fit_arguments,
    no_evaluation,
)
from tf_infomax.models.pretrained.saving import save_to_preset
from tf_infomax.models.pretrained.weight_file import StorageType
from tf_infomax.models.running_means import RunningMeans
from tf_infomax.models.step_guard import StepGuard
from tf_infomax.models.stop_vote import StopVote
from tf_infomax.models.validation import CHECKED_IN_STEPS
from tf_infomax.types import Logs, Tensor

SKIPPED = "skipped_steps"
"""Log of the steps that were undone."""


class PlayersModel(compat.BuiltInConstructor, keras.Model):
    """Base of `GAN` and `DeepInfoMax`: optimizers by player, a step counter and running means.

    A subclass has `objectives`, overrides `players`, `networks`, `compile_arguments` and `make_updates`, calls
    `compile_players` in `compile`, and returns the constructor's arguments, serialised, in `get_config`.
    """

    objectives: Sequence[keras.layers.Layer]

    @property
    def players(self) -> Mapping[str, keras.optimizers.Optimizer]:
        """Optimizers by player; the first makes one update in each training step."""
        raise NotImplementedError

    # No property: Keras saves what it finds in properties, and would keep the optimizers under this name.
    def compile_arguments(self) -> Mapping[str, Any]:
        """Returns the current arguments of the subclass's `compile`, by name."""
        raise NotImplementedError

    def networks(self) -> Mapping[str, keras.Model]:
        """Returns the networks by name."""
        raise NotImplementedError

    def parts(self) -> Mapping[str, keras.layers.Layer]:
        """Returns all that has weights besides the game: the networks, and the objectives as `objectives.NAME`."""
        return {**self.networks(), **{f"objectives.{objective.name}": objective for objective in self.objectives}}

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

    @property
    def skip_non_finite(self) -> bool:
        """Whether a training step is undone if a number that it logs, or a variable after it, is not finite.

        The log `skipped_steps` counts such steps since this was set; they are in no mean.
        """
        return self._guard is not None

    @skip_non_finite.setter
    def skip_non_finite(self, value: bool) -> None:
        self._guard = StepGuard([variable.value for variable in all_variables(self)]) if value else None
        self.train_function: Any = None  # One that is traced keeps the guard that it was traced with.

    def describe_log(self, name: str) -> str:
        """Returns a line on what is logged under a name; an empty one if there is none."""
        return self._log_descriptions.get(name, "")

    @property
    def num_skipped(self) -> int:
        """Steps that were undone since `skip_non_finite` was set."""
        return int(self._guard.num_skipped) if self._guard else 0

    def make_updates(self, data: Any) -> list[Logs]:
        """Makes all updates of a training step, and returns the terms of each by name."""
        raise NotImplementedError

    def compile_players(self, logs: Mapping[str, str], *, skip_non_finite: bool = False, **kwargs) -> None:
        """Calls `keras.Model.compile` without an optimizer, and creates the running means.

        Args:
            logs: Names of the terms of a step, each with a description, which may be empty.
            skip_non_finite: The property of this name.
            **kwargs: Arguments of `keras.Model.compile`.
        """
        check_compile(kwargs, self.players)
        check_precision(self.layers)
        # Without an explicit None Keras adds an RMSprop that nothing uses and that breaks restoring.
        super().compile(optimizer=None, **{"jit_compile": False, **kwargs})
        self._log_descriptions = {**logs, SKIPPED: "Steps undone because a number was not finite."}
        self._running_means = RunningMeans(list(logs))
        self.stop_vote = StopVote() if distribution.num_workers() > 1 else None
        self.skip_non_finite = skip_non_finite

    @property
    def metrics(self) -> list[keras.metrics.Metric]:
        """Running means of all logged terms."""
        return [self._running_means] if self.compiled else []

    def train_step(self, data: Any) -> dict[str, Tensor]:
        """Makes one training step and returns the running means of its terms."""
        before = self._guard.values() if self._guard else []
        return self.report(self.make_updates(data), before)

    def report(self, updates: Iterable[Logs], before: Sequence[Tensor] = ()) -> dict[str, Tensor]:
        """Adds the terms of a step's updates to the running means and returns these.

        The means of a step are over its updates and over all replicas, so that nothing depends on what Keras does with
        the replicas' results.

        Args:
            updates: Terms of each update by name.
            before: What the variables held before the step, if steps that are not finite are to be undone.
        """
        names, updates = self._running_means.names, list(updates)
        terms = [_mean([tf.cast(update[name], tf.float32) for update in updates if name in update]) for name in names]
        vote = self.stop_vote.own if self.stop_vote else 0.0
        damage = self._guard.damage() if self._guard else 0.0
        means = distribution.mean_over_replicas(tf.stack([*terms, vote, damage]))
        if self.stop_vote:
            self.stop_vote.count(means[-2])
        if not self._guard:
            self._running_means.update_state(means[:-2])
            return self.get_metrics_result()
        is_sound = tf.reduce_all(tf.math.is_finite(means)) & (means[-1] == 0.0)
        self._guard.undo_unless(is_sound, before)
        self._running_means.update_state(means[:-2], is_sound)
        return {**self.get_metrics_result(), SKIPPED: self._guard.num_skipped}

    def fit(self, x: Any = None, y: Any = None, *args: Any, **kwargs: Any) -> keras.callbacks.History:
        """Trains like `keras.Model.fit`.

        Raises:
            InputError: An argument or a callback is for a model with one loss and one optimizer, images have weights,
                or a batch cannot be divided into the updates of a step or has labels that an objective cannot use.
        """
        check_fit(fit_arguments(x, y, *args, **kwargs))
        try:
            return super().fit(x, y, *args, **kwargs)
        except tf.errors.InvalidArgumentError as error:
            start = next((start for start in CHECKED_IN_STEPS if start in error.message), None)
            if start is None:
                raise
            rest = error.message.partition(start)[2]
            raise InputError(f"{start}{rest.partition(']')[0]}") from None

    def evaluate(self, *args: Any, **kwargs: Any) -> Any:
        """Raises an InputError that says how samples and encoders are measured."""
        raise no_evaluation()

    def save(self, filepath: Any, *args: Any, **kwargs: Any) -> None:
        """Saves the model as `keras.Model.save` does.

        Raises:
            InputError: The file would be of the HDF5 format, which cannot hold it.
        """
        check_file(filepath)
        super().save(filepath, *args, **kwargs)

    def save_to_preset(
        self, directory: Path | str, *, storage: StorageType = "float32", overwrite: bool = False
    ) -> Path:
        """Writes the model as a folder that `tf_infomax.from_preset` and `keras.saving.load_model` read.

        It holds the model's configuration, the weights of networks and objectives, how the model was compiled, and a
        model card; not the state of training, which is in what `save` writes: optimizers, steps, a game's critic, the
        probability of adaptive augmentation.

        Args:
            directory: Folder to write.
            storage: Type that kernels are stored in; `"float16"` halves the folder.
            overwrite: Whether to replace a model in the folder, which must hold nothing else.

        Returns:
            The folder.

        Raises:
            InputError: The folder holds a model that is not to be replaced, or other files.
            NotWritten: The disk is full, read-only or damaged; what was there is kept.
        """
        return save_to_preset(self, directory, storage=storage, overwrite=overwrite)

    def make_train_function(self, force: bool = False) -> Any:
        """Creates the compiled step; Keras calls this.

        Under several replicas the results are those of the first: `report` has made them the same on all. Keras would
        reduce each of them once more, in ways that differ between its versions and fail for several workers.
        """
        strategy = self.distribute_strategy
        if strategy.num_replicas_in_sync == 1:
            return super().make_train_function(force)
        if self.steps_per_execution > 1:
            raise InputError(
                f"`steps_per_execution` must be 1 under several replicas. Received: {self.steps_per_execution}"
            )
        made = getattr(self, "train_function", None)
        if made is None or force:

            def step(iterator: Any) -> dict[str, Tensor]:
                logs = strategy.run(self.train_step, args=(next(iterator),))
                return {name: strategy.experimental_local_results(value)[0] for name, value in logs.items()}

            self.train_function = (
                step if self.run_eagerly else tf.function(step, reduce_retracing=True, autograph=False)
            )
        return self.train_function

    @classmethod
    def from_config(cls, config: dict, custom_objects: dict | None = None) -> "PlayersModel":
        return cls(**keras.saving.deserialize_keras_object(config, custom_objects=custom_objects))

    def get_compile_config(self) -> dict | None:
        if not self.compiled:
            return None
        names = ("jit_compile", "run_eagerly", "steps_per_execution", "skip_non_finite")
        arguments = {**self.compile_arguments(), **{name: getattr(self, name) for name in names}}
        return keras.saving.serialize_keras_object(arguments)

    def compile_from_config(self, config: dict) -> None:
        self.compile(**keras.saving.deserialize_keras_object(config))


def all_variables(model: PlayersModel) -> list[keras.Variable]:
    """Returns the whole state of a model: its variables and those of its optimizers, each once."""
    optimizers = [variable for optimizer in model.players.values() for variable in optimizer.variables]
    return list({id(variable): variable for variable in [*model.variables, *optimizers]}.values())


def current_step(model: PlayersModel) -> int:
    """Returns the number of training steps that a model has made."""
    return int(model.step_counter.numpy())


def _mean(values: Sequence[Tensor]) -> Tensor:
    return values[0] if len(values) == 1 else tf.add_n(values) / len(values)
