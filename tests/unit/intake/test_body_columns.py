"""Whose money a column is, where bodies stand across: a name that nobody knows is asked, by hand-made sheets."""

from __future__ import annotations

from collections.abc import Sequence

from controltotal.core.finding import Finding
from controltotal.intake.bodies import Bodies, Spell
from controltotal.intake.known import Known
from controltotal.intake.layout import tables_in
from controltotal.intake.matrix import read_matrix
from controltotal.intake.model import Asked, Grid, Read, Value
from controltotal.intake.questions import keys_of

KNOWN = Known(Bodies([Spell("RX1", "Nene Hospitals NHS Trust"), Spell("RX2", "Fen NHS Trust")]))
TITLE = "Nene Hospitals NHS Trust, plan and forecast 2026/27, £000"
Rows = list[list[Value]]


def sheet(names: Sequence[str], title: str = TITLE, *, whole: str = "") -> Rows:
    """Plan and forecast of each name, in blocks; `whole` is what the sum of all is called."""
    income, pay = [100, 110, 200, 190, 50, 40][: 2 * len(names)], [60, 70, 90, 95, 20, 30]
    rows: Rows = [["Patient care income", *income], ["Pay", *pay[: len(income)]]]
    rows.append(["Surplus/(deficit)", *(i - p for i, p in zip(income, pay, strict=False))])
    if whole:
        for row in rows:
            numbers = [int(str(one)) for one in row[1:]]
            row += [sum(numbers[::2]), sum(numbers[1::2])]
    every = [*names, *filter(None, [whole])]
    upper: list[Value] = [None, *(text for name in every for text in (name, None))]
    return [[title], [], upper, [None, *["Plan", "Forecast"] * len(every)], *rows]


def read(rows: Rows, **asked: object) -> Read:
    seen = tables_in(Grid("file.xlsx", "Position", rows))
    assert len(seen) == 1
    return read_matrix(seen[0], Asked(**asked), KNOWN)  # type: ignore[arg-type]


def questions(found: Read) -> list[Finding]:
    return [one for one in found.findings if one.severity == "error"]


def bodies(found: Read) -> set[str]:
    return {row.cells.get("organisation", "") for row in found.rows if row.table == "amounts"}


def asked_of(found: Read) -> list[str]:
    """The one question of a table, by what would answer it."""
    (one,) = questions(found)
    assert one.code == "IMPORT_BODY"
    return keys_of(one)


def test_a_name_beside_known_bodies_is_asked_and_never_taken_for_the_title() -> None:
    found = read(sheet(["Fen NHS Trust", "QRST"]))
    assert asked_of(found) == ["bodies.QRST"]
    assert '--set "bodies.QRST=CODE"' in questions(found)[0].action
    assert "“QRST”" in questions(found)[0].message
    assert bodies(found) == {"RX2"}
    answered = read(sheet(["Fen NHS Trust", "QRST"]), bodies={"qrst": "RX1"})
    assert (questions(answered), bodies(answered)) == ([], {"RX1", "RX2"})
    assert any(one.heading == "QRST" and one.column == "RX1" for one in answered.mapped)


def test_an_empty_answer_leaves_the_columns_out_and_the_total_still_has_them() -> None:
    rows = sheet(["Fen NHS Trust", "QRST"], whole="System total")
    found = read(rows, bodies={"qrst": ""})
    assert (questions(found), bodies(found)) == ([], {"RX2"})
    assert all(check.agrees for check in found.checks)
    assert sum("mapping" in left.reason for left in found.left) == 2
    rows[4][5] = 301
    assert {one.code for one in questions(read(rows, bodies={"qrst": ""}))} == {"IMPORT_TOTAL"}


def test_a_total_over_a_name_that_is_asked_is_no_fault_of_the_file() -> None:
    assert asked_of(read(sheet(["Fen NHS Trust", "QRST", "UVW"], whole="System total"))) == [
        "bodies.QRST",
        "bodies.UVW",
    ]


