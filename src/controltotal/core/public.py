"""What the public is shown: the same results without what is withheld, in figures, tables and words.

One function stands between the answers and everything that is for the public, so that no paper, no
file of data and no site can forget. It is safe by default: a number that cannot be told apart from
one that is withheld is withheld too. What stays says that something was taken away, and why.
Source: freedom of information practice; public boards' standing orders on private session.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from controltotal.core.clinical_words import without_clinical_words
from controltotal.core.errors import BookError
from controltotal.core.figure import Figure
from controltotal.core.finding import Finding
from controltotal.core.kinds import kind_of
from controltotal.core.progress import checked, stop_if_cancelled
from controltotal.core.public_schemes import published_schemes
from controltotal.core.result import Result
from controltotal.core.sentence import Sentence
from controltotal.core.trace import Trace
from controltotal.core.withheld_cells import BY_PEOPLE, Shade
from controltotal.core.withheld_reckoning import Difference, gone
from controltotal.core.withheld_text import Secrets, says_money
from controltotal.core.withholding import (
    EQUAL,
    Results,
    Row,
    Withholding,
    in_force,
    large,
    names_of,
    placeholder,
    split,
)

ALSO: Final = "withheld_also"
"""The table of the register's answer that lists every figure withheld, and what took it along."""
WRITTEN: Final = ("commentary", "wording")
"""Tables of what people wrote, drafts among it."""
REASONS: Final = ("reason", "public_interest", "exemption", "decided_by", "asked_by", "opinion_by")
"""Columns of the register that are printed where a figure would stand."""
UNREAD: Final = "the reason given would tell it, and is not printed"
"""What stands in place of a reason that says the figure."""
SHORT: Final = 12
"""Letters that a text has at most to be no sentence of a person's."""
SOME_NOT_SHOWN: Final = "Data queries are not shown where they would tell what is withheld."
HELD_BACK: Final = "What would stand here is"

PLACES: Final = "rests"
"""The table that quotes the rows behind numbers: what a row says the public reads in no table."""


def may_show(results: Results, figure_id: str) -> bool:
    """Whether the public may see a figure: neither withheld, nor a way to what is."""
    held = Withholding(results)
    return figure_id not in {*held.hidden, *(one.figure for one in held.absent)}


def public(results: Results, less: Results | None = None) -> dict[str, Result]:
    """The same results, as the public may see them.

    `less` are the answers of the book without the rows behind what is withheld: whatever differs
    from them is not shown either.

    A withheld figure keeps its id, and has no value and the status `withheld`; so have all that
    rest on it and those from which it could be worked out. In tables its cells are empty and the
    column `withheld` names them; a sentence that would say it gives the reason instead. Proposals
    of which engagement has not opened are told by title and place alone. Results that are public
    already come back as they are.
    """
    if "register" in results and ALSO in results["register"].tables:
        return dict(results)
    results = _published(results)
    stop_if_cancelled()
    held = Withholding(results)
    unread = _reasons_that_tell(held, names_of(results))
    if unread:
        results = {verb: _without_reasons(one, unread) for verb, one in results.items()}
        held = Withholding(results)
    apart, covered = None, frozenset[str]()
    if less is not None:
        less = _published(less)
        less = {verb: _without_reasons(one, unread) for verb, one in less.items()}
        apart, covered = Difference(held), frozenset(gone(held, less))
    stop_if_cancelled()
    veil = _Veil(results, held, covered=covered)
    lent = veil.shade.lent(results.values())
    told = results
    if apart is not None and less is not None:
        told = apart.shown(results, less)
        for key, values in apart.lent().items():
            lent[key] |= values
    if lent:  # what one table does not tell no other may, nor any sentence
        veil = _Veil(results, held, lent, covered)
    if apart is not None:
        results, veil.apart = told, apart
    shown = {verb: veil.result(results[verb]) for verb in checked(results, 1)}
    if "register" in shown:
        register = shown["register"]
        shown["register"] = replace(register, tables={**register.tables, ALSO: veil.also()})
    return shown


def _published(results: Results) -> dict[str, Result]:
    """Answers without drafts, private sessions and clinicians' words, ideas by title and place alone."""
    told = without_clinical_words(results)
    return published_schemes({verb: _issued(one) for verb, one in told.items()})


