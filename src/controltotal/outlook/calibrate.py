"""The command that calibrates: the public record first, then the book's own schemes."""

from __future__ import annotations

from controltotal.core.calendar import year_label, year_start
from controltotal.core.money import format_pounds
from controltotal.core.result import Answer, Result
from controltotal.outlook import calibration as cal
from controltotal.workings.terms import MATURITIES
from controltotal.workings.totals import Totals
from controltotal.workings.workings import Workings

SHOWS = (
    "The public record shows how far one year's outturns lay from plans, trust by trust; it says "
    "nothing of other years, of commissioners, of why, or of the nine trusts it lacks."
)


def answer_calibrate(workings: Workings | None) -> Result:
    """Coverage of intervals on the public record; with a book, its own fitted delivery rates."""
    answer = Answer("calibrate", workings.position.ref if workings else None)
    _public(answer)
    if workings is not None:
        _own(answer, workings.totals)
    return answer.result()


def _public(answer: Answer) -> None:
    records = cal.trust_records()
    whole = records[0]
    rule = "share of trusts inside the 10th to 90th percentile of all the others"
    answer.figure(
        "interval_coverage/ENGLAND/2018-19/actual/plan", whole.coverage, "share", rule=rule
    )
    answer.figure("interval_cases/ENGLAND/2018-19/actual/plan", whole.cases, "count", rule=rule)
    answer.table(
        "plan_backtest",
        [
            {
                "band": r.band,
                "cases": r.cases,
                "low_pence": r.low,
                "middle_pence": r.middle,
                "high_pence": r.high,
                "coverage": round(r.coverage, 4),
            }
            for r in records
        ],
    )
    answer.table("reported_cases", cal.reported_pairs())
    answer.words(
        f"Against plan, eight trusts in ten came out between {format_pounds(-whole.low)} worse and "
        f"{format_pounds(whole.high)} better in 2018/19; intervals made from the other trusts "
        f"covered {whole.coverage:.0%} of {whole.cases} cases.",
        topic="calibrate",
    )
    answer.words(SHOWS, topic="calibrate")


def _own(answer: Answer, totals: Totals) -> None:
    cases = cal.past_schemes(totals)
    years = sorted({case.year for case in cases})
    fitted = [
        rates
        for maturity in MATURITIES
        if (rates := cal.fit([c for c in cases if c.maturity == maturity], maturity))
    ]
    answer.table(
        "fitted",
        [
            {
                "maturity": f.maturity,
                "cases": f.cases,
                "finished": f.finished,
                "years": f.years,
                "chance": round(f.chance, 4),
                "low": round(f.low, 4),
                "mode": round(f.mode, 4),
                "high": round(f.high, 4),
            }
            for f in fitted
        ],
    )
    answer.table("parameters", [row for f in fitted for row in _parameters(f, years[-1])])
    few = len(years) < cal.YEARS_FEW or len(cases) < cal.CASES_FEW
    if few:
        answer.finding(
            code="CALIBRATION_FEW",
            severity="warning",
            organisation="",
            where="amounts row 1",
            message="Delivery rates rest on few past cases, so they may be far from what comes next.",
            expected=f"{cal.YEARS_FEW} years and {cal.CASES_FEW} schemes or more",
            found=f"{len(years)} years and {len(cases)} schemes",
            action="Add plan and actual amounts by scheme for more past years.",
        )
    known = cal.reliability(cases)
    if known is None:
        few_past = "The book has too few past schemes to fit delivery rates of its own."
        answer.words(few_past, topic="calibrate")
        return
    answer.table(
        "reliability",
        [{"level": level, "observed": round(share, 4)} for level, share in known.observed],
    )
    year = years[-1]
    name = totals.position.tree.roots(year)
    where = name[0] if len(name) == 1 else "BOOK"
    rule = f"share of held-out schemes (by {known.held_out}) inside the 10th to 90th percentile"
    answer.figure(
        f"interval_coverage/{where}/{year}/actual/schemes", known.coverage, "share", rule=rule
    )
    answer.figure(f"interval_cases/{where}/{year}/actual/schemes", known.cases, "count", rule=rule)
    answer.figure(
        f"pinball_loss/{where}/{year}/actual/schemes",
        known.score,
        "share",
        rule="mean pinball loss of nine quantiles, in shares of plan",
    )
    answer.words(
        f"Of the book's own {known.cases} past schemes ({', '.join(map(year_label, years))}), "
        f"{known.coverage:.0%} lay inside the range from the tenth to the ninetieth percentile "
        f"that was fitted without them (80% would be exact).",
        topic="calibrate",
    )


def _parameters(fitted: cal.Fitted, last_year: str) -> list[dict[str, object]]:
    """Rows for the book's table `parameters`, ready to be adopted by a named person."""
    start = year_start(last_year).isoformat()
    source = f"fitted to {fitted.cases} schemes of {fitted.years} years"
    values = {
        "chance": fitted.chance,
        "low": fitted.low,
        "mode": fitted.mode,
        "high": fitted.high,
    }
    return [
        {
            "name": f"delivery_{name}_{fitted.maturity}",
            "value": f"{value:.4f}",
            "from": start,
            "authority": "local agreement",
            "source": source,
            "mark": "I",
        }
        for name, value in values.items()
    ]
