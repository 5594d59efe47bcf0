"""Measuring a finished run: records for its metrics.json."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from tf_infomax import data
from tf_infomax.callbacks import current_step
from tf_infomax.errors import InputError
from tf_infomax.metrics import FeatureExtractor, Measurement, evaluate_images, feature_extractor
from tf_infomax.models.gan import GAN
from tf_infomax.run_directory import RunDirectory
from tf_infomax.training import default_features


def evaluate_run(
    run: RunDirectory,
    *,
    num_real: int = 10_000,
    num_fake: int = 10_000,
    seeds: Sequence[int] = (0,),
    split: str | None = None,
    features: str | None = None,
    data_dir: str | None = None,
    cache_dir: str | None = None,
) -> list[dict[str, Any]]:
    """Measures a run's generator and adds the records to its `metrics.json`.

    Args:
        run: A finished run.
        num_real: Real images to compare with, drawn without replacement.
        num_fake: Images to generate.
        seeds: One measurement each, with its own latents and its own real images; a record has their mean and
            population standard deviation. For a single seed `std` is the estimator's own standard error, 0 if it has
            none.
        split: Split of the real images; the one trained on if None.
        features: `"digits"`, `"inception"` or a folder; by the dataset if None.
        data_dir: Where TensorFlow Datasets keeps its files, or the folder of images; that of the run if None.
        cache_dir: Where resized copies of large datasets are kept; that of the run if None.

    Returns:
        One record a metric.

    Raises:
        InputError: The run has no finished model, or the protocol does not fit the data.
    """
    config = run.config()
    gan = run.load_gan()
    dataset, places = config["dataset"], config.get("places", {})
    extractor = _extractor(features, dataset["name"])
    source = data.load_source(
        dataset["name"],
        split=split or dataset["split"],
        image_size=gan.image_shape[0],
        num_channels=gan.image_shape[-1],
        data_dir=data_dir or places.get("data_dir"),
        cache_dir=cache_dir or places.get("cache_dir"),
        skip_unreadable=dataset.get("skip_unreadable", False),
    )
    results = [_measure(gan, source, extractor, num_real, num_fake, seed) for seed in seeds]
    protocol = {
        "num_real": num_real,
        "num_fake": num_fake,
        "features": extractor.name,
        "dataset": source.name,
        "split": source.split,
        "step": current_step(gan),
    }
    records = [_record(name, [result[name] for result in results], list(seeds), protocol) for name in results[0]]
    run.add_records(records)
    return records


def summary(records: Sequence[dict[str, Any]]) -> str:
    """Returns records of one protocol as a table for people."""
    first = records[0]
    rows = [
        f"{first['num_fake']} generated against {first['num_real']} real images of {first['dataset']} "
        f"({first['split']}), step {first['step']}, features {first['features']}"
    ]
    for record in records:
        spread = f" +- {record['std']:.2g}" if record["std"] else ""
        rows.append(f"{record['metric']:>10}  {record['value']:<10.5g}{spread}  {record['definition'].split(';')[0]}")
    return "\n".join(rows)


def _extractor(features: str | None, dataset: str) -> FeatureExtractor:
    features = features or default_features(dataset)
    if features is None:
        raise InputError(
            f"{dataset} needs a choice of features: --features inception, or --features with the folder of a local "
            "copy of its SavedModel."
        )
    return feature_extractor(features)


def _measure(
    gan: GAN, source: data.ImageSource, extractor: FeatureExtractor, num_real: int, num_fake: int, seed: int
) -> dict[str, Measurement]:
    real = extractor(source.sample_real(num_real, seed))
    fake = extractor(gan.generate(num_fake, seed))
    return evaluate_images(real, fake, extractor=extractor, seed=seed)


def _record(name: str, results: list[Measurement], seeds: list[int], protocol: dict[str, Any]) -> dict[str, Any]:
    values = [float(result) for result in results]
    definition, std = results[0].definition, float(np.std(values))
    if len(results) == 1 and results[0].std is not None:
        definition, std = f"{definition}; std is the estimator's standard error", results[0].std
    return {
        "metric": name,
        "value": float(np.mean(values)),
        "std": std,
        "values": values,
        "seeds": seeds,
        "definition": definition,
        **protocol,
    }
