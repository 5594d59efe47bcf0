"""Encoders compared on natural images: Deep InfoMax's Tables 1 and 4."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from tf_infomax.errors import InputError
from tf_infomax.presets import PRESETS, Preset
from tf_infomax.reproduction.claims import Claim
from tf_infomax.reproduction.deep_infomax.probe_table import COLUMNS, probe_table, probes_on, published_measures
from tf_infomax.reproduction.experiment import Experiment
from tf_infomax.reproduction.natural_table import IMAGE_SIZE, small_preset
from tf_infomax.reproduction.table_data import TableData
from tf_infomax.runs.options import ProbeOptions

BASELINES = ("vae", "ae", "beta-vae", "aae", "bigan", "nat", "dim-g")
LOCAL = ("dim-l-dv", "dim-l-jsd", "dim-l-infonce")
ROWS = ("untrained", "supervised", *BASELINES, *LOCAL)
HEAD_UNITS = 512
"""Units of the local objective's heads; 2,048 in the paper, whose step takes two cores seven times as long."""
_NARROW = {
    "num_channels": 1,
    "encoder.base_channels": 8,
    "encoder.fc_units": 16,
    "batch_size": 32,
    "objectives.local_infomax.head_units": 8,
    "objectives.global_infomax.head_units": 8,
    **{
        f"objectives.{name}.{width}": 8
        for name in ("reconstruction", "variational_bound", "adversarial_inference")
        for width in ("base_channels", "fc_units")
    },
}
"""For a check on grey digits."""


def deep_infomax_natural(
    *,
    steps: int = 10_000,
    estimator_steps: int = 2000,
    decoder_steps: int = 2000,
    mlp_epochs: int = 30,
    num_images: int | None = None,
    narrow: bool = False,
    data: TableData | None = None,
) -> Experiment:
    """Returns the experiment.

    Args:
        steps: Training steps of each encoder but the untrained one.
        estimator_steps: Steps of the networks behind MINE and NDM.
        decoder_steps: Steps of the decoder behind MS-SSIM.
        mlp_epochs: Epochs of the small classifiers.
        num_images: Training images of the probes, which are tested on a fifth of that number; all if None.
        narrow: Whether the encoders are a few channels wide and for grey images, for a check.
        data: Labelled data; CIFAR-10 if None.
    """
    data = (data or TableData()).or_else("cifar10")
    probes = probes_on(
        num_images,
        tested_on=5,
        mlp_epochs=mlp_epochs,
        estimator_steps=estimator_steps,
        decoder_steps=decoder_steps,
    )
    presets = {row: natural_encoder(row, data, steps, narrow=narrow) for row in ROWS}
    return probe_table(
        "deep-infomax-cifar10",
        presets,
        probes,
        preset_names={row: f"{row}-cifar10" for row in ROWS},
        run_options=data.encoder_options(),
        settings={"steps": steps, "data": data.settings},
        title=(
            f"{data.title}, the paper's encoder of 32 px, {steps:,} steps of 64 images each without labels but for the "
            f"supervised one; local heads of {HEAD_UNITS} units. Probes learn from "
            f"{'all' if num_images is None else format(num_images, ',')} training images with labels, and are tested "
            "on test images. Published: CIFAR-10, 1,000 epochs, local heads of 2,048 units, other epochs of the "
            "probes. The paper's MINE and NDM are other estimates, and not shown: here MINE is at most the logarithm "
            "of the number of test images, some 8 nats, and no claim is made on it."
        ),
        published={row: published_measures(f"{row}-cifar10", _COMPARED) for row in ROWS} | {"supervised": _SUPERVISED},
        claims=CLAIMS,
        check=lambda rows: check_encoders(data, probes, {row: presets[row] for row in rows}),
    )


def check_encoders(data: TableData, probes: ProbeOptions, presets: Mapping[str, Preset]) -> None:
    """Raises an InputError unless data have what encoders and probes need."""
    num_images, num_tested = probes.num_train or 1, probes.num_test or 1
    source = data.check(image_size=IMAGE_SIZE, num_images=num_images, num_tested=num_tested, labelled=True)
    for row, preset in presets.items():
        for name, there in (("num_classes", source.num_classes), ("num_images", source.num_images)):
            wanted = preset.data.given.get(name)
            if wanted not in (None, there):
                raise InputError(
                    f"The row {row} needs data with `{name}` {wanted:,}; leave it out by --rows. "
                    f"Received: {there:,} of {data.title}"
                )


def natural_encoder(
    method: str, data: TableData, steps: int, *, narrow: bool = False, changes: Mapping[str, Any] | None = None
) -> Preset:
    """Returns the preset of a method on natural images.

    Args:
        method: Name of the method.
        data: Data of the run.
        steps: Training steps; none for the untrained encoder.
        narrow: Whether the networks are a few channels wide and for grey images, for a check.
        changes: Other settings by name.
    """
    sizes = {"objectives.local_infomax.head_units": HEAD_UNITS, **(_NARROW if narrow else {})}
    if method == "nat" and narrow:
        sizes["num_images"] = 4000  # of grey digits; other methods keep nothing for each image
    length = {} if method == "untrained" else {"steps": steps}
    return small_preset(method, data, sizes, **length, **(changes or {}))


def _claim(
    text: str,
    table: int,
    column: str,
    pairs: Sequence[tuple[str, str]],
    *,
    better: Literal["lower", "higher"] = "higher",
) -> Claim:
    source = f"Deep InfoMax, Table {table}"
    return Claim(text=text, source=source, column=column, better=better, pairs=pairs, each=True)


_COMPARED = {name: heading for name, heading in COLUMNS.items() if name not in ("mine", "ndm")}
_MLP = {"mlp_conv": "the last convolution", "mlp_fc": "the last hidden layer", "mlp_output": "Y"}
_SUPERVISED = dict.fromkeys(_MLP, PRESETS["supervised-cifar10"].published["accuracy"])
"""The paper's Table 1 has one accuracy of it, beside those of the three layers."""
_TABLE_4 = ("vae", "aae", "nat", "dim-g")
"""Rows of that table beside BiGAN and DIM(L), which is by JSD there."""
CLAIMS = (
    *(
        claim
        for column, layer in _MLP.items()
        for claim in (
            _claim(
                f"From {layer}, DIM(L) InfoNCE is classified better than every baseline",
                1,
                column,
                [("dim-l-infonce", row) for row in BASELINES],
            ),
            _claim(f"From {layer}, InfoNCE is better than JSD", 1, column, [("dim-l-infonce", "dim-l-jsd")]),
            _claim(f"From {layer}, JSD is better than DV", 1, column, [("dim-l-jsd", "dim-l-dv")]),
        )
    ),
    _claim(
        "From the last hidden layer, DIM(L) InfoNCE is classified as well as the supervised encoder, or better",
        1,
        "mlp_fc",
        [("dim-l-infonce", "supervised")],
    ),
    _claim("DIM(L) is linearly separable best", 4, "svm_conv", [("dim-l-jsd", row) for row in (*_TABLE_4, "bigan")]),
    _claim(
        "Models that reconstruct keep more of the pixels", 4, "ms_ssim", [(row, "dim-l-jsd") for row in ("vae", "aae")]
    ),
    _claim(
        "BiGAN's outputs depend on each other most",
        4,
        "ndm",
        [(row, "bigan") for row in (*_TABLE_4, "dim-l-jsd")],
        better="lower",
    ),
)
"""What the paper's section 4 says of the rows."""
