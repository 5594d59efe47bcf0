"""Seconds per training step of one preset, or of two that take turns on the same machine."""

import contextlib
import dataclasses
import statistics
from collections.abc import Callable, Sequence
from typing import Any

from tf_infomax.benchmark.options import BenchmarkOptions
from tf_infomax.benchmark.worker import Report, Worker
from tf_infomax.presets import Preset
from tf_infomax.runs.machine import machine, versions

MEASUREMENT = (
    "training speed without the input pipeline: `fit` trains on one batch of random images (uint8 noise mapped to "
    "[-1, 1]) again and again; a step is one update of a generator with those of its discriminator, or of an encoder, "
    "from the call until the new weights can be read; deterministic operations, as in training"
)


def run_benchmark(
    presets: Sequence[tuple[str, Preset]],
    options: BenchmarkOptions | None = None,
    *,
    on_round: Callable[[str], None] = lambda text: None,
) -> dict[str, Any]:
    """Times the training steps of one or two presets.

    Each preset trains in a process of its own, and the processes take turns step by step: what else the machine does
    hits both alike, and each has its own peak memory.

    Args:
        presets: One or two presets with their names.
        options: Options of timing.
        on_round: Called with one line about each round.

    Returns:
        Ready for JSON: `measurement`, `options`, `machine`, `versions`, `presets` (a list: seconds per step,
        images per second, memory) and, for two presets, `ratio`.

    Raises:
        InputError: A preset cannot be trained as it is.
        WorkerFailed: A process failed.
    """
    options = options or BenchmarkOptions()
    with contextlib.ExitStack() as stack:
        workers = [stack.enter_context(Worker(name, preset, options)) for name, preset in presets]
        rounds = _time_rounds(workers, options, on_round)
        reports = [worker.ask() for worker in workers]
    results = [
        {**preset_result(worker.name, worker.preset, list(seconds), report), "compile_seconds": worker.compile_seconds}
        for worker, seconds, report in zip(workers, zip(*rounds), reports)
    ]
    benchmark = {
        "measurement": MEASUREMENT,
        "options": dataclasses.asdict(options),
        "machine": {**machine(), "gpus": reports[0].gpus},
        "versions": versions(),
        "presets": results,
    }
    if len(results) == 2:
        benchmark["ratio"] = ratio(*(result["seconds_per_step"]["all"] for result in results))
    return benchmark


def _time_rounds(
    workers: Sequence[Worker], options: BenchmarkOptions, on_round: Callable[[str], None]
) -> list[list[float]]:
    """Returns the seconds of each counted round, one number for each worker."""
    for worker in workers:
        worker.compile_seconds = worker.ask()
        on_round(f"{worker.name}: compiled and made its first step in {worker.compile_seconds:.1f} s")
    rounds = []
    for number in range(options.warm_up + options.steps):
        # The order alternates, so that neither always finds the caches as the other left them.
        order = workers if number % 2 == 0 else workers[::-1]
        seconds = {id(worker): worker.ask() for worker in order}
        rounds.append([seconds[id(worker)] for worker in workers])
        label = "warm-up" if number < options.warm_up else f"step {number - options.warm_up + 1} of {options.steps}"
        on_round(f"{label}: " + ", ".join(f"{value:.3f} s" for value in rounds[-1]))
    return rounds[options.warm_up :]


def preset_result(name: str, preset: Preset, seconds: list[float], report: Report) -> dict[str, Any]:
    """Returns one preset's entry from its seconds per step."""
    median = statistics.median(seconds)
    images = preset.images_per_step
    return {
        "preset": name,
        "settings": preset.settings,
        "seconds_per_step": {"median": median, "all": seconds},
        "real_images_per_step": images,
        "images_per_second": images / median,
        "peak_memory_mib": report.peak_memory_mib,
    }


def ratio(seconds: Sequence[float], other_seconds: Sequence[float]) -> dict[str, Any]:
    """Compares two presets round by round: the time of the first one as a multiple of the other's."""
    ratios = [first / second for first, second in zip(seconds, other_seconds, strict=True)]
    return {
        "median_of_ratios": statistics.median(ratios),
        "ratio_of_medians": statistics.median(seconds) / statistics.median(other_seconds),
        "all": ratios,
    }
