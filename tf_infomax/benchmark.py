"""Seconds per training step of one preset, or of two that take turns on the same machine."""

import contextlib
import dataclasses
import multiprocessing
import os
import platform
import resource
import signal
import statistics
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

import keras
import numpy as np
import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.images import to_float
from tf_infomax.models.gan import GAN
from tf_infomax.presets import GANPreset, build_gan
from tf_infomax.run_directory import versions

MEASUREMENT = (
    "training speed without the input pipeline: `fit` trains on one batch of random images (uint8 noise mapped to "
    "[-1, 1]) again and again; a step is one generator update with its discriminator updates, from the call until the "
    "generator's new weights can be read; deterministic operations, as in training"
)


@dataclass(frozen=True)
class BenchmarkOptions:
    """How steps are timed."""

    steps: int = 5
    """Timed steps of each preset; the median counts."""
    warm_up: int = 1
    """Steps before them that do not count, after the first one, which compiles."""
    jit: bool = False
    """Compile the step with XLA."""

    def __post_init__(self) -> None:
        if self.steps < 1:
            raise InputError(f"`steps` must be at least 1. Received: {self.steps}")
        if self.warm_up < 0:
            raise InputError(f"`warm_up` must not be negative. Received: {self.warm_up}")

    @property
    def all_steps(self) -> int:
        """Steps that each preset makes: the one that compiles, the warm-up and the timed ones."""
        return 1 + self.warm_up + self.steps


class WorkerFailed(RuntimeError):
    """A process that trains a preset broke off."""


class Failure(NamedTuple):
    """What a worker answers when it cannot go on."""

    message: str
    wrong_input: bool


class Report(NamedTuple):
    """What a worker answers after its last step."""

    peak_memory_mib: float
    gpus: list[str]


def run_benchmark(
    presets: Sequence[tuple[str, GANPreset]],
    options: BenchmarkOptions | None = None,
    *,
    on_round: Callable[[str], None] = lambda text: None,
) -> dict[str, Any]:
    """Times the training steps of one or two presets.

    Each preset trains in a process of its own, and the processes take turns step by step: what else the machine does
    hits both alike, and each has its own peak memory.

    Args:
        presets: One or two presets with their names.
        options: How to time them.
        on_round: Is told about each round.

    Returns:
        Ready for JSON: `measurement`, `options`, `machine`, `versions`, `presets` (a list: seconds per generator step,
        images per second, memory) and, for two presets, `ratio`.

    Raises:
        InputError: A preset cannot be trained as it is.
        WorkerFailed: A process broke off.
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
        "machine": {**_machine(), "gpus": reports[0].gpus},
        "versions": versions(),
        "presets": results,
    }
    if len(results) == 2:
        benchmark["ratio"] = ratio(*(result["seconds_per_step"]["all"] for result in results))
    return benchmark


def _time_rounds(
    workers: Sequence["Worker"], options: BenchmarkOptions, on_round: Callable[[str], None]
) -> list[list[float]]:
    """Returns the seconds of each counted round, one number for each worker."""
    for worker in workers:
        worker.compile_seconds = worker.ask()
        on_round(f"{worker.name}: compiled and made its first step in {worker.compile_seconds:.1f} s")
    rounds = []
    for number in range(options.warm_up + options.steps):
        # The order turns around from round to round, so that neither always has the caches of the other.
        order = workers if number % 2 == 0 else workers[::-1]
        seconds = {id(worker): worker.ask() for worker in order}
        rounds.append([seconds[id(worker)] for worker in workers])
        label = "warm-up" if number < options.warm_up else f"step {number - options.warm_up + 1} of {options.steps}"
        on_round(f"{label}: " + ", ".join(f"{value:.3f} s" for value in rounds[-1]))
    return rounds[options.warm_up :]


def preset_result(name: str, preset: GANPreset, seconds: list[float], report: Report) -> dict[str, Any]:
    """Returns one preset's entry from its seconds per step."""
    median = statistics.median(seconds)
    images = preset.batch_size * preset.discriminator_steps
    return {
        "preset": name,
        "settings": preset.settings,
        "seconds_per_step": {"median": median, "all": seconds},
        "real_images_per_step": images,
        "images_per_second": images / median,
        "peak_memory_mib": report.peak_memory_mib,
    }


def ratio(seconds: Sequence[float], other_seconds: Sequence[float]) -> dict[str, Any]:
    """Compares two presets round by round: how many times the other's time the first one takes."""
    ratios = [first / second for first, second in zip(seconds, other_seconds, strict=True)]
    return {
        "median_of_ratios": statistics.median(ratios),
        "ratio_of_medians": statistics.median(seconds) / statistics.median(other_seconds),
        "all": ratios,
    }


