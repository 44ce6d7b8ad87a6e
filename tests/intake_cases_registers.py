"""Registers that keep a risk, its mitigation and what is left of it in one row, as houses reckon them.

A mitigation is worth so much for certain, or only where its risk happens, or by a chance of its own;
the register's net values say which, or nobody does and it is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

from openpyxl import Workbook

from tests.intake_files import FTH, FTH_NAME, Case, Line, Truth, cases_of, lines_of, xlsx

CASES: list[Case] = []
case = cases_of(CASES)
Risk = tuple[str, str, int, int, int, str]
RISKS: Sequence[Risk] = (
    ("R1", "Winter beds stay open", 1200, 50, 300, "Virtual ward"),
    ("R2", "Agency premium above plan", 850, 75, 200, "Rate card"),
    ("R3", "Energy price above plan", 640, 25, 0, ""),
    ("R4", "Drug price rise", 400, 60, 150, "Biosimilar switch"),
    ("R5", "Pay award above funding", 2100, 40, 0, ""),
)
"""Reference, title, gross £k, chance in hundredths, mitigation £k and what is done."""
TITLE: list[Line] = [[FTH_NAME], ["Financial risk register 2026/27 (£000)"], []]
HEAD: Line = ["Ref", "Risk", "Gross risk", "Probability", "Mitigation", "Net risk"]
CERTAIN, AS_RISK = "certain", "as the risk"
ASKED = ("IMPORT_HEADING", "IMPORT_TOTAL", "IMPORT_CELL", "IMPORT_SIGNS")


def weighted(gross: int, chance: int) -> float:
    return float(Fraction(gross * chance, 100))


def truth_of(likely: str, *, times: int = 1, full: bool = False, done: bool = False) -> Truth:
    """What a book holds: each risk, and its mitigation by that chance (`likely`, or a number)."""
    rows: list[dict[str, object]] = []
    for ref, title, gross, chance, worth, what in RISKS:
        share = 1.0 if full else chance / 100
        common: dict[str, object] = {"organisation": FTH}
        rows.append(
            common
            | {"id": ref, "kind": "risk", "gross": gross * 100_000, "chance": share, "title": title}
        )
        if worth:
            own = {CERTAIN: 1.0, AS_RISK: share}.get(likely)
            rows.append(
                common
                | {
                    "id": f"{ref}-M",
                    "kind": "mitigation",
                    "mitigates": ref,
                    "gross": worth * times * 100_000,
                    "chance": float(likely) if own is None else own,
                    "title": what if done else f"Mitigation of: {title}",
                }
            )
    return Truth(records={"risks": rows})


def risks_alone() -> Truth:
    truth = truth_of(CERTAIN)
    truth.records["risks"] = [row for row in truth.records["risks"] if row["kind"] == "risk"]
    return truth


def register(
    path: Path, head: Line, row: Callable[..., Line], summed: Sequence[int] = (), end: Line = ()
) -> None:
    """A register with a total of some columns, and a last row."""
    lines = [row(*risk) for risk in RISKS]
    total: list[object] = ["" for _ in lines[0]]
    total[1] = "Total"
    for column in summed:
        total[column] = sum(v for line in lines if isinstance(v := line[column], int | float))
    tail = [total] if summed else []
    xlsx(
        path / "register.xlsx",
        {"Risk register": [*TITLE, head, *lines, *tail, *([end] if end else [])]},
    )


SUMMED = (2, 4, 5)


@case("a register whose net is gross times chance less mitigation")
def _(path: Path) -> Truth:
    register(path, HEAD, lambda i, t, g, p, m, x: [i, t, g, p / 100, m, weighted(g, p) - m], SUMMED)
    return truth_of(CERTAIN)


@case("a register whose net is gross less mitigation, times chance")
def _(path: Path) -> Truth:
    register(path, HEAD, lambda i, t, g, p, m, x: [i, t, g, f"{p}%", m, weighted(g - m, p)], SUMMED)
    return truth_of(AS_RISK)


@case("a register without a chance, net of its mitigations", told=("IMPORT_UNKNOWN",))
def _(path: Path) -> Truth:
    head = ["Ref", "Risk", "Unmitigated £000", "Mitigation £000", "Residual £000"]
    register(path, head, lambda i, t, g, p, m, x: [i, t, g, m, g - m], (2, 3, 4))
    return truth_of(CERTAIN, full=True)


@case("a register with mitigations below nil")
def _(path: Path) -> Truth:
    head = [
        "Ref",
        "Description of risk",
        "Value £k",
        "Likelihood %",
        "Mitigations £k",
        "Net risk £k",
    ]
    register(path, head, lambda i, t, g, p, m, x: [i, t, g, p, -m, weighted(g, p) - m], SUMMED)
    return truth_of(CERTAIN)


@case("a register with risks below nil and mitigations above")
def _(path: Path) -> Truth:
    head = [
        "Ref",
        "Risk description",
        "Gross value",
        "Likelihood",
        "Mitigating actions (£000)",
        "Net",
    ]
    register(
        path, head, lambda i, t, g, p, m, x: [i, t, -g, p / 100, m, m - weighted(g, p)], SUMMED
    )
    return truth_of(CERTAIN)


@case("a register that weighs first and mitigates after")
def _(path: Path) -> Truth:
    head = [
        "ID",
        "Risk",
        "Gross value",
        "Likelihood (%)",
        "Weighted value",
        "Mitigation",
        "Net exposure",
    ]
    register(
        path,
        head,
        lambda i, t, g, p, m, x: [i, t, g, p, weighted(g, p), m, weighted(g, p) - m],
        (2, 4, 5, 6),
    )
    return truth_of(CERTAIN)


@case("a register that mitigates first and weighs after")
def _(path: Path) -> Truth:
    head = [
        "Ref",
        "Risk",
        "Unmitigated risk",
        "Mitigation",
        "Mitigated risk",
        "Likelihood",
        "Risk adjusted",
    ]
    register(
        path,
        head,
        lambda i, t, g, p, m, x: [i, t, g, m, g - m, p / 100, weighted(g - m, p)],
        (2, 3, 4, 6),
    )
    return truth_of(AS_RISK)


@case("a register with a chance for its mitigations")
def _(path: Path) -> Truth:
    head = [
        *("Ref", "Risk title", "Gross risk £k", "Risk likelihood", "Risk-weighted £k"),
        *("Mitigation £k", "Mitigation likelihood", "Mitigation weighted £k", "Net risk £k"),
    ]
    register(
        path,
        head,
        lambda i, t, g, p, m, x: [
            *(i, t, g, p / 100, weighted(g, p), m, 0.8 if m else None),
            *(m * 0.8, weighted(g, p) - m * 0.8),
        ],
        (2, 4, 5, 7, 8),
    )
    return truth_of("0.8")


@case("a register with what is done in words and its value")
def _(path: Path) -> Truth:
    head = [
        "Ref",
        "Risk",
        "Mitigating action",
        "Gross risk",
        "Probability",
        "Value of mitigation",
        "Net risk",
    ]
    register(
        path,
        head,
        lambda i, t, g, p, m, x: [i, t, x, g, p / 100, m, weighted(g, p) - m],
        (3, 5, 6),
    )
    return truth_of(CERTAIN, done=True)


@case("a register with mitigations in words alone")
def _(path: Path) -> Truth:
    head = ["Ref", "Risk", "Mitigation", "Gross risk", "Probability", "Net risk"]
    register(path, head, lambda i, t, g, p, m, x: [i, t, x, g, p / 100, weighted(g, p)], (3, 5))
    return risks_alone()


@case("a wide register with owners, dates, colours and both kinds of mitigation")
def _(path: Path) -> Truth:
    head = [
        *("Risk ref", "Date raised", "Risk description", "Risk owner", "RAG", "Gross risk £000"),
        *("Likelihood %", "Mitigating actions", "Mitigation value £000", "Net risk £000", "Status"),
    ]
    register(
        path,
        head,
        lambda i, t, g, p, m, x: [
            *(i, "01/06/2026", t, "Director of Finance", "Amber", g),
            *(p, x, m, weighted(g, p) - m, "Open"),
        ],
    )
    return truth_of(CERTAIN, done=True)


@case("a register with last month's net risk and the movement")
def _(path: Path) -> Truth:
    head = [*HEAD, "Net risk last month", "Movement"]
    register(
        path,
        head,
        lambda i, t, g, p, m, x: [i, t, g, p / 100, m, weighted(g, p) - m, weighted(g, p), -m],
    )
    return truth_of(CERTAIN)


@case("a register whose net is shown in whole thousands")
def _(path: Path) -> Truth:
    register(
        path, HEAD, lambda i, t, g, p, m, x: [i, t, g, p / 100, m, round(weighted(g, p) - m + 0.01)]
    )
    return truth_of(CERTAIN)


@case("a register that shows nil where mitigations are more than the risk")
def _(path: Path) -> Truth:
    register(
        path,
        HEAD,
        lambda i, t, g, p, m, x: [i, t, g, p / 100, m * 3, max(0.0, weighted(g, p) - 3 * m)],
    )
    return truth_of(CERTAIN, times=3)


@case("a register as text with brackets, signs and dashes")
def _(path: Path) -> Truth:
    lines = [
        [i, t, f"{g:,}", f"{p}%", f"({m})" if m else "-", f"{weighted(g, p) - m:,.1f}"]
        for i, t, g, p, m, _ in RISKS
    ]
    lines_of(path / "register.csv", [[FTH_NAME], ["Risk register 2026/27, £000"], HEAD, *lines])
    return truth_of(CERTAIN)


def stacked(path: Path, net: str, *, merged: bool) -> Truth:
    """Headings in two rows: the value over gross, mitigation and net."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([FTH_NAME])
    sheet.append(["Ref", "Risk", "Likelihood", "Value £000", None, None])
    sheet.append([None, None, None, "Gross", "Mitigation", net])
    for i, t, g, p, m, _ in RISKS:
        sheet.append([i, t, p / 100, g, m, weighted(g - m, p)])
    if merged:
        for area in ("D2:F2", "A2:A3", "B2:B3", "C2:C3"):
            sheet.merge_cells(area)
    book.save(path / "register.xlsx")
    return truth_of(AS_RISK)


