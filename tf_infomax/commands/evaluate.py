"""Measures a finished run: tf-infomax evaluate RUN [--seeds 0 1 2].

Prints FID, KID, IS and, where the features count modes, the number of modes; for points, coverage of the mixture,
distances and 1-NN accuracies. Adds them to RUN/metrics.json.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import tyro

from tf_infomax.commands import program as _program


@dataclass(frozen=True)
class Arguments:
    """Command line."""

    run: tyro.conf.Positional[Path]
    """Directory of the run."""
    num_real: int | None = None
    """Real samples to compare with; 10,000 images or 2,500 points if none."""
    num_fake: int | None = None
    """Samples to generate; likewise."""
    seeds: tuple[int, ...] = (0,)
    """One measurement for each seed, with its own latents and real images."""
    split: str | None = None
    """Split of the real images; the training split if none."""
    features: str | None = None
    """digits, inception, inception:FOLDER, keras:NAME, a SavedModel's folder or .keras file; the dataset's if none."""
    data_dir: str | None = None
    """Folder of TensorFlow Datasets or of the images; the run's if none."""
    cache_dir: str | None = None
    """Folder of resized copies of large datasets; the run's if none."""
    batch_statistics: bool = False
    """Measure samples normalised by their batch, as in training, not by running averages."""


def run(arguments: Arguments) -> None:
    """Measures, prints and records."""
    from tf_infomax.runs.directory import RunDirectory
    from tf_infomax.runs.evaluation import evaluate_run, summary

    directory = RunDirectory(arguments.run)
    records = evaluate_run(
        directory,
        num_real=arguments.num_real,
        num_fake=arguments.num_fake,
        seeds=arguments.seeds,
        split=arguments.split,
        features=arguments.features,
        data_dir=arguments.data_dir,
        cache_dir=arguments.cache_dir,
        batch_statistics=arguments.batch_statistics,
    )
    print(summary(records))
    print(f"Recorded in {directory.metrics_path}")


def main(argv: Sequence[str], *, program: str = "tf-infomax evaluate") -> None:
    """Runs what a command line asks for."""
    _program.main(run, Arguments, argv, program=program, doc=__doc__)
