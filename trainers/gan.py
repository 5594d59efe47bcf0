"""Trains a preset: python -m trainers.gan or `tf-infomax train`."""

from tf_infomax.commands import train
from tf_infomax.commands.program import run_module

if __name__ == "__main__":
    run_module(train.main, "python -m trainers.gan")
