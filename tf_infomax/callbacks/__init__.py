"""Callbacks: checkpoints, TensorBoard, sample grids, metrics, progress."""

from tf_infomax.callbacks.best_model import BestModel
from tf_infomax.callbacks.divergence import SkippedSteps, StopAtDivergence
from tf_infomax.callbacks.measurement_history import Measured, MeasurementHistory
from tf_infomax.callbacks.opening import Opening, markdown_table
from tf_infomax.callbacks.own_callbacks import OwnCallbacks
from tf_infomax.callbacks.progress_bar import ProgressBar
from tf_infomax.callbacks.sample_grid import FINAL_GRID, SampleGrid
from tf_infomax.callbacks.sample_metrics import SampleMetrics
from tf_infomax.callbacks.spectral_norms import SpectralNorms
from tf_infomax.callbacks.step_callback import StepCallback, SummaryCallback
from tf_infomax.callbacks.step_scalars import StepScalars
from tf_infomax.callbacks.training_state import TrainingState

__all__ = [
    "FINAL_GRID",
    "BestModel",
    "Measured",
    "MeasurementHistory",
    "Opening",
    "OwnCallbacks",
    "ProgressBar",
    "SampleGrid",
    "SampleMetrics",
    "SpectralNorms",
    "StepCallback",
    "StepScalars",
    "SkippedSteps",
    "StopAtDivergence",
    "SummaryCallback",
    "TrainingState",
    "markdown_table",
]
