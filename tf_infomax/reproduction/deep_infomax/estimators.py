"""MINE and NDM on distributions whose information is known, beside the estimates of a single network."""

import functools
import json
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal, NamedTuple

import keras
import numpy as np
from scipy.optimize import brentq

from tf_infomax.images import write_png
from tf_infomax.metrics.representation import mutual_information_estimate, neural_dependency
from tf_infomax.plots import Curve, curve_panels
from tf_infomax.reproduction.curves import summary_curve
from tf_infomax.reproduction.deep_infomax.single_network import single_network_dependency, single_network_information
from tf_infomax.reproduction.experiment import RESULTS_FILE, Experiment, Folders, Summary
from tf_infomax.types import Array

ESTIMATES_FIGURE = "estimates.png"
COLUMNS = {
    "truth": "true value (nats)",
    "estimate": "estimate (nats)",
    "standard_error": "its standard error (nats)",
    "single": "Donsker-Varadhan, one network (nats)",
}
_LINES = {"truth": "true value", "estimate": "estimate", "single": "Donsker-Varadhan, one network"}


class Case(NamedTuple):
    """A distribution whose information is known."""

    measure: Literal["mine", "ndm"]
    panel: str
    """Panel of the figure, the label of its axis."""
    truth: float
    """Information of pairs, or total correlation, in nats."""
    sample: Callable[[int, np.random.Generator], Array]
    """Draws rows (N, D), float32. Of pairs the first half of the columns is the input, the second the code."""


def correlated_pairs(num_rows: int, rng: np.random.Generator, *, num_dimensions: int, information: float) -> Array:
    """Draws pairs of Gaussian vectors; each component is correlated with its partner alone."""
    correlation = math.sqrt(-math.expm1(-2 * information / num_dimensions))
    inputs, noise = rng.normal(size=(2, num_rows, num_dimensions))
    codes = correlation * inputs + math.sqrt(1 - correlation**2) * noise
    return np.concatenate([inputs, codes], axis=1).astype(np.float32)


def equally_correlated(num_rows: int, rng: np.random.Generator, *, num_components: int, information: float) -> Array:
    """Draws Gaussian vectors whose components all have the same correlation, of a given total correlation."""

    def excess(correlation: float) -> float:
        others = num_components - 1
        determinant = others * math.log1p(-correlation) + math.log1p(others * correlation)
        return -0.5 * determinant - information

    correlation = brentq(excess, 0.0, 1 - 1e-9) if information else 0.0
    common, own = rng.normal(size=(num_rows, 1)), rng.normal(size=(num_rows, num_components))
    return (math.sqrt(correlation) * common + math.sqrt(1 - correlation) * own).astype(np.float32)


def triples_of_signs(num_rows: int, rng: np.random.Generator, *, num_triples: int) -> Array:
    """Draws triples of normal numbers with a positive product: any two are independent, three have log 2 nats."""
    numbers = rng.normal(size=(num_rows, num_triples, 3))
    numbers[..., 2] = np.abs(numbers[..., 2]) * np.sign(numbers[..., 0] * numbers[..., 1])
    return numbers.reshape(num_rows, -1).astype(np.float32)


def _pairs(num_dimensions: int, information: float) -> Case:
    sample = functools.partial(correlated_pairs, num_dimensions=num_dimensions, information=information)
    return Case("mine", f"MINE, pairs of {num_dimensions} numbers (nats)", information, sample)


def _gaussian(num_components: int, information: float) -> Case:
    sample = functools.partial(equally_correlated, num_components=num_components, information=information)
    return Case("ndm", "NDM, Gaussian (nats)", information, sample)


def _signs(num_triples: int) -> Case:
    sample = functools.partial(triples_of_signs, num_triples=num_triples)
    return Case("ndm", "NDM, triples of signs (nats)", num_triples * math.log(2), sample)


CASES: Mapping[str, Case] = {
    **{f"mine-2-numbers-{value:g}-nats": _pairs(2, value) for value in (0.5, 5.0)},
    **{f"mine-8-numbers-{value:g}-nats": _pairs(8, value) for value in (0.0, 2.0, 5.0, 10.0)},
    **{f"ndm-8-numbers-{value:g}-nats": _gaussian(8, value) for value in (0.0, 10.0)},
    "ndm-64-numbers-50-nats": _gaussian(64, 50.0),
    **{f"ndm-{number}-triples": _signs(number) for number in (1, 4)},
}


