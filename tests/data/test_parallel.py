import threading

import pytest

from tf_infomax.data.parallel import in_order


def test_results_are_in_the_order_of_items():
    assert list(in_order(lambda number: number**2, range(500))) == [number**2 for number in range(500)]
    assert list(in_order(str, [])) == []


def test_few_results_wait(monkeypatch):
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    begun = []
    results = in_order(begun.append, range(1000))
    next(results)
    assert len(begun) <= 8
    results.close()


def test_several_threads_work(monkeypatch):
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    barrier = threading.Barrier(2, timeout=10)
    assert len(list(in_order(lambda _: barrier.wait(), range(2)))) == 2


def test_an_error_comes_at_its_place():
    results = in_order(lambda number: 1 // number, [1, 0, 1])
    assert next(results) == 1
    with pytest.raises(ZeroDivisionError):
        next(results)
