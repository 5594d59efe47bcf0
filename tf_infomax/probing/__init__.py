"""Probing what a run has learned to see: classifiers, estimates and neighbours on its features."""

from tf_infomax.probing.neighbours import neighbours_picture
from tf_infomax.probing.options import MeasureName, ProbeOptions
from tf_infomax.probing.probe import NEIGHBOURS_FILE, probe_run, probe_summary
from tf_infomax.probing.subject import Part, Subject

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
