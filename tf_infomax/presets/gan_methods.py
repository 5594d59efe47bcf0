"""Methods of GANs: baselines, alone and with InfoMax or variational entropy."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import tf_infomax
from tf_infomax.presets.method import Method
from tf_infomax.presets.published import DEEP_INFOMAX, GAN_VER, PAPER
from tf_infomax.presets.settings import named, settings

# Source: Stacked MNIST of Unrolled GAN (Metz et al., 2017), which InfoMax-GAN's Appendix A.4 follows.
_DCGAN = Method(
    "Metz et al., ICLR 2017",
    architecture="dcgan",
    changes={
        "generator.base_channels": 64,
        "generator.latent_dim": 256,
        "adversarial_loss": "non_saturating",
        "batch_size": 128,
        "discriminator_steps": 1,
        "learning_rate": 1e-4,
        "discriminator_learning_rate": 2e-4,
        "beta_1": 0.5,
        "beta_2": 0.99,
        "decay": "none",
    },
    cpu_changes={"steps": 5000},
)


def _dcgan(base_channels: int) -> Method:
    """Width of the discriminator relative to the generator: K of InfoMax-GAN's Table 5."""
    return replace(_DCGAN, changes={**_DCGAN.changes, "discriminator.base_channels": base_channels})


_BASELINES: Mapping[str, Method] = {
    "sngan": Method("Miyato et al., ICLR 2018"),
    "ssgan": Method("Chen et al., CVPR 2019", objectives=lambda: [settings(tf_infomax.RotationPrediction)]),
    "cgan": Method("Miyato and Koyama, ICLR 2018", needs_classes=True, uses_classes=True),
    "wgan-gp": Method(
        "Gulrajani et al., NIPS 2017",
        objectives=lambda: [settings(tf_infomax.GradientPenalty)],
        changes={"adversarial_loss": "wasserstein", "discriminator.spectral_norm": False},
        # A step there costs five to six times as much as SNGAN's: fewer steps keep the budget.
        cpu_changes={"steps": 1000, "discriminator_steps": 5, "beta_1": 0.0, "beta_2": 0.9},
    ),
    "dcgan-quarter": _dcgan(8),
    "dcgan-half": _dcgan(16),
}


def _with_infomax(method: Method) -> Method:
    return replace(
        method,
        paper=PAPER,
        objectives=lambda: {**named(method.objectives()), **named([settings(tf_infomax.InfoMax)])},
        cpu_changes={"objectives.infomax.projection_dim": 64, **method.cpu_changes},
    )


# Source: GAN + VER, section IV-C. The paper gives neither Adam's decays nor that of its learning rate.
_VANILLA = Method(
    GAN_VER,
    architecture="mlp",
    cpu_architecture="dcgan",
    changes={
        "adversarial_loss": "minimax",
        "learning_rate": 2e-4,
        "beta_1": 0.0,
        "beta_2": 0.9,
        "decay": "linear",
        "jit_compile": True,
    },
    cpu_changes={
        "generator.latent_dim": 128,
        # Against a narrower generator the discriminator wins the saturating game at once.
        "generator.base_channels": 128,
        "generator.kernel_init": "kaiming",
        "discriminator.kernel_init": "kaiming",
        "discriminator.batch_norm": False,
        # By far the best of 2e-4, 1e-3, 2e-3 and 4e-3 for both games.
        "learning_rate": 4e-3,
        "jit_compile": False,  # XLA's convolutions are slower on a CPU.
    },
    # The same for all four models of a table.
    dataset_changes={"ring": {"steps": 15_000}, "grid": {"steps": 50_000}, "digits": {"steps": 6000}},
)
_WASSERSTEIN = replace(
    _VANILLA,
    objectives=lambda: [settings(tf_infomax.GradientPenalty)],
    changes={
        **_VANILLA.changes,
        "adversarial_loss": "wasserstein",
        # From the code of WGAN-GP's authors for mixtures; its target is 1 in the networks' coordinates.
        "objectives.gradient_penalty.discriminator_weight": 0.1,
        "objectives.gradient_penalty.target": 5.0,
    },
    cpu_changes={
        **_VANILLA.cpu_changes,
        "objectives.gradient_penalty.discriminator_weight": 10.0,
        "objectives.gradient_penalty.target": 1.0,
    },
)


def _with_entropy(method: Method, weights: Mapping[str, float]) -> Method:
    """Adds variational entropy, with a weight (lambda) by dataset, or 0.1."""
    changes: dict[str, dict[str, Any]] = {
        dataset: {**method.dataset_changes[dataset], "objectives.variational_entropy.generator_weight": weight}
        for dataset, weight in weights.items()
    }
    return replace(
        method,
        objectives=lambda: {**named(method.objectives()), **named([settings(tf_infomax.VariationalEntropy)])},
        cpu_changes={**method.cpu_changes, "objectives.variational_entropy.architecture": "mlp"},
        dataset_changes=changes,
    )


# Source: Deep InfoMax, Appendices A.8 and A.9; on points and digits with the networks of GAN + VER.
_PRIOR_MATCHING = Method(
    DEEP_INFOMAX,
    objectives=lambda: [settings(tf_infomax.ContractivePenalty)],
    game=lambda: settings(tf_infomax.PriorMatchingGame),
    architecture="mlp",
    cpu_architecture="dcgan",
    changes={
        **{name: value for name, value in _VANILLA.changes.items() if name != "adversarial_loss"},
        # The weight in 0.01, 0.1, 1 and 10 that finds all modes of the ring with the lowest 1-NN accuracy.
        "objectives.contractive_penalty.discriminator_weight": 1.0,
    },
    cpu_changes={**_VANILLA.cpu_changes, "learning_rate": 1e-3},
)


def _named_with_infomax(name: str) -> str:
    return "infomax-gan" if name == "sngan" else f"{name}-im"


# The weights of variational entropy are chosen by `tf-infomax reproduce ver-weights-DATASET`.
GAN_METHODS: Mapping[str, Method] = {
    **{
        row: method
        for name, baseline in _BASELINES.items()
        for row, method in ((name, baseline), (_named_with_infomax(name), _with_infomax(baseline)))
    },
    "vgan": _VANILLA,
    "vgan-ver": _with_entropy(_VANILLA, {"ring": 0.3, "grid": 0.3, "digits": 0.03}),
    "wgan": _WASSERSTEIN,
    "wgan-ver": _with_entropy(_WASSERSTEIN, {"ring": 3.0, "grid": 0.3, "digits": 0.03}),
    "ie": _PRIOR_MATCHING,
}
"""Methods by name."""
