"""SNGAN, InfoMax-GAN, SSGAN and SSGAN + IM on natural images of 32 px: InfoMax-GAN's Tables 1 and 2, Figure 4."""

import dataclasses
import functools
from collections.abc import Mapping
from pathlib import Path

from tf_infomax.presets import PRESETS
from tf_infomax.reproduction.claims import Claim
from tf_infomax.reproduction.experiment import Experiment
from tf_infomax.reproduction.natural_table import (
    IMAGE_SIZE,
    METRICS,
    SMALL,
    Size,
    draw_natural,
    natural_data,
    natural_table,
    small_preset,
)
from tf_infomax.reproduction.table_data import TableData
from tf_infomax.runs.directory import RunDirectory
from tf_infomax.runs.options import ProbeOptions
from tf_infomax.runs.probing.probe import probe_run

METHODS = ("sngan", "infomax-gan", "ssgan", "ssgan-im")
CLAIMS = (
    Claim(
        text="InfoMax-GAN is nearer to the data than SNGAN",
        source="InfoMax-GAN, Table 1",
        column="fid",
        better="lower",
        pairs=[("infomax-gan", "sngan")],
    ),
    Claim(
        text="SSGAN is nearer to them than SNGAN",
        source="InfoMax-GAN, Table 1",
        column="fid",
        better="lower",
        pairs=[("ssgan", "sngan")],
    ),
    Claim(
        text="InfoMax improves SSGAN",
        source="InfoMax-GAN, Table 2",
        column="fid",
        better="lower",
        pairs=[("ssgan-im", "ssgan")],
    ),
    Claim(
        text="Samples of InfoMax-GAN are more diverse than SNGAN's",
        source="InfoMax-GAN, section 3.3",
        column="recall",
        better="higher",
        pairs=[("infomax-gan", "sngan")],
    ),
    Claim(
        text="From InfoMax-GAN's discriminator classes are told apart better than from SNGAN's",
        source="our question",
        column="svm_global_features",
        better="higher",
        pairs=[("infomax-gan", "sngan")],
    ),
)
_PROBES = {"svm_local_features": "SVM local %", "svm_global_features": "SVM global %"}
"""Accuracies of linear machines on the discriminator's features."""


def natural_images(
    *,
    steps: int = 6000,
    num_images: int = 10_000,
    num_probed: int = 10_000,
    size: Size = SMALL,
    data: TableData | None = None,
) -> Experiment:
    """Returns the experiment.

    Args:
        steps: Generator steps of each run.
        num_images: Generated and real images per measurement.
        num_probed: Labelled training images from which the discriminator's features are classified; tested on a fifth
            of that number.
        size: Size of the networks.
        data: Labelled data of the runs; CIFAR-10 with Inception's features if None.
    """
    data = natural_data(data)
    probes = ProbeOptions(("svm",), num_train=num_probed, num_test=num_probed // 5)
    published = {row: {"fid": PRESETS[f"{row}-cifar10"].published["fid"]} for row in METHODS}
    table = natural_table(
        "natural-images",
        {method: small_preset(method, data, size, steps=steps) for method in METHODS},
        size,
        steps,
        num_images,
        data,
        watched=METRICS,
        published=published,
        illustrate=functools.partial(draw_natural, data=data),
        claims=CLAIMS,
        check=lambda rows: data.check(
            image_size=IMAGE_SIZE,
            num_images=max(num_images, num_probed),
            num_tested=probes.num_test or 0,
            labelled=True,
        ),
    )

    def measure(row: str, seed: int, folder: Path) -> Mapping[str, float]:
        values = table.measure(row, seed, folder)
        records = probe_run(RunDirectory(folder), dataclasses.replace(probes, seed=seed))
        return {**values, **{record["metric"]: record["value"] for record in records}}

    settings = {**table.settings, "num_probed": num_probed}
    return dataclasses.replace(table, settings=settings, columns={**table.columns, **_PROBES}, measure=measure)
