"""The house keeps its plan, and each thing that it forbids is found where it is planted.

Rooms stand on floors and imports point down; no file imports in a circle; no safety rests on an
`assert`; a column is a field and a misspelt one a type error; nothing outlives the position it
speaks of; what is large says why.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts import make_records
from tests import house_code, house_plan
from tests.house_plan import PACKAGE

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / PACKAGE
LARGE_MOST = 10
SKIPS_MOST = 15

LARGE: dict[str, str] = {
    "core/result.py figure": "one parameter for each field of the figure that is built",
    "core/result.py finding": "one parameter for each field of the finding that is built",
    "outlook/kernel.py _place": "a compiled loop takes its arrays apart, not in a record",
    "outlook/kernel.py _delivered": "a compiled loop takes its arrays apart, not in a record",
    "outlook/kernel.py _organisation": "a compiled loop takes its arrays apart, not in a record",
    "rules/case.py rule": "one parameter for each thing that the manual prints of a rule",
}
"""Why a function may be over the limits: `room/file.py name`, and the reason a reader accepts."""


def planted(tmp_path: Path, files: dict[str, str]) -> Path:
    """A package of a few files."""
    for path, text in files.items():
        module = tmp_path / PACKAGE / path
        module.parent.mkdir(parents=True, exist_ok=True)
        module.write_text(text, "utf-8")
    return tmp_path / PACKAGE


RULES: dict[str, Callable[[Path], list[str]]] = {
    rule.__name__: rule
    for rule in (
        house_plan.floors,
        house_plan.circles,
        house_plan.late_imports,
        house_plan.rooms_named_as_verbs,
        house_code.safety_by_assert,
        house_code.records_by_text,
        house_code.frozen_writes,
        house_code.caches,
    )
}


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_the_package_keeps(rule: Callable[[Path], list[str]]) -> None:
    assert list(SOURCE.rglob("*.py")), "the package was not found"
    assert rule(SOURCE) == []


# -- floors ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("core/money.py", "from controltotal.book import fold"),
        ("core/money.py", "def late():\n    import controltotal.verbs"),
        ("sharing/policy.py", "from ..savings import portfolio"),
        ("sharing/policy.py", "from .. import savings"),
        ("book/fold.py", "from controltotal import sources"),
        ("book/fold.py", "from controltotal import share"),
        ("papers/pack.py", "from controltotal.book.tree import Tree"),
        ("papers/pack.py", "from controltotal.verbs import position"),
        (
            "papers/pack.py",
            "from importlib import import_module\nimport_module('controltotal.rules.x')",
        ),
        ("verbs.py", "from controltotal.acts import agree"),
        ("rules/taper.py", "if TYPE_CHECKING:\n    from controltotal.verbs import share"),
        ("programme/gates.py", "from controltotal.workings.totals import Totals"),
        ("workings/totals.py", "from controltotal.rules.case import Case"),
        ("cupboard/odd.py", "x = 1"),
    ],
)
def test_an_import_up_or_sideways_is_found(tmp_path: Path, path: str, text: str) -> None:
    assert len(house_plan.floors(planted(tmp_path, {path: text}))) == 1


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("core/result.py", "from controltotal import __version__"),
        ("sharing/policy.py", "from ..core.money import apportion\nfrom .equity import index"),
        ("book/fold.py", "from controltotal.ledger.entries import Entry"),
        ("verbs.py", "from controltotal import sharing, savings\nimport numpy"),
        ("app/cli.py", "def run():\n    from controltotal import verbs"),
        ("papers/pack.py", "from controltotal.core.result import Result"),
        ("workings/effects.py", "from controltotal.programme.effects import Effect"),
    ],
)
def test_an_import_down_passes(tmp_path: Path, path: str, text: str) -> None:
    assert house_plan.floors(planted(tmp_path, {path: text})) == []


# -- circles and late imports ----------------------------------------------------------------------

CIRCLES = {
    "plain": {
        "core/a.py": "from controltotal.core.b import x",
        "core/b.py": "from controltotal.core.a import y",
    },
    "round three files": {
        "core/a.py": "from controltotal.core import b",
        "core/b.py": "import controltotal.core.c",
        "core/c.py": "from .a import y",
    },
    "for types only": {
        "rules/a.py": "from controltotal.rules.b import x",
        "rules/b.py": "if TYPE_CHECKING:\n    from controltotal.rules.a import y",
    },
    "late": {
        "rules/a.py": "from controltotal.rules.b import x",
        "rules/b.py": "def late():\n    from controltotal.rules.a import y",
    },
    "by name": {
        "papers/a.py": "from controltotal.papers.b import x",
        "papers/b.py": "from importlib import import_module\nimport_module('controltotal.papers.a')",
    },
    "through a room": {
        "verbs/__init__.py": "from controltotal.verbs.a import x",
        "verbs/a.py": "from controltotal import verbs",
    },
}


@pytest.mark.parametrize("files", CIRCLES.values(), ids=CIRCLES)
def test_a_circle_is_found(tmp_path: Path, files: dict[str, str]) -> None:
    assert len(house_plan.circles(planted(tmp_path, files))) == 1


def test_files_that_share_what_they_need_are_no_circle(tmp_path: Path) -> None:
    files = {
        "__init__.py": "__version__ = '1'\nfrom controltotal.core.a import x",
        "core/__init__.py": "from controltotal.core.a import x\nfrom controltotal.core.b import y",
        "core/a.py": "from controltotal.core.c import z\nfrom controltotal import __version__",
        "core/b.py": "from controltotal.core.a import x\nfrom controltotal.core.c import z",
        "core/c.py": "",
    }
    assert house_plan.circles(planted(tmp_path, files)) == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("rules/taper.py", "def f():\n    from controltotal.core.money import apportion"),
        ("verbs/across.py", "def f():\n    from controltotal.verbs.questions import read"),
        ("rules/taper.py", "class A:\n    def f(self):\n        import json"),
        ("papers/page.py", "def f():\n    import apsw"),
        ("papers/page.py", "def f():\n    return import_module('controltotal.papers.pack')"),
    ],
)
def test_a_late_import_is_found(tmp_path: Path, path: str, text: str) -> None:
    assert len(house_plan.late_imports(planted(tmp_path, {path: text}))) == 1


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("app/cli.py", "def f():\n    from controltotal import verbs\n    import webbrowser"),
        ("__init__.py", "def __getattr__(name):\n    return import_module('controltotal.verbs')"),
        ("papers/workbook.py", "def f():\n    import xlsxwriter\n    from scipy import stats"),
        ("core/money.py", "from decimal import Decimal\n\ndef f(): ..."),
    ],
)
def test_a_slow_package_may_wait_for_its_command(tmp_path: Path, path: str, text: str) -> None:
    assert house_plan.late_imports(planted(tmp_path, {path: text})) == []


@pytest.mark.parametrize("path", ["forecast/run.py", "position/tree.py", "portfolio.py"])
def test_a_room_with_the_name_of_a_verb_is_found(tmp_path: Path, path: str) -> None:
    assert len(house_plan.rooms_named_as_verbs(planted(tmp_path, {path: ""}))) == 1


def test_a_room_inside_a_room_may_have_any_name(tmp_path: Path) -> None:
    assert house_plan.rooms_named_as_verbs(planted(tmp_path, {"savings/portfolio/a.py": ""})) == []


# -- tests stand in the rooms of what they test -------------------------------------------------------


def test_tests_have_the_rooms_of_the_package() -> None:
    """Only what is about the whole stands beside the folders."""
    rooms = {path.parent.relative_to(SOURCE).parts[0] for path in SOURCE.glob("*/**/*.py")}
    unit = Path(__file__).parent
    tested = {path.parent.relative_to(unit).parts[0] for path in unit.glob("*/**/test_*.py")}
    assert tested == rooms
    assert {path.name for path in unit.glob("*.py")} == {
        "test_benchmarks.py",
        "test_england.py",
        "test_example_data.py",
        "test_fictional_schemes.py",
        "test_fictional_system.py",
        "test_house.py",
        "test_hygiene.py",
        "test_mutants.py",
        "test_wheel.py",
    }


# -- safety, records, frozen objects, caches ---------------------------------------------------------

BREACHES = [
    ("safety_by_assert", "programme/a.py", "def f(s):\n    assert s.eligible, 'no'"),
    ("safety_by_assert", "workings/a.py", "def f(s):\n    assert all(x.counted for x in s)"),
    ("safety_by_assert", "savings/portfolio/a.py", "def f(s):\n    assert s, 'its gate failed'"),
    ("safety_by_assert", "papers/a.py", "class A:\n    def f(self, s):\n        assert not chosen"),
    ("safety_by_assert", "programme/a.py", "def f(s):\n    assert isinstance(s, EligibleScheme)"),
    ("records_by_text", "rules/a.py", "def f(row: Scheme):\n    return row['capacity_wte']"),
    ("records_by_text", "rules/a.py", "def f(row: Record):\n    return row.cell('capacity_wte')"),
    ("records_by_text", "rules/a.py", "def f(p):\n    return [r['id'] for r in p.rows('schemes')]"),
    ("records_by_text", "sharing/a.py", "def f(p):\n    return [r['on'] for r in p.book.gates]"),
    (
        "records_by_text",
        "sharing/a.py",
        "def f(p):\n    for row in p.book.transfers:\n        print(row.get('amount'))",
    ),
    ("records_by_text", "outlook/a.py", "def f(s: Scheme):\n    return getattr(s, 'chance', None)"),
    (
        "records_by_text",
        "book/record.py",
        "class Record:\n    def __getitem__(self, column):\n        return self.cell(column)",
    ),
    ("frozen_writes", "programme/a.py", "def f(s):\n    object.__setattr__(s, 'passed', True)"),
    (
        "frozen_writes",
        "programme/a.py",
        "class A:\n    def spoil(self):\n        object.__setattr__(self, 'x', 1)",
    ),
    (
        "frozen_writes",
        "programme/a.py",
        "def f():\n    s = object.__new__(Elsewhere)\n    object.__setattr__(s, 'x', 1)",
    ),
    ("frozen_writes", "workings/a.py", "def f(p):\n    p.__dict__['totals'] = 1"),
    ("frozen_writes", "workings/a.py", "def f(p):\n    vars(p)['totals'] = 1"),
    ("frozen_writes", "workings/a.py", "def f(p):\n    return p.__dict__.setdefault('t', 1)"),
    ("caches", "workings/a.py", "from weakref import WeakKeyDictionary\nM = WeakKeyDictionary()"),
    ("caches", "workings/a.py", "_MADE: dict[Position, int] = {}"),
    (
        "caches",
        "workings/a.py",
        "_MADE = {}\ndef f(p: Position):\n    _MADE[id(p)] = 1",
    ),
    ("caches", "rules/a.py", "@lru_cache(maxsize=4)\ndef f(reading: Reading, year: str): ..."),
    ("caches", "rules/a.py", "@cache\ndef f(year: str, *, workings: Workings | None): ..."),
    ("caches", "rules/a.py", "class A:\n    @functools.cache\n    def f(self, year): ..."),
    (
        "caches",
        "workings/a.py",
        "class A:\n    def __init__(self):\n        self.plan = lru_cache(None)(self._plan)",
    ),
]


@pytest.mark.parametrize(("rule", "path", "text"), BREACHES)
def test_a_planted_breach_is_found(tmp_path: Path, rule: str, path: str, text: str) -> None:
    assert len(RULES[rule](planted(tmp_path, {path: text}))) == 1


ALLOWED = [
    ("safety_by_assert", "workings/a.py", "def f(s):\n    assert sum(s) == 0, 'the aggregate'"),
    ("safety_by_assert", "programme/a.py", "def f(s):\n    if not s.eligible:\n        raise No"),
    ("records_by_text", "rules/a.py", "def f(row: Scheme):\n    return row.capacity_wte"),
    ("records_by_text", "rules/a.py", "def f(row: Record, name: str):\n    return row.cell(name)"),
    (
        "records_by_text",
        "rules/a.py",
        "def f(row: dict[str, str]):\n    return row['financial_year']",
    ),
    ("records_by_text", "book/fold.py", "def f(row: Scheme):\n    return row.cell('id')"),
    (
        "frozen_writes",
        "programme/a.py",
        "class A:\n    def __post_init__(self):\n        object.__setattr__(self, 'x', 1)",
    ),
    (
        "frozen_writes",
        "programme/a.py",
        "class A: ...\ndef f():\n    a = object.__new__(A)\n    object.__setattr__(a, 'x', 1)",
    ),
    (
        "frozen_writes",
        "programme/a.py",
        "class A:\n    @classmethod\n    def of(cls):\n        a = cls.__new__(cls)\n"
        "        object.__setattr__(a, 'x', 1)\n        return a",
    ),
    ("caches", "rules/a.py", "@lru_cache(maxsize=1)\ndef rules() -> list[str]: ..."),
    ("caches", "rules/a.py", "RULES: dict[str, Callable[[Reading], int]] = {}"),
    ("caches", "workings/a.py", "class A:\n    @cached_property\n    def totals(self): ..."),
]


@pytest.mark.parametrize(("rule", "path", "text"), ALLOWED)
def test_what_is_allowed_passes(tmp_path: Path, rule: str, path: str, text: str) -> None:
    assert RULES[rule](planted(tmp_path, {path: text})) == []


# -- size ------------------------------------------------------------------------------------------


def test_what_is_large_is_listed_with_its_reason() -> None:
    found = house_plan.large(SOURCE)
    assert sorted(found) == sorted(LARGE), found
    assert all(reason.strip() for reason in LARGE.values())
    assert len(LARGE) <= LARGE_MOST


@pytest.mark.parametrize("path", ["core/a.py", "rules/a.py"])
@pytest.mark.parametrize(
    "text",
    [
        "def f(x):\n" + "    if x:\n        x = 1\n" * 16,
        "def f(x):\n    return x" + " or x" * 16,
        "def f(x):\n    for y in x:\n        match y:\n"
        + "".join(f"            case {n}:\n                x = 1\n" for n in range(15)),
        "def f(a, b, c, d, e, *, f, g, h, i): ...",
        "class A:\n    def f(self, a, b, c, d, e, f, g, h, i): ...",
    ],
)
def test_a_large_function_is_found(tmp_path: Path, path: str, text: str) -> None:
    assert list(house_plan.large(planted(tmp_path, {path: text}))) == [f"{path} f"]


@pytest.mark.parametrize("path", ["verbs/a.py", "acts/a.py", "app/a.py", "__init__.py"])
def test_a_verb_has_a_parameter_for_each_option_but_not_a_branch(tmp_path: Path, path: str) -> None:
    many = "def f(a, b, c, d, e, *, f, g, h, i):\n"
    assert house_plan.large(planted(tmp_path, {path: many + "    return a"})) == {}
    found = house_plan.large(
        planted(tmp_path / "2", {path: many + "    if a:\n        b = 1\n" * 16})
    )
    assert found == {f"{path} f": "16 branches"}


def test_a_function_at_the_limits_passes(tmp_path: Path) -> None:
    text = "def f(a, b, c, d, e, f, g, h):\n" + "    if a:\n        b = 1\n" * 15
    assert house_plan.large(planted(tmp_path, {"core/a.py": text})) == {}


def test_the_formatter_has_the_last_word() -> None:
    skips = [
        f"{path.relative_to(SOURCE)}:{number}"
        for path in sorted(SOURCE.rglob("*.py"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if "# fmt: skip" in line or "# fmt: off" in line
    ]
    assert len(skips) <= SKIPS_MOST, skips


# -- types -----------------------------------------------------------------------------------------

USER = '''"""What somebody writes who has the package installed."""

from pathlib import Path

import controltotal

position = controltotal.read(Path("examples") / "nene-2013")
where = controltotal.position(position, year="2013/14")
surplus: object = where.value("surplus/03V/2013-14/plan")
for figure in where.figures:
    name: str = figure.id
paid = controltotal.share(position, gap="£25m", policy="all")
chances = controltotal.risk("examples/nene-2013", draws=1_000, seed=1)
text: str = chances.to_json()
for scheme in position.book.schemes:
    needed: float | None = scheme.capacity_wte
'''
MISSPELT = {
    "field": ("scheme.capacity_wtes", "attr-defined"),
    "text": ("scheme['capacity_wte']", "index"),
    "option": ("controltotal.position(position, yaer='2013/14')", "call-arg"),
    "verb": ("controltotal.positions(position)", "attr-defined|operator"),
}
"""What a slip of the pen looks like, and the kind of error that the type checker makes of it."""


@pytest.fixture(scope="module")
def scripts_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of scripts such as users write: one right, each of the others with one slip."""
    folder = tmp_path_factory.mktemp("scripts")
    (folder / "user.py").write_text(USER, "utf-8")
    for name, (slip, _) in MISSPELT.items():
        (folder / f"{name}.py").write_text(f"{USER}    print({slip})\n", "utf-8")
    return folder