class Worker:
    """A child process that trains one preset, a step for each request.

    Args:
        name: Name of the preset.
        preset: The preset.
        options: How to time it.

    Attributes:
        compile_seconds: What the first step took, which traces and compiles.
    """

    def __init__(self, name: str, preset: GANPreset, options: BenchmarkOptions) -> None:
        self.name = name
        self.preset = preset
        self.compile_seconds = 0.0
        # Spawned and not forked: TensorFlow does not survive a fork.
        context = multiprocessing.get_context("spawn")
        self._connection, child_connection = context.Pipe()
        self.process = context.Process(target=_work, args=(child_connection, preset, options), daemon=True)
        self.process.start()
        # Else its copy here would keep the pipe open when the child dies, and `ask` would wait for ever.
        child_connection.close()

    def ask(self) -> Any:
        """Requests the next step and returns its seconds, or after the last step the `Report`.

        Raises:
            InputError: The preset cannot be trained as it is.
            WorkerFailed: The process broke off.
        """
        try:
            self._connection.send("next")
            answer = self._connection.recv()
        except (EOFError, OSError) as error:
            self.process.join()
            raise WorkerFailed(
                f"the process that trains {self.name} ended unexpectedly (exit status {self.process.exitcode}); "
                "-9 may mean that memory ran out"
            ) from error
        if isinstance(answer, Failure):
            raise (InputError if answer.wrong_input else WorkerFailed)(f"{self.name}: {answer.message}")
        return answer

    def __enter__(self) -> "Worker":
        return self

    def __exit__(self, *exception: object) -> None:
        self._connection.close()
        self.process.terminate()
        self.process.join()


def _work(connection: Connection, preset: GANPreset, options: BenchmarkOptions) -> None:
    """The child process: answers each request with the seconds of one step, and the last one with a report."""
    # Ctrl-C reaches the parent too, which ends this process.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        _train(connection, preset, options)
        connection.recv()
        connection.send(Report(_peak_memory_mib(), _gpus()))
    except EOFError:
        return  # The parent is gone.
    except Exception as error:
        if not isinstance(error, InputError):
            traceback.print_exc()
        message = str(error) if isinstance(error, InputError) else f"{type(error).__name__}: {error}".splitlines()[0]
        connection.send(Failure(message, isinstance(error, InputError)))
    # The answer could be lost if the pipe closed while a request waits in it: the parent closes it first.
    with contextlib.suppress(EOFError):
        while True:
            connection.recv()


def _train(connection: Connection, preset: GANPreset, options: BenchmarkOptions) -> None:
    for gpu in tf.config.list_physical_devices("GPU"):
        # Else the first worker takes all of the GPU's memory and leaves none to the other.
        tf.config.experimental.set_memory_growth(gpu, True)
    tf.config.experimental.enable_op_determinism()
    gan = build_gan(preset)
    gan.jit_compile = options.jit
    batches, callbacks = _random_batches(preset, gan), [StepOnRequest(connection)]
    gan.fit(batches, steps_per_epoch=options.all_steps, shuffle=False, verbose=0, callbacks=callbacks)


def _random_batches(preset: GANPreset, gan: GAN) -> tf.data.Dataset:
    """One batch of noise, again and again, in the form of `data.training_dataset`."""
    rows = preset.batch_size * preset.discriminator_steps
    pixels = np.random.default_rng(preset.seed).integers(0, 256, (rows, *gan.image_shape), np.uint8)
    return tf.data.Dataset.from_tensors((to_float(pixels), tf.zeros([rows], tf.int64))).repeat()


class StepOnRequest(keras.callbacks.Callback):
    """Holds `fit` before each step until a request arrives, and answers with the seconds that the step took.

    Args:
        connection: To the process that asks.
    """

    def __init__(self, connection: Connection) -> None:
        super().__init__()
        self.connection = connection
        self.start = 0.0

    def on_train_batch_begin(self, batch: int, logs: dict[str, float] | None = None) -> None:
        self.connection.recv()
        self.start = time.perf_counter()

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        # Reading a weight waits for an accelerator to finish the step.
        self.model.generator.trainable_variables[-1].numpy()
        self.connection.send(time.perf_counter() - self.start)


def _peak_memory_mib() -> float:
    """The largest resident memory that this process had; memory of accelerators is not in it."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10


def _gpus() -> list[str]:
    gpus = tf.config.list_physical_devices("GPU")
    return [tf.config.experimental.get_device_details(gpu).get("device_name", gpu.name) for gpu in gpus]


def _machine() -> dict[str, Any]:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return {"cpu": _cpu_model(), "cores": cores, "system": platform.system()}


def _cpu_model() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
