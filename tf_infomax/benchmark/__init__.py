"""Benchmarks of presets: the speed of training steps and of input pipelines."""

from tf_infomax.benchmark.input_pipeline import time_input_pipeline
from tf_infomax.benchmark.options import BenchmarkOptions, InputOptions
from tf_infomax.benchmark.training_steps import run_benchmark
from tf_infomax.benchmark.worker import WorkerFailed

__all__ = ["BenchmarkOptions", "InputOptions", "WorkerFailed", "run_benchmark", "time_input_pipeline"]
