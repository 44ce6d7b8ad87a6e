"""What a board asks of its schemes: by category, by maturity, what waits for whom, what was refused."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from controltotal import verbs
from controltotal.accounts.scheme_assurance import WAITS
from tests.scheme_books import assessments, changed, gates, less
from tests.scheme_books import book as scheme_book
from tests.small_books import book
from tests.strategies import YEAR, Cells, amount, position_of


def scheme(code: str, **more: str) -> Cells:
    row = {"id": code, "organisation": "T1", "title": f"Scheme {code}", "recurrence": "recurrent"}
    return {**row, "maturity": "in_progress", "full_year_effect": "120", **more}


def saved(code: str, month: int, pounds: int, basis: str = "actual") -> Cells:
    return amount("T1", "drugs", pounds, month=str(month), basis=basis, scheme=code)


def table(made: Any, name: str, **where: object) -> list[dict[str, Any]]:
    found = verbs.schemes(position_of(made) if isinstance(made, dict) else made).tables[name]
    return [dict(row) for row in found if all(row[k] == v for k, v in where.items())]


BOOK = book(
    *(saved("A", month, 10, "plan") for month in range(1, 13)),
    *(saved("A", month, 6) for month in (1, 2, 3)),
    *(saved("B", month, 5, "plan") for month in range(1, 13)),
    *(saved("B", month, 7) for month in (1, 2, 3)),
    *(saved("C", month, 20, "plan") for month in range(1, 13)),
    schemes=[
        scheme("A", category="Pay: bank"),
        scheme("B", category="Pay: agency", recurrence="non_recurrent"),
        scheme("C", category="Income"),
    ],
)
"""A saves 18 of 30 to date, B 21 of 15, C reports nothing and plans 240 in the year."""


def test_kinds_and_categories_make_the_whole() -> None:
    rows = {
        (r["group"], r["category"]): r
        for r in table(BOOK, "savings_by_category", organisation="T1")
    }
    assert set(rows) == {
        ("", ""),
        ("Pay", ""),
        ("Pay", "Pay: bank"),
        ("Pay", "Pay: agency"),
        ("Income", ""),
    }
    whole, pay, income = rows["", ""], rows["Pay", ""], rows["Income", ""]
    assert [whole[f"{k}_pence"] for k in ("planned", "actual", "variance")] == [4500, 3900, -600]
    assert whole["plan_year_pence"] == (120 + 60 + 240) * 100
    assert pay["variance_pence"] == -600 and whole["to_month"] == 3
    assert income["planned_pence"] is None and income["variance_pence"] is None
    assert income["recurrent_share"] == 1.0
    assert rows["Pay", "Pay: agency"]["recurrent_share"] == 0.0


def forecast(code: str, pounds: int, **more: str) -> Cells:
    return amount("T1", "drugs", pounds, basis="forecast", scheme=code, **more)


MARKED = book(
    *(amount("T1", "drugs", 100, basis="plan", scheme=code) for code in "AB"),
    forecast("A", 60),
    forecast("B", 25, recurrence="recurrent"),
    forecast("B", 15, recurrence="non_recurrent"),
    schemes=[scheme("A"), scheme("B", recurrence="unknown")],
)
"""A repeats; of B the forecast is marked in its two parts."""


def test_what_repeats_is_taken_from_the_marks_of_sums_before_that_of_their_scheme() -> None:
    (whole,) = table(MARKED, "savings_by_category", group="")
    assert (whole["recurrent_pence"], whole["unmarked_pence"]) == (8500, 0)
    assert whole["recurrent_share"] == 0.85


def test_what_nobody_marks_is_told_and_is_not_taken_for_what_does_not_repeat() -> None:
    unmarked = book(
        *MARKED["amounts"],
        amount("T1", "drugs", 300, basis="plan", scheme="C"),
        forecast("C", 300),
        schemes=[*MARKED["schemes"], scheme("C", recurrence="unknown")],
    )
    (whole,) = table(unmarked, "savings_by_category", group="")
    assert (whole["recurrent_pence"], whole["unmarked_pence"]) == (8500, 30000)
    assert whole["recurrent_share"] == 0.85


def recurrent_row(*more: Cells, schemes: list[Cells]) -> tuple[object, ...]:
    """Plan and forecast of the year of the first page's row of what repeats."""
    position = [
        amount("T1", line, pounds, month=str(month), basis=basis)
        for basis in ("plan", "actual")
        for month in range(1, 4)
        for line, pounds in (("patient_care_income", 900), ("pay", 800))
    ]
    made = book(*position, *MARKED["amounts"], *more, schemes=[*MARKED["schemes"], *schemes])
    rows = verbs.position(position_of(made)).tables["performance"]
    found = [row for row in rows if row["row"] == "efficiencies_recurrent"]
    return next(((row["plan_year"], row["forecast"]) for row in found), (None, None))


