"""Probes of what a run has learned to see: classifiers, estimates and neighbours on its features."""
