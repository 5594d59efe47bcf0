"""From a preset to a compiled GAN."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import keras

from tf_infomax.models.games import AdversarialGame, PriorMatchingGame, ThreePlayerGame, as_game
from tf_infomax.models.gan import GAN
from tf_infomax.models.optimizers import default_optimizer
from tf_infomax.models.schedules import LinearDecay
from tf_infomax.networks import (
    ConvolutionalDiscriminator,
    ConvolutionalGenerator,
    DCGANDiscriminator,
    DCGANGenerator,
    MLPDiscriminator,
    MLPGenerator,
    ResNetDiscriminator,
    ResNetGenerator,
)
from tf_infomax.objectives import (
    AuxiliaryObjective,
    ContractivePenalty,
    GradientPenalty,
    InfoMax,
    RotationPrediction,
    VariationalEntropy,
)
from tf_infomax.presets.preset import GANPreset


class _Networks(NamedTuple):
    """An architecture: two classes, and the settings that each takes besides those that all take."""

    generator: type[keras.Model]
    generator_settings: tuple[str, ...]
    discriminator: type[keras.Model]
    discriminator_settings: tuple[str, ...]


_NETWORKS: Mapping[str, _Networks] = {
    "resnet": _Networks(
        ResNetGenerator,
        ("num_classes",),
        ResNetDiscriminator,
        ("num_classes", "spectral_norm", "activate_shortcut"),
    ),
    "convolutional": _Networks(
        ConvolutionalGenerator, ("num_classes",), ConvolutionalDiscriminator, ("num_classes", "spectral_norm")
    ),
    "dcgan": _Networks(
        DCGANGenerator, ("kernel_init",), DCGANDiscriminator, ("kernel_init", "discriminator_batch_norm")
    ),
    "mlp": _Networks(MLPGenerator, ("unit",), MLPDiscriminator, ("unit", "data_range")),
}


def build_gan(preset: GANPreset, *, log_gradient_norms: bool = False) -> GAN:
    """Builds and compiles the GAN of a preset; under a strategy, call it in the strategy's scope.

    It sets Keras' random seed, so that equal presets give equal initial weights.

    Args:
        preset: What to build.
        log_gradient_norms: As in `GAN.compile`.

    Raises:
        InputError: The networks or objectives refuse a setting.
    """
    keras.utils.set_random_seed(preset.seed)
    parts = _generator(preset), _discriminator(preset), build_objectives(preset)
    gan = GAN(*parts, seed=preset.seed, ema_decay=preset.ema_decay)
    game = _game(preset)
    gan.compile(
        game,
        discriminator_steps=preset.discriminator_steps,
        generator_optimizer=_optimizer(preset, preset.learning_rate, 1),
        discriminator_optimizer=_discriminators_optimizer(preset),
        critic_optimizer=_discriminators_optimizer(preset) if isinstance(game, ThreePlayerGame) else None,
        log_gradient_norms=log_gradient_norms,
        jit_compile=preset.jit_compile,
    )
    return gan


def _game(preset: GANPreset) -> AdversarialGame:
    if preset.adversarial_loss == "prior_matching":
        return PriorMatchingGame(preset.separation)
    return as_game(preset.adversarial_loss)


def build_objectives(preset: GANPreset) -> list[AuxiliaryObjective]:
    """Returns the preset's auxiliary objectives, in order."""
    builders = {
        "infomax": _infomax,
        "rotation": _rotation,
        "gradient_penalty": _gradient_penalty,
        "contractive_penalty": _contractive_penalty,
        "variational_entropy": _variational_entropy,
    }
    return [builders[name](preset) for name in preset.objectives]


def _generator(preset: GANPreset) -> keras.Model:
    networks = _NETWORKS[preset.architecture]
    settings = _network_settings(preset, networks.generator_settings, preset.generator_channels)
    return networks.generator(latent_dim=preset.latent_dim, **settings)


def _discriminator(preset: GANPreset) -> keras.Model:
    networks = _NETWORKS[preset.architecture]
    settings = _network_settings(preset, networks.discriminator_settings, preset.discriminator_channels)
    return networks.discriminator(**settings)


def _network_settings(preset: GANPreset, names: tuple[str, ...], base_channels: int | None) -> dict[str, Any]:
    size = {} if preset.image_size is None else {"image_size": preset.image_size}
    width = {} if base_channels is None else {"base_channels": base_channels}
    own = {name.removeprefix("discriminator_"): getattr(preset, name) for name in names}
    return {"num_channels": preset.num_channels, "dtype": preset.precision, **size, **width, **own}


def _infomax(preset: GANPreset) -> InfoMax:
    return InfoMax(
        preset.projection_dim,
        discriminator_weight=preset.infomax_discriminator_weight,
        generator_weight=preset.infomax_generator_weight,
        own_locations=preset.own_locations,
        negatives=preset.negatives,
        spectral_norm=preset.infomax_spectral_norm,
        local_layer=preset.local_layer,
        global_layer=preset.global_layer,
        location_fraction=preset.location_fraction,
        dtype=preset.precision,
    )


def _rotation(preset: GANPreset) -> RotationPrediction:
    return RotationPrediction(
        discriminator_weight=preset.rotation_discriminator_weight,
        generator_weight=preset.rotation_generator_weight,
        dtype=preset.precision,
    )


def _gradient_penalty(preset: GANPreset) -> GradientPenalty:
    return GradientPenalty(
        discriminator_weight=preset.gradient_penalty_weight,
        target=preset.gradient_penalty_target,
        dtype=preset.precision,
    )


def _variational_entropy(preset: GANPreset) -> VariationalEntropy:
    return VariationalEntropy(
        generator_weight=preset.variational_entropy_weight,
        clip_to_adversarial=preset.variational_entropy_clipping,
        architecture=preset.statistics_network,
        dtype=preset.precision,
    )


def _contractive_penalty(preset: GANPreset) -> ContractivePenalty:
    return ContractivePenalty(discriminator_weight=preset.contractive_penalty_weight, dtype=preset.precision)


def _discriminators_optimizer(preset: GANPreset) -> keras.optimizers.Optimizer:
    rate = preset.discriminator_learning_rate or preset.learning_rate
    return _optimizer(preset, rate, preset.discriminator_steps)


def _optimizer(preset: GANPreset, learning_rate: float, updates_per_step: int) -> keras.optimizers.Optimizer:
    rate = learning_rate
    if preset.decay == "linear":
        rate = LinearDecay(learning_rate, preset.steps, updates_per_step=updates_per_step)
    return default_optimizer(rate, beta_1=preset.beta_1, beta_2=preset.beta_2)
