"""Generated samples to measure, drawn from the generator of a run or of an export."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tf_infomax.errors import InputError
from tf_infomax.files import sha256_of
from tf_infomax.latents import generation_labels, generation_latents
from tf_infomax.models import resolve_weights, sampler_of
from tf_infomax.runs.directory import RunDirectory
from tf_infomax.runs.options import ModelName, WeightsName
from tf_infomax.runs.trained_model import TrainedModel
from tf_infomax.runs.watched import Watched, watched
from tf_infomax.serving.archive import load_signatures, max_rows_of, read_origin
from tf_infomax.types import Array, Tensor

_BATCH = 256


class GeneratedSamples(ABC):
    """Samples of a generator, drawn by seed, and what a record says of their origin.

    Attributes:
        kind: Kind of the source.
        path: Where they come from.
        sample_shape: (H, W, C) of images uint8, (D,) of points float32.
    """

    kind: str
    path: Path
    sample_shape: tuple[int, ...]

    @abstractmethod
    def draw(self, num_samples: int, seed: int) -> Iterator[Array]:
        """Yields `num_samples` samples in parts; the same ones for the same seed."""

    @property
    def num_samples(self) -> int | None:
        """Number of samples that there are, None for a generator."""
        return None

    @property
    def preset(self) -> str | None:
        """Name of the preset behind the samples, None if it is not known."""
        return None

    def watched(self) -> Watched | None:
        """Returns what was measured during training, None if that is not known."""
        return None

    @abstractmethod
    def origin(self) -> dict[str, Any]:
        """Returns what a record says of them: `model_sha256`, `weights`, `step`, `precision` and `sampler`."""

    def provenance(self) -> dict[str, Any]:
        """Returns the origin with the kind and path of the source."""
        unknown = dict.fromkeys(("model_sha256", "weights", "step", "precision", "sampler"))
        return {"source": self.kind, "path": str(self.path.resolve()), **unknown, **self.origin()}


class TrainedSamples(GeneratedSamples):
    """Samples of a trained model's generator.

    Args:
        trained: A finished run, or a saved model.
        model: The finished model, or the best one that training kept.
        weights: Weights of the generator; their moving average where there is one if None.
        as_in_training: Whether samples are normalised in batches of the run's size.

    Raises:
        InputError: There is no such model or no such weights.
    """

    def __init__(
        self,
        trained: TrainedModel,
        *,
        model: ModelName = "last",
        weights: WeightsName | None = None,
        as_in_training: bool = False,
    ) -> None:
        self.path = trained.path
        self._config = trained.config()
        best = model == "best"
        self.gan = trained.load_gan(best=best)
        self.weights = resolve_weights(self.gan, weights)
        self._sha256 = trained.digest(best=best)
        self._step = trained.steps_made(self.gan)
        self._sampler = sampler_of(self.gan, weights)
        self._batch_statistics = self._config["settings"]["schedule"]["batch_size"] if as_in_training else None
        self.sample_shape = self.gan.image_shape

    @property
    def preset(self) -> str:
        return str(self._config["preset"])

    def draw(self, num_samples: int, seed: int) -> Iterator[Array]:
        if self._batch_statistics is not None:
            yield self._sampler.generate(num_samples, seed, batch_statistics=self._batch_statistics)
            return
        for part in _inputs(num_samples, seed, self._sampler.latent_dim, self._sampler.num_classes):
            yield self._sampler.render(**part, batch_size=_BATCH)

    def origin(self) -> dict[str, Any]:
        sampler = {"batch_statistics": self._batch_statistics, "labels": "uniform" if self.gan.num_classes else None}
        return {
            "model_sha256": self._sha256,
            "weights": self.weights,
            "step": self._step,
            "precision": self.gan.generator.dtype_policy.name,
            "sampler": sampler,
        }


class RunSamples(TrainedSamples):
    """Samples of a run's generator."""

    kind = "run"

    def watched(self) -> Watched | None:
        return watched(RunDirectory(self.path), self.sample_shape)


class SavedModelSamples(TrainedSamples):
    """Samples of a saved model's generator."""

    kind = "preset"


class ExportedSamples(GeneratedSamples):
    """Samples of an exported generator, by TensorFlow alone.

    Args:
        path: Folder of one version of the SavedModel.

    Raises:
        InputError: The folder holds no SavedModel of a generator.
    """

    kind = "saved_model"

    def __init__(self, path: Path) -> None:
        self.path = path
        self._serve = load_signatures(path, required=["serving_default"])["serving_default"]
        inputs = self._serve.structured_input_signature[1]
        if "latents" not in inputs:
            raise InputError(f"{path} holds no generator: its inputs are {', '.join(sorted(inputs))}.")
        self._latent_dim = inputs["latents"].shape[-1]
        self._num_classes = _num_classes(path) if "labels" in inputs else None
        self._batch = min(_BATCH, max_rows_of(path) or _BATCH)
        [(self._output, spec)] = self._serve.structured_outputs.items()
        self.sample_shape = tuple(spec.shape[1:])

    def draw(self, num_samples: int, seed: int) -> Iterator[Array]:
        for part in _inputs(num_samples, seed, self._latent_dim, self._num_classes, self._batch):
            yield self._serve(**part)[self._output].numpy()

    def origin(self) -> dict[str, Any]:
        return {"model_sha256": sha256_of(self.path), "sampler": {"labels": "uniform" if self._num_classes else None}}


def _inputs(
    num_samples: int, seed: int, latent_dim: int, num_classes: int | None, batch: int = _BATCH
) -> Iterator[dict[str, Tensor]]:
    """Yields the inputs behind `GAN.generate` in batches."""
    inputs = {"latents": generation_latents(num_samples, latent_dim, seed)}
    if num_classes:
        inputs["labels"] = generation_labels(num_samples, num_classes, seed)
    for start in range(0, num_samples, batch):
        yield {name: values[start : start + batch] for name, values in inputs.items()}


def _num_classes(path: Path) -> int:
    number = read_origin(path).get("num_classes")
    if number is None:
        raise InputError(f"{path} does not say how many classes it has; export it again with this version.")
    return number