@case("a register with headings in two rows")
def _(path: Path) -> Truth:
    return stacked(path, "Residual", merged=False)


@case("a register with merged headings in two rows")
def _(path: Path) -> Truth:
    return stacked(path, "Net", merged=True)


# -- what cannot be known, and is asked -------------------------------------------------------------


@case("a register whose net leaves its mitigations out", asks=["IMPORT_HEADING"])
def _(path: Path) -> None:
    register(path, HEAD, lambda i, t, g, p, m, x: [i, t, g, p / 100, m, weighted(g, p)], SUMMED)


@case("a register whose net is not weighed", asks=["IMPORT_HEADING"])
def _(path: Path) -> None:
    register(path, HEAD, lambda i, t, g, p, m, x: [i, t, g, p / 100, m, g - m], SUMMED)


@case("a register without net values", asks=["IMPORT_HEADING"])
def _(path: Path) -> None:
    register(path, HEAD[:5], lambda i, t, g, p, m, x: [i, t, g, p / 100, m], (2, 4))


@case(
    "a register without net values, whose mitigations work as their risks happen",
    *("--set", "headings.Mitigation=as the risk"),
)
def _(path: Path) -> Truth:
    register(path, HEAD[:5], lambda i, t, g, p, m, x: [i, t, g, p / 100, m], (2, 4))
    return truth_of(AS_RISK)


