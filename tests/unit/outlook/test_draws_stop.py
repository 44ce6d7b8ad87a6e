"""Draws that were cancelled are left between two tasks; those that wait are never begun."""

from __future__ import annotations

import threading
import time

import pytest

from controltotal.core.errors import Cancelled
from controltotal.core.progress import Progress, working
from controltotal.outlook.simulation import _share_out

TASKS = 200


@pytest.mark.parametrize("workers", [1, 2])
def test_tasks_that_wait_are_not_begun_once_the_work_is_cancelled(workers: int) -> None:
    begun: list[int] = []
    lock = threading.Lock()
    one = Progress()

    def task(start: int) -> int:
        with lock:
            begun.append(start)
        if start == 0:
            one.cancel()
        time.sleep(0.002)
        return 1

    with pytest.raises(Cancelled), working(one, "risk"):
        _share_out(task, range(TASKS), workers, TASKS, "draws")
    assert 1 <= len(begun) < TASKS // 2


def test_every_task_is_done_and_told_once() -> None:
    told: list[str] = []
    with working(Progress(lambda done, of, what: told.append(what)), "risk"):
        _share_out(lambda start: 10, range(3), 2, 30, "draws")
    assert told == ["10 of 30 draws", "20 of 30 draws", "30 of 30 draws", "risk"]
