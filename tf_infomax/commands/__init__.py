"""Programs: parse, build, run."""
