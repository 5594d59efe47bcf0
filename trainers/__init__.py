"""Programs, run from a clone with `python -m`."""

import os

# Before TensorFlow starts: its notes on CPU features and missing GPUs are not for the users of a program.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