def _issued(result: Result) -> Result:
    """An answer without what is a draft, and without what goes to a private session."""
    drafts = {
        str(row["text"])
        for name in WRITTEN
        for row in result.tables.get(name, ())
        if row.get("status") == "draft"
    }
    tables = {
        name: [
            row
            for row in rows
            if not (name in WRITTEN and row.get("status") == "draft")
            and not (name == "papers" and row.get("session") == "private")
        ]
        for name, rows in result.tables.items()
        if name != PLACES
    }
    said = tuple(
        one for one in result.sentences if not any(text and text in one.text for text in drafts)
    )
    return replace(result, tables=tables, sentences=said)


def _reasons_that_tell(held: Withholding, names: Mapping[str, str]) -> set[str]:
    """Reasons given for withholding a figure that say it, or another that is withheld."""
    numbers: dict[str, set[int | float]] = defaultdict(set)
    for name in held.hidden:
        figure = held.figures[name]
        if large(figure.value) and figure.value is not None and figure.unit in ("pence", "count"):
            numbers[figure.organisation].add(figure.value)
    secrets = Secrets(numbers, names)
    return {
        str(row[column])
        for row in in_force(held.results)
        for column in REASONS
        if row.get(column) and secrets.told(str(row[column]), [split(str(row["figure"]))[1]])
    }


def _without_reasons(result: Result, unread: Collection[str]) -> Result:
    """An answer in whose register no reason tells what it is given for."""
    if not unread or not result.tables.get("withheld"):
        return result
    rows = [
        {k: UNREAD if k in REASONS and v in unread else v for k, v in row.items()}
        for row in result.tables["withheld"]
    ]
    return replace(result, tables={**result.tables, "withheld": rows})


def _written(results: Results) -> list[str]:
    """Texts in tables that tell of money and that people wrote."""
    return sorted(
        {
            value
            for result in results.values()
            for rows in result.tables.values()
            for row in rows
            for column, value in row.items()
            if column in BY_PEOPLE
            if isinstance(value, str) and len(value) > SHORT and says_money(value)
        }
    )


def refuse_private(results: Results, organisation: str, on: str = "") -> None:
    """Stop where the latest paper of an organisation goes to a meeting that is not in public.

    `on` is the day of the meeting to which the paper goes, where it is another than the latest.
    """
    rows = results["register"].tables.get("papers", ()) if "register" in results else ()
    own = [
        row
        for row in rows
        if row["organisation"] == organisation and (not on or str(row["on"]) == on)
    ]
    latest = max(own, key=lambda row: str(row["on"]), default=None)
    if latest is None or latest.get("session") != "private":
        return
    why = f" ({latest['private_reason']})" if latest.get("private_reason") else ""
    raise BookError(
        f"the paper goes to a private session{why}, and cannot be made for the public",
        str(latest.get("where") or "papers"),
        "make it once it is taken in public: change session to public, or add the row of a meeting "
        "that is; leave --for public out for the meeting itself",
    )


