import pytest
import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.models.schedules import LinearDecay


def test_falls_linearly_and_stays_at_zero():
    schedule = LinearDecay(0.5, 4)
    rates = [float(schedule(step)) for step in range(7)]
    assert rates == pytest.approx([0.5, 0.375, 0.25, 0.125, 0.0, 0.0, 0.0])


def test_all_updates_of_a_step_share_its_rate():
    schedule, player = LinearDecay(0.5, 4), LinearDecay(0.5, 4, updates_per_step=3)
    for update in range(15):
        assert float(player(update)) == float(schedule(update // 3))


def test_counts_stay_exact_beyond_float32():
    step = 2**24 + 1  # no float32
    schedule = LinearDecay(1.0, 2, updates_per_step=step)
    assert float(schedule(tf.constant(step - 1, tf.int64))) == 1.0
    assert float(schedule(tf.constant(step, tf.int64))) == 0.5


def test_rate_is_float32():
    assert LinearDecay(0.5, 4)(tf.constant(1, tf.int64)).dtype == tf.float32


@pytest.mark.parametrize("name", ["num_steps", "updates_per_step"])
@pytest.mark.parametrize("value", [0, -3])
def test_bad_numbers(name, value):
    with pytest.raises(InputError, match=f"`{name}` must be at least 1. Received: {value}"):
        LinearDecay(**{"learning_rate": 0.1, "num_steps": 2, "updates_per_step": 1, name: value})


def test_an_extension_has_the_rates_of_a_longer_schedule_from_the_first_end_on():
    schedule = LinearDecay(0.5, 4, extensions=(8, 10))
    longer, longest = LinearDecay(0.5, 8), LinearDecay(0.5, 10)
    expected = [LinearDecay(0.5, 4)(step) for step in range(4)]
    expected += [longer(step) for step in range(4, 8)] + [longest(step) for step in range(8, 12)]
    assert [float(schedule(step)) for step in range(12)] == [float(rate) for rate in expected]
    assert float(schedule(4)) == 0.25 and float(schedule(10)) == 0.0
    again = LinearDecay.from_config(schedule.get_config())
    assert [float(again(step)) for step in range(12)] == [float(rate) for rate in expected]


@pytest.mark.parametrize("extensions", [[4], [8, 8], [8, 6]])
def test_ends_must_rise(extensions):
    with pytest.raises(InputError, match="`extensions` must rise from `num_steps` = 4. Received"):
        LinearDecay(0.5, 4, extensions=extensions)