def estimators(*, steps: int = 400, num_train: int = 3000, num_test: int = 1000) -> Experiment:
    """Returns the experiment.

    Args:
        steps: Steps of each network.
        num_train: Rows to train on.
        num_test: Rows to estimate on.
    """

    def measure(row: str, seed: int, folder: Path) -> Mapping[str, float]:
        case = CASES[row]
        rows = case.sample(num_train + num_test, np.random.default_rng(seed))
        train, test = rows[:num_train], rows[num_train:]
        keras.utils.set_random_seed(seed)
        if case.measure == "mine":
            pairs, test_pairs = _halves(train), _halves(test)
            single = single_network_information(pairs, test_pairs, steps=steps, seed=seed)
            estimate = mutual_information_estimate(pairs, test_pairs, steps=steps, seed=seed)
        else:
            single = single_network_dependency(train, test, steps=steps, seed=seed)
            estimate = neural_dependency(train, test, steps=steps, seed=seed)
        return {
            "truth": case.truth,
            "estimate": float(estimate),
            "standard_error": estimate.standard_error,
            "single": single,
        }

    return Experiment(
        name="estimators",
        title=(
            "Estimates of information and of dependence where the true value is known: networks are trained for "
            f"{steps:,} steps on {num_train:,} rows and evaluated on {num_test:,} others, which are new for each seed. "
            f"No estimate of MINE can exceed {math.log(num_test):.1f} nats, the log of the number of these rows. Pairs "
            "are Gaussian, with one correlation for each number; NDM is of Gaussian numbers that are all equally "
            "correlated, and of triples of normal numbers of which any two are independent."
        ),
        rows=tuple(CASES),
        columns=COLUMNS,
        settings={"steps": steps, "num_train": num_train, "num_test": num_test},
        measure=measure,
        seeds=(0, 1, 2, 3, 4),
        illustrate=_draw,
        conclude=findings,
    )


def _halves(rows: Array) -> tuple[Array, Array]:
    inputs, codes = np.split(rows, 2, axis=1)
    return inputs, codes


def findings(summary: Summary) -> str:
    """States the largest errors and spreads of both estimates.

    Args:
        summary: Summary of the cases measured so far.
    """
    lines = []
    for measure, name in (("mine", "MINE"), ("ndm", "NDM")):
        rows = {row: columns for row, columns in summary.items() if CASES[row].measure == measure}
        if rows:
            texts = [f"{_LINES[column]}: {_extremes(rows, column)}" for column in ("estimate", "single")]
            lines.append(f"- {name}. {'. '.join(text[0].upper() + text[1:] for text in texts)}.")
    return "\n".join(lines)


def _extremes(rows: Summary, column: str) -> str:
    biases = {row: columns[column]["mean"] - columns["truth"]["mean"] for row, columns in rows.items()}
    lowest, highest = min(biases, key=biases.__getitem__), max(biases, key=biases.__getitem__)
    widest = max(rows, key=lambda row: rows[row][column]["std"])
    return (
        f"mean error from {biases[lowest]:+.2f} ({lowest}) to {biases[highest]:+.2f} nats ({highest}), "
        f"largest deviation between seeds {rows[widest][column]['std']:.2f} nats ({widest})"
    )


def _draw(output: Path, folders: Folders) -> None:
    """Draws the estimates over the true values, with deviations over seeds."""
    summary = json.loads((output / RESULTS_FILE).read_text())["summary"]
    panels: dict[str, dict[str, Curve]] = {}
    for panel in dict.fromkeys(case.panel for case in CASES.values()):
        own = [summary[row] for row, case in CASES.items() if case.panel == panel and row in summary]
        truth = [columns["truth"]["mean"] for columns in own]
        if own:
            panels[panel] = {text: summary_curve(truth, own, name) for name, text in _LINES.items()}
    write_png(output / ESTIMATES_FIGURE, curve_panels(panels, x_label="true value (nats)", columns=2))
