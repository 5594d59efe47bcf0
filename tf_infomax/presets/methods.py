"""Methods: objectives, adversarial loss and networks."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tf_infomax.presets.encoder_published import DEEP_INFOMAX
from tf_infomax.presets.published import GAN_VER


@dataclass(frozen=True)
class Method:
    """What a method sets, whatever it is trained on."""

    paper: str
    """Who published it."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Fields of `GANPreset`; they come after the dataset's."""
    cpu_settings: Mapping[str, Any] = field(default_factory=dict)
    """What differs on CPU-sized datasets."""
    dataset_settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """What differs on single datasets, by their names; it comes last."""
    conditional: bool = False
    """Whether the networks are conditioned on the dataset's classes."""


_INFOMAX_GAN = "Lee et al., WACV 2021"
# Source: Stacked MNIST of Unrolled GAN (Metz et al., 2017), which InfoMax-GAN's Appendix A.4 follows.
_DCGAN = {
    "architecture": "dcgan",
    "spectral_norm": False,
    "generator_channels": 64,
    "latent_dim": 256,
    "adversarial_loss": "non_saturating",
    "batch_size": 128,
    "discriminator_steps": 1,
    "learning_rate": 1e-4,
    "discriminator_learning_rate": 2e-4,
    "beta_1": 0.5,
    "beta_2": 0.99,
    "decay": "none",
}

# Source: GAN + VER, section IV-C. Adam's decays and that of its learning rate are not in the paper.
_VER = {
    "spectral_norm": False,
    "architecture": "mlp",
    "learning_rate": 2e-4,
    "beta_1": 0.0,
    "beta_2": 0.9,
    "decay": "linear",
    "jit_compile": True,
}
_VER_DIGITS = {
    "architecture": "dcgan",
    # Against a narrower generator the discriminator wins the saturating game at once.
    "generator_channels": 128,
    "kernel_init": "kaiming",
    # Of 2e-4, 1e-3, 2e-3 and 4e-3 the best for both games, by far.
    "learning_rate": 4e-3,
    "discriminator_batch_norm": False,
    "statistics_network": "mlp",
    "gradient_penalty_weight": 10.0,
    "gradient_penalty_target": 1.0,
    "jit_compile": False,  # XLA's convolutions are the slower ones on a CPU.
}
# The same for all four models of a table.
_VER_STEPS: Mapping[str, Mapping[str, Any]] = {
    "ring": {"steps": 15_000},
    "grid": {"steps": 50_000},
    "digits": {"steps": 6000},
}
# Chosen by `trainers.reproduce ver-weights-DATASET`.
_ENTROPY_WEIGHTS: Mapping[str, Mapping[str, float]] = {
    "vgan": {"ring": 0.3, "grid": 0.3, "digits": 0.03},
    "wgan": {"ring": 3.0, "grid": 0.3, "digits": 0.03},
}

# Source: Deep InfoMax, Appendices A.8 and A.9; on points and digits with the networks of GAN + VER.
_PRIOR_MATCHING = Method(
    DEEP_INFOMAX,
    {
        **_VER,
        "adversarial_loss": "prior_matching",
        "objectives": ("contractive_penalty",),
        # Of 0.01, 0.1, 1 and 10 the one that finds all modes of the ring with the lowest 1-NN accuracy.
        "contractive_penalty_weight": 1.0,
    },
    {**_VER_DIGITS, "learning_rate": 1e-3},
)

_BASELINES = {
    "sngan": Method("Miyato et al., ICLR 2018"),
    "ssgan": Method("Chen et al., CVPR 2019", {"objectives": ("rotation",)}),
    "cgan": Method("Miyato and Koyama, ICLR 2018", conditional=True),
    "wgan-gp": Method(
        "Gulrajani et al., NIPS 2017",
        {"objectives": ("gradient_penalty",), "adversarial_loss": "wasserstein", "spectral_norm": False},
        # A step costs five to six of SNGAN's there: fewer steps keep the budget.
        {"steps": 1000, "discriminator_steps": 5, "beta_1": 0.0, "beta_2": 0.9},
    ),
    # The discriminator's size relative to the generator: K of InfoMax-GAN's Table 5.
    "dcgan-quarter": Method("Metz et al., ICLR 2017", {**_DCGAN, "discriminator_channels": 8}, {"steps": 5000}),
    "dcgan-half": Method("Metz et al., ICLR 2017", {**_DCGAN, "discriminator_channels": 16}, {"steps": 5000}),
}


def _with_infomax(method: Method) -> Method:
    objectives = (*method.settings.get("objectives", ()), "infomax")
    return replace(method, paper=_INFOMAX_GAN, settings={**method.settings, "objectives": objectives})


def _methods() -> dict[str, Method]:
    methods = {}
    for name, baseline in _BASELINES.items():
        methods[name] = baseline
        methods["infomax-gan" if name == "sngan" else f"{name}-im"] = _with_infomax(baseline)
    return methods | _ver_methods() | {"ie": _PRIOR_MATCHING}


def _ver_methods() -> dict[str, Method]:
    # As for the mixtures of WGAN-GP, by its authors' code; its target of 1 in the coordinates that the networks see.
    wasserstein = {
        "adversarial_loss": "wasserstein",
        "gradient_penalty_weight": 0.1,
        "gradient_penalty_target": 5.0,
    }
    games: Mapping[str, tuple[Mapping[str, Any], tuple[str, ...]]] = {
        "vgan": ({"adversarial_loss": "minimax"}, ()),
        "wgan": (wasserstein, ("gradient_penalty",)),
    }
    methods = {}
    for name, (game, penalties) in games.items():
        settings = {**_VER, **game, "objectives": penalties}
        plain = Method(GAN_VER, settings, _VER_DIGITS, _VER_STEPS)
        methods[name] = plain
        methods[f"{name}-ver"] = replace(
            plain,
            settings={**settings, "objectives": (*penalties, "variational_entropy")},
            dataset_settings={
                dataset: {**_VER_STEPS[dataset], "variational_entropy_weight": weight}
                for dataset, weight in _ENTROPY_WEIGHTS[name].items()
            },
        )
    return methods


METHODS: Mapping[str, Method] = _methods()
"""The methods by name: each baseline, and with InfoMax or variational entropy beside it."""
