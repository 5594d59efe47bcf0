"""Makes a table of results again: python -m trainers.reproduce or `tf-infomax reproduce`."""

from tf_infomax.commands import reproduce
from tf_infomax.commands.program import run_module

if __name__ == "__main__":
    run_module(reproduce.main, "python -m trainers.reproduce")
