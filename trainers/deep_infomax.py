"""Trains an encoder by Deep InfoMax: python -m trainers.deep_infomax or `tf-infomax train`."""

from tf_infomax.commands import train
from tf_infomax.commands.program import run_module

if __name__ == "__main__":
    run_module(train.main, "python -m trainers.deep_infomax")
