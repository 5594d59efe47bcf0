"""Values of torch-fidelity and prdc on the same features; install them by `pip install tf-infomax[peers]`."""

import numpy as np
import pytest

from tf_infomax.metrics import (
    frechet_distance,
    frechet_distance_of_moments,
    inception_score,
    manifold_overlap,
    moments_of,
    split_inception_scores,
    subset_kernel_distances,
)


def activations(count: int, *, seed: int, spread: float = 1.0) -> np.ndarray:
    """Correlated features (N, 2048) that are not negative."""
    mixing = np.random.default_rng(99).normal(size=(16, 2048)) / 4.0
    rng = np.random.default_rng(seed)
    latents = spread * rng.normal(size=(count, 16)) @ mixing
    return np.maximum(latents + 0.3 * rng.normal(size=(count, 2048)) + 0.2, 0.0)


REAL, FAKE = activations(150, seed=0), activations(120, seed=1, spread=0.9)
LOGITS = 3.0 * np.random.default_rng(2).normal(size=(120, 1008))


class NewerDraws:
    """Stands for `RandomState` and draws as we do, by numpy's newer generator."""

    def __new__(cls, seed: int):
        return np.random.default_rng(seed)


@pytest.fixture
def torch(monkeypatch):
    """PyTorch, for torch-fidelity, which then draws the same subsets as we do."""
    pytest.importorskip("torch_fidelity")
    monkeypatch.setattr(np.random, "RandomState", NewerDraws)
    return pytest.importorskip("torch")


def test_frechet_distance(torch):
    from torch_fidelity.metric_fid import fid_features_to_statistics, fid_statistics_to_metric

    real, fake = REAL[:, :100], FAKE[:, :100]  # of fewer images than features its eigenvalues are rounding
    statistics = [fid_features_to_statistics(torch.tensor(x)) for x in (real, fake)]
    theirs = fid_statistics_to_metric(*statistics, verbose=False)["frechet_inception_distance"]
    assert frechet_distance(real, fake) == pytest.approx(theirs, rel=1e-6)
    assert frechet_distance_of_moments(moments_of(real), moments_of(fake)) == pytest.approx(theirs, rel=1e-6)


def test_kernel_distance(torch):
    from torch_fidelity.metric_kid import kid_features_to_metric

    options = {"kid_subsets": 5, "kid_subset_size": 100, "rng_seed": 3, "verbose": False}
    theirs = kid_features_to_metric(torch.tensor(REAL), torch.tensor(FAKE), **options)
    ours = subset_kernel_distances(REAL, FAKE, num_subsets=5, subset_size=100, seed=3)
    assert ours.mean() == pytest.approx(theirs["kernel_inception_distance_mean"], rel=1e-6)
    assert ours.std() == pytest.approx(theirs["kernel_inception_distance_std"], rel=1e-6)


def test_inception_score(torch):
    from torch_fidelity.metric_isc import isc_features_to_metric

    def theirs(splits):
        return isc_features_to_metric(torch.tensor(LOGITS), splits=splits, rng_seed=3)

    ours = split_inception_scores(LOGITS, seed=3)
    assert ours.mean() == pytest.approx(theirs(10)["inception_score_mean"], rel=1e-6)
    assert ours.std() == pytest.approx(theirs(10)["inception_score_std"], rel=1e-6)
    assert inception_score(LOGITS) == pytest.approx(theirs(1)["inception_score_mean"], rel=1e-6)


def test_precision_and_recall_of_torch_fidelity(torch):
    """It takes the generated set first."""
    from torch_fidelity.metric_prc import prc_features_to_metric

    options = {"prc_neighborhood": 5, "prc_batch_size": 100, "save_cpu_ram": False, "verbose": False}
    theirs = prc_features_to_metric(torch.tensor(FAKE), torch.tensor(REAL), **options)
    ours = manifold_overlap(REAL, FAKE)
    assert (ours.precision, ours.recall) == pytest.approx((theirs["precision"], theirs["recall"]), rel=1e-6)


def test_precision_recall_density_and_coverage_of_prdc():
    theirs = pytest.importorskip("prdc").compute_prdc(REAL, FAKE, nearest_k=5)
    ours = manifold_overlap(REAL, FAKE)
    assert {name: getattr(ours, name) for name in theirs} == pytest.approx(theirs, rel=1e-6)
