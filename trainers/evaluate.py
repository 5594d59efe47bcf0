"""Measures a finished run: python -m trainers.evaluate or `tf-infomax evaluate`."""

from tf_infomax.commands import evaluate
from tf_infomax.commands.program import run_module

if __name__ == "__main__":
    run_module(evaluate.main, "python -m trainers.evaluate")
