"""Every verb tells how far it is, can be cancelled at any check, and leaves nothing where it was.

A run that is told of, one that was cancelled before, and one of which nobody hears give the same bytes.
"""

from __future__ import annotations

import inspect
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import controltotal
from controltotal import verbs
from controltotal.book.fold import Position
from controltotal.core.errors import Cancelled
from controltotal.core.progress import WHOLE, Progress, working
from controltotal.core.result import Result
from controltotal.verbs import auditing, examples, scheme
from tests.act_books import ledger_in

EXAMPLES = Path(__file__).parents[3] / "examples"
FICTIONAL = EXAMPLES / "fictional-system"
NENE = EXAMPLES / "nene-2013"
FEW = 100
"""Checks that a verb may make that says nothing of its progress: it is done at once."""
SIDE = ("-wal", "-shm")

Ask = Callable[[Path, Progress | None], Any]


class At(Progress):
    """Counts its checks and keeps what it is told; cancelled at the so-manieth check, if any."""

    def __init__(self, number: int = 0) -> None:
        super().__init__()
        self.number, self.checks = number, 0
        self.told: list[tuple[int, int, str]] = []

    def tell(self, done: int, of: int, what: str) -> None:
        self.told.append((done, of, what))

    def check(self) -> None:
        self.checks += 1
        if self.checks == self.number:
            self.cancel()
        super().check()


@cache
def fictional() -> Position:
    return controltotal.read(FICTIONAL)


@cache
def nene() -> Position:
    return controltotal.read(NENE)


@cache
def nene_answers() -> Mapping[str, Result]:
    return verbs.pack_results(nene())


def of_fictional(verb: Callable[..., Any], *given: Any, **options: Any) -> Ask:
    return lambda _, one: verb(fictional(), *given, **options, progress=one)


def written(form: str, **options: Any) -> Ask:
    return lambda folder, one: verbs.report(nene(), folder / f"p{form}", **options, progress=one)


def of_ledger(verb: Callable[..., Any], *given: str) -> Ask:
    """A verb of a ledger that stands in the folder, with names of others in it."""

    def ask(folder: Path, one: Progress | None) -> Any:
        names = [name.format(folder=folder) for name in given]
        return verb(*names, progress=one)

    return ask


def imported(folder: Path, one: Progress | None) -> Any:
    text = "financial_year,ccg_code,ccg_name,allocation_k,ons_population\n2019/20,15E,X,1706826,\n"
    (folder / "table.csv").write_text(text, encoding="utf-8")
    return verbs.import_(folder / "table.csv", folder / "book", progress=one)


LEDGER = "sqlite:///{folder}/plan.ledger"
CASES: dict[str, Ask] = {
    "read": lambda _, one: verbs.read(NENE, progress=one).ref,
    "advance": lambda _, one: (
        verbs.advance(NENE, [("challenges", {"organisation": "04G"})], progress=one).ref
    ),
    "check": of_fictional(verbs.check),
    "position": of_fictional(verbs.position),
    "forecast": of_fictional(verbs.forecast),
    "calibrate": of_fictional(verbs.calibrate),
    "trajectory": of_fictional(verbs.trajectory),
    "opportunities": of_fictional(verbs.opportunities),
    "portfolio": of_fictional(verbs.portfolio),
    "portfolios": of_fictional(verbs.portfolios, {"a": ["saving"]}),
    "risk": of_fictional(verbs.risk, 3_000, threads=2),
    "schemes": of_fictional(verbs.schemes),
    "register": of_fictional(verbs.register),
    "share": of_fictional(verbs.share, "£25m", to="XF-ALD"),
    "decide": of_fictional(verbs.decide),
    "boundaries": of_fictional(verbs.boundaries),
    "challenge": of_fictional(verbs.challenge),
    "challenge_page": lambda folder, one: verbs.challenge_page(
        nene(), str(folder / "c.html"), "04G", progress=one
    ),
    "history": of_fictional(verbs.history),
    "explain": lambda _, one: verbs.explain(nene(), "gap/04G/2013-14/forecast", progress=one),
    "compare": lambda _, one: verbs.compare(NENE, nene(), progress=one),
    "pack_results": lambda _, one: verbs.pack_results(nene(), progress=one),
    "audit": lambda _, one: auditing.audit(nene(), nene_answers(), progress=one),
    "report": written(".html"),
    "convert": lambda folder, one: verbs.convert(NENE, folder / "copy", progress=one),
    "new": lambda folder, one: verbs.new(folder / "new", progress=one),
    "import_": imported,
    "demo": lambda folder, one: verbs.demo(folder / "out", progress=one),
    "verify": of_ledger(verbs.verify, LEDGER),
    "backup": of_ledger(verbs.backup, LEDGER, "{folder}/copy.ledger"),
    "restore": of_ledger(verbs.restore, "{folder}/plan.ledger", "sqlite:///{folder}/again.ledger"),
    "scheme.list_": of_fictional(scheme.list_),
    "scheme.quality": of_fictional(scheme.quality),
    "scheme.gates": of_fictional(scheme.gates),
    "scheme.engagement": of_fictional(scheme.engagement),
    "scheme.phasing": of_fictional(scheme.phasing),
    "scheme.show": of_fictional(scheme.show, "ICB-01"),
}
"""Every verb that takes `progress`, asked once."""
MORE: dict[str, Ask] = {
    "report as a PDF": written(".pdf"),
    "report as a workbook": written(".xlsx"),
    "report as a Word document": written(".docx"),
    "report as data": written(".parquet.zip"),
    "report for the public": written(".html", for_="public"),
    "report for audit": written(".html", for_="audit"),
    "convert into a workbook": lambda folder, one: verbs.convert(
        NENE, folder / "copy.xlsx", progress=one
    ),
    "new, published": lambda folder, one: verbs.new(
        folder / "made", from_="published", organisation="QMM", year="2023/24", progress=one
    ),
    "a body of benchmarks": lambda _, one: verbs.opportunities(
        areas="QE1", measures="pounds", period="2025", progress=one
    ),
    "risk on one thread": of_fictional(verbs.risk, 3_000, threads=1),
    "check to a month": lambda _, one: verbs.check(FICTIONAL, month="M6", progress=one),
}
"""Other ways through the same verbs."""