@case("a register without net values, its mitigations at 80%", "--set", "headings.Mitigation=80%")
def _(path: Path) -> Truth:
    register(path, HEAD[:5], lambda i, t, g, p, m, x: [i, t, g, p / 100, m], (2, 4))
    return truth_of("0.8")


@case("a register whose mitigations are left out", "--set", "headings.Mitigation=")
def _(path: Path) -> Truth:
    register(path, HEAD, lambda i, t, g, p, m, x: [i, t, g, p / 100, m, weighted(g, p)], SUMMED)
    return risks_alone()


@case("a register with one net value that is wrong", asks=["IMPORT_TOTAL"])
def _(path: Path) -> None:
    register(
        path,
        HEAD,
        lambda i, t, g, p, m, x: [i, t, g, p / 100, m, weighted(g, p) - m + 30 * (i == "R2")],
    )


@case("a register whose net values follow from nothing", asks=["IMPORT_TOTAL"])
def _(path: Path) -> None:
    register(path, HEAD, lambda i, t, g, p, m, x: [i, t, g, p / 100, m, g - weighted(g, p)])


@case(
    "a register whose net values follow from nothing and are left out",
    *("--set", "headings.Net risk=", "--set", "headings.Mitigation=100%"),
)
def _(path: Path) -> Truth:
    register(path, HEAD, lambda i, t, g, p, m, x: [i, t, g, p / 100, m, g - weighted(g, p)])
    return truth_of(CERTAIN)


