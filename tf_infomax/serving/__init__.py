"""Trained models as SavedModels that need neither Keras nor this package, and their comparison with the models."""

from tf_infomax.serving.archive import ORIGIN_FILE, read_origin, write_archive
from tf_infomax.serving.encoders import export_encoder, verify_encoder_export
from tf_infomax.serving.generators import export_generator, verify_generator_export
from tf_infomax.serving.verification import Verification

__all__ = [
    "ORIGIN_FILE",
    "Verification",
    "export_encoder",
    "export_generator",
    "read_origin",
    "verify_encoder_export",
    "verify_generator_export",
    "write_archive",
]
