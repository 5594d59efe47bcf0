"""Verdicts on claims, against the paired test by hand."""

import math

import numpy as np
import pytest

from tf_infomax.reproduction.claims import Claim, sentence, verdict

LOWER = Claim(text="A is lower than B", source="a paper", column="fid", better="lower", pairs=[("a", "b")])


def cells(**rows: list[float]) -> list[dict]:
    return [
        {"row": row, "seed": seed, "values": {"fid": value}}
        for row, values in rows.items()
        for seed, value in enumerate(values)
    ]


def test_the_test_is_students_paired():
    a, b = [10.0, 12.0, 11.0], [13.0, 15.5, 13.5]
    found = verdict(LOWER, cells(a=a, b=b))
    differences = np.subtract(b, a)
    t = differences.mean() / (differences.std(ddof=1) / math.sqrt(3))
    # Two degrees of freedom have a distribution function in closed form.
    assert found.probability == pytest.approx(1.0 - t / math.sqrt(2.0 + t**2))
    assert (found.finding, found.num_pairs) == ("held", 3) and found.mean == pytest.approx(3.0)


@pytest.mark.parametrize(
    "a, b, finding",
    [
        ([13.0, 15.5, 13.5], [10.0, 12.0, 11.0], "not held"),
        ([10.0, 15.0, 11.0], [13.0, 14.0, 13.5], "undecided"),
        ([10.0, 12.0], [13.0, 15.5], "undecided"),
        ([1.0, 1.0, 1.0], [2.0, 2.0, 2.0], "held"),
        ([1.0, 1.0, 1.0], [1.0, 1.0, 1.0], "undecided"),
        ([], [1.0, 1.0, 1.0], "undecided"),
    ],
)
def test_findings(a, b, finding):
    assert verdict(LOWER, cells(a=a, b=b)).finding == finding


def test_seeds_are_paired_and_not_their_places():
    some = [{"row": "a", "seed": seed, "values": {"fid": 0.0}} for seed in (2, 3, 4)]
    others = [{"row": "b", "seed": seed, "values": {"fid": float(seed)}} for seed in (1, 2, 3)]
    found = verdict(LOWER, [*some, *others])
    assert (found.num_pairs, found.mean) == (2, 2.5)


def test_higher_is_better_over_several_settings():
    claim = Claim(text="C", source="p", column="fid", better="higher", pairs=[("a", "b"), ("c", "d")])
    found = verdict(claim, cells(a=[3.0, 4.0], b=[1.0, 2.5], c=[5.0], d=[4.0]))
    assert found.num_pairs == 3 and found.mean == pytest.approx(1.5)
    assert "3 pairs over seeds and settings" in sentence(claim, found)


def test_cells_without_the_column_do_not_count():
    some = [{"row": "a", "seed": 0, "values": {}}, {"row": "b", "seed": 0, "values": {"fid": 1.0}}]
    found = verdict(LOWER, some)
    assert found.num_pairs == 0 and sentence(LOWER, found).endswith("**undecided**, not measured.")
