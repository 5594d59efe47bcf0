"""Generators in the formats of other runtimes: ONNX, LiteRT and OpenVINO."""

from tf_infomax.serving.formats.exports import export_as, export_in, format_in, read_report, verify_format
from tf_infomax.serving.formats.table import FORMATS, Format

__all__ = ["FORMATS", "Format", "export_as", "export_in", "format_in", "read_report", "verify_format"]
