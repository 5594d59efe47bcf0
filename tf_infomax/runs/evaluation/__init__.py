"""Evaluation of generated samples: those of a run, for its metrics.json, or another program's."""

from typing import Any

from tf_infomax import distribution
from tf_infomax.metrics import Suite
from tf_infomax.runs.directory import RunDirectory
from tf_infomax.runs.evaluation.comparison import comparison
from tf_infomax.runs.evaluation.kinds import holds_run, open_samples
from tf_infomax.runs.evaluation.measuring import evaluate
from tf_infomax.runs.evaluation.page import write_page
from tf_infomax.runs.evaluation.protocol import PROTOCOLS, Protocol, Sizes, chosen_protocol
from tf_infomax.runs.evaluation.real_data import RealData, data_for, data_of_run
from tf_infomax.runs.evaluation.samples import GeneratedSamples, RunSamples
from tf_infomax.runs.evaluation.summary import summary
from tf_infomax.runs.features import suite_of
from tf_infomax.runs.options import EvaluationOptions
from tf_infomax.runs.records import Record

__all__ = [
    "PROTOCOLS",
    "EvaluationOptions",
    "GeneratedSamples",
    "Protocol",
    "RealData",
    "RunSamples",
    "Sizes",
    "chosen_suite",
    "comparison",
    "data_for",
    "data_of_run",
    "evaluate",
    "evaluate_run",
    "evaluate_samples",
    "holds_run",
    "open_samples",
    "real_per_class",
    "summary",
    "write_page",
]


def evaluate_run(run: RunDirectory, options: EvaluationOptions | None = None) -> list[Record]:
    """Measures a run's generator and adds the records to its `metrics.json`.

    Args:
        run: A finished run.
        options: Protocol of the evaluation.

    Returns:
        One record per metric.

    Raises:
        InputError: The run has no finished model, its records are damaged, or the protocol does not fit the data.
    """
    options = options or EvaluationOptions()
    run.config()
    run.records()  # A damaged file is found before the work, not after it.
    records = evaluate_samples(open_samples(run.path, options), data_of_run(run, options), options)
    run.add_records(records)
    return records


def evaluate_samples(samples: GeneratedSamples, real: RealData, options: EvaluationOptions) -> list[Record]:
    """Measures samples of any kind and writes nothing.

    Args:
        samples: Generated samples, from `open_samples`.
        real: Real samples, from `data_of_run` or `data_for`.
        options: Protocol of the evaluation.

    Returns:
        One record per metric.

    Raises:
        InputError: The protocol does not fit the samples or the data.
    """
    suite = chosen_suite(real, options)
    return evaluate(samples, real, suite, chosen_protocol(options), cache_dir=options.cache_dir)


def chosen_suite(real: RealData, options: EvaluationOptions) -> Suite[Any, Any]:
    """Returns the suite of metrics that an evaluation chooses from, its features computed where the options say.

    Raises:
        InputError: The features do not fit the data or cannot be loaded, or there are too few devices.
    """
    with distribution.make_strategy(options.strategy, replicas=options.replicas).scope():
        return suite_of(real.source, options)


def real_per_class(real: RealData, options: EvaluationOptions) -> int | None:
    """Returns the number of real images of each class in an evaluation, None where they are drawn from all alike."""
    return chosen_protocol(options).real_per_class(real.source.name)
