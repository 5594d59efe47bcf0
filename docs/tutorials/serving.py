# %% [markdown]
# # Serve a generator
#
# A trained generator becomes a SavedModel, which TensorFlow Serving loads as it is and any program with TensorFlow can
# call: it needs neither Keras nor tf-infomax. This tutorial trains a small conditional generator, exports it, checks
# the export and calls its signatures.

# %%
import os
import shlex
import subprocess
from pathlib import Path

import numpy as np
import tensorflow as tf

STEPS = int(os.environ.get("TUTORIAL_STEPS", 2000))
OUTPUT = Path(os.environ.get("TUTORIAL_OUTPUT", "serving"))


def run(command):
    """Runs a command line."""
    subprocess.run(shlex.split(command), check=True)


# %% [markdown]
# ## A run to export

# %%
run(
    f"""
    tf-infomax train cgan-im-digits --run-dir {OUTPUT}/run
        --generator.base-channels 32 --discriminator.base-channels 32
        --steps {STEPS} --batch-size 32 --discriminator-steps 1 --learning-rate 2e-3
    """
)

# %% [markdown]
# ## Export and check
#
# The folder of a model has a sub-folder for each version; TensorFlow Serving takes the highest unless it is
# told otherwise. `verify` loads the SavedModel with TensorFlow alone and compares every signature with the model of the
# run. Its exit status is 1 if any pixel differs by more than one grey level.

# %%
run(f"tf-infomax export {OUTPUT}/run --output {OUTPUT}/digits --version 1")
run(f"tf-infomax verify {OUTPUT}/digits/1")

# %% [markdown]
# In Python both are functions of [`tf_infomax.serving`](../reference/serving.md).
#
# ## With TensorFlow alone
#
# From here on nothing but TensorFlow is needed. A signature is a function of named tensors to named tensors.

# %%
served = tf.saved_model.load(str(OUTPUT / "digits" / "1"))
for name, signature in served.signatures.items():
    print(
        f"{name}: {', '.join(signature.structured_input_signature[1])} -> {', '.join(signature.structured_outputs)}"
    )

# %% [markdown]
# `generate` draws its own latents from a seed, and here the classes as well:

# %%
answer = served.signatures["generate"](num_images=tf.constant(4), seed=tf.constant(0))
print(
    answer["images"].shape, answer["images"].dtype, answer["labels"].numpy()
)  # (4, 28, 28, 1) uint8

# %% [markdown]
# `generate_class` draws one class, and `serving_default` takes the caller's latents and labels:

# %%
sevens = served.signatures["generate_class"](
    num_images=tf.constant(8), seed=tf.constant(1), label=tf.constant(7, tf.int64)
)["images"]
latents = tf.random.stateless_normal([10, 128], seed=[0, 0])
every_class = served.signatures["serving_default"](
    latents=latents, labels=tf.range(10, dtype=tf.int64)
)["images"]
assert sevens.shape == (8, 28, 28, 1) and every_class.shape == (10, 28, 28, 1)

row = (
    np.concatenate(every_class.numpy(), axis=1).repeat(3, axis=0).repeat(3, axis=1)
)  # (84, 840, 1)
(OUTPUT / "serving.png").write_bytes(tf.io.encode_png(row).numpy())

# %% [markdown]
# ![Ten digits, one for each class, as the SavedModel draws them after 2,000 steps of training](serving.png)
#
# ## With TensorFlow Serving
#
# These commands need Docker; the tests do not run them:
#
# ```bash
# docker run --rm -p 8501:8501 -v "$PWD/serving/digits:/models/digits" -e MODEL_NAME=digits tensorflow/serving
# curl -d '{"signature_name": "generate", "inputs": {"num_images": 4, "seed": 0}}' \
#     http://localhost:8501/v1/models/digits:predict
# ```
#
# The answer's `outputs` are the images and labels as nested lists. Without Docker, `tf-infomax serve serving/digits`
# answers the same requests on this machine, and shows a page that draws.
#
# ## Next
#
# - [Serving](../guides/serving.md): all signatures, what they refuse, encoders, and servers.
