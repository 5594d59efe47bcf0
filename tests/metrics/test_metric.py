"""Rows of tables and their choice."""

import pytest

from tf_infomax.errors import InputError
from tf_infomax.metrics import Metric, choose


def row(group: str = "") -> Metric:
    return Metric(title="x", definition="y", better="lower", measure=lambda pair: 0.0, group=group)


TABLE = {"a": row("first"), "b": row(), "c": row("first"), "d": row("a")}


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        (["b"], ["b"]),
        (["c", "b"], ["b", "c"]),  # the table's order
        (["first"], ["a", "c"]),
        (["first", "a", "a"], ["a", "c", "d"]),  # a name may be a group too
        ([], []),
    ],
)
def test_names_and_groups(names, chosen):
    assert list(choose(TABLE, names)) == chosen
    assert choose(TABLE, iter(names)).keys() == set(chosen)
    assert all(metric is TABLE[name] for name, metric in choose(TABLE, names).items())


@pytest.mark.parametrize("names", [["e"], ["a", "e"], [""]])
def test_other_names_are_refused(names):
    with pytest.raises(InputError, match=f"must be among a, b, c, d, first. Received: {names[-1]}$"):
        choose(TABLE, names)
