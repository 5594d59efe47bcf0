"""Evaluation of a finished run: records for its metrics.json."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from tf_infomax import data
from tf_infomax.metrics import Measurement, StdKind, Suite, suite_for
from tf_infomax.models import GAN, current_step
from tf_infomax.runs.config import run_source
from tf_infomax.runs.directory import RunDirectory

_ESTIMATORS_STD: Mapping[StdKind, str] = {
    "standard error": "the estimator's standard error",
    "subsets": "the deviation over the subsets",
    "splits": "the deviation over the splits",
}


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
        num_real: Number of real samples, drawn without replacement; 10,000 images or 2,500 points if None.
        num_fake: Number of generated samples; likewise.
        seeds: Seeds, one per measurement with its own latents and real images; a record has their mean and
            population standard deviation. For a single seed `std` is the estimator's own, which the definition names, 0
            if it has none.
        split: Split of the real images; the training split if None.
        features: See `feature_extractor`; the dataset's choice if None, as points require.
        data_dir: Folder of TensorFlow Datasets or of the images; the run's if None.
        cache_dir: Folder of resized copies of large datasets; the run's if None.
        batch_statistics: Whether samples are normalised as in training, in batches of the run's size, not by running
            averages.

    Returns:
        One record per metric.

    Raises:
        InputError: The run has no finished model, or the protocol does not fit the data.
    """
    config = run.config()
    gan = run.load_gan()
    source = run_source(config, split=split, data_dir=data_dir, cache_dir=cache_dir)
    suite = suite_for(source, features)
    num_real, num_fake = (suite.default_size if size is None else size for size in (num_real, num_fake))
    batch = config["settings"]["schedule"]["batch_size"] if batch_statistics else None
    results = [_measure(gan, source, suite, num_real, num_fake, seed, batch) for seed in seeds]
    protocol = {
        "num_real": num_real,
        "num_fake": num_fake,
        "features": suite.feature_name,
        "dataset": source.name,
        "split": source.split,
        "step": current_step(gan),
        "batch_statistics": batch,
    }
    records = [_record(name, [result[name] for result in results], list(seeds), protocol) for name in results[0]]
    run.add_records(records)
    return records


def summary(records: Sequence[dict[str, Any]]) -> str:
    """Returns records of one protocol as a readable table."""
    first = records[0]
    rows = [
        f"{first['num_fake']} generated against {first['num_real']} real samples of {first['dataset']} "
        f"({first['split']}), step {first['step']}, features {first['features']}"
    ]
    if first["batch_statistics"]:
        rows[0] += f", normalised in batches of {first['batch_statistics']}"
    for record in records:
        spread = f" +- {record['std']:.2g}" if record["std"] else ""
        rows.append(f"{record['metric']:>11}  {record['value']:<10.5g}{spread}  {record['definition'].split(';')[0]}")
    return "\n".join(rows)


def _measure(
    gan: GAN,
    source: data.ImageSource,
    suite: Suite[Any, Any],
    num_real: int,
    num_fake: int,
    seed: int,
    batch_statistics: int | None,
) -> dict[str, Measurement]:
    # One set of images in memory at a time.
    real = suite.extract(source.sample_real(num_real, seed))
    fake = suite.extract(gan.generate(num_fake, seed, batch_statistics=batch_statistics))
    return suite.compare(real, fake, seed=seed)


def _record(name: str, results: list[Measurement], seeds: list[int], protocol: dict[str, Any]) -> dict[str, Any]:
    values = [float(result) for result in results]
    definition, std = results[0].definition, float(np.std(values))
    if len(results) == 1 and results[0].std is not None:
        kind = results[0].std_kind or "standard error"
        definition, std = f"{definition}; std is {_ESTIMATORS_STD[kind]}", results[0].std
    return {
        "metric": name,
        "value": float(np.mean(values)),
        "std": std,
        "values": values,
        "seeds": seeds,
        "definition": definition,
        **protocol,
    }
