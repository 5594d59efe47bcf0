"""Benchmarks: how fast presets train, and how fast their images arrive."""
