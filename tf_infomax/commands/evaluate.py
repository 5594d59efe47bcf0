"""Measures generated samples: tf-infomax evaluate SOURCE [--dataset NAME] [--metrics fid kid is prdc modes].

SOURCE is a run, whose metrics.json gets the records; or, with --dataset, a saved model, an exported generator, a folder
of images or an .npz of uint8 images or of points. Images are measured by FID, KID, IS, precision, recall, density,
coverage and, where the features count them, modes; points by coverage of the mixture, distances and 1-NN accuracies.
Beside each number stands its floor: that of real samples against other real ones.
"""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import tyro

from tf_infomax.commands import program as _program
from tf_infomax.errors import InputError
from tf_infomax.runs.options import EvaluationOptions

if TYPE_CHECKING:
    from tf_infomax.runs.evaluation import GeneratedSamples, RealData


@dataclass(frozen=True)
class Arguments:
    """Command line."""

    source: tyro.conf.Positional[str | None] = None
    """Run, address of a saved model, version of an exported generator, folder of images, or .npz of images."""
    compare: tuple[Path, ...] = ()
    """Print the records of these runs or files in one table, if they can be compared; nothing is measured."""
    dataset: str | None = None
    """Real data for samples that are of no run."""
    output: Path | None = None
    """File that gets the records of samples that are of no run; those of other measurements in it stay."""
    report: Path | None = None
    """HTML page to write: samples, neighbours, curves and records."""
    overwrite: bool = False
    """Replace the page if it exists."""
    options: Annotated[EvaluationOptions, tyro.conf.arg(name="")] = field(default_factory=EvaluationOptions)


def run(arguments: Arguments) -> None:
    """Measures, prints and records."""
    from tf_infomax.runs.evaluation import comparison

    if arguments.compare:
        if dataclasses.replace(arguments, source=None, compare=()) != Arguments():
            raise InputError("--compare prints what was recorded; no other option goes with it.")
        print(comparison([*([Path(arguments.source)] if arguments.source else []), *arguments.compare]))
    elif arguments.source is None:
        raise InputError("Expected what to measure: tf-infomax evaluate SOURCE, or --compare A B. Received: nothing")
    else:
        _measure(arguments, arguments.source)


def _measure(arguments: Arguments, source: str) -> None:
    from tf_infomax.runs import evaluation
    from tf_infomax.runs.records import add_records, read_records

    if arguments.report is not None and not arguments.overwrite:
        _program.check_new(arguments.report)
    is_run = evaluation.holds_run(Path(source))
    if is_run and (arguments.dataset or arguments.output):
        raise InputError("`dataset` and `output` are for samples of no run; a run has its own data and metrics.json.")
    records_path = _records_path(arguments, is_run)
    if records_path is not None:
        read_records(records_path)  # A damaged file is found before the work, not after it.
    samples = evaluation.open_samples(source, arguments.options)
    real = _real_data(arguments, samples, is_run)
    records = evaluation.evaluate_samples(samples, real, arguments.options)
    print(evaluation.summary(records))
    if records_path is not None:
        add_records(records_path, records)
        print(f"Recorded in {records_path}")
    if arguments.report is not None:
        options = arguments.options
        evaluation.write_page(
            arguments.report,
            samples,
            real,
            evaluation.chosen_suite(real, options),
            records,
            per_class=evaluation.real_per_class(real, options),
            cache_dir=options.cache_dir,
        )
        print(f"Page: {arguments.report}")


def _records_path(arguments: Arguments, is_run: bool) -> Path | None:
    if not is_run:
        return arguments.output
    from tf_infomax.runs.directory import RunDirectory

    return RunDirectory(arguments.source or "").metrics_path


def _real_data(arguments: Arguments, samples: "GeneratedSamples", is_run: bool) -> "RealData":
    from tf_infomax.runs.directory import RunDirectory
    from tf_infomax.runs.evaluation import data_for, data_of_run

    if is_run:
        return data_of_run(RunDirectory(samples.path), arguments.options)
    if arguments.dataset is None:
        raise InputError(f"{samples.path} is no run: name the real data with --dataset.")
    return data_for(arguments.dataset, samples.sample_shape, arguments.options)


def main(argv: Sequence[str], *, program: str = "tf-infomax evaluate") -> None:
    """Runs what a command line asks for."""
    _program.main(run, Arguments, argv, program=program, doc=__doc__)
