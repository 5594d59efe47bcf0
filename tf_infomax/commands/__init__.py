"""Programs: each module parses a command line, builds and runs.

What they run is imported in `run`, not above: `--help` and a mistyped command are answered before TensorFlow is.
"""
