"""The choice of lambda from a sweep (cross validation in the paper)."""

from tf_infomax.reproduction.experiment import Summary

MODES = 1.0
"""Modes by which a weight may fall short of the best."""
ACCURACY = 0.5
"""Percentage points within which two 1-NN accuracies of one seed count as equal."""


def chosen_weights(summary: Summary) -> dict[str, str]:
    """Returns the weight that a sweep chooses for each method.

    It has the 1-NN accuracy nearest to 50 among those that find the most modes, give or take one. Among weights within
    half a percent of that it has the lowest Wasserstein distance.

    Args:
        summary: Rows METHOD-WEIGHT with the columns `modes`, `ta` and `wd`.

    Returns:
        Weights by method, as written in the names of the rows.
    """
    methods = dict.fromkeys(row.rpartition("-")[0] for row in summary)
    return {method: _chosen({row: c for row, c in summary.items() if row.startswith(method)}) for method in methods}


def _chosen(summary: Summary) -> str:
    values = {row: {name: column["mean"] for name, column in columns.items()} for row, columns in summary.items()}
    most = max(value["modes"] for value in values.values())
    covering = {row: value for row, value in values.items() if value["modes"] >= most - MODES}
    excess = {row: abs(value["ta"] - 50.0) for row, value in covering.items()}
    level = {row: value for row, value in covering.items() if excess[row] <= min(excess.values()) + ACCURACY}
    return min(level, key=lambda row: level[row]["wd"]).rpartition("-")[2]


def choice(summary: Summary) -> str:
    """States the choice, for the text under the table."""
    weights = " and ".join(f"{weight} for {method}" for method, weight in chosen_weights(summary).items())
    return (
        f"Chosen: {weights}. These have the 1-NN accuracy nearest to 50 among the weights that find the most modes, "
        f"give or take one; where others are within {ACCURACY:g} percent of that, the lowest Wasserstein distance."
    )
