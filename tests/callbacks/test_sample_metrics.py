"""Measurements of samples during training."""

import keras
import numpy as np
import pytest

from tests.event_files import descriptions, scalars
from tests.tiny import batches
from tf_infomax import data
from tf_infomax.callbacks import SampleMetrics
from tf_infomax.errors import InputError
from tf_infomax.metrics import PointSuite, suite_for
from tf_infomax.models import GAN
from tf_infomax.networks import MLPDiscriminator, MLPGenerator

RING = data.MIXTURES["ring"]
SUITE = PointSuite(mixture=RING)
REAL = RING.sample(30, seed=0)[0]


def trained(watcher: SampleMetrics, *, steps: int = 4) -> GAN:
    keras.utils.set_random_seed(0)
    gan = GAN(MLPGenerator(base_channels=8), MLPDiscriminator(base_channels=8))
    gan.compile("minimax")
    gan.fit(batches(RING.sample(8 * steps, seed=1)[0], 8), verbose=0, shuffle=False, callbacks=[watcher])
    return gan


@pytest.fixture(scope="module")
def watched(tmp_path_factory) -> tuple[GAN, SampleMetrics]:
    watcher = SampleMetrics(tmp_path_factory.mktemp("logs"), suite=SUITE, real=REAL, every=2)
    return trained(watcher), watcher


def test_measurements_are_those_of_the_suite(watched):
    gan, watcher = watched
    expected = SUITE.measure(REAL, gan.generate(30, seed=1))
    logged = scalars(watcher.log_folder)
    assert [measured.step for measured in watcher.history.measurements] == [2, 4]
    assert watcher.history.measurements[-1].metrics == {name: float(value) for name, value in expected.items()}
    for name, value in expected.items():
        assert logged[f"metrics/{name}"][-1] == np.float32(value)


def test_tensorboard_says_what_a_number_is(watched):
    text = descriptions(watched[1].log_folder)["metrics/ta"]
    row = SUITE.metrics["ta"]
    for part in (row.title, "(%)", row.definition, "Nearer 50 is better", "30 generated", "features points"):
        assert part in text, part


def test_the_metrics_can_be_chosen(tmp_path):
    watcher = SampleMetrics(tmp_path, suite=SUITE, real=REAL, metrics=["wd", "hq"])
    assert list(watcher.suite.metrics) == ["hq", "wd"] and watcher.distance == "wd"
    with pytest.raises(InputError, match="fid"):
        SampleMetrics(tmp_path, suite=SUITE, real=REAL, metrics=["fid"])


def test_too_few_samples_are_refused_before_training(tmp_path):
    with pytest.raises(InputError, match="metric wd needs at least 2 samples of each kind. Received: 1 real and 1 gen"):
        SampleMetrics(tmp_path, suite=SUITE, real=REAL[:1], metrics=["wd"])
    suite = suite_for(data.load_source("digits", split="train", image_size=28))
    real = np.zeros((4, 28, 28, 1), np.uint8)
    with pytest.raises(InputError, match="metric precision needs at least 6 samples of each kind. Received: 4 real"):
        SampleMetrics(tmp_path, suite=suite, real=real, metrics=["prdc"])


def test_the_step_that_training_goes_on_from_is_measured_if_it_was_not(tmp_path):
    gan = trained(SampleMetrics(tmp_path / "first", suite=SUITE, real=REAL, every=10))
    watcher = SampleMetrics(tmp_path / "second", suite=SUITE, real=REAL, every=4)
    more = batches(RING.sample(16, seed=2)[0], 8)
    gan.fit(more, verbose=0, shuffle=False, callbacks=[watcher])
    assert [measured.step for measured in watcher.history.measurements] == [4]
    gan.fit(more, verbose=0, shuffle=False, callbacks=[watcher])
    assert [measured.step for measured in watcher.history.measurements] == [4, 8]


def test_a_collapsed_generator_is_reported_once(tmp_path, capsys):
    class Collapsing(SampleMetrics):
        """Makes the generator constant before the third measurement."""

        def summarise(self, step, logs):
            if step == 3:
                self.model.generator.to_points.kernel.assign(np.zeros_like(self.model.generator.to_points.kernel))
            super().summarise(step, logs)

    trained(Collapsing(tmp_path, suite=SUITE, real=REAL, every=1), steps=3)
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("step 3: all points lie within 0 of the data's extent")
