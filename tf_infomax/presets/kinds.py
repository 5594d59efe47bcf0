"""Kinds of models: the base presets of methods and datasets."""

from collections.abc import Callable, Mapping
from typing import Literal

import tf_infomax
from tf_infomax.presets.data import EncoderData, GANData
from tf_infomax.presets.game import AdversarialGame, EncoderGame
from tf_infomax.presets.optimization import GANOptimization, Optimization
from tf_infomax.presets.preset import Preset
from tf_infomax.presets.schedule import Schedule
from tf_infomax.presets.settings import Settings, settings

KindName = Literal["gan", "encoder"]
Parts = Mapping[str, Settings]


def gan(dataset: str, networks: Parts, objectives: Parts) -> Preset:
    """Returns a GAN with the settings of InfoMax-GAN, Appendix A.2."""
    model = settings(tf_infomax.GAN, **networks, objectives=objectives)
    return Preset(GANData(dataset), model, AdversarialGame(), GANOptimization(), Schedule())


def encoder(dataset: str, networks: Parts, objectives: Parts) -> Preset:
    """Returns an encoder with the settings of Deep InfoMax, Appendix A.2."""
    model = settings(tf_infomax.DeepInfoMax, **networks, objectives=objectives)
    adam = Optimization(learning_rate=1e-4, beta_1=0.9, beta_2=0.999, decay="none")
    return Preset(EncoderData(dataset), model, EncoderGame(), adam, Schedule())


KINDS: Mapping[KindName, Callable[[str, Parts, Parts], Preset]] = {"gan": gan, "encoder": encoder}
"""Functions from a dataset's name, networks and objectives to a preset."""
