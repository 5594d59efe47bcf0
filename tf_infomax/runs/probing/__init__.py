"""Probing what a run has learned to see: classifiers, estimates and neighbours on its features."""

from tf_infomax.runs.probing.neighbours import neighbours_picture
from tf_infomax.runs.probing.options import MeasureName, ProbeOptions
from tf_infomax.runs.probing.probe import NEIGHBOURS_FILE, probe_run, probe_summary
from tf_infomax.runs.probing.subject import Part, Subject

__all__ = [
    "NEIGHBOURS_FILE",
    "MeasureName",
    "Part",
    "ProbeOptions",
    "Subject",
    "neighbours_picture",
    "probe_run",
    "probe_summary",
]
