"""Draws samples of a finished run: python -m trainers.sample or `tf-infomax sample`."""

from tf_infomax.commands import sample
from tf_infomax.commands.program import run_module

if __name__ == "__main__":
    run_module(sample.main, "python -m trainers.sample")
