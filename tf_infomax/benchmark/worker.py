"""A process that trains a preset step by step on request."""

import contextlib
import multiprocessing
import signal
import time
import traceback
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

import keras
import numpy as np
import tensorflow as tf

from tf_infomax.benchmark.options import BenchmarkOptions
from tf_infomax.errors import InputError
from tf_infomax.images import to_float
from tf_infomax.models import GAN, DeepInfoMax
from tf_infomax.presets import Preset
from tf_infomax.runs.machine import peak_memory_mib


class WorkerFailed(RuntimeError):
    """A process that trains a preset failed."""


class Failure(NamedTuple):
    """The answer of a worker that cannot continue."""

    message: str
    wrong_input: bool


class Report(NamedTuple):
    """The answer of a worker after its last step."""

    peak_memory_mib: float
    gpus: list[str]


class Worker:
    """A child process that trains one preset, a step for each request.

    Args:
        name: Name of the preset.
        preset: The preset.
        options: Options of timing.

    Attributes:
        compile_seconds: Duration of the first step, which traces and compiles.
    """

    def __init__(self, name: str, preset: Preset, options: BenchmarkOptions) -> None:
        self.name = name
        self.preset = preset
        self.compile_seconds = 0.0
        # Spawned and not forked: TensorFlow does not survive a fork.
        context = multiprocessing.get_context("spawn")
        self._connection, child_connection = context.Pipe()
        self.process = context.Process(target=_work, args=(child_connection, preset, options), daemon=True)
        self.process.start()
        # Otherwise its copy here would keep the pipe open when the child dies, and `ask` would wait for ever.
        child_connection.close()

    def ask(self) -> Any:
        """Requests the next step and returns its seconds, or after the last step the `Report`.

        Raises:
            InputError: The preset cannot be trained as it is.
            WorkerFailed: The process failed.
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


def _work(connection: Connection, preset: Preset, options: BenchmarkOptions) -> None:
    """The child process: answers each request with the seconds of one step, and the last one with a report."""
    # Ctrl-C reaches the parent too, which ends this process.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        _train(connection, preset, options)
        connection.recv()
        connection.send(Report(peak_memory_mib(), _gpus()))
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


def _train(connection: Connection, preset: Preset, options: BenchmarkOptions) -> None:
    for gpu in tf.config.list_physical_devices("GPU"):
        # Otherwise the first worker takes all of the GPU's memory.
        tf.config.experimental.set_memory_growth(gpu, True)
    tf.config.experimental.enable_op_determinism()
    model: Any = preset.build()
    if options.jit is not None:
        model.jit_compile = options.jit
    batches, callbacks = _random_batches(preset, model), [StepOnRequest(connection)]
    model.fit(batches, steps_per_epoch=options.all_steps, shuffle=False, verbose=0, callbacks=callbacks)


def _random_batches(preset: Preset, model: GAN | DeepInfoMax) -> tf.data.Dataset:
    """One batch of noise, again and again, in the form of `data.training_dataset`."""
    rows = preset.images_per_step
    pixels = np.random.default_rng(preset.seed).integers(0, 256, (rows, *model.image_shape), np.uint8)
    return tf.data.Dataset.from_tensors((to_float(pixels), tf.zeros([rows], tf.int64))).repeat()


class StepOnRequest(keras.callbacks.Callback):
    """Holds `fit` before each step until a request arrives, and answers with the seconds that the step took.

    Args:
        connection: Connection to the process that asks.
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
        network = self.model.generator if isinstance(self.model, GAN) else self.model.encoder
        network.trainable_variables[-1].numpy()
        self.connection.send(time.perf_counter() - self.start)


def _gpus() -> list[str]:
    gpus = tf.config.list_physical_devices("GPU")
    return [tf.config.experimental.get_device_details(gpu).get("device_name", gpu.name) for gpu in gpus]
