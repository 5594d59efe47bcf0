"""Claims of papers about rows of a table, and whether its cells hold them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
from scipy import stats

from tf_infomax.metrics.metric import Better

LEVEL = 0.05
"""Probability below which a difference counts."""
FEWEST = 3
"""Seeds that a test needs."""
_ROUNDING = 1e-12
"""Part of the largest number by which equal ones may differ."""

Finding = Literal["held", "not held", "undecided"]


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A statement that some rows are better than others.

    Attributes:
        text: The statement, as a sentence.
        source: Publication and table or section.
        column: Column that it is about; of several the mean counts.
        better: Which values are better.
        pairs: Pairs of rows, the better one first, or of a row and a number; several where the claim is about several
            settings, none of which may then be missing.
        each: Whether it must hold for each pair, not for their mean.
    """

    text: str
    source: str
    column: str | Sequence[str]
    better: Better
    pairs: Sequence[tuple[str, str | float]]
    each: bool = False


class Verdict(NamedTuple):
    """What the cells say of a claim.

    Attributes:
        finding: held, not held, which is that the contrary is significant, or undecided.
        mean: Mean advantage of the rows that should be better, in the column's unit, or the smallest one where each
            pair counts; NaN without pairs of cells.
        probability: Two-sided probability of such a mean by chance, Student's paired t-test over the seeds; NaN for
            too few seeds, 0 or 1 where all differ alike.
        differ_alike: Whether the advantages have no spread, so that there is nothing to test.
        num_seeds: Seeds with both rows of every pair that is measured; of the pair that decides where each counts.
        num_settings: Pairs of rows that have a seed in common.
    """

    finding: Finding
    mean: float
    probability: float
    differ_alike: bool
    num_seeds: int
    num_settings: int


def verdict(claim: Claim, cells: Sequence[Mapping[str, Any]]) -> Verdict:
    """Tests a claim, paired over the seeds; of several settings the mean counts once for each seed.

    A claim about several settings is held only by the cells of all of them.

    Args:
        claim: The claim.
        cells: Cells of a `results.json`: row, seed and values. Values that are not finite count as missing.
    """
    settings = [own for own in _advantages(claim, cells) if own]
    all_known = len(settings) == len(claim.pairs)
    if claim.each and settings:
        return _of_each([_verdict(list(own.values()), 1) for own in settings], all_known=all_known)
    seeds = sorted(set.intersection(*map(set, settings))) if settings else []
    found = _verdict([_mean([own[seed] for own in settings]) for seed in seeds], len(settings))
    return found if all_known else found._replace(finding="undecided")


def _verdict(advantages: Sequence[float], num_settings: int) -> Verdict:
    mean = float(np.mean(advantages)) if advantages else float("nan")
    probability = _probability(advantages)
    finding: Finding = "undecided"
    if probability < LEVEL:
        finding = "held" if mean > 0 else "not held"
    return Verdict(finding, mean, probability, _are_alike(advantages), len(advantages), num_settings)


def _of_each(verdicts: Sequence[Verdict], *, all_known: bool) -> Verdict:
    """Returns the verdict on a claim about each setting: one that is not held decides, else the least certain one.

    The mean is the smallest, of those that are not held or of all.
    """
    refuted = [own for own in verdicts if own.finding == "not held"]
    least = min(refuted or verdicts, key=lambda own: own.mean)
    if not refuted:
        least = least._replace(num_seeds=min(own.num_seeds for own in verdicts))
    if not refuted:
        worst = max(verdicts, key=lambda own: (math.isnan(own.probability), own.probability))
        least = least._replace(probability=worst.probability, differ_alike=worst.differ_alike)
    finding: Finding = "not held" if refuted else "undecided"
    if all_known and all(own.finding == "held" for own in verdicts):
        finding = "held"
    return least._replace(finding=finding, num_settings=len(verdicts))


def _advantages(claim: Claim, cells: Sequence[Mapping[str, Any]]) -> list[dict[int, float]]:
    """Returns the advantages by seed, for each pair of rows."""
    columns = [claim.column] if isinstance(claim.column, str) else claim.column
    scores: dict[str, dict[int, float]] = {}
    for cell in cells:
        value = float(np.mean([cell["values"].get(column, np.nan) for column in columns]))
        if np.isfinite(value):
            scores.setdefault(cell["row"], {})[cell["seed"]] = _score(value, claim.better)
    advantages = []
    for row, other in claim.pairs:
        own = scores.get(row, {})
        others = scores.get(other, {}) if isinstance(other, str) else dict.fromkeys(own, _score(other, claim.better))
        advantages.append({seed: 2.0 * _mean([own[seed], -others[seed]]) for seed in own if seed in others})
    return advantages


def _mean(values: Sequence[float]) -> float:
    """Returns the mean; 0 for what is nothing but the rounding of values that cancel."""
    mean = float(np.mean(values))
    return mean if abs(mean) > _ROUNDING * np.max(np.abs(values)) else 0.0


def _score(value: float, better: Better) -> float:
    """Returns a value such that more is better."""
    return {"higher": value, "lower": -value, "nearer 50": -abs(value - 50.0)}[better]


def _probability(advantages: Sequence[float]) -> float:
    if len(advantages) < FEWEST:
        return float("nan")
    if _are_alike(advantages):  # The test divides by the spread.
        return 0.0 if advantages[0] else 1.0
    return float(stats.ttest_1samp(advantages, 0.0).pvalue)


def _are_alike(advantages: Sequence[float]) -> bool:
    return not advantages or bool(np.ptp(advantages) <= _ROUNDING * np.max(np.abs(advantages)))


def sentence(claim: Claim, found: Verdict) -> str:
    """Returns a claim with its verdict, as a line of Markdown."""
    if not found.num_seeds:
        return f"- {claim.text} ({claim.source}): **{found.finding}**, not measured."
    seeds = f"{found.num_seeds} seed{'s' if found.num_seeds > 1 else ''}"
    several = claim.each and len(claim.pairs) > 1
    advantage = f"{'smallest' if several else 'mean'} advantage {found.mean:.3g}{_settings_text(claim, found)}"
    return f"- {claim.text} ({claim.source}): **{found.finding}**, {advantage}; {seeds}, {_test_text(found)}."


def _settings_text(claim: Claim, found: Verdict) -> str:
    number = len(claim.pairs)
    if number == 1:
        return ""
    of_all = "" if found.num_settings == number else f" of {number}"
    return f" over {found.num_settings}{of_all} settings"


def _test_text(found: Verdict) -> str:
    if found.num_seeds < FEWEST:
        return "too few for a test"
    return "which differ alike" if found.differ_alike else f"p = {found.probability:.2g}"