@case("a register with mitigations of both signs", asks=["IMPORT_SIGNS"])
def _(path: Path) -> None:
    register(
        path,
        HEAD,
        lambda i, t, g, p, m, x: [
            *(i, t, g, p / 100),
            *(-m if i == "R1" else m, weighted(g, p) - m),
        ],
    )


@case("a register with mitigations and chances in words", asks=["IMPORT_CELL"])
def _(path: Path) -> None:
    words = {50: "Medium", 75: "High", 25: "Low", 60: "Medium", 40: "Low"}
    register(path, HEAD, lambda i, t, g, p, m, x: [i, t, g, words[p], m, weighted(g, p) - m])


LEFT = [
    "Ref",
    "Risk",
    "Financial impact £k",
    "Likelihood",
    "Mitigating actions",
    "Residual risk £k",
]


@case("a register that says what is left and not what is mitigated", asks=["IMPORT_HEADING"])
def _(path: Path) -> None:
    register(path, LEFT, lambda i, t, g, p, m, x: [i, t, g, f"{p}%", x, g - m], (2, 5))


@case(
    "a register whose mitigations follow from what is left",
    *("--set", "headings.Residual risk £k=gross less mitigation"),
)
def _(path: Path) -> Truth:
    register(path, LEFT, lambda i, t, g, p, m, x: [i, t, g, f"{p}%", x, g - m], (2, 5))
    return truth_of(AS_RISK, done=True)


@case(
    "a register whose mitigations follow from what is left by chance",
    *("--set", "headings.Residual risk £k=gross times chance, less mitigation"),
)
def _(path: Path) -> Truth:
    register(path, LEFT, lambda i, t, g, p, m, x: [i, t, g, f"{p}%", x, weighted(g, p) - m], (2, 5))
    return truth_of(CERTAIN, done=True)


@case(
    "a register whose answered column leaves more than there was",
    *("--set", "headings.Residual risk £k=gross less mitigation"),
    asks=["IMPORT_CELL"],
)
def _(path: Path) -> None:
    register(path, LEFT, lambda i, t, g, p, m, x: [i, t, g, f"{p}%", x, g + m], (2, 5))


@case(
    "a heading that was answered by what is no column",
    *("--set", "headings.Residual risk £k=yes"),
    asks=["IMPORT_HEADING"],
)
def _(path: Path) -> None:
    register(path, LEFT, lambda i, t, g, p, m, x: [i, t, g, f"{p}%", x, g - m], (2, 5))
