"""Work in several threads, in order and a little ahead."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

_AHEAD = 4
"""Items in work or waiting to be taken, for each thread."""


def in_order(function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """Yields the function of each item in order, computed in as many threads as there are cores.

    Unlike with `Executor.map`, few results wait at a time, however many items there are.
    """
    threads = os.cpu_count() or 1
    ahead: deque[Future[Result]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        for item in items:
            ahead.append(pool.submit(function, item))
            if len(ahead) >= threads * _AHEAD:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()
