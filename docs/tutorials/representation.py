# %% [markdown]
# # Represent images with Deep InfoMax
#
# [Deep InfoMax](https://arxiv.org/abs/1808.06670) trains an encoder without labels: the mutual information between its
# output Y and the locations of a feature map grows, while Y is drawn towards a prior. This tutorial trains a small
# encoder on handwritten digits, asks a linear classifier what Y knows about them, and looks at nearest neighbours.

# %%
import os
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import NearestNeighbors
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from tf_infomax import ConvolutionalEncoder, DeepInfoMax, LocalInfoMax, PriorMatching
from tf_infomax.data import load_digits, load_source, training_dataset
from tf_infomax.images import image_grid, write_png

STEPS = int(os.environ.get("TUTORIAL_STEPS", 500))
OUTPUT = Path(os.environ.get("TUTORIAL_OUTPUT", "representation"))
OUTPUT.mkdir(parents=True, exist_ok=True)

# %% [markdown]
# ## The encoder and its objectives
#
# An encoder returns a dictionary: `local_features` (B, h, w, C'), the map that is compared with Y; `conv` and `fc`, the
# last convolution and the last hidden layer; and `output`, which is Y. `LocalInfoMax` maximises the information between
# Y and each location, here by InfoNCE: the own locations have to be told apart from those of the other images in the
# batch. `PriorMatching` has a discriminator of its own, which compares Y with uniform noise.

# %%
keras.utils.set_random_seed(0)
dim = DeepInfoMax(
    ConvolutionalEncoder(28, base_channels=16, fc_units=128, num_channels=1),
    [LocalInfoMax(estimator="infonce", head_units=128), PriorMatching(0.1)],
)
dim.compile(
    encoder_optimizer=keras.optimizers.Adam(5e-4),
    critic_optimizer=keras.optimizers.Adam(5e-4),
)

# %% [markdown]
# Before it trains, the encoder's output is kept for comparison: random convolutions are decent features of digits.

# %%
images, labels = load_digits("train")
test_images, test_labels = load_digits("test")
images, test_images = images[..., None], test_images[..., None]  # (N, 28, 28, 1) uint8
untrained = dim.encode(images)["output"], dim.encode(test_images)["output"]

digits = load_source("digits", split="train", image_size=28)
history = dim.fit(
    training_dataset(digits, batch_size=64, num_steps=STEPS, seed=0),
    steps_per_epoch=STEPS,
    shuffle=False,  # the dataset is shuffled already
    verbose=0,
).history
print({name: round(float(values[-1]), 3) for name, values in history.items()})

# %% [markdown]
# ## A linear classifier on Y
#
# The probe sees labels, which the encoder never did. It learns from the training digits and is tested on others.


# %%
def accuracy(train, test):
    """Returns the percentage of test digits that a linear classifier on standardised features predicts correctly."""
    classifier = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000))
    return 100 * classifier.fit(train, labels).score(test, test_labels)


trained = (
    dim.encode(images)["output"],
    dim.encode(test_images)["output"],
)  # (N, 64) float32
accuracies = {"untrained Y": accuracy(*untrained), "trained Y": accuracy(*trained)}
for name, value in accuracies.items():
    print(f"{name}: {value:.1f} %")

# %% [markdown]
# [The table of encoders](../results/deep-infomax-digits.md) has the same comparison for wider encoders, longer training
# and every estimator, over three seeds.
#
# ## Nearest neighbours
#
# The first column shows a test digit, the others the training digits whose Y is nearest to its own in angle.

# %%
neighbours = NearestNeighbors(n_neighbors=9, metric="cosine").fit(trained[0])
queries = np.array([np.flatnonzero(test_labels == digit)[0] for digit in range(10)])
nearest = neighbours.kneighbors(trained[1][queries], return_distance=False)  # (10, 9)
rows = [
    image
    for query, row in zip(queries, nearest, strict=True)
    for image in (test_images[query], *images[row])
]
write_png(
    OUTPUT / "representation.png", image_grid(np.stack(rows), columns=10, scale=2)
)
share = np.mean(labels[nearest] == test_labels[queries][:, None])
print(f"neighbours of the same class: {100 * share:.0f} %")

# %% [markdown]
# ![Ten digits, each with its nine nearest neighbours](representation.png)
#
# ## Keeping the encoder
#
# A saved model goes on training and goes on encoding.

# %%
dim.save(OUTPUT / "deep_infomax.keras")
loaded = keras.models.load_model(OUTPUT / "deep_infomax.keras")
np.testing.assert_allclose(
    loaded.encode(test_images[:8])["output"], trained[1][:8], rtol=1e-5, atol=1e-5
)
assert tf.io.gfile.exists(str(OUTPUT / "representation.png"))

# %% [markdown]
# The same as a run, with checkpoints and TensorBoard, and its measures by one command each:
#
# ```bash
# tf-infomax train dim-l-infonce-digits --run-dir RUN
# tf-infomax probe RUN --measures svm mlp neighbors
# ```
#
# ## Next
#
# - [Measuring](../guides/measuring.md#representations): every measure of a representation.
# - [Serving](../guides/serving.md): an encoder as a SavedModel.
# - [Objectives](../reference/objectives.md): `GlobalInfoMax`, the other estimators, coordinates, classification.
