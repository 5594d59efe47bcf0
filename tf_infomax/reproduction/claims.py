"""Claims of papers about rows of a table, and whether its cells hold them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
from scipy import stats

LEVEL = 0.05
"""Probability below which a difference counts."""
FEWEST = 3
"""Pairs of values that a test needs."""

Finding = Literal["held", "not held", "undecided"]


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A statement that some rows are better than others.

    Attributes:
        text: The statement, as a sentence.
        source: Publication and table or section.
        column: Column that it is about.
        better: Which values are better.
        pairs: Pairs of rows, the better one first, or of a row and a number; several where the claim is about several
            settings.
    """

    text: str
    source: str
    column: str
    better: Literal["lower", "higher"]
    pairs: Sequence[tuple[str, str | float]]


class Verdict(NamedTuple):
    """What the cells say of a claim.

    Attributes:
        finding: held, not held, which is that the contrary is significant, or undecided.
        mean: Mean advantage of the rows that should be better, in the column's unit; NaN without pairs of cells.
        probability: Two-sided probability of such a mean by chance, Student's paired t-test; NaN for too few pairs.
        num_pairs: Pairs of cells, of the same seed and the same setting.
    """

    finding: Finding
    mean: float
    probability: float
    num_pairs: int


def verdict(claim: Claim, cells: Sequence[Mapping[str, Any]]) -> Verdict:
    """Tests a claim, paired over the seeds, and over the settings where it is about several.

    Args:
        claim: The claim.
        cells: Cells of a `results.json`: row, seed and values.
    """
    advantages = _advantages(claim, cells)
    mean = float(np.mean(advantages)) if advantages else float("nan")
    probability = _probability(advantages)
    finding: Finding = "undecided"
    if probability < LEVEL:
        finding = "held" if mean > 0 else "not held"
    return Verdict(finding, mean, probability, len(advantages))


def _advantages(claim: Claim, cells: Sequence[Mapping[str, Any]]) -> list[float]:
    values: dict[str, dict[int, float]] = {}
    for cell in cells:
        if claim.column in cell["values"]:
            values.setdefault(cell["row"], {})[cell["seed"]] = cell["values"][claim.column]
    sign = 1.0 if claim.better == "higher" else -1.0
    advantages = []
    for row, other in claim.pairs:
        own = values.get(row, {})
        others = values.get(other, {}) if isinstance(other, str) else dict.fromkeys(own, other)
        advantages += [sign * (own[seed] - others[seed]) for seed in own if seed in others]
    return advantages


def _probability(advantages: Sequence[float]) -> float:
    if len(advantages) < FEWEST:
        return float("nan")
    if np.ptp(advantages) == 0.0:  # No spread at all: the test divides by it.
        return 0.0 if advantages[0] else 1.0
    return float(stats.ttest_1samp(advantages, 0.0).pvalue)


def sentence(claim: Claim, found: Verdict) -> str:
    """Returns a claim with its verdict, as a line of Markdown."""
    if not found.num_pairs:
        return f"- {claim.text} ({claim.source}): **{found.finding}**, not measured."
    settings = " and settings" if len(claim.pairs) > 1 else ""
    test = f"p = {found.probability:.2g}" if found.num_pairs >= FEWEST else "too few for a test"
    return (
        f"- {claim.text} ({claim.source}): **{found.finding}**, mean advantage {found.mean:.3g}; {test}, "
        f"{found.num_pairs} pairs over seeds{settings}."
    )
