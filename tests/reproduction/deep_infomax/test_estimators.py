"""The study of MINE and NDM: its distributions have the information that it says, and what it concludes."""

import numpy as np
import pytest

from tf_infomax.reproduction.deep_infomax.estimators import CASES, correlated_pairs, estimators, findings


def gaussian_information(rows: np.ndarray, parts: list[slice]) -> float:
    """The information between parts of Gaussian rows, by the determinants of their correlations."""
    correlations = np.corrcoef(rows.T)
    own = sum(np.linalg.slogdet(correlations[part, part])[1] for part in parts)
    return 0.5 * (own - np.linalg.slogdet(correlations)[1])


@pytest.mark.parametrize("name", [name for name in CASES if "triples" not in name])
def test_gaussian_rows_have_the_information_that_the_table_says(name):
    case = CASES[name]
    rows = case.sample(100_000, np.random.default_rng(0)).astype(np.float64)
    size = rows.shape[1]
    pairs = [slice(0, size // 2), slice(size // 2, size)]
    parts = pairs if case.measure == "mine" else [slice(i, i + 1) for i in range(size)]
    assert gaussian_information(rows, parts) == pytest.approx(case.truth, rel=0.02, abs=0.01)


@pytest.mark.parametrize("number", [1, 4])
def test_triples_are_normal_and_uncorrelated_with_positive_products(number):
    rows = CASES[f"ndm-{number}-triples"].sample(100_000, np.random.default_rng(0)).astype(np.float64)
    assert rows.shape == (100_000, 3 * number) and (rows.reshape(-1, number, 3).prod(axis=2) > 0).all()
    np.testing.assert_allclose(rows.T @ rows / len(rows), np.eye(3 * number), atol=0.02)
    assert CASES[f"ndm-{number}-triples"].truth == pytest.approx(number * np.log(2))


def test_pairs_are_halves():
    rows = correlated_pairs(50_000, np.random.default_rng(0), num_dimensions=2, information=5.0)
    correlations = np.corrcoef(rows.T)
    assert correlations[0, 2] > 0.99 and abs(correlations[0, 3]) < 0.02


def test_the_whole_table():
    experiment = estimators()
    assert len(experiment.seeds) == 5 and experiment.rows == tuple(CASES)


def test_findings():
    def row(truth: float, estimate: float, single: float, std: float) -> dict:
        values = {"truth": truth, "estimate": estimate, "single": single}
        return {name: {"mean": mean, "std": std} for name, mean in values.items()}

    assert findings({}) == ""
    text = findings({"ndm-8-numbers-0-nats": row(0, 0, 0, 0.1), "ndm-64-numbers-50-nats": row(50, 49, 300, 2.0)})
    assert "Estimate: mean error from -1.00 (ndm-64-numbers-50-nats) to +0.00 nats (ndm-8-numbers-0-nats)" in text
    assert "to +250.00 nats (ndm-64-numbers-50-nats), largest deviation between seeds 2.00 nats" in text
    assert "MINE" not in text
