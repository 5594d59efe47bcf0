"""Measuring a finished run: records for its metrics.json."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from tf_infomax import data
from tf_infomax.errors import InputError
from tf_infomax.metrics import (
    POINT_METRIC_DEFINITIONS,
    FeatureExtractor,
    Measurement,
    default_features,
    evaluate_images,
    evaluate_points,
    feature_extractor,
)
from tf_infomax.models import GAN, current_step
from tf_infomax.runs.config import run_source
from tf_infomax.runs.directory import RunDirectory

DEFAULT_IMAGES = 10_000
DEFAULT_POINTS = 2_500


def evaluate_run(
    run: RunDirectory,
    *,
    num_real: int | None = None,
    num_fake: int | None = None,
    seeds: Sequence[int] = (0,),
    split: str | None = None,
    features: str | None = None,
    data_dir: str | None = None,
    cache_dir: str | None = None,
    batch_statistics: bool = False,
) -> list[dict[str, Any]]:
    """Measures a run's generator and adds the records to its `metrics.json`.

    Args:
        run: A finished run.
        num_real: Real samples to compare with, drawn without replacement; 10,000 images or 2,500 points if None.
        num_fake: Samples to generate; likewise.
        seeds: One measurement each, with its own latents and its own real images; a record has their mean and
            population standard deviation. For a single seed `std` is the estimator's own standard error, 0 if it has
            none.
        split: Split of the real images; the one trained on if None.
        features: `"digits"`, `"inception"` or a folder; by the dataset if None, which points have to leave it at.
        data_dir: Where TensorFlow Datasets keeps its files, or the folder of images; that of the run if None.
        cache_dir: Where resized copies of large datasets are kept; that of the run if None.
        batch_statistics: Whether samples are normalised as in training, in batches of the run's size, instead of by
            running averages.

    Returns:
        One record a metric.

    Raises:
        InputError: The run has no finished model, or the protocol does not fit the data.
    """
    config = run.config()
    gan = run.load_gan()
    dataset = config["dataset"]
    points = len(gan.image_shape) == 1
    if points and features is not None:
        raise InputError(f"`features` are of images; {dataset['name']} has points. Received: {features}")
    extractor = None if points else _extractor(features, dataset["name"])
    default_size = DEFAULT_POINTS if points else DEFAULT_IMAGES
    num_real, num_fake = (default_size if size is None else size for size in (num_real, num_fake))
    source = run_source(config, split=split, data_dir=data_dir, cache_dir=cache_dir)
    batch = config["settings"]["schedule"]["batch_size"] if batch_statistics else None
    results = [_measure(gan, source, extractor, num_real, num_fake, seed, batch) for seed in seeds]
    protocol = {
        "num_real": num_real,
        "num_fake": num_fake,
        "features": "points" if extractor is None else extractor.name,
        "dataset": source.name,
        "split": source.split,
        "step": current_step(gan),
        "batch_statistics": batch,
    }
    records = [_record(name, [result[name] for result in results], list(seeds), protocol) for name in results[0]]
    run.add_records(records)
    return records


def summary(records: Sequence[dict[str, Any]]) -> str:
    """Returns records of one protocol as a table for people."""
    first = records[0]
    rows = [
        f"{first['num_fake']} generated against {first['num_real']} real samples of {first['dataset']} "
        f"({first['split']}), step {first['step']}, features {first['features']}"
    ]
    if first["batch_statistics"]:
        rows[0] += f", normalised in batches of {first['batch_statistics']}"
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
    gan: GAN,
    source: data.ImageSource,
    extractor: FeatureExtractor | None,
    num_real: int,
    num_fake: int,
    seed: int,
    batch_statistics: int | None,
) -> dict[str, Measurement]:
    if extractor is not None:
        # One set of images in memory at a time.
        real_features = extractor(source.sample_real(num_real, seed))
        fake_features = extractor(gan.generate(num_fake, seed, batch_statistics=batch_statistics))
        return evaluate_images(real_features, fake_features, extractor=extractor, seed=seed)
    mixture = data.MIXTURES[source.name]
    real = source.sample_real(num_real, seed)
    fake = gan.generate(num_fake, seed, batch_statistics=batch_statistics)
    values = evaluate_points(real, fake, means=mixture.means, std=mixture.std)
    return {name: Measurement(value, POINT_METRIC_DEFINITIONS[name]) for name, value in values.items()}


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
