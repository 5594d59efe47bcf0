"""Measurements of what a finished run has learned to see: records for its metrics.json."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np

from tf_infomax.data import ImageSource
from tf_infomax.errors import InputError
from tf_infomax.images import write_png
from tf_infomax.metrics.representation import Estimate
from tf_infomax.models import current_step
from tf_infomax.runs.config import run_source
from tf_infomax.runs.directory import RunDirectory
from tf_infomax.runs.evaluation.summary import value_text
from tf_infomax.runs.options import ProbeOptions
from tf_infomax.runs.probing.measures import DEFINITIONS, MEASURES
from tf_infomax.runs.probing.neighbours import neighbours_picture
from tf_infomax.runs.probing.subject import Part, Subject, num_seen, read_part
from tf_infomax.runs.tasks import task_of

_NEED_LABELS = {"svm", "mlp", "finetune"}
_WITH_LABELS = "svm, mlp and finetune"


def probe_run(run: RunDirectory, options: ProbeOptions | None = None) -> list[dict[str, Any]]:
    """Measures the features of a run and adds the records to its `metrics.json`.

    Of Deep InfoMax these are the encoder's `conv`, `fc` and `output`; of a GAN the discriminator's `local_features` and
    `global_features`.

    Args:
        run: A finished run.
        options: What to measure.

    Returns:
        One record a number, accuracies in percent. The picture of neighbours has none.

    Raises:
        InputError: There is no finished model, a measure does not fit the data, or `metrics.json` is damaged.
    """
    options = options or ProbeOptions()
    config, model = run.config(), run.load_model()
    run.records()  # A damaged file is found before the work, not after it.
    places = {"data_dir": options.data_dir, "cache_dir": options.cache_dir}
    sources = [run_source(config, split=split, **places) for split in (options.train_split, options.test_split)]
    subject = task_of(type(model)).subject(model)
    measured = probe_subject(subject, sources, options, step=current_step(model), picture=run.neighbours_path)
    digest = run.digest()
    records = [{**record, "model_sha256": digest} for record in measured]
    run.add_records(records)
    return records


def probe_subject(
    subject: Subject,
    sources: Sequence[ImageSource],
    options: ProbeOptions,
    *,
    step: int | None = None,
    picture: Path | None = None,
) -> list[dict[str, Any]]:
    """Measures the features of any network.

    Args:
        subject: The network.
        sources: Images to learn from and images to test on.
        options: What to measure.
        step: Its training steps, for the records; None where they are not known.
        picture: File of the picture of neighbours.

    Returns:
        One record a number, accuracies in percent. The picture of neighbours has none.

    Raises:
        InputError: A measure does not fit the data or the network, or features are not finite.
    """
    if "finetune" in options.measures and subject.encoder is None:
        raise InputError(f"the measure finetune is for encoders. Received: {subject.name}")
    if "neighbors" in options.measures and picture is None:
        raise InputError("`picture` must be a file for the measure neighbors. Received: None")
    if _NEED_LABELS & set(options.measures):
        _check_labels(sources)
    sizes = options.num_train, options.num_test
    train, test = (read_part(subject, source, size, options.seed) for source, size in zip(sources, sizes))
    _check_parts(subject, train, test, options)
    values: dict[str, Mapping[str, float]] = {}
    for measure in options.measures:
        keras.utils.set_random_seed(options.seed)  # initial weights, whichever measures came before
        values[measure] = MEASURES[measure](subject, train, test, options) if measure != "neighbors" else {}
    if picture is not None and "neighbors" in options.measures:
        write_png(picture, neighbours_picture(train, test, subject.output, seed=options.seed))
    protocol = {
        "num_real": len(train.images),
        "num_test": len(test.images),
        "num_seen": num_seen(train, test),
        "features": subject.name,
        "dataset": sources[0].name,
        "split": f"{options.train_split} -> {options.test_split}",
        "step": step,
    }
    return [
        _record(name, value, measure, options, protocol)
        for measure, own in values.items()
        for name, value in own.items()
    ]


def _check_labels(sources: Sequence[ImageSource]) -> None:
    """Raises an InputError unless all images have labels of the same classes."""
    for source in sources:
        if source.num_classes is None:
            raise InputError(f"{_WITH_LABELS} need labels, and split {source.split} of {source.name} has none.")
    numbers = {source.split: source.num_classes for source in sources}
    if len(set(numbers.values())) > 1:
        received = " and ".join(f"{number} in {split}" for split, number in numbers.items())
        raise InputError(f"{_WITH_LABELS} need the same classes to learn from and to test on. Received: {received}")


def _check_parts(subject: Subject, train: Part, test: Part, options: ProbeOptions) -> None:
    """Raises an InputError unless the measures fit the images and their features."""
    if _NEED_LABELS & set(options.measures) and len(np.unique(train.labels)) < 2:
        raise InputError(f"{_WITH_LABELS} need images of two classes. Received: {len(train.labels)} of one")
    shape = train.features[subject.output].shape[1:]
    if {"msssim", "mine", "ndm"} & set(options.measures) and len(shape) != 1:
        raise InputError(f"msssim, mine and ndm need vectors (Y,). Received: {subject.output} of shape {shape}")


def _record(name: str, value: float, measure: str, options: ProbeOptions, protocol: dict[str, Any]) -> dict[str, Any]:
    settings = {
        "mlp": f"; {options.mlp_epochs} epochs",
        "finetune": f"; {options.label_fraction:g} of them, {options.finetune_epochs} epochs",
        "msssim": f"; {options.decoder_steps} steps",
        "mine": f"; {options.estimator_steps} steps",
        "ndm": f"; {options.estimator_steps} steps",
    }
    definition = DEFINITIONS[measure] + settings.get(measure, "")
    error = value.standard_error if isinstance(value, Estimate) else None
    kind = None if error is None else "standard error"
    values = {"value": value, "std": error, "std_kind": kind, "values": [value], "seeds": [options.seed]}
    return {"metric": name, **values, "definition": definition, **protocol}


def probe_summary(records: list[dict[str, Any]]) -> str:
    """Returns records as a table for people."""
    if not records:
        return ""
    first = records[0]
    step = "" if first["step"] is None else f" at step {first['step']}"
    head = (
        f"{first['features']}{step}; {first['num_real']} images of {first['dataset']} to learn from, "
        f"{first['num_test']} to test on ({first['split']})"
    )
    if first["num_seen"]:
        head += f"; {first['num_seen']} of these are among the first, so accuracies are too high"
    rows = [
        f"{record['metric']:>20}  {value_text(record):<16}  {record['definition'].split(';')[0]}" for record in records
    ]
    return "\n".join([head, *rows])
