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
    assert (found.finding, found.num_seeds) == ("held", 3) and found.mean == pytest.approx(3.0)


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
    assert (found.num_seeds, found.mean) == (2, 2.5)


def test_the_mean_of_several_settings_counts_once_for_each_seed():
    claim = Claim(text="C", source="p", column="fid", better="higher", pairs=[("a", "b"), ("c", "b")])
    table = cells(a=[3.0, 4.0, 5.0], b=[1.0, 2.5, 1.0], c=[5.0, 3.0, 5.0])
    found, same = verdict(claim, table), verdict(LOWER, cells(a=[0.0, 0.0, 0.0], b=[3.0, 1.0, 4.0]))
    assert found[:-1] == same[:-1] and (found.num_settings, same.num_settings) == (2, 1)
    assert (found.num_seeds, found.mean) == (3, pytest.approx(8.0 / 3.0))
    # Seeds that lack a setting would be means of others.
    fewer = verdict(claim, [cell for cell in table if (cell["row"], cell["seed"]) != ("c", 2)])
    assert (fewer.finding, fewer.num_seeds, fewer.mean) == ("undecided", 2, pytest.approx(2.0))


def test_a_claim_about_several_settings_is_not_held_by_one():
    claim = Claim(text="C", source="p", column="fid", better="higher", pairs=[("a", "b"), ("c", "b")])
    found = verdict(claim, cells(a=[3.0, 4.1, 5.0], b=[1.0, 2.0, 3.0]))
    assert (found.finding, found.num_settings) == ("undecided", 1) and found.probability < 0.05
    assert "over 1 of 2 settings" in sentence(claim, found)


def test_a_refuted_setting_is_reported_with_its_own_seeds():
    found = verdict(EACH, cells(a=LOW, b=[1.5], c=[0.0, 0.9, 2.0]))
    assert (found.finding, found.num_seeds) == ("not held", 3)
    assert "3 seeds, p = " in sentence(EACH, found)


def test_values_that_are_not_finite_count_as_missing():
    found = verdict(LOWER, cells(a=[1.0, float("nan"), 3.0], b=[2.0, 3.0, 4.0]))
    assert (found.num_seeds, found.mean) == (2, 1.0)


def test_equal_advantages_may_be_rounded():
    found = verdict(LOWER, cells(a=[0.1, 0.2, 0.3], b=[0.4, 0.1 + 0.2 + 0.2, 0.6]))
    assert (found.finding, found.probability) == ("held", 0.0)


EACH = Claim(text="E", source="p", column="fid", better="lower", pairs=[("a", "b"), ("a", "c")], each=True)
LOW, LITTLE_HIGHER, HIGHER = [1.0, 2.0, 3.0], [1.5, 2.0, 3.5], [2.0, 3.1, 4.0]


@pytest.mark.parametrize(
    "b, c, finding, mean",
    [
        (HIGHER, HIGHER, "held", 31 / 30),
        (HIGHER, LITTLE_HIGHER, "undecided", 1 / 3),
        (HIGHER, [0.0, 0.9, 2.0], "not held", -31 / 30),
        (HIGHER, [], "undecided", 31 / 30),
        ([0.0, 0.9, 2.0], [], "not held", -31 / 30),
        ([], [], "undecided", float("nan")),
    ],
)
def test_a_claim_about_each_setting_is_as_good_as_the_worst(b, c, finding, mean):
    found = verdict(EACH, cells(a=LOW, b=b, c=c))
    assert found.finding == finding and found.mean == pytest.approx(mean, nan_ok=True)
    settings = {2: "2 settings", 1: "1 of 2 settings", 0: "not measured"}[bool(b) + bool(c)]
    assert settings in sentence(EACH, found)


def test_the_least_certain_setting_gives_the_probability():
    found = verdict(EACH, cells(a=LOW, b=HIGHER, c=LITTLE_HIGHER))
    alone = verdict(LOWER, cells(a=LOW, b=LITTLE_HIGHER))
    assert found.probability == alone.probability and found.num_seeds == 3


def test_nearer_50_is_better():
    claim = Claim(text="N", source="p", column="fid", better="nearer 50", pairs=[("a", "b")])
    found = verdict(claim, cells(a=[51.0, 49.0, 52.0], b=[45.0, 57.0, 60.0]))
    assert found.mean == pytest.approx((4 + 6 + 8) / 3)


def test_the_mean_of_several_columns():
    claim = Claim(text="M", source="p", column=("x", "y"), better="higher", pairs=[("a", "b")])
    values = {"a": {"x": 1.0, "y": 4.0}, "b": {"x": 2.0, "y": 1.0}, "c": {"x": 0.0}}
    found = verdict(claim, [{"row": row, "seed": 0, "values": own} for row, own in values.items()])
    assert (found.mean, found.num_seeds) == (1.0, 1)


@pytest.mark.parametrize(
    "a, text",
    [
        ([1.0], "mean advantage 1; 1 seed, too few for a test."),
        ([1.0, 0.0, 1.5], "mean advantage 1.17; 3 seeds, p = 0.12."),
        ([1.0, 1.0, 1.0], "mean advantage 1; 3 seeds, which differ alike."),
        ([2.0, 2.0, 2.0], "mean advantage 0; 3 seeds, which differ alike."),
    ],
)
def test_sentences(a, text):
    assert sentence(LOWER, verdict(LOWER, cells(a=a, b=[2.0, 2.0, 2.0]))).endswith(text)


def test_cells_without_the_column_do_not_count():
    some = [{"row": "a", "seed": 0, "values": {}}, {"row": "b", "seed": 0, "values": {"fid": 1.0}}]
    found = verdict(LOWER, some)
    assert found.num_seeds == 0 and sentence(LOWER, found).endswith("**undecided**, not measured.")


def test_values_that_differ_by_their_rounding_alone_are_equal():
    found = verdict(LOWER, cells(a=[0.3] * 3, b=[0.1 + 0.2] * 3))
    assert (found.finding, found.mean, found.probability, found.differ_alike) == ("undecided", 0.0, 1.0, True)
    claim = Claim(text="M", source="p", column=("x", "y", "z"), better="higher", pairs=[("a", "b")])
    columns = {"a": (0.3, 0.2, 0.1), "b": (0.1, 0.2, 0.3)}
    table = [
        {"row": row, "seed": seed, "values": dict(zip("xyz", own))} for row, own in columns.items() for seed in range(3)
    ]
    assert verdict(claim, table).mean == 0.0


def test_advantages_that_cancel_do_not_differ_alike():
    found = verdict(LOWER, cells(a=[1.0, 2.0, 3.0], b=[2.0, 1.0, 3.0]))
    assert (found.mean, found.differ_alike) == (0.0, False)
    assert sentence(LOWER, found).endswith("mean advantage 0; 3 seeds, p = 1.")
