"""Protocols: numbers of samples, seeds and estimators."""

import pytest

from tf_infomax.data import load_source
from tf_infomax.errors import InputError
from tf_infomax.metrics import ImageSuite, feature_extractor, suite_for
from tf_infomax.runs.evaluation import Sizes
from tf_infomax.runs.evaluation.protocol import chosen_protocol
from tf_infomax.runs.options import EvaluationOptions


@pytest.fixture(scope="module")
def suite() -> ImageSuite:
    return ImageSuite(extractor=feature_extractor("digits"))


def test_the_paper(suite):
    protocol = chosen_protocol(EvaluationOptions(protocol="paper"))
    chosen = protocol.suite(suite)
    sizes = protocol.sizes_in(chosen)
    assert sizes["fid"] == Sizes(50_000, 10_000)
    assert sizes["kid"] == Sizes(50_000, 50_000)
    assert sizes["is"].num_fake == 50_000
    assert protocol.seeds == (0, 1, 2)
    assert 1000 * protocol.real_per_class("imagenet2012") == sizes["fid"].num_real
    assert protocol.real_per_class("cifar10") is None


def test_the_library_of_its_authors(suite):
    protocol = chosen_protocol(EvaluationOptions(protocol="mimicry"))
    chosen = protocol.suite(suite)
    assert list(chosen.metrics) == ["fid", "kid_subsets", "is_splits"]
    assert set(protocol.sizes_in(chosen).values()) == {Sizes(50_000, 50_000)}
    assert "10 random subsets of 5,000" in chosen.metrics["kid_subsets"].definition
    assert "100 random subsets of 1,000" in suite.metrics["kid_subsets"].definition


def test_numbers_of_a_command_line_come_first(suite):
    options = EvaluationOptions(protocol="paper", num_fake=70, seeds=(4,), metrics=("fid",))
    protocol = chosen_protocol(options)
    chosen = protocol.suite(suite)
    assert protocol.sizes_in(chosen) == {"fid": Sizes(50_000, 70)}
    assert protocol.seeds == (4,)
    few = chosen_protocol(EvaluationOptions(protocol="paper", num_real=70))
    assert few.real_per_class("imagenet2012") is None


@pytest.mark.parametrize("name, sizes", [("standard", Sizes(10_000, 10_000)), ("quick", Sizes(1_000, 1_000))])
def test_all_metrics_that_apply(suite, name, sizes):
    protocol = chosen_protocol(EvaluationOptions(protocol=name))
    assert protocol.sizes_in(protocol.suite(suite)) == dict.fromkeys(suite.metrics, sizes)


def test_points_have_their_own_number():
    protocol = chosen_protocol(EvaluationOptions())
    suite = protocol.suite(suite_for(load_source("ring", split="train")))
    assert set(protocol.sizes_in(suite).values()) == {Sizes(2_500, 2_500)}


def test_metrics_of_images_alone():
    with pytest.raises(InputError, match="is_splits"):
        chosen_protocol(EvaluationOptions(protocol="mimicry")).suite(suite_for(load_source("ring", split="train")))
