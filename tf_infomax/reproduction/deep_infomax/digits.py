"""Deep InfoMax on digits: a small version of its Tables 1, 4 and 5, with an untrained and a supervised encoder."""

from tf_infomax.presets import Preset, preset_named
from tf_infomax.reproduction.claims import Claim
from tf_infomax.reproduction.deep_infomax.probe_table import ACCURACIES, probe_table, probes_on
from tf_infomax.reproduction.experiment import Experiment

DATASET = "digits"
METHODS = (
    *("untrained", "dim-g", "dim-l-dv", "dim-l-jsd", "dim-l-infonce", "dim-lg", "dim-coord", "dim-occlude"),
    "supervised",
)

_LOCAL = ("dim-l-infonce", "dim-l-jsd", "dim-l-dv")


def _claim(text: str, source: str, *pairs: tuple[str, str]) -> Claim:
    return Claim(text=text, source=source, column=tuple(ACCURACIES), better="higher", pairs=pairs, each=True)


CLAIMS = (
    _claim(
        "DIM(L) is classified better than DIM(G)",
        "Deep InfoMax, Tables 1 and 2",
        *((method, "dim-g") for method in _LOCAL),
    ),
    _claim(
        "DIM(L) is classified better than the untrained encoder",
        "our question",
        *((method, "untrained") for method in _LOCAL),
    ),
    _claim("InfoNCE is better than JSD", "Deep InfoMax, Table 1", ("dim-l-infonce", "dim-l-jsd")),
    _claim("JSD is better than DV", "Deep InfoMax, Table 1", ("dim-l-jsd", "dim-l-dv")),
)
"""About the mean of the six accuracies."""


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
            f"Deep InfoMax on digits, {presets['dim-g'].steps:,} steps each on the training split, without its labels "
            f"but for the supervised one; probes learn from {num_images or 4000:,} of these images, with labels, and "
            f"are tested on {(num_images or 4000) // 4:,} others."
        ),
        claims=CLAIMS,
    )


def _preset(method: str, steps: int | None) -> Preset:
    preset = preset_named(_name(method))
    return preset if steps is None or method == "untrained" else preset.override({"steps": steps})


def _name(method: str) -> str:
    return f"{method}-{DATASET}"
