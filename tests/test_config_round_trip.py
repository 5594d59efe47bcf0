"""Round trips through configurations, for every serialisable class of the package."""

import importlib
import inspect
from pathlib import Path

import keras
import numpy as np
import pytest
from keras.saving import deserialize_keras_object, serialize_keras_object

import tf_infomax
from tests.tiny import tiny_gan
from tf_infomax import layers, networks, objectives
from tf_infomax.layers import residual
from tf_infomax.layers.pooled_convolution import PooledConv2D
from tf_infomax.models import (
    GAN,
    AdaptiveAugmentation,
    Augmentation,
    DeepInfoMax,
    DiffAugment,
    PlayersModel,
    games,
    schedules,
)
from tf_infomax.networks import ConvolutionalGenerator
from tf_infomax.objectives import AuxiliaryObjective, EncoderObjective
from tf_infomax.objectives.encoder_infomax import EncoderInfoMax
from tf_infomax.reproduction.infomax_gan.scaled_infomax import ScaledInfoMax

PACKAGE = Path(tf_infomax.__file__).parent
SERIALISED_BY_KERAS = (keras.layers.Layer, keras.optimizers.schedules.LearningRateSchedule)
BASES = {
    *(AuxiliaryObjective, EncoderInfoMax, EncoderObjective, PlayersModel, networks.ScoreHead),
    *(Augmentation, games.AdversarialGame, games.ThreePlayerGame),
}
"""Abstract: their subclasses are registered."""


def gan_parts() -> dict:
    gan = tiny_gan()
    return {part: getattr(gan, part) for part in ("generator", "discriminator", "objectives")}


def gan_arguments() -> dict:
    return {**gan_parts(), "seed": 3, "ema_decay": 0.5}


