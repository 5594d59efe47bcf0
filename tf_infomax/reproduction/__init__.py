"""Experiments that compare methods over seeds, cell by cell, and write a table."""

from tf_infomax.reproduction.experiment import Experiment, reproduce
from tf_infomax.reproduction.methods_digits import methods_digits
from tf_infomax.reproduction.ver_tables import ver_table, weight_sweep

__all__ = ["Experiment", "methods_digits", "reproduce", "ver_table", "weight_sweep"]
