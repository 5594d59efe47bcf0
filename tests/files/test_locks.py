"""Locks: one holder at a time, whoever removes the file."""

import errno
import fcntl
import logging
import threading

import pytest

from tf_infomax.files import lock_beside, locked


def test_one_holder_at_a_time(tmp_path):
    path = lock_beside(tmp_path / "cache")
    with locked(path):
        with pytest.raises(BlockingIOError), locked(path, wait=False):
            pass
        assert path.exists()
    assert list(tmp_path.iterdir()) == []
    with locked(path, wait=False):
        pass


def test_everyone_has_a_turn_alone(tmp_path):
    """Each holder removes the file that the others wait for."""
    inside, most = [], []

    def enter():
        for _ in range(20):
            with locked(tmp_path / "lock"):
                inside.append(1)
                most.append(len(inside))
                inside.pop()

    threads = [threading.Thread(target=enter) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1] * 80 and list(tmp_path.iterdir()) == []


def test_a_file_left_behind_is_no_obstacle(tmp_path):
    (tmp_path / "lock").touch()
    with locked(tmp_path / "lock", wait=False):
        pass


def test_a_file_system_without_locks_gets_a_notice(tmp_path, monkeypatch, caplog):
    def flock(*arguments):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", flock)
    with caplog.at_level(logging.WARNING), locked(tmp_path / "lock"):
        pass
    assert "cannot be locked" in caplog.text
