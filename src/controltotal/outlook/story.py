"""Where the year is heading, told once: one range, or three named cases where none may be told.

A chance and a range of the simulation come first only where somebody stands behind the rates of
delivery (see `rates`). Elsewhere three sums that anybody can check come first, and the simulation
is called illustrative. The schemes that a forecast counts on although they are not assured are
named, with their money and the months in which they were to bring it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from controltotal.core.calendar import year_label
from controltotal.core.money import format_pounds, position_words
from controltotal.core.result import Answer
from controltotal.outlook.drivers import SHOWN, in_words
from controltotal.outlook.inputs import Inputs
from controltotal.outlook.model import MONTHS
from controltotal.outlook.named_cases import (
    Heading,
    headings,
    held_words,
    is_over,
    sentence,
)
from controltotal.outlook.rates import ILLUSTRATIVE, Standing, finished_schemes, standing
from controltotal.outlook.steps import (
    EXPECTED_LOSS,
    KEPT_OUT,
    NOT_ASSURED,
    SAME_MONEY,
    SHUT_OUT,
)
from controltotal.outlook.support import Support
from controltotal.workings.totals import Totals, figure_id
from controltotal.workings.workings import Workings

Rows = Sequence[Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Story:
    """What is told of every body: its cases, and who stands behind its rates."""

    headings: Mapping[str, Heading]
    standings: Mapping[str, Standing]


def story(
    answer: Answer,
    workings: Workings,
    inputs: Inputs,
    support: Support,
    nodes: Sequence[str],
    falling: Mapping[str, Sequence[str]],
) -> Story:
    """The tables `cases` and `rates` of every body that can be told."""
    totals = workings.totals
    told = headings(workings, inputs)
    told = {node: told[node] for node in nodes if node in told and not inputs.unknown(node)}
    finished = finished_schemes(totals, inputs.year)
    uncertain = {s.name for s in inputs.model.sources if not s.certain} if inputs.model else set()
    standings = {
        node: standing(
            totals,
            inputs.year,
            [
                inputs.terms[n]
                for n in _drawn_on(inputs, node, falling)
                if n in inputs.terms and n in uncertain
            ],
            finished,
        )
        for node in told
    }
    for node, heading in told.items():
        answer.table("cases", _rows(inputs, support, node, heading))
        answer.table("rates", [_rates_row(inputs, node, standings[node])])
    return Story(told, standings)


def _drawn_on(inputs: Inputs, node: str, falling: Mapping[str, Sequence[str]]) -> Sequence[str]:
    """The sources whose rates a node rests on; none of a year that is over, with none after it."""
    years = range(len(inputs.arrangements))
    if all(inputs.unknown(node, number) for number in years[1:]) and is_over(inputs, node):
        return ()
    return falling.get(node, ())


def _rows(inputs: Inputs, support: Support, node: str, heading: Heading) -> list[dict[str, object]]:
    """The cases of a body; `short_pence` is what each lacks to the control total, nil or less where
    it is met, empty where there is none or support hangs on the outcome."""
    aim = support.aim(node, inputs.year)
    return [
        {
            "organisation": node,
            "year": inputs.year,
            "case": case.name,
            "to": f"M{heading.month}" if heading.month else "",
            "pence": case.pence,
            "short_pence": aim - case.pence
            if isinstance(aim, int) and case.pence is not None
            else None,
            "rule": case.rule,
        }
        for case in heading.cases
    ]


def _rates_row(inputs: Inputs, node: str, rates: Standing) -> dict[str, object]:
    return {
        "organisation": node,
        "year": inputs.year,
        "standing": rates.kind,
        "by": "; ".join(rates.by),
        "finished": rates.finished,
        "chance_may_be_told": rates.firm,
    }


STEP_WORDS = {
    NOT_ASSURED: "schemes that are not assured",
    EXPECTED_LOSS: "expected loss of those that are",
    KEPT_OUT: "schemes that a ceiling of harm or what they need keeps out",
    SAME_MONEY: "the same money as another scheme",
    SHUT_OUT: "schemes that cannot go beside another",
    "risk register": "the risk register",
    "no scheme yet": "savings with no scheme yet",
    "the rest": "what the number of draws leaves open",
}
"""By step of the table `steps`: how a sentence calls all of its kind together."""
SHOWN_PART = 100
"""A step smaller than this part of the largest is left out of a sentence; the table has it."""


def words(
    answer: Answer,
    totals: Totals,
    inputs: Inputs,
    told: Story,
    subject: str,
    rows: Rows,
    walked: Rows,
) -> None:
    """What is said of one body: the headline, what its forecast counts on, how the average of the
    simulation comes about (`walked`, its rows of `steps`), and what carries its risk."""
    year = inputs.year
    heading = told.headings.get(subject)
    if heading is None:
        return
    label = f"{totals.tree.name(subject)}, {year_label(year)}"
    rates = told.standings[subject]
    first = _range(answer, subject, year, label, rates) if rates.firm else ""
    if heading.month == MONTHS:
        pence = heading.cases[0].pence
        first = f"{label}: the year is recorded, and ended at {position_words(pence)}."
    answer.words(first or sentence(label, heading), topic="risk", about=subject, year=year)
    counted_on = held_words(label, inputs, heading)
    if counted_on:
        answer.words(counted_on, topic="risk", about=subject, year=year)
    way = _way(walked, heading)
    if way:
        answer.words(f"{label}: {way}.", topic="risk", about=subject, year=year)
    carried = _half(rows)
    if carried:
        answer.words(f"{label}: {carried}.", topic="risk", about=subject, year=year)


def _range(answer: Answer, subject: str, year: str, label: str, rates: Standing) -> str:
    """The range of the simulation and the chance, with who stands behind them."""
    low, high = (answer.get(figure_id(SHOWN[q], subject, year, "forecast")) for q in (0.1, 0.9))
    chance = answer.get(figure_id("chance_control_total", subject, year, "forecast"))
    if low is None or high is None or not isinstance(low.value, int):
        return ""
    assert isinstance(high.value, int)
    by = "" if rates.kind == "none" else f"; {rates.words}"
    text = (
        f"{label}: the outturn most likely lies between {position_words(low.value)} and "
        f"{position_words(high.value)} (eight chances in ten{by})"
    )
    if chance is not None and isinstance(chance.value, float):
        text += f", with {in_words(chance.value)} of meeting the control total"
    return text + "."


def _way(walked: Rows, heading: Heading) -> str:
    """The steps from the forecast to the average of the simulation, those of a kind together."""
    sums: dict[str, int] = {}
    for row in walked:
        pence = row["pence"]
        assert isinstance(pence, int)
        sums[str(row["step"])] = sums.get(str(row["step"]), 0) + pence
    largest = max((abs(sums.get(step, 0)) for step in STEP_WORDS), default=0)
    moved = {
        step: sums[step] for step in STEP_WORDS if abs(sums.get(step, 0)) * SHOWN_PART > largest
    }
    if not moved:
        return ""
    parts = [
        f"{'plus' if pence > 0 else 'less'} {format_pounds(abs(pence))} for {STEP_WORDS[step]}"
        for step, pence in moved.items()
    ]
    return (
        f"the simulation ends on average at {position_words(sums['mean'])}: "
        f"{position_words(heading.cases[0].pence)} {heading.cases[0].name}, {', '.join(parts)}"
    )


def _half(rows: Rows) -> str:
    """How many sources carry half of the risk; empty where none varies."""
    run_sum, count = 0.0, 0
    for row in rows:
        share = row["variance_share"]
        if run_sum >= 0.5 or not isinstance(share, float):
            break
        run_sum, count = run_sum + share, count + 1
    if run_sum < 0.5:
        return ""
    noun = "source carries" if count == 1 else "sources carry"
    return f"{count} of {len(rows)} {noun} half of the risk"


def trust(answer: Answer, inputs: Inputs, told: Story) -> None:
    """How far the simulation may be trusted: in one sentence on all that it rests on."""
    loose = [one for one in told.standings.values() if one.kind == ILLUSTRATIVE]
    ahead = [node for node in told.headings if not is_over(inputs, node)]
    if loose:
        which = "The simulation" if ahead else f"The simulation after {year_label(inputs.year)}"
        checked = all(f.status != "unverified" for f in answer.result().figures)
        marked = "" if checked else " Figures that rest on what nobody has checked are unverified."
        answer.words(
            f"{which} is illustrative: it rests on {loose[0].words}. Its chances belong in "
            f"no headline until an office adopts the rates (see calibrate).{marked}",
            topic="calibrate",
        )
    if ahead and inputs.model is not None and not inputs.model.base_sd:
        answer.words(
            "The forecast itself carries no doubt here: schemes and the risk register alone vary.",
            topic="calibrate",
        )
