"""Trained models as SavedModels that need neither Keras nor this package, and their comparison with the models."""

from tf_infomax.serving.archive import ORIGIN_FILE, WARM_UP_FILE, read_origin, write_archive
from tf_infomax.serving.encoders import export_encoder, verify_encoder_export
from tf_infomax.serving.formats import FORMATS, export_as, export_in, format_in, read_report, verify_format
from tf_infomax.serving.generators import export_generator, verify_generator_export
from tf_infomax.serving.guards import MAX_ROWS
from tf_infomax.serving.verification import Verification
from tf_infomax.serving.versions import Version, latest_version, saved_model_in, versions_in

__all__ = [
    "FORMATS",
    "MAX_ROWS",
    "ORIGIN_FILE",
    "WARM_UP_FILE",
    "Verification",
    "Version",
    "export_as",
    "export_encoder",
    "export_generator",
    "export_in",
    "format_in",
    "latest_version",
    "read_origin",
    "read_report",
    "saved_model_in",
    "verify_encoder_export",
    "verify_format",
    "verify_generator_export",
    "versions_in",
    "write_archive",
]
