"""The law of months that were sent: their figures change in sight of everybody, or not at all.

Whatever is sent, approved, adjusted, reopened, imported, written by other acts and undone, in whatever
order: where an amount of a month differs from what stood when it was sent, the hand-in bears the reason
of a late adjustment, or the month was reopened.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from controltotal.acts import ActRefused, Desk
from controltotal.acts.figures import Month, send_figures
from controltotal.book.row_keys import row_key
from controltotal.book.sent_months import SentMonths, is_sent_with_months, last_month
from controltotal.intake.asking import asking
from controltotal.intake.commit import drafts_of
from controltotal.intake.importing import Given, read_files, settled
from controltotal.ledger.entries import Author, Narration, Posting
from tests.act_books import YEAR, desk, do, local

CODE = "T1"
STEPS = (
    *("submit_month", "approve_month", "reopen_month", "adjust_month", "adjust_silent"),
    *("import", "import_late", "send_figures", "send_late", "undo", "withdraw", "deliver"),
)
Figures = dict[str, str]


def figures(at: Desk) -> Figures:
    """The actuals of the body's months as they stand, by the keys of their rows."""
    rows = (row.texts for row in at.position.book.amounts if row.organisation == CODE)
    return {
        row_key("amounts", row): f"{row['amount']}{row.get('unit', '')}"
        for row in rows
        if is_sent_with_months(row)
    }


def months(at: Desk) -> SentMonths:
    return SentMonths(row.texts for row in at.position.book.submissions)


def of_month(told: Figures, at: Desk, month: int) -> Figures:
    """Those of a month."""
    rows = {row_key("amounts", row.texts): row.texts for row in at.position.book.amounts}
    return {
        key: text for key, text in told.items() if key not in rows or last_month(rows[key]) == month
    }


def table(folder: Path, month: int, amount: int) -> Path:
    """A file of the body to a month, whose last month has an amount of its own."""
    path = folder / f"report-{month}-{amount}.csv"
    rows = [
        f"T1,position,2026/27,{m},actual,{amount if m == month else -100}"
        for m in range(1, month + 1)
    ]
    path.write_text("\n".join(["organisation,line,year,month,basis,amount (£)", *rows]) + "\n")
    return path


def imported(at: Desk, path: Path, late: str) -> None:
    """What the command line does: rows are written without the desk."""
    source = at.position.source
    assert source is not None
    ask = asking(
        ["replace=yes", "withdraw=yes", "unit=£", *([f"late={late}"] if late else [])],
        today="2026-11-30",
    )
    files = read_files([Given(path)], source, [], ask)
    done = settled(files, source, ask)
    if done.written.any and not any(file.questions for file in done.files):
        drafts = tuple(drafts_of(source.entries, done.written))
        said = Narration(f"import/{path}/{len(source.entries)}", "import", Author(name="import"))
        at.store.append([Posting(said, drafts)], len(source.entries))


def step(at: Desk, folder: Path, what: str, month: int, amount: int, who: str) -> None:
    fields = {"organisation": CODE, "year": YEAR, "month": str(month)}
    row = {**fields, "line": "position", "basis": "actual", "amount": str(amount), "unit": "£"}
    match what:
        case "adjust_month":
            do(at, what, who, why="late", **row)
        case "adjust_silent":
            do(at, "adjust_month", who, why="", **row)
        case "deliver":
            more = {"scheme": "SC2", "line": "non_pay", "year": YEAR, "month": str(month)}
            do(at, "deliver", who, **more, amount=str(amount), unit="£")
        case "import" | "import_late":
            imported(at, table(folder, month, amount), "late" if what == "import_late" else "")
        case "send_figures" | "send_late":
            late = ["late=an invoice"] if what == "send_late" else []
            ask = asking(["replace=yes", "withdraw=yes", "unit=£", *late], today="2026-11-30")
            files = read_files([Given(table(folder, month, amount))], at.position.source, [], ask)  # type: ignore[arg-type]
            how = {"by": local(who), "on": at.today()}
            send_figures(at, Month(CODE, YEAR, month), files, ask, how)  # type: ignore[arg-type]
        case "undo":
            entry = at.position.ref.entry + amount // 10 + 10  # the last, or one before
            do(at, "undo", who, why="an error", entry=str(entry))
        case "withdraw":
            own = [one for one in at.position.book.amounts if one.month == str(month)]
            if own:
                do(
                    at,
                    "withdraw",
                    who,
                    why="an error",
                    table="amounts",
                    row=own[-1].where.rpartition(" ")[2],
                )
        case _:
            do(at, what, who, why="a stock count", **fields)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(STEPS),
            st.integers(7, 10),
            st.sampled_from((-150, -130, -100)),
            st.sampled_from(("Ann Ash", "Ben Birch")),
        ),
        max_size=9,
    )
)
def test_no_figure_of_a_sent_month_changes_out_of_sight(
    tmp_path: Path, steps: list[tuple[str, int, int, str]]
) -> None:
    at = desk()
    for what, month, amount, who in steps:
        told, before = figures(at), months(at)
        with suppress(ActRefused):
            step(at, tmp_path, what, month, amount, who)
        now, after = figures(at), months(at)
        for key in told.keys() | now.keys():
            if told.get(key) == now.get(key):
                continue
            at_month = int(key.split("/")[4])
            sent = before.covering(CODE, YEAR, at_month)
            if sent is None or sent.is_open:
                continue
            then = after.last(CODE, YEAR, sent.month)
            seen = then is not None and (then.cells.get("late_reason") or then.is_open)
            taken_back = what == "undo" and (then is None or then.cells != sent.cells)
            assert seen or taken_back, (what, key, told.get(key), now.get(key))
