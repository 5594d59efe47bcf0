"""Files of training states: whole, checked, and with the earlier ones behind them."""

import logging

import pytest

from tests.faults import every_failure, no_file_above
from tests.tiny import assert_equal_states, batches, random_images, tiny_gan
from tf_infomax.callbacks import TrainingState
from tf_infomax.errors import InputError, NotWritten
from tf_infomax.models import current_step


def gan_of(num_steps: int):
    gan = tiny_gan()
    gan.compile(discriminator_steps=1)
    gan.fit(batches(random_images(8 * num_steps), 8), verbose=0, shuffle=False)
    return gan


@pytest.fixture(scope="module")
def gans():
    """GANs after one and after two steps, and one to read into."""
    return gan_of(1), gan_of(2), gan_of(1)


def save(gan, folder):
    state = TrainingState(folder)
    state.set_model(gan)
    state._save(current_step(gan))


def snapshot(folder) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_failure_at_any_write_leaves_a_state_to_go_on_from(gans, tmp_path):
    first, second, read = gans
    save(first, tmp_path)
    before = snapshot(tmp_path)
    for disk in every_failure(lambda: save(second, tmp_path)):
        after = snapshot(tmp_path)
        assert {name: after[name] for name in before} == before
        written = after.keys() - before.keys()
        assert written <= {"step_000002.weights.h5"}
        TrainingState(tmp_path).restore(read)
        assert_equal_states(read, second if written else first)
        for name in written:  # The folder's flush failed after the file was in place.
            assert disk.operations[-1] == "fsync "
            (tmp_path / name).unlink()
    TrainingState(tmp_path).restore(read)
    assert_equal_states(read, second)


def test_hdf5_never_meets_a_full_disk(gans, tmp_path, capfd):
    """It would print pages of tracebacks, or crash."""
    for size in (0, 1000, 50_000):
        with pytest.raises(NotWritten, match="step_000001.weights.h5 cannot be written: File too large"):
            with no_file_above(size):
                save(gans[0], tmp_path)
    assert list(tmp_path.iterdir()) == [] and capfd.readouterr().err == ""


def test_a_flipped_bit_anywhere_is_noticed(gans, tmp_path, caplog):
    first, second, read = gans
    save(first, tmp_path)
    save(second, tmp_path)
    path = tmp_path / "step_000002.weights.h5"
    content = path.read_bytes()
    for place in range(0, len(content) - 65, len(content) // 8):
        path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        with caplog.at_level(logging.WARNING):
            assert TrainingState(tmp_path).restore(read) == 1
        assert_equal_states(read, first)
    assert "step_000002.weights.h5 is damaged" in caplog.text and "the one before it is used" in caplog.text


def test_states_without_a_digest_are_read(gans, tmp_path):
    first, _, read = gans
    first.save_weights(tmp_path / "step_000001.weights.h5")
    assert TrainingState(tmp_path).restore(read) == 1
    assert_equal_states(read, first)


def test_a_state_is_a_weights_file_of_keras(gans, tmp_path):
    first, second, read = gans
    save(second, tmp_path)
    read.load_weights(tmp_path / "step_000002.weights.h5")
    assert_equal_states(read, second)


def test_the_newest_are_kept(gans, tmp_path):
    state = TrainingState(tmp_path, keep=2)
    state.set_model(gans[0])
    for step in (1, 2, 3):
        state._save(step)
    assert sorted(snapshot(tmp_path)) == ["step_000002.weights.h5", "step_000003.weights.h5"]


def test_no_state_is_left_that_can_be_used(gans, tmp_path):
    (tmp_path / "step_000001.weights.h5").write_bytes(b"")
    with pytest.raises(InputError, match="All 1 states .* are damaged"):
        TrainingState(tmp_path).restore(gans[2])


def test_a_folder_may_be_text_and_a_state_is_kept(tmp_path):
    assert TrainingState(str(tmp_path)).newest is None
    with pytest.raises(InputError, match="`keep` must be at least 1. Received: 0"):
        TrainingState(tmp_path, keep=0)
