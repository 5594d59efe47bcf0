"""Curves of metrics: a run's values, once per step, and means over runs."""

import tensorflow as tf

from tf_infomax.plots import Curve
from tf_infomax.reproduction.curves import mean_curves, metric_curves


def write(folder, scalars: dict[str, dict[int, float]]) -> None:
    writer = tf.summary.create_file_writer(str(folder))
    with writer.as_default():
        for name, values in scalars.items():
            for step, value in values.items():
                tf.summary.scalar(name, value, step=step)
    writer.close()


def test_metrics_alone_are_read(tmp_path):
    write(tmp_path, {"metrics/modes": {10: 3.0, 20: 5.0}, "generator/total": {10: 1.0}, "metrics/wd": {20: 0.25}})
    assert metric_curves(tmp_path) == {
        "modes": Curve([10, 20], [3.0, 5.0]),
        "wd": Curve([20], [0.25]),
    }


def test_a_step_that_was_written_twice_counts_once(tmp_path):
    write(tmp_path, {"metrics/modes": {10: 3.0, 20: 5.0, 30: 6.0}})
    write(tmp_path, {"metrics/modes": {20: 5.0, 30: 6.0, 40: 8.0}})  # continued from step 10
    assert metric_curves(tmp_path) == {"modes": Curve([10, 20, 30, 40], [3.0, 5.0, 6.0, 8.0])}


def test_a_long_curve_is_whole(tmp_path):
    write(tmp_path, {"metrics/kl": {step: float(step) for step in range(1500)}})
    assert metric_curves(tmp_path)["kl"] == Curve([*range(1500)], [*map(float, range(1500))])


def test_a_run_without_metrics(tmp_path):
    write(tmp_path, {"generator/total": {10: 1.0}})
    assert metric_curves(tmp_path) == {}


def test_means_and_deviations_at_the_steps_that_all_runs_have():
    runs = [
        {"modes": Curve([10, 20, 30], [1.0, 2.0, 3.0]), "wd": Curve([10], [0.5])},
        {"modes": Curve([20, 30, 40], [4.0, 7.0, 9.0]), "wd": Curve([10], [1.5])},
    ]
    assert mean_curves(runs) == {
        "modes": Curve([20, 30], [3.0, 5.0], deviation=[1.0, 2.0]),
        "wd": Curve([10], [1.0], deviation=[0.5]),
    }
    assert mean_curves(runs[:1]) == runs[0]
    assert mean_curves(iter(runs)) == mean_curves(runs)


def test_means_of_no_run():
    assert mean_curves([]) == {}


def test_a_run_without_logs_takes_nothing_from_the_others():
    curve = Curve([1, 2], [3.0, 4.0])
    assert mean_curves([{}, {"fid": curve}, {"fid": curve}])["fid"].y == [3.0, 4.0]
