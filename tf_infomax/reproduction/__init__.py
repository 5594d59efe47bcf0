"""Experiments that compare methods over seeds, cell by cell, and write a table."""

from tf_infomax.reproduction.deep_infomax_digits import deep_infomax_digits
from tf_infomax.reproduction.experiment import TABLE_FILE, Experiment, redraw, reproduce
from tf_infomax.reproduction.methods_digits import methods_digits
from tf_infomax.reproduction.ver_tables import ver_table, weight_sweep

__all__ = [
    "TABLE_FILE",
    "Experiment",
    "deep_infomax_digits",
    "methods_digits",
    "redraw",
    "reproduce",
    "ver_table",
    "weight_sweep",
]