class _Veil:
    """What is withheld, looked up in the ways in which results may say it."""

    def __init__(
        self,
        results: Results,
        held: Withholding,
        taken: Mapping[tuple[str, str], Collection[int | float]] | None = None,
        covered: Collection[str] = (),
    ) -> None:
        self.held = held
        self.apart = Difference(held)
        # an equal number that comes out the same without what is withheld is a number of its own
        self.hidden = {
            name: one
            for name, one in held.hidden.items()
            if not (covered and name not in covered and one.how == EQUAL)
        }
        said: dict[str, set[int | float]] = defaultdict(set)
        numbers: dict[str, set[int | float]] = defaultdict(set)
        self.large: dict[tuple[str, str], set[int | float]] = defaultdict(set)
        for (code, kind), values in (taken or {}).items():
            numbers[code] |= set(values)
            said[code] |= set(values)
            self.large[code, kind] |= set(values)
        for name in held.hidden:
            figure = held.figures[name]
            for value in (figure.value, figure.low, figure.high, figure.stated):
                if large(value) and value is not None and figure.unit in ("pence", "count"):
                    numbers[figure.organisation].add(value)
                    if name not in covered:
                        said[figure.organisation].add(value)
                        self.large[figure.organisation, kind_of(figure.measure)].add(abs(value))
        names = names_of(results)
        self.secrets = Secrets(numbers, names)
        lead = results["register"].scope.lead if "register" in results else ""
        self.shade = Shade(held, names, self.secrets, self.large, lead, covered)
        if covered:  # of what no answer rests on, only what people wrote may still say it
            self.shade.made_up = Secrets(said, names)
            self.shade.written = _written(results)

    def result(self, result: Result) -> Result:
        """One answer without what is withheld."""
        figures = tuple(self._figure(figure) for figure in result.figures)
        lost = {figure.id for figure in figures if figure.status == "withheld"}
        trace = {name: self._step(name, step, name in lost) for name, step in result.trace.items()}
        findings = tuple(one for one in result.findings if not self._finding_tells(one))
        sentences = list(dict.fromkeys(self._sentence(one) for one in result.sentences))
        if result.verb in self.apart.queries:  # how many there are would tell something
            sentences.append(Sentence("", "", "check", SOME_NOT_SHOWN))
        elif kept_back := len(result.findings) - len(findings):
            sentences.append(Sentence("", "", "check", _not_shown(kept_back)))
        return replace(
            result,
            options={key: self._option(value) for key, value in result.options.items()},
            figures=figures,
            findings=findings,
            tables={name: self.shade.table(name, rows) for name, rows in result.tables.items()},
            trace=trace,
            sentences=tuple(sentences),
        )

    def also(self) -> list[dict[str, Any]]:
        """Every figure that is not shown: under which row of the book, and why it falls under it."""
        absent = {one.figure: one for one in self.held.absent}
        return [
            {
                "figure": one.figure,
                "under": one.row["figure"],
                "why": one.how,
                "placeholder": placeholder(one.row),
            }
            for one in sorted(
                ({**self.apart.hidden, **self.hidden} | absent).values(),
                key=lambda one: one.figure,
            )
        ]

    def _figure(self, figure: Figure) -> Figure:
        numbers = self.large.get((figure.organisation, kind_of(figure.measure)), ())
        if figure.id not in self.hidden and not (
            large(figure.value) and figure.value is not None and abs(figure.value) in numbers
        ):
            return figure
        return Figure(figure.id, None, figure.unit, "withheld", to=figure.to)

    def _step(self, name: str, step: Trace, gone: bool) -> Trace:
        if gone:
            hidden = self.hidden.get(name)
            if hidden is None:
                return step  # it is not shown for another reason, which its trace gives
            return Trace(f"not shown: {placeholder(hidden.row)}; {hidden.how}")
        about, secrets = [split(name)[1]], self.shade.made_up
        rule = HELD_BACK + " withheld" if secrets.told(step.rule, about) else step.rule
        kept = tuple(one for one in step.parameters if not secrets.told(one, about))
        return step._replace(rule=rule, parameters=kept)

    def _option(self, value: Any) -> Any:
        if large(value) and any(abs(value) in values for values in self.large.values()):
            return None
        return None if isinstance(value, str) and self.secrets.told(value) else value

    def _sentence(self, one: Sentence) -> Sentence:
        """A sentence as it may be read: itself, or the reason why it is not shown."""
        row = self.shade.sentence(one.text, one.about, one.year, one.topic)
        if row is not None:
            return replace(one, text=f"{HELD_BACK} {placeholder(row)}.")
        return one

    def _finding_tells(self, one: Finding) -> bool:
        """Whether a finding says what is withheld: a number, or one of the same organisation."""
        about = {code for code in (one.organisation, *one.organisations) if code}
        texts = (one.message, one.expected, one.found, one.action, one.detail)
        return any(
            self.shade.secrets_of(text).told(text, about)
            or self.shade.sentence(text, one.organisation, "", "check") is not None
            for text in texts
            if text
        )


def _not_shown(count: int) -> str:
    """How many data queries are left out.

    >>> _not_shown(1)
    '1 data query is not shown, because it would tell what is withheld.'
    """
    if count == 1:
        return "1 data query is not shown, because it would tell what is withheld."
    return f"{count} data queries are not shown, because they would tell what is withheld."


def register_of(results: Results) -> Sequence[Row]:
    """Every row of `withheld`, with what stands in its place; of public results."""
    rows: Iterable[Mapping[str, Any]] = results["register"].tables.get("withheld", ())
    return [{**row, "placeholder": placeholder(row)} for row in rows]
