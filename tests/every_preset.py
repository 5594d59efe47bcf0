"""Trains every GAN at its full size for two steps of four images: python -m tests.every_preset FOLDER [PATTERN ...].

Published datasets are stand-ins of noise, prepared in FOLDER. Prints a line for each preset; exit status 1 if one
failed. Takes most of an hour on two cores, so the test suite does the same with narrow networks.
"""

import fnmatch
import gc
import shutil
import sys
import time
import traceback
from pathlib import Path

import keras

from tests.standins import SPLITS, standin
from tf_infomax.commands import train
from tf_infomax.presets import METHODS, PRESETS
from tf_infomax.runs.directory import RunDirectory

GANS = [name for name, (method, _) in PRESETS.pairs.items() if METHODS[method].kind == "gan"]


def main(folder: Path, patterns: list[str]) -> int:
    """Trains the presets that fit a pattern and returns the number of those that failed."""
    datasets = folder / "datasets"
    for name in SPLITS:
        if not (datasets / name).exists():
            standin(name, datasets)
    names = [name for name in GANS if any(fnmatch.fnmatch(name, pattern) for pattern in patterns)]
    failed = [name for name in names if not trains(name, folder / "run", datasets)]
    print(f"{len(failed)} failed: {', '.join(failed)}" if failed else "all passed")
    return len(failed)


def trains(name: str, run_dir: Path, datasets: Path) -> bool:
    """Runs the command of one preset, prints how it went, and leaves nothing behind."""
    start = time.perf_counter()
    arguments = ["--steps", "2", "--batch-size", "4", "--data-dir", str(datasets), "--metrics-every", "0"]
    try:
        train.main([name, "--run-dir", str(run_dir), *arguments])
        assert RunDirectory(run_dir).is_finished
        passed = True
    except Exception:
        traceback.print_exc()
        passed = False
    shutil.rmtree(run_dir, ignore_errors=True)
    keras.backend.clear_session()
    gc.collect()
    print(f"{name}: {'passed' if passed else 'FAILED'} in {time.perf_counter() - start:.0f} s", flush=True)
    return passed


if __name__ == "__main__":
    sys.exit(1 if main(Path(sys.argv[1]), sys.argv[2:] or ["*"]) else 0)