def prepared(folder: Path) -> Path:
    """A folder in which a ledger and a book stand."""
    folder.mkdir()
    ledger_in(folder)
    shutil.copytree(NENE, folder / "book")
    (folder / "table.csv").write_text("", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What each test begins with; a ledger has a salt, so all tests have the same one."""
    return prepared(tmp_path_factory.mktemp("first") / "stands")


def standing(folder: Path) -> dict[str, bytes]:
    """Every file, less what a ledger keeps beside it while it is read, and the table to import."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith((*SIDE, "table.csv"))
    }


def told(answer: Any) -> str:
    if isinstance(answer, Result):
        return answer.to_json() + "\n".join(answer.words)
    if isinstance(answer, Mapping):
        return "".join(map(told, answer.values()))
    return str(answer)


@dataclass(frozen=True)
class Run:
    """What a verb answered and what stands in the folder after it."""

    answer: str
    files: dict[str, bytes]


def run(ask: Ask, first: Path, folder: Path, one: Progress | None) -> Run:
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(first, folder)
    answer = told(ask(folder, one))
    files = standing(folder)
    ledgers = {name: b"" for name in files if name.endswith(".ledger")}
    return Run(answer, {**files, **ledgers})  # a database lays out its pages as it likes


@pytest.fixture(autouse=True)
def two_examples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examples, "ORDER", ("nene-2013", "kent-medway-2025"))


@pytest.mark.parametrize("ask", [*CASES.values(), *MORE.values()], ids=[*CASES, *MORE])
def test_a_verb_that_is_told_of_or_was_cancelled_gives_the_same_bytes(
    ask: Ask, first: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "here"
    plain = run(ask, first, folder, None)
    heard = At()
    assert run(ask, first, folder, heard) == plain
    assert heard.checks > 0
    shares = [done for done, of, _ in heard.told if of == WHOLE]
    assert shares == sorted(shares) and len(shares) == len(heard.told)
    assert heard.told[-1][:2] == (WHOLE, WHOLE)
    for number in sorted({1, heard.checks // 2, heard.checks} - {0}):
        shutil.rmtree(folder)
        shutil.copytree(first, folder)
        before = standing(folder)
        with pytest.raises(Cancelled):
            ask(folder, At(number))
        assert standing(folder) == before, f"cancelled at check {number} of {heard.checks}"
    assert run(ask, first, folder, None) == plain


@pytest.mark.parametrize("verb", ["position", "risk", "portfolio", "challenge", "decide"])
def test_working_papers_of_which_an_answer_was_cancelled_give_it_whole(verb: str) -> None:
    """What was half worked out is worked out again, wherever it was stopped."""
    ask: Any = getattr(verbs, verb)
    workings = verbs.opened(fictional())
    counted = At()
    whole = ask(fictional(), progress=counted).to_json()
    for eighth in range(1, 8):
        number = max(1, counted.checks * eighth // 8)
        try:
            ask(workings, progress=At(number))
        except Cancelled:
            continue
    assert ask(workings).to_json() == whole


# -- who declares it -------------------------------------------------------------------------------


def public() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every verb, those of the room and those of `scheme`."""
    for name in verbs.__all__:
        if name not in ("Book", "scheme", "opened"):
            yield name, getattr(verbs, name)
    for name, one in vars(scheme).items():
        if inspect.isfunction(one) and one.__module__ == scheme.__name__ and name[0] != "_":
            yield f"scheme.{name}", one
    yield "audit", auditing.audit


def says_nothing(verb: Callable[..., Any]) -> bool:
    return "progress" not in inspect.signature(verb).parameters


def long_without_progress(ask: Callable[[], object]) -> bool:
    """Whether a call checks so often that somebody may want to stop it."""
    counted = At()
    with working(counted, "a verb"):
        ask()
    return counted.checks > FEW


def test_every_verb_takes_progress_and_is_cancelled_here() -> None:
    silent = [name for name, verb in public() if says_nothing(verb)]
    assert silent == []
    assert {name for name, _ in public()} == set(CASES)


def test_a_verb_that_takes_long_and_says_nothing_is_found() -> None:
    def slow(book: Position) -> Result:
        return verbs.position(book)

    assert says_nothing(slow) and long_without_progress(lambda: slow(fictional()))
    assert not long_without_progress(lambda: fictional().default_year)


@pytest.mark.parametrize("name", ["position", "risk", "portfolio", "report"])
def test_a_verb_of_a_system_can_be_stopped_in_many_places(
    name: str, first: Path, tmp_path: Path
) -> None:
    """So many checks lie less than half a second apart, measured; a clock would judge the machine."""
    counted = At()
    run(CASES[name], first, tmp_path / "here", counted)
    assert counted.checks > FEW
