"""Converts checkpoints of the authors' library: python -m export.from_mimicry or `tf-infomax import-mimicry`."""

from tf_infomax.commands import import_mimicry
from tf_infomax.commands.program import run_module

if __name__ == "__main__":
    run_module(import_mimicry.main, "python -m export.from_mimicry")