@pytest.fixture(scope="module")
def judged(scripts_folder: Path) -> str:
    """What mypy says of the scripts; it reads the package as installed, not its own settings."""
    ran = subprocess.run(
        [
            *(sys.executable, "-m", "mypy", "--strict", "--config-file", os.devnull),
            *("--follow-imports", "silent", "--cache-dir", scripts_folder / "cache"),
            *sorted(scripts_folder.glob("*.py")),
        ],
        cwd=scripts_folder,
        env={**os.environ, "MYPYPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode in (0, 1), ran.stdout + ran.stderr
    return ran.stdout


def test_a_users_script_passes_mypy(judged: str) -> None:
    assert [line for line in judged.splitlines() if line.startswith("user.py")] == []


@pytest.mark.parametrize("slip", MISSPELT)
def test_a_slip_of_the_pen_is_a_type_error(judged: str, slip: str) -> None:
    told = [line for line in judged.splitlines() if line.startswith(f"{slip}.py")]
    said = [line for line in told if " error: " in line]  # a note may say where the verb stands
    assert len(said) == 1 and re.search(rf"\[({MISSPELT[slip][1]})\]", said[0]), said


def test_a_users_script_passes_pyright(scripts_folder: Path) -> None:
    program = shutil.which("pyright", path=str(Path(sys.executable).parent)) or shutil.which(
        "pyright"
    )
    if program is None:
        if os.environ.get("CI") == "true":
            pytest.fail("pyright is not installed")
        pytest.skip("pyright is not installed")
    ran = subprocess.run(
        [program, "--pythonpath", sys.executable, "user.py"],
        cwd=scripts_folder,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout


def test_the_records_are_those_of_the_tables() -> None:
    assert make_records.TARGET.read_text("utf-8") == make_records.module()
