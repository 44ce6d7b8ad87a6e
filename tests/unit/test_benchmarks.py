"""Benchmarks: ours and the peers tell the same, and what is timed is what a verb does."""

from __future__ import annotations

import ast
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks import bench_england, portfolio_fixing
from benchmarks.bench_england import FiguresDiffer, Measured, race, section
from benchmarks.portfolio_instances import instance
from controltotal.savings.portfolio.engine import choose
from controltotal.savings.portfolio.matrix import tabulate
from tests.house_plan import PACKAGE, Module, imported, modules, package_of, reached

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / PACKAGE
ASK = ("verbs", "acts", "app")
"""Rooms by which a user comes to everything else."""
PEERS_WITHIN = {"controltotal.outlook.reference": "plain numpy draws, the peer of the kernel"}


# -- England, files to figures -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def england(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Measured]:
    book = tmp_path_factory.mktemp("race") / "3000"
    return book, race(book, 3_000, rounds=1)


def test_every_peer_tells_our_surplus_of_every_body(england: tuple[Path, Measured]) -> None:
    _, measured = england
    assert set(measured.costs) == {"check", "position", "polars", "DuckDB", "pandas"}
    assert measured.figures == 282 * 2  # every body of the tree, plan and actual


def test_a_penny_between_two_of_them_stops_the_race(
    england: tuple[Path, Measured], tmp_path: Path
) -> None:
    book = tmp_path / "book"
    shutil.copytree(england[0], book)
    told = bench_england.job("polars", book)["figures"]
    text = (book / "amounts.csv").read_text("utf-8")
    head, first, rest = text.split("\n", 2)
    (book / "amounts.csv").write_text(f"{head}\n{first}0001\n{rest}", "utf-8")
    moved = bench_england.job("DuckDB", book)["figures"]
    with pytest.raises(FiguresDiffer, match="4 of 564"):  # the body, its system, region, nation
        bench_england.agree(told, moved, "DuckDB")


def test_a_peer_that_is_not_installed_is_said(
    england: tuple[Path, Measured], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, one = england
    left = {name: cost for name, cost in one.costs.items() if name != "pandas"}
    monkeypatch.setitem(bench_england.PEERS, "pandas", "not-a-package")
    text = section([Measured(one.rows, one.figures, left, one.places)], 1)
    assert "| pandas | not installed |" in text
    assert "| polars | not installed |" not in text


def test_a_run_of_other_sizes_is_not_written(
    england: tuple[Path, Measured],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    written: list[str] = []
    monkeypatch.setattr(bench_england, "race", lambda *_: england[1])
    monkeypatch.setattr(bench_england, "replace_section", lambda title, _: written.append(title))
    monkeypatch.setattr("sys.argv", ["bench_england.py", "--sizes", "3000"])
    bench_england.main()
    assert (written, "surpluses equal to the penny" in capsys.readouterr().out) == ([], True)
    monkeypatch.setattr("sys.argv", ["bench_england.py"])
    bench_england.main()
    assert written == [bench_england.TITLE]


def test_memory_is_of_the_job_and_not_of_who_started_it(england: tuple[Path, Measured]) -> None:
    held = bytearray(400 * 2**20)
    held[::4096] = b"x" * len(held[::4096])
    assert bench_england.job("polars", england[0])["peak"] < 300


# -- portfolio --------------------------------------------------------------------------------------


def test_the_recipe_never_beats_our_bound_and_only_gets_better() -> None:
    problem = instance(160)
    table = tabulate(problem)
    recipe = portfolio_fixing.relax_and_fix(table, 5.0)
    bound = choose(problem, ("saving",), 0.01).stages[0].bound / 100
    values = [value for _, value in recipe.course]
    assert values == sorted(values)
    assert recipe.value is not None
    assert 0 < recipe.value <= min(bound, recipe.bound)


# -- what is timed ----------------------------------------------------------------------------------


def used_by_verbs() -> set[str]:
    """Every file of the package that a verb, an act or a command comes to."""
    known = {module.dotted: module for module in modules(SOURCE)}
    edges = {name: set(names_in(module, known)) for name, module in known.items()}
    doors = {name for name, module in known.items() if module.parts[0] in ASK}
    return doors.union(*(reached(door, edges) for door in doors))


def names_in(module: Module, known: dict[str, Module]) -> Iterator[str]:
    """The files of the package that a file imports."""
    for _, parts in imported(module.tree, package_of(module)):
        whole, stem = ".".join(parts), ".".join(parts[:-1])
        if whole in known or stem in known:
            yield whole if whole in known else stem


def unused(benchmarks: Path) -> dict[str, list[str]]:
    """By benchmark, the files of the package that it times and no verb uses."""
    known, used = {module.dotted: module for module in modules(SOURCE)}, used_by_verbs()
    found = {}
    for path in sorted(benchmarks.glob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        names = set(names_in(Module(f"benchmarks/{path.name}", tree), known))
        idle = names - used - set(PEERS_WITHIN) - {PACKAGE}
        idle = {name for name in idle if known[name].parts[-1] != "__init__"}
        if idle:
            found[path.name] = sorted(idle)
    return found


def test_a_benchmark_times_what_a_verb_uses() -> None:
    assert unused(ROOT / "benchmarks") == {}


def test_a_benchmark_of_code_that_no_verb_calls_is_found(tmp_path: Path) -> None:
    planted = tmp_path / "bench_enumeration.py"
    planted.write_text("from controltotal.savings.portfolio.plain import best\n", "utf-8")
    assert unused(tmp_path) == {"bench_enumeration.py": ["controltotal.savings.portfolio.plain"]}