def test_names_that_alone_tell_columns_apart_are_asked_and_none_is_to_be_deleted() -> None:
    assert asked_of(read(sheet(["QRST", "UVW"]))) == ["bodies.QRST", "bodies.UVW"]
    flat: Rows = [[TITLE], [], [None, "QRST plan", "QRST forecast", "UVW plan", "UVW forecast"]]
    flat += sheet(["QRST", "UVW"])[4:]
    assert asked_of(read(flat)) == ["bodies.QRST", "bodies.UVW"]
    answered = read(flat, bodies={"qrst": "RX1", "uvw": "RX2"})
    assert (questions(answered), bodies(answered)) == ([], {"RX1", "RX2"})


def test_one_name_over_all_columns_is_asked_unless_it_is_that_of_the_title() -> None:
    assert asked_of(read(sheet(["Surgery"]))) == ["bodies.Surgery"]
    assert asked_of(read(sheet(["Nene Facilities Ltd"]))) == ["bodies.Nene Facilities Ltd"]
    for name in ("Income & expenditure position", "Trust", "Nene Hospitals", "NHFT"):
        found = read(sheet([name]))
        assert (questions(found), bodies(found)) == ([], {"RX1"}), name
    said = read(sheet(["Surgery"]), organisation="RX1")
    assert (questions(said), bodies(said)) == ([], {"RX1"})


def test_what_is_the_sum_of_the_others_by_its_figures_is_their_total() -> None:
    found = read(sheet(["Nene Hospitals", "Fen NHS Trust"], whole="Consortium"))
    assert (questions(found), bodies(found)) == ([], {"RX1", "RX2"})
    assert sum(check.total.startswith("Pay, Consortium") for check in found.checks) == 2
    rows = sheet(["Nene Hospitals", "Fen NHS Trust"], whole="Consortium")
    rows[4][5] = 999
    assert "bodies.Consortium" in [key for one in questions(read(rows)) for key in keys_of(one)]


def test_the_total_of_parts_that_are_left_out_is_of_the_title() -> None:
    rows = sheet(["Surgery", "Medicine"], whole="Total")
    assert asked_of(read(rows)) == ["bodies.Surgery", "bodies.Medicine"]
    found = read(rows, bodies={"surgery": "", "medicine": ""})
    assert (questions(found), bodies(found)) == ([], {"RX1"})
    pay = [row.cells["amount"] for row in found.rows if row.cells.get("line") == "pay"]
    assert pay == ["150", "165"]


def test_names_alone_that_a_total_is_the_sum_of_are_asked_as_bodies() -> None:
    rows: Rows = [["Nene ICS plan 2026/27, £000"], [], [None, "QRST", "UVW", "Total"]]
    rows += [["Patient care income", 100, 50, 150], ["Pay", 60, 30, 90]]
    assert asked_of(read(rows)) == ["bodies.QRST", "bodies.UVW"]


def test_a_system_is_never_a_trust_of_its_name() -> None:
    own = Bodies([Spell("RAT", "North East London NHS Foundation Trust")])
    for known in (own, Bodies()):
        assert known.match("NHS North East London ICS").code == "QMF"
        assert known.match("North East London NHS FT").code == "RAT"


def test_an_empty_answer_leaves_the_rows_of_a_body_out_and_the_total_still_has_them() -> None:
    rows: Rows = [["Surplus/(deficit) plan 2026/27, £000"], [], ["Organisation", "M1", "M2"]]
    rows += [["Fen NHS Trust", 5, 6], ["QRST", 3, 4], ["Total", 8, 10]]
    assert asked_of(read(rows)) == ["bodies.QRST"]
    found = read(rows, bodies={"qrst": ""})
    assert (questions(found), bodies(found)) == ([], {"RX2"})
    assert [left.area[0] for left in found.left if "mapping" in left.reason] == [4]
    assert found.checks
    assert all(check.agrees for check in found.checks)
