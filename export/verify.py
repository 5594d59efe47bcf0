"""Compares an export with its run: python -m export.verify or `tf-infomax verify`."""

from tf_infomax.commands import verify
from tf_infomax.commands.program import run_module

if __name__ == "__main__":
    run_module(verify.main, "python -m export.verify")
