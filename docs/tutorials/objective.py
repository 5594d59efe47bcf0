# %% [markdown]
# # An objective of your own
#
# A GAN in tf-infomax is a generator, a discriminator and a list of objectives. An objective is a loss that joins the
# adversarial game: it has a weight for each player and may have *heads*, small networks that train with it. This
# tutorial writes one, trains a GAN with it, watches it in TensorBoard, saves the model and loads it again.  The idea is
# old and simple: a generator that uses all of its latents makes images from which they can be recovered. So a linear
# head reads the latents off the discriminator's features of generated images, and its squared error becomes a loss of
# both players.

# %%
import os
from pathlib import Path

import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

from tf_infomax import (
    GAN,
    AuxiliaryObjective,
    ConvolutionalDiscriminator,
    ConvolutionalGenerator,
    InfoMax,
)
from tf_infomax.data import load_source, training_dataset

STEPS = int(os.environ.get("TUTORIAL_STEPS", 1000))
OUTPUT = Path(os.environ.get("TUTORIAL_OUTPUT", "objective"))
OUTPUT.mkdir(parents=True, exist_ok=True)

# %% [markdown]
# ## The objective
#
# `build` creates the heads. It receives the shapes of `latents`, of `images` and of everything that the discriminator
# returns, batch axis first. The two losses receive the discriminator and a
# [batch](../reference/objectives.md#tf_infomax.objectives.GeneratorBatch), which holds what the update has computed
# already: latents, images and the discriminator's features of them. Each returns a scalar, the mean over the batch, and
# a dictionary of metrics. The GAN weighs the losses, adds them to the adversarial ones and takes care of replicas.
#
# Heads train with the discriminator's optimizer; the generator differentiates through them. The decorator registers the
# class with Keras, so that a saved model can be loaded.


# %%
@keras.saving.register_keras_serializable(package="tutorial")
class LatentReconstruction(AuxiliaryObjective):
    """Mean squared error of latents that a linear head reads off the features of fake images."""

    def __init__(
        self,
        *,
        discriminator_weight=1.0,
        generator_weight=1.0,
        name="reconstruction",
        **kwargs,
    ):
        weights = {
            "discriminator_weight": discriminator_weight,
            "generator_weight": generator_weight,
        }
        super().__init__(name=name, **weights, **kwargs)
        self.head = None

    def build(self, shapes):
        self.head = keras.layers.Dense(shapes["latents"][-1], name="head")
        self.head.build(self.required(shapes, "global_features"))

    def discriminator_loss(self, discriminator, batch):
        return self.error(batch), {}

    def generator_loss(self, discriminator, batch):
        return self.error(batch), {}

    def error(self, batch):
        latents = self.head(batch.fake_features["global_features"])  # (B, Z)
        return tf.reduce_mean(tf.square(latents - batch.latents))


# %% [markdown]
# `self.required` is `shapes[...]` with a helpful error for discriminators that lack the feature.
#
# ## Training
#
# The objective goes into the list, here next to InfoMax. The networks are small, and the digits come with a
# dependency, so nothing is downloaded. A batch carries the images of a whole step of `fit`: one generator update after
# `discriminator_steps` discriminator updates.

# %%
batch_size, discriminator_steps = 32, 2
digits = load_source("digits", split="train", image_size=28)
dataset = training_dataset(
    digits, batch_size=discriminator_steps * batch_size, num_steps=STEPS, seed=0
)

keras.utils.set_random_seed(0)
gan = GAN(
    ConvolutionalGenerator(28, base_channels=16, latent_dim=16, num_channels=1),
    ConvolutionalDiscriminator(28, base_channels=16, num_channels=1),
    [InfoMax(64), LatentReconstruction(generator_weight=0.5)],
)
gan.compile("hinge", discriminator_steps=discriminator_steps)

# %% [markdown]
# Each term is logged under its player and its name: `discriminator/reconstruction` and `generator/reconstruction`.
# Keras' callback writes them for TensorBoard, and `fit` returns their means over each epoch.

# %%
epochs = min(10, STEPS)
history = gan.fit(
    dataset,
    epochs=epochs,
    steps_per_epoch=STEPS // epochs,
    shuffle=False,  # the dataset is shuffled already
    verbose=0,
    callbacks=[keras.callbacks.TensorBoard(OUTPUT / "logs", update_freq=10)],
).history
print(
    "latents' error, first and last epoch:",
    np.round(np.array(history["generator/reconstruction"])[[0, -1]], 3),
)

# %% [markdown]
# To watch it, run `tensorboard --logdir objective/logs`. The latents are standard normal, so guessing zero for each has
# an error of 1. That is what the head learns first; then the error falls further, as the generator makes its latents
# legible:

# %%
figure, axes = plt.subplots(figsize=(6, 3), layout="constrained")
for player in ("discriminator", "generator"):
    axes.plot(
        range(1, epochs + 1),
        history[f"{player}/reconstruction"],
        marker="o",
        label=f"in the {player}'s loss",
    )
axes.axhline(1.0, color="grey", linestyle=":", label="guessing zero")
axes.set(
    xlabel=f"epoch of {STEPS // epochs} steps",
    ylabel="mean squared error of latents",
    ylim=(0, 2),
)
axes.legend()
figure.savefig(OUTPUT / "objective.png", dpi=120)

# %% [markdown]
# ![The error of reconstructed latents over ten epochs, for both players](objective.png)
#
# ## Saving and loading
#
# A saved GAN holds everything: networks, objectives with their heads, optimizers and their moments. The loaded model
# generates the same images and goes on training where the saved one stopped.

# %%
gan.save(OUTPUT / "gan.keras")
loaded = keras.models.load_model(OUTPUT / "gan.keras")
assert loaded.objectives[1].generator_weight == 0.5
np.testing.assert_array_equal(
    loaded.objectives[1].head.kernel, gan.objectives[1].head.kernel
)
np.testing.assert_array_equal(loaded.generate(8, seed=1), gan.generate(8, seed=1))

# %% [markdown]
# An argument of the objective that is not a weight must be an attribute and appear in `get_config`, as in any Keras
# layer.
#
# ## Next
#
# - [A preset of your own](../guides/presets.md#a-preset-of-your-own), to train with the objective by a command.
# - [The base class](../reference/objectives.md#tf_infomax.objectives.AuxiliaryObjective): heads that train with the
#   generator, clipped gradients, metrics, randomness.
