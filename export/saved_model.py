"""Exports a finished run: python -m export.saved_model or `tf-infomax export`."""

from tf_infomax.commands import export
from tf_infomax.commands.program import run_module

if __name__ == "__main__":
    run_module(export.main, "python -m export.saved_model")
