"""The data behind tables: what they lack is said before anything trains."""

import numpy as np
import pytest

from tf_infomax.errors import InputError
from tf_infomax.images import write_png
from tf_infomax.presets import preset_named
from tf_infomax.reproduction.deep_infomax.natural_images import check_encoders
from tf_infomax.reproduction.experiments import make_experiment
from tf_infomax.reproduction.infomax_gan.little_data import little_data
from tf_infomax.reproduction.table_data import TableData
from tf_infomax.reproduction.ver.tables import ver_table_mnist
from tf_infomax.runs.options import ProbeOptions

DIGITS = TableData("digits")


def test_numbers_of_images():
    DIGITS.check(image_size=28, num_images=4000, num_tested=1000, labelled=True)
    with pytest.raises(InputError, match="needs 4,001 images of the split train. Received: 4,000 of digits"):
        DIGITS.check(image_size=28, num_images=4001)
    with pytest.raises(InputError, match="needs 1,001 images of the split test. Received: 1,000 of digits"):
        DIGITS.check(image_size=28, num_images=1, num_tested=1001)


@pytest.fixture
def unlabelled(tmp_path) -> TableData:
    for number in range(4):
        write_png(tmp_path / f"{number}.png", np.zeros([32, 32, 3], np.uint8))
    return TableData("folder", str(tmp_path), features="pixels")


def test_labels(unlabelled):
    with pytest.raises(InputError, match="needs labels. Received: folder, which has none"):
        unlabelled.check(image_size=32, num_images=1, labelled=True)


def test_tables_ask_before_they_train(unlabelled):
    for name in ("natural-images", "stability", "contrast-natural", "deep-infomax-cifar10", "deep-infomax-ablations"):
        experiment = make_experiment(name, data=unlabelled)
        with pytest.raises(InputError, match="Received: 4 of folder|Received: folder, which has none"):
            experiment.check(list(experiment.rows)[:1])


def test_rows_of_other_numbers_of_classes_and_images():
    presets = {row: preset_named(f"{row}-digits") for row in ("dim-g", "supervised", "nat")}
    probes = ProbeOptions(num_train=100, num_test=20)
    check_encoders(DIGITS, probes, presets)
    more = {**presets, "nat": presets["nat"].override({"num_images": 5000})}
    with pytest.raises(InputError, match="row nat needs data with `num_images` 5,000; leave it out by --rows. .*4,000"):
        check_encoders(DIGITS, probes, more)


def test_other_tables_ask_before_they_train():
    few = {"steps": 1, "num_training_images": 20, "num_images": 5000}
    with pytest.raises(InputError, match="needs 5,000 images of the split train. Received: 4,000 of digits"):
        little_data(**few).check(["sngan"])
    with pytest.raises(InputError, match="needs 4,001 samples of the split train. Received: 4,000 of digits"):
        ver_table_mnist(steps=1, num_samples=4001, data=DIGITS).check(["vgan"])


def test_places_alone_leave_a_check_its_own_data():
    quick = make_experiment("natural-images", quick=True, data=TableData(cache_dir="place"))
    assert quick.settings == make_experiment("natural-images", quick=True).settings
    assert TableData(cache_dir="place").over(DIGITS) == TableData("digits", cache_dir="place")
    assert TableData("mnist").over(DIGITS) == TableData("mnist") and TableData().over(None) == TableData()
