"""The sample of the paper for audit with its evidence; the rules and parameters that figures rest on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from controltotal.core.figure import Figure
from controltotal.core.show import figure_name
from controltotal.papers.board_notes import cell
from controltotal.papers.board_words import capital, day, many, plain, speaker
from controltotal.papers.sections import Focus, Results, Section, TableView, columns, told_columns

Row = Mapping[str, Any]

HOW: Final = {"headline": "where it stands", "largest": "among the largest", "drawn": "drawn"}
"""Why a figure is in the sample, in words."""
STANDING: Final = {
    "adopted": "adopted",
    "sourced": "sourced",
    "unverified": "nobody has checked it",
}
"""How far a parameter may be relied on, in words."""
MARKS: Final = {
    "P": "primary source",
    "R": "press or a membership organisation",
    "I": "arithmetic on sourced figures",
    "C": "convention",
    "K": "professional knowledge",
}
"""What the mark of a parameter says of where it comes from."""


SAYS_MOST: Final = 150
"""Letters of a row that a table shows; the whole row stands folded behind it."""
MILLIONS: Final = "Money in £ million; costs and deficits in brackets."


def sample(results: Results, focus: Focus) -> list[Section]:
    """The figures of the sample with how each was made and a row of the data on which it rests."""
    audit = results["audit"]
    rows, way = audit.tables["sample"], _figures(results)
    if not rows:
        return []
    drawn = audit.tables["sample_method"][0]
    say = speaker(results, focus)
    parts = [
        _part(title, [row for row in rows if (row["how"] == "drawn") == by_seed], focus, way, say)
        for title, by_seed in (
            ("Sure to be in it", False),
            (f"Drawn by seed {drawn['seed']}", True),
        )
    ]
    lead = Section(
        "sample",
        f"A sample of {many(len(rows), 'figure')}, with evidence",
        (_drawn_words(drawn),),
        level=2,
    )
    return [lead, *(part for part in parts if not part.empty), _whole(rows, drawn["seed"])]


def _part(
    title: str, rows: Sequence[Row], focus: Focus, way: Mapping[str, Figure], say: Any
) -> Section:
    """A part of the sample: the figures, how each was made, and a row of the data of each."""
    table = TableView(
        title,
        columns(
            "place|No.",
            "name|Figure",
            "value|Value|figure",
            "rule|How it was made",
            "evidence|A row on which it rests",
        ),
        [_sampled(row, focus, way, say) for row in rows],
        MILLIONS,
    )
    return Section(f"sample-{title.split()[0].lower()}", title, tables=(table,), level=3)


def _whole(rows: Sequence[Row], seed: int) -> Section:
    """What was drawn under which number, and the whole of each row that was looked at."""
    table = TableView(
        "What was drawn, under which number, and what its row says",
        columns(
            "place|No.",
            "id|Figure's id",
            "how|In the sample",
            "number|SHA-256",
            "says|The row",
            "source|Its source",
        ),
        [
            {
                "place": str(row["place"]),
                "id": row["figure"],
                "how": HOW[row["how"]],
                "number": row["number"],
                "says": f"{row['where']}: {row['says']}" if row["where"] else row["says"],
                "source": row["source"],
            }
            for row in rows
        ],
        f"Each number is the SHA-256 of {seed}, an upright bar and the id.",
        folded=True,
    )
    return Section("sample-whole", "To draw it again", tables=(table,), level=3)


def _drawn_words(drawn: Row) -> str:
    """How the sample came about, in sentences."""
    sure, is_ = many(drawn["sure"], "figure"), "is" if drawn["sure"] == 1 else "are"
    return (
        f"{sure} of the sample {is_} sure to be in it: where the organisation stands, and its largest "
        f"sums, each measure once. The others were drawn by seed {drawn['seed']} from "
        f"{many(drawn['drawn_from'], 'figure')} of the organisation and those below it. The same data "
        "and seed draw the same sample; another seed draws others."
    )


def _figures(results: Results) -> dict[str, Figure]:
    return {one.id: one for result in results.values() for one in result.figures}


def _sampled(row: Row, focus: Focus, figures: Mapping[str, Figure], say: Any) -> dict[str, Any]:
    """A figure of the sample as people read it."""
    way = [_step(figures, focus, one) for one in row["way"][1:]]
    rule = capital(say(" ".join(row["rule"].splitlines()).replace("_", " ")))
    name = row["name"].replace("_", " ")
    return {
        "place": str(row["place"]),
        "name": f"{focus.name(row['organisation'])}: {name[:1].lower()}{name[1:]}",
        "value": figures.get(row["figure"]),
        "rule": f"{rule}; followed through: {'; then '.join(way)}" if way else rule,
        "evidence": capital(_evidence(row, say)),
    }


def _evidence(row: Row, say: Any) -> str:
    """A row of the data in a few words: its entry and place, what it says, and its source."""
    says = say(row["says"].replace("_", " "))
    if len(says) > SAYS_MOST:
        says = f"{says[:SAYS_MOST].rpartition(',')[0]} …"
    text = f"{row['where'].replace('_', ' ')}: {says}" if row["where"] else says
    if row["entry"] and row["entry"] > 0:
        text = f"entry {row['entry']:,}, {text}"
    more = [f"One of {many(row['rows'], 'row')}"] if row["rows"] > 1 else []
    more += [f"Source: {row['source']}"] if row["source"] else []
    return " ".join([text if text.endswith("…") else f"{text}.", *(f"{one}." for one in more)])


def _step(figures: Mapping[str, Figure], focus: Focus, name: str) -> str:
    found = figures.get(name)
    if found is None:
        return "a figure that this paper's answers do not hold"
    name = figure_name(found).replace("_", " ")
    return f"{name[:1].lower()}{name[1:]}, {focus.name(found.organisation)}"


def short_day(text: str) -> str:
    """A day in a narrow column; empty where none is told.

    >>> short_day("2026-09-05"), short_day("")
    ('5 Sep 2026', '')
    """
    if not text:
        return ""
    number, month, year = day(text).split()
    return f"{number} {month[:3]} {year}"


# -- rules and parameters --------------------------------------------------------------------------


def rules_and_parameters(results: Results, focus: Focus) -> list[Section]:
    """Parameters on which figures rest and who stands behind them; rules, and where they stand."""
    audit = results["audit"]
    parameters = [_parameter(row) for row in audit.tables["parameters_used"]]
    unverified = sum(r["standing"] == "unverified" for r in audit.tables["parameters_used"])
    used = sorted(
        audit.tables["rules_used"], key=lambda r: (-r["breached"], -r["waived"], r["title"])
    )
    rules = [_rule(row) for row in used]
    if not parameters and not rules:
        return []
    told = f"{many(len(parameters), 'parameter')} and {many(len(rules), 'rule')} in use"
    told += f"; nobody has checked {unverified} of the parameters." if unverified else "."
    lead = Section("rules", "Rules and parameters", (told,), level=2)
    of_parameters = TableView(
        "Parameters on which figures rest",
        columns(
            "name|Parameter",
            "value|Value",
            "from|From",
            "standing|Checked?",
            "mark|Kind of source",
            "source|On whose authority",
            "figures|Figures that rest on it|cell",
        ),
        parameters,
    )
    of_rules = TableView(
        "Rules in force",
        columns(
            "title|Rule",
            "met|Met|cell",
            "breached|Not met|cell",
            "waived|Waived|cell",
            "indeterminate|Cannot be worked out|cell",
            "source|Where it was published",
        ),
        rules,
    )
    return [
        lead,
        Section("parameters", "Parameters", tables=(told_columns(of_parameters),), level=3),
        Section(
            "rules-used",
            "Rules",
            ("For how many organisations of this paper each rule came out so.",) if rules else (),
            tables=(told_columns(of_rules),),
            level=3,
        ),
    ]


def _parameter(row: Row) -> dict[str, Any]:
    by = f" by {row['adopted_by']}" if row["adopted_by"] else ""
    return {
        "name": capital(plain(row["name"].replace("_", " "))),
        "value": plain(f"{row['value']} {row['unit'].replace('_', ' ')}".strip()),
        "from": short_day(row["from"]),
        "standing": STANDING.get(row["standing"], "") + by,
        "mark": MARKS.get(row["mark"], row["mark"]),
        "source": plain(
            "; ".join(filter(None, (row["authority"], row["source"].replace("_", " "))))
        ),
        "figures": cell(row, "parameters_used", "figures", "count"),
    }


def _rule(row: Row) -> dict[str, Any]:
    counts = ("met", "breached", "waived", "indeterminate")
    told = {name: cell(row, "rules_used", name, "count") for name in counts}
    return {"title": plain(row["title"]), "source": plain(row["source"])} | told


# -- method ----------------------------------------------------------------------------------------


def method(results: Results) -> list[Section]:
    """What each kind of exception means exactly, and how to draw the sample again."""
    drawn = results["audit"].tables["sample_method"][0]
    exact = (
        "One person: two names that nothing written tells apart; an initial may stand for a name. "
        "Hand-ins, gates and signatures of schemes, and answers to challenges are looked at.",
        "Recorded: the day on which a row says that it became known, else the day of the act that "
        "wrote it; in a daybook never before the day of an act that stands before it. An act dated "
        "five days before it was recorded is none of these exceptions, six days before is one.",
        "Late forecasts: changed on the day of the hand-in of a month or of the paper, or one or two "
        "days before it, after a forecast of the same round.",
        "After 1 April: from 2 April of the year on. What was set on 1 April is none of these.",
        "Lapsed: a change of value by more than a tenth, of scope, places or start after a clinical "
        "signature.",
        f"To draw again: list the ids of all {drawn['drawn_from']:,} figures that have a value, sorted, "
        f"one a line; the SHA-256 of that list is {drawn['ids_sha256']}. Take the SHA-256 of the seed, "
        "an upright bar and each id; the smallest come first.",
        "The evidence of a figure that rests on others follows the one whose SHA-256 under the seed is "
        "the smallest, down to a figure that rests on rows; of these the row is shown whose number "
        "(seed, id, entry) is the smallest. `controltotal explain BOOK FIGURE` tells all of it.",
    )
    return [Section("method", "Method", points=exact)]
