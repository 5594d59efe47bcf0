"""Runs: their directory, how they are carried out, measured and probed."""
