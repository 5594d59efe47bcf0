"""Times training steps: python -m trainers.benchmark or `tf-infomax benchmark`."""

from tf_infomax.commands import benchmark
from tf_infomax.commands.program import run_module

if __name__ == "__main__":
    run_module(benchmark.main, "python -m trainers.benchmark")
