"""Everything at once: python -m trainers.quickstart or `tf-infomax quickstart`."""

from tf_infomax.commands import quickstart
from tf_infomax.commands.program import run_module

if __name__ == "__main__":
    run_module(quickstart.main, "python -m trainers.quickstart")
