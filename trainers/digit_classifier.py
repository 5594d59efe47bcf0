"""Trains the digit classifier behind the `digits` features: python -m trainers.digit_classifier."""

from tf_infomax.commands import digit_classifier
from tf_infomax.commands.program import run_module

if __name__ == "__main__":
    run_module(digit_classifier.main, "python -m trainers.digit_classifier")
