"""Programs of a clone, run with `python -m`: each calls the command of `tf-infomax` that does the work."""