# Every argument of every class, none at its default: a value lost on the way would come back as the default.
ARGUMENTS = {
    layers.BatchNormalization: lambda: {"momentum": 0.5, "epsilon": 0.25, "affine": False},
    layers.ClassEmbedding: lambda: {"num_classes": 3, "num_features": 4},
    layers.ConditionalBatchNormalization: lambda: {"num_classes": 3, "momentum": 0.5, "epsilon": 0.25},
    layers.DiscriminatorBlock: lambda: {
        "in_channels": 2,
        "out_channels": 3,
        "downsample": True,
        "hidden_channels": 4,
        "activate_shortcut": False,
        "spectral_norm": False,
    },
    layers.GeneratorBlock: lambda: {"in_channels": 2, "out_channels": 3, "num_classes": 4},
    layers.InputDiscriminatorBlock: lambda: {"in_channels": 2, "out_channels": 3, "spectral_norm": False},
    DeepInfoMax: lambda: {
        "encoder": networks.StridedCropEncoder(32, base_channels=2, local_units=3, fc_units=4, output_dim=5),
        "objectives": [objectives.PriorMatching(hidden_units=(3,))],
        "occlusion": 8,
        "block_size": 3,
        "num_globals": 2,
        "random_flip": True,
        "seed": 3,
    },
    AdaptiveAugmentation: lambda: {"target": 0.5, "interval": 3, "num_images": 7, "probability": 0.25},
    DiffAugment: lambda: {"policy": ("cutout", "colour")},
    games.Hinge: dict,
    games.Minimax: dict,
    games.NonSaturating: dict,
    games.PriorMatchingGame: lambda: {"separation": 3.0, "critic_units": (3, 4), "critic_clip_norm": 0.5},
    games.Wasserstein: dict,
    networks.PriorDiscriminator: lambda: {"hidden_units": (3, 4)},
    objectives.ContractivePenalty: lambda: {"discriminator_weight": 0.5},
    layers.Maxout: lambda: {"units": 3, "num_pieces": 4, "bias_range": 0.5},
    PooledConv2D: lambda: {"filters": 3, "kernel_size": (5, 5)},
    layers.SpectralNormalization: lambda: {
        "layer": keras.layers.Dense(3, name="inner"),
        "iterate_at_inference": True,
    },
    networks.ConcatAndConvolve: lambda: {"units": 3},
    networks.ConvolutionBlock: lambda: {"channels": 3, "kernel_size": 5, "strides": 2, "padding": 1, "pool": True},
    networks.ConvolutionalDecoder: lambda: {"image_size": 28, "base_channels": 2, "fc_units": 4, "num_channels": 1},
    networks.ConvolutionalDiscriminator: lambda: {
        "image_size": 8,
        "base_channels": 16,
        "num_channels": 2,
        "num_classes": 4,
        "spectral_norm": False,
    },
    networks.ConvolutionalEncoder: lambda: {
        "image_size": 64,
        "architecture": "alexnet",
        "output_dim": 3,
        "base_channels": 2,
        "fc_units": 4,
        "num_channels": 1,
    },
    networks.ConvolutionalGenerator: lambda: {
        "image_size": 8,
        "base_channels": 16,
        "latent_dim": 3,
        "num_channels": 2,
        "num_classes": 4,
    },
    networks.DCGANDiscriminator: lambda: {
        "image_size": 12,
        "base_channels": 4,
        "num_channels": 2,
        "batch_norm": False,
        "kernel_init": "kaiming",
    },
    networks.DCGANGenerator: lambda: {
        "image_size": 12,
        "base_channels": 16,
        "latent_dim": 3,
        "num_channels": 2,
        "kernel_init": "kaiming",
    },
    networks.EncodeAndDot: lambda: {"units": 3},
    networks.FullyConnectedBlock: lambda: {"units": 3},
    networks.FullyConnectedNetwork: lambda: {"hidden_units": (3, 4), "output_dim": 2},
    networks.MLPDiscriminator: lambda: {
        "num_channels": 3,
        "base_channels": 4,
        "num_layers": 2,
        "num_pieces": 6,
        "unit": 0.5,
        "data_range": 2.0,
    },
    networks.MLPGenerator: lambda: {
        "num_channels": 3,
        "base_channels": 4,
        "num_layers": 2,
        "latent_dim": 5,
        "unit": 0.5,
    },
    networks.PairDiscriminator: lambda: {"image_size": 28, "base_channels": 2, "fc_units": 4, "num_channels": 1},
    networks.PixelRNN: lambda: {"units": 3},
    networks.ProjectionHead: lambda: {"projection_dim": 5, "spectral_norm": False},
    networks.ResNetDiscriminator: lambda: {
        "image_size": 48,
        "base_channels": 16,
        "num_channels": 2,
        "num_classes": 4,
        "spectral_norm": False,
        "activate_shortcut": False,
    },
    networks.ResNetGenerator: lambda: {
        "image_size": 48,
        "base_channels": 16,
        "latent_dim": 3,
        "num_channels": 2,
        "num_classes": 4,
    },
    networks.ScoreEmbedding: lambda: {"units": 3},
    networks.StridedCropEncoder: lambda: {
        "image_size": 64,
        "output_dim": 3,
        "base_channels": 2,
        "local_units": 5,
        "fc_units": 4,
        "num_channels": 1,
    },
    networks.StatisticsNetwork: lambda: {"architecture": "mlp", "hidden_units": 3, "base_channels": 4},
    objectives.AdversarialInference: lambda: {"weight": 0.5, "base_channels": 2, "fc_units": 4},
    objectives.Classification: lambda: {"num_classes": 3, "weight": 0.5},
    objectives.ContrastivePrediction: lambda: {
        "weight": 0.5,
        "estimator": "dv",
        "num_rows": 2,
        "head_units": 3,
        "layer": "conv",
    },
    objectives.CoordinatePrediction: lambda: {
        "weight": 0.5,
        "coordinates": "relative",
        "hidden_units": 3,
        "layer": "conv",
    },
    objectives.GlobalInfoMax: lambda: {
        "weight": 0.5,
        "estimator": "dv",
        "head": "encode_and_dot",
        "head_units": 3,
        "num_negatives": 2,
    },
    objectives.GradientPenalty: lambda: {"discriminator_weight": 0.5, "target": 2.0},
    objectives.InfoMax: lambda: {
        "projection_dim": 5,
        "discriminator_weight": 0.5,
        "generator_weight": 0.75,
        "own_locations": "masked",
        "negatives": "replica",
        "spectral_norm": False,
        "local_layer": "block0",
        "global_layer": "block1",
        "location_fraction": 0.5,
    },
    ScaledInfoMax: lambda: {
        "projection_dim": 5,
        "discriminator_weight": 0.5,
        "generator_weight": 0.75,
        "scale": 2.0,
        "mean_pooling": True,
    },
    objectives.LocalInfoMax: lambda: {
        "weight": 0.5,
        "estimator": "dv",
        "head": "concat_and_convolve",
        "head_units": 3,
        "num_negatives": 2,
        "layer": "conv",
    },
    objectives.NoiseAsTargets: lambda: {"num_images": 5, "weight": 0.5},
    objectives.PriorMatching: lambda: {"weight": 0.5, "prior": "normal", "hidden_units": (3, 2)},
    objectives.Reconstruction: lambda: {"weight": 0.5, "base_channels": 2, "fc_units": 4},
    objectives.RotationPrediction: lambda: {
        "discriminator_weight": 0.5,
        "generator_weight": 0.75,
        "spectral_norm": False,
    },
    objectives.VariationalBound: lambda: {"weight": 0.5, "beta": 0.25, "base_channels": 2, "fc_units": 4},
    objectives.VariationalEntropy: lambda: {
        "generator_weight": 0.5,
        "clip_to_adversarial": False,
        "architecture": "mlp",
        "hidden_units": 3,
        "base_channels": 4,
    },
    schedules.LinearDecay: lambda: {"learning_rate": 0.5, "num_steps": 7, "updates_per_step": 3, "extensions": [9]},
    GAN: gan_arguments,
}


