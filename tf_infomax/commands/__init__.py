"""Programs: each module parses a command line, builds and runs.

Heavy imports are in `run`, so that `--help` and a mistyped command are answered before TensorFlow is imported.
"""
