"""Presets: complete training recipes, composed of parts."""

import dataclasses
import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any

import tyro

from tf_infomax.errors import InputError
from tf_infomax.presets.data import Data
from tf_infomax.presets.game import EncoderGame
from tf_infomax.presets.optimization import Optimization
from tf_infomax.presets.schedule import Schedule
from tf_infomax.presets.settings import Settings, as_json, checked_replace, named, walk

if TYPE_CHECKING:
    from tf_infomax.models import PlayersModel

PARTS = ("data", "model", "game", "optimization", "schedule")
_Unprefixed = tyro.conf.arg(name="")


@dataclass(frozen=True)
class Preset:
    """A recipe: data, a model of networks and objectives, its game, optimisation and schedule.

    Settings have the same name in Python, in tables and on the command line: the path below their part, such as
    `steps`, `generator.base_channels` or `objectives.infomax.projection_dim`.
    """

    data: Annotated[Data, _Unprefixed]
    model: Annotated[Settings, _Unprefixed]
    game: Annotated[EncoderGame, _Unprefixed]
    optimization: Annotated[Optimization, _Unprefixed]
    schedule: Annotated[Schedule, _Unprefixed]
    seed: int = 0
    """Seed of initial weights, data order and all draws."""
    source: tyro.conf.Suppress[str] = ""
    """Publication."""
    published: tyro.conf.Suppress[Mapping[str, float]] = field(default_factory=dict)
    """Published numbers by metric."""
    extensions: tyro.conf.Suppress[tuple[int, ...]] = ()
    """Later ends of training than the schedule's, each above the one before; no setting, see `extended_to`."""

    def __post_init__(self) -> None:
        if not 0 <= self.seed < 2**32:
            raise InputError(f"`seed` must be from 0 to 2**32 - 1. Received: {self.seed}")

    @property
    def steps(self) -> int:
        """Training steps, to the last of the extensions."""
        return self.extensions[-1] if self.extensions else self.schedule.steps

    @property
    def batch_size(self) -> int:
        """Images in one update, over all replicas."""
        return self.schedule.batch_size

    @property
    def images_per_step(self) -> int:
        """Real images that one training step reads."""
        return self.schedule.batch_size * self.game.batches_per_step

    @property
    def settings(self) -> dict[str, Any]:
        """All settings as JSON, without the publication."""
        return {"seed": self.seed, **{name: as_json(getattr(self, name)) for name in PARTS}}

    def items(self) -> Iterator[tuple[str, Any]]:
        """Yields every setting by name."""
        yield "seed", self.seed
        for name in PARTS:
            yield from walk(getattr(self, name))

    def get(self, name: str) -> Any:
        """Returns a setting by name.

        Raises:
            InputError: There is no such setting; the message names similar ones.
        """
        known = dict(self.items())
        if name not in known:
            self._refuse(name, known)
        return known[name]

    def override(self, changes: Mapping[str, Any]) -> "Preset":
        """Returns the preset with other values of some settings, by name.

            preset.override({"steps": 500, "objectives.infomax.projection_dim": 64})

        Raises:
            InputError: There is no such setting, or its part refuses the value.
        """
        by_part: dict[str, dict[str, Any]] = {}
        for name, value in changes.items():
            by_part.setdefault(self._part_of(name), {})[name] = value
        values = {part: self._changed(part, own) for part, own in by_part.items()}
        return dataclasses.replace(self, **values)

    def extended_to(self, steps: int) -> "Preset":
        """Returns the preset with a later end of training.

        Up to the earlier end nothing changes. From there on a decaying learning rate is that of a schedule that ends at
        the new one, so it rises once and then falls to zero again; one that does not decay stays.

        Raises:
            InputError: The steps are no more than now.
        """
        if steps <= self.steps:
            raise InputError(f"`extend_to` must be above the {self.steps} steps of the run. Received: {steps}")
        return dataclasses.replace(self, extensions=(*self.extensions, steps))

    def with_origin(self, source: str, published: Mapping[str, float]) -> "Preset":
        """Returns the preset with its publication and its published numbers by metric."""
        return dataclasses.replace(self, source=source, published=published)

    def with_objective(self, objective: Settings, name: str | None = None) -> "Preset":
        """Returns the preset with another objective, and without its published numbers.

            preset.with_objective(settings(InfoMax, projection_dim=64))

        Args:
            objective: Settings of the objective.
            name: Name of the objective; the constructor's if None.

        Raises:
            InputError: The model already has an objective of that name, or takes none, or there is no name.
        """
        present = getattr(self.model, "objectives", None)
        if present is None:
            raise InputError(f"The model must have `objectives`. Received: {self.model.builds.__name__}")
        added = named([objective] if name is None else {name: objective})
        if taken := added.keys() & present.keys():
            raise InputError(f"`name` must differ from those of the preset's objectives. Received: {', '.join(taken)}")
        return self.override({"objectives": {**present, **added}}).with_origin("", {})

    def _part_of(self, name: str) -> str:
        """Returns the part with a setting, `seed` for the seed."""
        if name == "seed":
            return name
        head = name.partition(".")[0]
        owners = (part for part in PARTS if head in _fields(getattr(self, part)))
        return next(owners, None) or self._refuse(name, dict(self.items()))

    def _changed(self, part: str, changes: Mapping[str, Any]) -> Any:
        """Returns a part with other values, made at once: it may refuse some of them without the others."""
        if part == "seed":
            return changes[part]
        own = getattr(self, part)
        values: dict[str, Any] = {}
        for name, value in changes.items():
            head, *path = name.split(".")
            try:
                values[head] = _replaced(values.get(head, getattr(own, head)), path, value)
            except KeyError:
                self._refuse(name, dict(self.items()))
        return checked_replace(own, values)

    def _refuse(self, name: str, known: Mapping[str, Any]) -> Any:
        close = difflib.get_close_matches(name, known, n=3)
        hint = f"did you mean {' or '.join(close)}?" if close else f"the settings are {', '.join(known)}."
        raise InputError(f"There is no setting `{name}`: {hint}")

    def build(self, **compile_arguments: Any) -> "PlayersModel":
        """Builds and compiles the model; under a strategy, call it in the strategy's scope.

        It sets Keras' random seed, so equal presets give equal initial weights.

        Args:
            **compile_arguments: Further arguments of the model's `compile`, such as `log_gradient_norms`.

        Raises:
            InputError: A network, an objective or the model refuses a setting.
        """
        import keras

        keras.utils.set_random_seed(self.seed)
        parts = {**self.data.given, "dtype": self.optimization.precision}
        model = self.model.build({"seed": self.seed}, parts=parts)
        optimizers = self.optimization.optimizers(self.game.updates_per_step, self.schedule.steps, self.extensions)
        model.compile(
            **{f"{player}_optimizer": optimizer for player, optimizer in optimizers.items()},
            **self.game.compile_arguments(),
            **compile_arguments,
            jit_compile=self.optimization.jit_compile,
        )
        return model


def _replaced(old: Any, path: list[str], value: Any) -> Any:
    """Returns the new value of a setting, or a part whose setting at a path is replaced.

    Raises:
        InputError: An objective is no settings.
        KeyError: The path leads nowhere.
    """
    if not path:
        return value
    head, *rest = path
    if isinstance(old, Mapping):
        if not rest and not isinstance(value, Settings):
            raise InputError(f"`{head}` must be settings, such as `settings(InfoMax)`. Received: {value}")
        return {**old, head: _replaced(old[head] if rest else None, rest, value)}
    if head not in _fields(old):
        raise KeyError(head)
    return checked_replace(old, {head: _replaced(getattr(old, head), rest, value)})


def _fields(part: Any) -> list[str]:
    return [item.name for item in dataclasses.fields(part)] if dataclasses.is_dataclass(part) else []