def test_the_first_page_tells_what_repeats_where_all_of_it_is_marked() -> None:
    """The plan of B is in neither of its parts, so that nothing is told of the plan."""
    assert recurrent_row(schemes=[]) == (None, 8500)
    plan = amount("T1", "drugs", 300, basis="plan", scheme="C")
    unknown = scheme("C", recurrence="unknown")
    assert recurrent_row(plan, forecast("C", 300), schemes=[unknown]) == (None, None)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", "Pay", "Pay: bank", "Pay:  bank", "Non-pay: drugs"]),
            st.integers(0, 90),
            st.integers(0, 3),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_no_saving_is_lost_between_kinds(told: list[tuple[str, int, int]]) -> None:
    rows, schemes = [], []
    for n, (category, pounds, months) in enumerate(told):
        code = f"S{n}"
        schemes.append(scheme(code, category=category))
        rows += [saved(code, month, pounds, "plan") for month in range(1, 13)]
        rows += [saved(code, month, pounds + n) for month in range(1, months + 1)]
    found = table(book(*rows, schemes=schemes), "savings_by_category", organisation="T1")
    for row in found:
        own = [
            (pounds, months, n)
            for n, (category, pounds, months) in enumerate(told)
            if pounds or months
            if _holds(row["group"], row["category"], category)
        ]
        reported = [(pounds, months, n) for pounds, months, n in own if months]
        assert row["schemes"] == len(own)
        assert row["plan_year_pence"] == sum(12 * pounds for pounds, *_ in own) * 100
        wanted = None if not reported else sum(p * m for p, m, _ in reported) * 100
        assert row["planned_pence"] == wanted
        saved_so_far = None if not reported else sum((p + n) * m for p, m, n in reported) * 100
        assert row["actual_pence"] == saved_so_far


def _holds(group: str, category: str, said: str) -> bool:
    """Whether a row of the table is of a scheme: the slow way, by the text of its category."""
    plain = " ".join(said.split()) or "not stated"
    return not group or (category == plain if category else plain.split(":")[0] == group)


# -- maturity --------------------------------------------------------------------------------------


def reported(last: int) -> list[Cells]:
    """A position of the trust and the board to a month."""
    return [
        {
            "organisation": code,
            "line": "position",
            "year": YEAR,
            "basis": "actual",
            "month": str(month),
            "amount": "0",
        }
        for code in ("RX1", "CB1")
        for month in range(1, last + 1)
    ]


def stages(last: int) -> dict[str, list[tuple[str, int]]]:
    made = scheme_book("T1")
    made["amounts"] = [*made["amounts"], *reported(last)]
    found: dict[str, list[tuple[str, int]]] = {}
    for row in table(made, "savings_by_maturity", organisation="SYS"):
        found.setdefault(row["when"], []).append((row["maturity"], row["pence"]))
    return found


def test_maturity_of_the_month_before_is_what_its_evidence_then_supported() -> None:
    """The scheme passed G3 on 12 May. Reported to May, the month before ends on 30 April."""
    plan = 600_000_000
    assert stages(2) == {
        "this month": [("fully_developed", plan)],
        "last month": [("in_progress", plan)],
    }
    assert stages(3)["last month"] == [("fully_developed", plan)], "G3 stood at the end of May"
    assert set(stages(0)) == {"this month"}, "nothing tells which month it was"


# -- what waits, and what was refused ----------------------------------------------------------------


def waiting(**tables: list[Cells]) -> list[tuple[str, list[str]]]:
    made = scheme_book("T1", "T2", **tables)
    return [(row["scheme"], row["waits_for"]) for row in table(made, "awaited")]


def test_a_scheme_waits_for_the_signer_who_has_not_signed() -> None:
    made = scheme_book("T1", "T2")
    nurse = less(made["gates"], scheme="T2", role="chief_nurse")
    assert waiting(gates=nurse) == [("T2", ["chief nurse"])]
    both = less(nurse, scheme="T2", role="medical_director")
    assert waiting(gates=both) == [("T2", ["medical director", "chief nurse"])]
    assert waiting() == []


def test_what_waits_is_summed_by_whom_it_waits_for_and_once_in_all() -> None:
    made = scheme_book("T1", "T2")
    made["gates"] = less(less(made["gates"], scheme="T2", gate="G3"), role="chief_nurse")
    rows = table(made, "awaited_by", organisation="SYS")
    assert [(r["waits_for"], r["schemes"], r["plan_pence"] // 100_000_000) for r in rows] == [
        ("", 2, 12),
        ("chief nurse", 2, 12),
        ("gate G3", 1, 6),
    ]


def test_a_refused_scheme_waits_for_nobody_and_says_who_refused_it() -> None:
    made = scheme_book("T1", "T2")
    high = {"residual_likelihood": "4", "residual_consequence": "4", "assessor": "Q Quince"}
    made["assessments"] = changed(assessments("T1"), {"domain": "safety"}, **high)
    made["assessments"] += assessments("T2")
    assert "T1" not in [row["scheme"] for row in table(made, "awaited")]
    (row,) = table(made, "refused")
    assert (row["by"], row["on"], row["score"]) == ("Q Quince", "2026-04-20", 16)
    no = {"scheme": "T1", "gate": "QIA", "on": "2026-04-20", "by": "Panel", "role": "quality_panel"}
    made["gates"] = [*made["gates"], {**no, "outcome": "reject"}]
    (row,) = table(made, "refused")
    assert (row["by"], row["panel"]) == ("Panel", True), "of one day the panel is named"


def test_every_code_that_keeps_a_scheme_out_has_its_words() -> None:
    codes = {
        code
        for made in (scheme_book("T1"), scheme_book("T1", gates=gates("T1")[:2]))
        for row in table(made, "schemes_not_counted")
        for code in row["codes"]
    }
    assert codes <= {*WAITS, "SIGNATURE_MISSING"}
