"""Benchmarks of presets: the speed of training steps and of input pipelines."""
