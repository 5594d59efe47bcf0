# %% [markdown]
# # Your own photos
#
# A folder of images is a dataset. This tutorial makes one, trains a GAN from it by a command, trains another in Python,
# and lets both draw. The pictures are computed here, so that the script runs anywhere; with photos of your own, start
# at the second section.

# %%
import os
import shlex
import subprocess
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from tf_infomax import GAN, ConvolutionalDiscriminator, ConvolutionalGenerator, InfoMax
from tf_infomax.data import load_source, training_dataset
from tf_infomax.images import image_grid, write_png

STEPS = int(os.environ.get("TUTORIAL_STEPS", 2000))
OUTPUT = Path(os.environ.get("TUTORIAL_OUTPUT", "photos"))
SHAPES = OUTPUT / "shapes"

# %% [markdown]
# ## A folder with classes
#
# Sub-folders are classes, in the order of their names. Without sub-folders the images have no labels. Sizes and formats
# may differ: JPEG, PNG, GIF, BMP and WebP files are read, each image is cut to its central square and resized.


# %%
def picture(kind, rng):
    """Draws a coloured disc or square of random size on a dark background, (H, W, 3) uint8."""
    height, width = rng.integers(48, 80, 2)
    centre = rng.uniform(0.4, 0.6, 2) * (height, width)
    rows, columns = np.ogrid[:height, :width]
    rows, columns = rows - centre[0], columns - centre[1]
    radius = rng.uniform(12, 20)
    if kind == "disc":
        inside = rows**2 + columns**2 < radius**2
    else:
        inside = np.maximum(abs(rows), abs(columns)) < 0.9 * radius
    colour, background = rng.uniform(90, 255, 3), rng.uniform(0, 60, 3)
    return np.where(inside[..., None], colour, background).astype(np.uint8)


rng = np.random.default_rng(0)
for kind in ("disc", "square"):
    (SHAPES / kind).mkdir(parents=True, exist_ok=True)
    for number in range(300):
        jpeg = tf.io.encode_jpeg(picture(kind, rng), quality=95)
        (SHAPES / kind / f"{number:03}.jpg").write_bytes(jpeg.numpy())

# %% [markdown]
# ## By a command
#
# Any preset trains from a folder: `--dataset folder` and `--data-dir` replace its dataset. A conditional preset, such
# as `cgan-im-digits`, learns the classes; it has to be told how many there are. The other overrides make it small
# enough for a CPU. There must be at least as many images as one generator step reads, `--batch-size` times
# `--discriminator-steps`.

# %%
command = f"""
    tf-infomax train cgan-im-digits --run-dir {OUTPUT}/run
        --dataset folder --data-dir {SHAPES} --num-classes 2 --num-channels 3
        --generator.base-channels 32 --discriminator.base-channels 32
        --steps {STEPS} --batch-size 32 --discriminator-steps 1 --learning-rate 2e-3
"""
subprocess.run(shlex.split(command), check=True)

# %% [markdown]
# The run directory has a grid of samples for every 500 steps and one of the last step. Any other grid is one more
# command, with a row for each class:

# %%
command = f"""
    tf-infomax sample {OUTPUT}/run --output {OUTPUT}/photos.png --num-images 16 --overwrite
"""
subprocess.run(shlex.split(command), check=True)

# %% [markdown]
# ![A row of discs above a row of squares, drawn from the same latents after 2,000 steps](photos.png)
#
# For photos of your own, take one of the published presets with their larger networks, and a GPU:
#
# ```bash
# tf-infomax train infomax-gan-celeba64 --dataset folder --data-dir PHOTOS --run-dir RUN
# ```
#
# A file that cannot be decoded stops the command before training, by name; `--skip-unreadable` leaves such files out.
#
# ## In Python
#
# The same folder as a source: numbered images with labels, from which `training_dataset` deals batches in an order that
# the seed fixes.

# %%
shapes = load_source("folder", split="train", image_size=32, data_dir=SHAPES)
print(
    shapes.num_images,
    "images of",
    shapes.image_shape,
    "in the classes",
    shapes.class_names,
)

dataset = training_dataset(shapes, batch_size=32, num_steps=STEPS, seed=0)
keras.utils.set_random_seed(0)
gan = GAN(
    ConvolutionalGenerator(32, base_channels=32, latent_dim=32, num_classes=2),
    ConvolutionalDiscriminator(32, base_channels=32, num_classes=2),
    [InfoMax(64)],
)
gan.compile(
    "hinge",
    generator_optimizer=keras.optimizers.Adam(2e-3, beta_1=0.0, beta_2=0.9),
    discriminator_optimizer=keras.optimizers.Adam(2e-3, beta_1=0.0, beta_2=0.9),
)
gan.fit(dataset, shuffle=False, verbose=0)

# %% [markdown]
# `generate` takes labels, or draws them:

# %%
images = gan.generate(16, seed=0, labels=np.repeat([0, 1], 8))  # (16, 32, 32, 3) uint8
write_png(OUTPUT / "python.png", image_grid(images, columns=8))
gan.save(OUTPUT / "gan.keras")

# %% [markdown]
# ## Next
#
# - [Data](../guides/data.md): splits of a folder, large datasets, arrays, TensorFlow Datasets.
# - [Measuring](../guides/measuring.md): FID of a folder needs a choice of features, such as `--features inception`.
# - [Serving](serving.md) what you have trained.
