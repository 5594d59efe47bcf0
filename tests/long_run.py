"""Trains for long with all callbacks and prints memory and open files: python -m tests.long_run RUN.

It prints one line of JSON: resident MiB and file descriptors at the end of the warm-up and of the run.
"""

import gc
import json
import os
import sys
from pathlib import Path

from tests.small_presets import narrow
from tf_infomax.callbacks import StepCallback
from tf_infomax.runs import gan_task
from tf_infomax.runs.options import GANRunOptions
from tf_infomax.runs.training import train

WARM_UP = 400
STEPS = 2400
EVERY = 200


class Resources(StepCallback):
    """Notes what the process holds after some steps."""

    def __init__(self) -> None:
        super().__init__()
        self.noted: dict[int, dict[str, float]] = {}

    def on_step(self, step: int, logs: dict[str, float]) -> None:
        if step in (WARM_UP, STEPS):
            gc.collect()
            pages = int(Path("/proc/self/statm").read_text().split()[1])
            mebibytes = pages * os.sysconf("SC_PAGE_SIZE") / 2**20
            self.noted[step] = {"mebibytes": mebibytes, "files": len(os.listdir("/proc/self/fd"))}


def main(run: str) -> None:
    resources, watchers = Resources(), gan_task.GANTask.watchers
    gan_task.GANTask.watchers = lambda *arguments: [*watchers(*arguments), resources]  # type: ignore[method-assign]
    options = GANRunOptions(
        log_norms=True,
        log_every=10,
        sample_every=EVERY,
        metrics_every=EVERY,
        num_watched=100,
        keep_best="fid",
        checkpoint_seconds=2.0,
    )
    preset = narrow("infomax-gan-digits", steps=STEPS, batch_size=4, discriminator_steps=1)
    train(preset, run, options=options)
    print(json.dumps([resources.noted[WARM_UP], resources.noted[STEPS]]))


if __name__ == "__main__":
    main(*sys.argv[1:])
