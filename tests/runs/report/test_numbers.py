"""Numbers for people."""

import math

import pytest

from tf_infomax.runs.report.numbers import number, number_and_deviation, text


@pytest.mark.parametrize(
    "value, expected",
    [
        (0.0, "0"),
        (10.0, "10"),
        (372.7053, "372.7"),
        (12345.678, "12,346"),
        (9.99996, "10.00"),
        (-0.00123, "−0.001230"),
        (0.0000004321, "4.321 × 10⁻⁷"),
        (1_000_000, "1,000,000"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
        (math.nan, "undefined"),
    ],
)
def test_four_digits(value, expected):
    assert number(value) == expected


@pytest.mark.parametrize(
    "value, deviation, expected",
    [
        (12.3456, 0.4321, ("12.35", "0.43")),
        (12.3456, 0.0996, ("12.35", "0.10")),
        (1234.5, 67.0, ("1,234", "67")),
        (0.00213, 0.000119, ("0.00213", "0.00012")),
        (-0.5, 0.25, ("−0.50", "0.25")),
        (10.0, 0.0, ("10", "0")),
        (3e-7, 2e-8, ("3.000 × 10⁻⁷", "2.0 × 10⁻⁸")),
        (12.3456, None, ("12.35", "")),
        (math.nan, 0.5, ("undefined", "0.5000")),
    ],
)
def test_a_value_is_as_precise_as_its_deviation(value, deviation, expected):
    assert number_and_deviation(value, deviation) == expected


@pytest.mark.parametrize(
    "value, expected",
    [
        (None, "–"),
        (True, "yes"),
        (20000, "20,000"),
        ([1000, 2], "1000, 2"),
        ({"a": 1, "b": None, "c": [2, 3]}, "a 1, c 2, 3"),
        ("a-b", "a-b"),
    ],
)
def test_values_of_records(value, expected):
    assert text(value) == expected
