"""A choice of schemes stops inside the solver, and not only between two of its runs."""

from __future__ import annotations

import pytest

from benchmarks.portfolio_instances import instance
from controltotal.core.errors import Cancelled
from controltotal.core.progress import Progress, working
from controltotal.savings.portfolio import solver
from controltotal.savings.portfolio.engine import choose


class At(Progress):
    """Counts its checks; at the so-manieth, if any, it raises what it is given."""

    def __init__(self, number: int = 0, error: type[BaseException] = Cancelled) -> None:
        super().__init__()
        self.number, self.error, self.checks = number, error, 0

    def check(self) -> None:
        self.checks += 1
        if self.checks == self.number:
            raise self.error("stopped", "here", "ask again")


def test_a_solver_asks_many_times_in_one_run_and_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    runs = 0
    own = solver._run

    def counting(highs: object) -> None:
        nonlocal runs
        runs += 1
        own(highs)

    monkeypatch.setattr(solver, "_run", counting)
    problem = instance(40)
    counted = At()
    with working(counted, "a choice"):
        whole = choose(problem)
    assert counted.checks > 5 * runs, "it asks only between runs"
    for number in (2, counted.checks // 2, counted.checks):
        for error in (Cancelled, KeyboardInterrupt):
            with pytest.raises(error), working(At(number, error), "a choice"):
                choose(problem)
                pytest.fail("it went on")
    again = choose(problem)
    assert (again.choice, again.stages) == (whole.choice, whole.stages)
