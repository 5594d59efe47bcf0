"""The two terms of the evidence lower bound, against scipy."""

import math

import numpy as np
import pytest
from scipy import integrate, stats

from tf_infomax.losses import reconstruction_loss, standard_normal_divergence


def divergence_by_quadrature(mean: float, log_variance: float) -> float:
    posterior, prior = stats.norm(mean, math.exp(0.5 * log_variance)), stats.norm()
    limits = posterior.ppf([1e-12, 1 - 1e-12])
    return integrate.quad(lambda z: posterior.pdf(z) * (posterior.logpdf(z) - prior.logpdf(z)), *limits)[0]


def test_divergence_is_the_integral():
    rng = np.random.default_rng(0)
    means, log_variances = rng.normal(size=(2, 3, 4))
    expected = [
        sum(divergence_by_quadrature(*unit) for unit in zip(*row)) for row in zip(means, log_variances, strict=True)
    ]
    assert float(standard_normal_divergence(means, log_variances)) == pytest.approx(np.mean(expected), rel=1e-6)


def test_the_prior_diverges_from_itself_by_nothing():
    assert float(standard_normal_divergence(np.zeros([3, 4]), np.zeros([3, 4]))) == 0.0


def test_reconstruction_is_a_log_likelihood_without_its_constant():
    images, decoded = np.random.default_rng(0).normal(size=(2, 3, 4, 5, 2))
    log_likelihoods = stats.norm(decoded, 1.0).logpdf(images).sum(axis=(1, 2, 3))
    constant = 0.5 * math.log(2 * math.pi) * 4 * 5 * 2
    assert float(reconstruction_loss(images, decoded)) == pytest.approx(-log_likelihoods.mean() - constant)
