"""Runs: directory, training, evaluation and probes."""
