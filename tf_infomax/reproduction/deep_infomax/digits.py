"""Deep InfoMax on digits: a small version of its Tables 1, 4 and 5, with an untrained and a supervised encoder."""

from collections.abc import Mapping, Sequence

from tf_infomax.presets import Preset, preset_named
from tf_infomax.reproduction.deep_infomax.probe_table import ACCURACIES, probe_table, probes_on
from tf_infomax.reproduction.experiment import Experiment, Summary

DATASET = "digits"
METHODS = (
    *("untrained", "dim-g", "dim-l-dv", "dim-l-jsd", "dim-l-infonce", "dim-lg", "dim-coord", "dim-occlude"),
    "supervised",
)

_LOCAL = ("dim-l-infonce", "dim-l-jsd", "dim-l-dv")
# Pairs of methods, the better one in the paper first: section 4.2.
_REPORTED: Mapping[str, Sequence[tuple[str, str]]] = {
    "DIM(L) above DIM(G)": [(method, "dim-g") for method in _LOCAL],
    "DIM(L) above the untrained encoder": [(method, "untrained") for method in _LOCAL],
    "InfoNCE at least as good as JSD": [("dim-l-infonce", "dim-l-jsd")],
    "JSD above DV": [("dim-l-jsd", "dim-l-dv")],
}


def deep_infomax_digits(
    *,
    steps: int | None = None,
    estimator_steps: int = 1000,
    decoder_steps: int = 500,
    mlp_epochs: int = 30,
    num_images: int | None = None,
) -> Experiment:
    """Returns the experiment.

    Args:
        steps: Training steps of each encoder but the untrained one; the presets' if None.
        estimator_steps: Steps of the networks behind MINE and NDM.
        decoder_steps: Steps of the decoder behind MS-SSIM.
        mlp_epochs: Epochs of the small classifiers.
        num_images: Training images of the probes, which are tested on a quarter of that number; all digits if None.
    """
    presets = {method: _preset(method, steps) for method in METHODS}
    options = probes_on(
        num_images,
        tested_on=4,
        mlp_epochs=mlp_epochs,
        estimator_steps=estimator_steps,
        decoder_steps=decoder_steps,
    )
    return probe_table(
        "deep-infomax-digits",
        presets,
        options,
        preset_names={method: _name(method) for method in METHODS},
        settings={} if steps is None else {"steps": steps},
        title=(
            f"Deep InfoMax on digits, {presets['dim-g'].steps:,} steps each on the training split without its labels; "
            f"probes learn from {num_images or 4000:,} of these images, with labels, and are tested on "
            f"{(num_images or 4000) // 4:,} others."
        ),
        conclude=findings,
    )


def findings(summary: Summary) -> str:
    """States the paper's order of methods, and whether it holds for the mean of the six accuracies.

    Args:
        summary: Summary of the methods measured so far; claims about others are left out.
    """
    heading = "The order that the paper reports, by the mean of the six accuracies:"
    means = {method: _mean_accuracy(columns) for method, columns in summary.items()}
    lines = []
    for claim, pairs in _REPORTED.items():
        if all({better, worse} <= set(means) for better, worse in pairs):
            holds = all(means[better] >= means[worse] for better, worse in pairs)
            numbers = ", ".join(f"{better} {means[better]:.1f}" for better, _ in pairs)
            worse = pairs[0][1]
            lines.append(f"- {claim}: {'yes' if holds else 'no'} ({numbers} against {worse} {means[worse]:.1f}).")
    return "\n".join([heading, "", *lines]) if lines else ""


def _mean_accuracy(columns: Mapping[str, Mapping[str, float]]) -> float:
    return sum(columns[name]["mean"] for name in ACCURACIES) / len(ACCURACIES)


def _preset(method: str, steps: int | None) -> Preset:
    preset = preset_named(_name(method))
    return preset if steps is None or method == "untrained" else preset.override({"steps": steps})


def _name(method: str) -> str:
    return f"{method}-{DATASET}"