def serialisable_classes() -> set[type]:
    """Classes of the package that Keras must be able to save, from every module that derives one."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        if "import keras" not in path.read_text():
            continue
        module = importlib.import_module(".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts))
        classes = (member for _, member in inspect.getmembers(module, inspect.isclass))
        found |= {c for c in classes if c.__module__ == module.__name__ and issubclass(c, SERIALISED_BY_KERAS)}
    return found - BASES


def init_parameters(cls: type) -> dict[str, inspect.Parameter]:
    """The arguments of `__init__` that are the class's own: not `name`, which Keras saves."""
    parameters = inspect.signature(cls.__init__).parameters.items()
    own = {name: p for name, p in parameters if p.kind is not p.VAR_KEYWORD and name not in ("self", "name")}
    return own


def test_every_serialisable_class_is_tested():
    assert serialisable_classes() == set(ARGUMENTS)


@pytest.mark.parametrize("cls", ARGUMENTS, ids=lambda cls: cls.__name__)
def test_round_trip(cls):
    arguments, parameters = ARGUMENTS[cls](), init_parameters(cls)
    assert set(arguments) == set(parameters)
    for name, parameter in parameters.items():
        assert parameter.default != arguments[name], f"the test must not use the default of {name}"
    instance = cls(**arguments)
    config = instance.get_config()
    for name, value in arguments.items():
        assert getattr(instance, name) == value
        assert name in config
    copy = cls.from_config(instance.get_config())
    assert type(copy) is cls and copy.get_config() == config


@pytest.mark.parametrize("cls", ARGUMENTS, ids=lambda cls: cls.__name__)
def test_keras_revives_it_by_its_registered_name(cls):
    instance = cls(**ARGUMENTS[cls]())
    serialised = serialize_keras_object(instance)
    assert serialised["registered_name"] == f"tf_infomax>{cls.__name__}"
    revived = deserialize_keras_object(serialised)
    assert type(revived) is cls and revived.get_config() == instance.get_config()


@pytest.mark.parametrize(
    "cls", [cls for cls in ARGUMENTS if issubclass(cls, keras.layers.Layer)], ids=lambda cls: cls.__name__
)
def test_name_and_dtype_policy_round_trip(cls):
    instance = cls(**ARGUMENTS[cls](), name="named", dtype="mixed_bfloat16")
    copy = cls.from_config(instance.get_config())
    assert copy.name == "named" and copy.dtype_policy.name == "mixed_bfloat16"


def test_a_subclass_that_passes_arguments_on_keeps_them():
    class Louder(objectives.InfoMax):
        def __init__(self, *, gain: float, **kwargs) -> None:
            super().__init__(**kwargs)
            self.gain = gain

        def get_config(self) -> dict:
            return {**super().get_config(), "gain": self.gain}

    copy = Louder.from_config(Louder(gain=2.0, projection_dim=5, generator_weight=0.75).get_config())
    assert (copy.gain, copy.projection_dim, copy.generator_weight) == (2.0, 5, 0.75)


class Wider(ConvolutionalGenerator):
    """A user's network with an argument of its own that passes on the rest."""

    def __init__(self, *args, factor: int = 2, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.factor = factor


def test_a_users_network_that_passes_arguments_on_keeps_them(tmp_path):
    network = Wider(8, base_channels=4, latent_dim=4, num_channels=1, factor=3)
    config = network.get_config()
    assert (config["image_size"], config["base_channels"], config["latent_dim"], config["factor"]) == (8, 4, 4, 3)
    network(np.zeros((1, 4), np.float32))
    network.save(tmp_path / "network.keras")
    loaded = keras.models.load_model(tmp_path / "network.keras", custom_objects={"Wider": Wider})
    assert loaded(np.zeros((1, 4), np.float32)).shape == (1, 8, 8, 1) and loaded.factor == 3


def test_resolved_widths_are_kept():
    """A block without `hidden_channels` and a network without `base_channels` save what they chose."""
    assert residual.DiscriminatorBlock(2, 3).get_config()["hidden_channels"] == 2
    assert networks.ResNetGenerator(48).get_config()["base_channels"] == 512
