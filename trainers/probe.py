"""Probes the representation of a run: python -m trainers.probe or `tf-infomax probe`."""

from tf_infomax.commands import probe
from tf_infomax.commands.program import run_module

if __name__ == "__main__":
    run_module(probe.main, "python -m trainers.probe")
