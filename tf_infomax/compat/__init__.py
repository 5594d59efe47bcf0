"""Workarounds for other libraries, all in this one package.

Each section says what fails, what is done instead, and the condition for removing it; `tests/test_compat.py` shows that
each works and, where it can, that it is still needed. Nothing here runs on import: importing this package loads neither
TensorFlow nor TF-GAN nor TensorFlow Hub.
"""

from tf_infomax.compat.imports import import_tensorflow, tensorflow_hub, tfgan_eval
from tf_infomax.compat.keras import BuiltInConstructor, moments_of, sublayers, untrack, weights_in_memory
from tf_infomax.compat.tensorflow import cpu_devices_of_a_worker, signature_defs
from tf_infomax.compat.tyro import describe_options_in_compact_help, one_line_descriptions

__all__ = [
    "BuiltInConstructor",
    "cpu_devices_of_a_worker",
    "describe_options_in_compact_help",
    "import_tensorflow",
    "moments_of",
    "one_line_descriptions",
    "signature_defs",
    "sublayers",
    "tensorflow_hub",
    "tfgan_eval",
    "untrack",
    "weights_in_memory",
]
