"""A portfolio in sentences for a board: what is missed first, then what is chosen and what is met."""

from __future__ import annotations

from collections.abc import Sequence

from controltotal.core.calendar import year_label
from controltotal.core.money import format_pounds
from controltotal.core.result import Answer
from controltotal.savings.portfolio.build import Built
from controltotal.savings.portfolio.engine import Chosen
from controltotal.savings.portfolio.outcome import bound, shown, span, target_of
from controltotal.workings.totals import figure_id

SHOWN_WORDS = 6
"""Most bodies named one by one in words."""


def words(answer: Answer, built: Built, chosen: Chosen) -> None:
    """What a board needs to hear, most important first."""
    missed = _missed(answer, built)
    if missed:
        _missed_words(answer, built, chosen, missed[0])
    _remaining_words(answer, built, missed[1:])
    if not built.position.book.schemes:
        unread = any(row.table == "schemes" for row in built.position.stopped)
        none = (
            "No scheme of the book could be read, so there is nothing to choose from: see its errors."
            if unread
            else "The book lists no schemes, so there is nothing to choose from."
        )
        answer.words(none, topic="portfolio")
        return
    _chosen_words(answer, built, chosen)
    _met_words(answer, chosen, bool(missed))
    unsafe = len(built.ineligible)
    if unsafe:
        have = "scheme has" if unsafe == 1 else "schemes have"
        barred = f"{unsafe} {have} not passed the gates and cannot be chosen at any price."
        answer.words(barred, topic="portfolio")


def _remaining_words(answer: Answer, built: Built, missed: Sequence[str]) -> None:
    """What remains at the bodies at the bottom of the tree, one by one."""
    tree = built.totals.tree
    others = [name for name in missed if not tree.children(*name.split("/")[1:3])]
    if not others:
        return
    several = len(built.asked.years) > 1
    said = [
        tree.name(figure.organisation)
        + (f" in {year_label(figure.year)}" if several else "")
        + f" {format_pounds(int(figure.value or 0))}"
        for figure in (answer.get(name) for name in others[:SHOWN_WORDS])
        if figure is not None
    ]
    left = len(others) - len(said)
    more = f"; and {left} more {'body' if left == 1 else 'bodies'}" if left else ""
    answer.words(f"What remains, body by body: {'; '.join(said)}{more}.", topic="gap")


def _chosen_words(answer: Answer, built: Built, chosen: Chosen) -> None:
    """How many schemes are chosen, what they save, and that no safe choice can save more."""
    saving = sum(
        c.saving()[chosen.choice[c.code]]
        for c in chosen.problem.candidates
        if c.code in chosen.choice
    )
    total = len(built.position.book.schemes)
    answer.words(
        f"{len(chosen.choice)} of {total} schemes are chosen, expected to save "
        f"{format_pounds(saving)} in {span(built.asked.years)}; no safe choice that meets as much "
        f"of the control totals can save more than {format_pounds(chosen.saving_bound)}.",
        topic="portfolio",
    )


def _met_words(answer: Answer, chosen: Chosen, missed: bool) -> None:
    """Whether the control totals and the saving floors are met, where none is told as missed."""
    demands = [d for d in chosen.problem.demands if d.kind == "control_total"]
    if demands and not missed:
        margins = ", risk margins included" if not chosen.shortfall else ""
        met = f"Every control total that can be measured is met{margins}."
        answer.words(met, topic="portfolio")
    if not demands:
        none = "No control total in force could be measured, so none was asked for."
        answer.words(none, topic="portfolio")
    if chosen.shortfall and not missed:
        uncovered = "A saving floor is not covered; the tables say which."
        answer.words(uncovered, topic="portfolio")


def _missed_words(answer: Answer, built: Built, chosen: Chosen, name: str) -> None:
    """The sentence for a board: what remains of the topmost control total that is missed."""
    figure = answer.get(name)
    if figure is None or not isinstance(figure.value, int):
        raise ValueError(f"{name} was told without a value")
    code, year = figure.organisation, figure.year
    target = target_of(built, code, year).pence
    counted, _ = built.bases.counted(code, year)
    if target is None or counted is None:
        raise ValueError("a shortfall was told without a control total or a position")
    margin, _ = built.margins.get((code, year), (0, ()))
    best = counted + bound(built, chosen, built.inside(code, year), year)
    beside = " with its risk margin" if margin and figure.value <= margin else ""
    who = f"{built.totals.tree.name(code)} for {year_label(year)}"
    remains = f"{format_pounds(figure.value)} remains"
    if margin and not beside:
        remains += f", its risk margin of {format_pounds(margin)} in it"
    how = (
        "is not achievable with schemes that have passed their gates"
        if best < target + margin
        else "is not met by the best safe choice found"
    )
    text = f"The control total of {who}{beside} {how}; {remains}."
    answer.words(text, topic="gap", about=code, year=year)


def _missed(answer: Answer, built: Built) -> list[str]:
    """Ids of shortfalls above nil: the topmost body with a total of its own, then the largest."""
    found = []
    for year in built.asked.years:
        for code in shown(built, year):
            name = figure_id("shortfall", code, year, "plan")
            figure = answer.get(name)
            if figure is not None and figure.value:
                depth = len(built.totals.tree.ancestors(code, year))
                derived = built.totals.live_control_total(code, year)[0] is None
                found.append((derived, depth, -int(figure.value), name))
    first = sorted(found)[:1]
    rest = sorted(found, key=lambda one: (one[2], one[3]))
    return [one[3] for one in first] + [one[3] for one in rest if one not in first]
