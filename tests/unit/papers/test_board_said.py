"""A director's words in the board paper: in their place, marked where they are old, escaped."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from controltotal.core.datafiles import packaged_rows
from controltotal.core.result import Answer, Result
from controltotal.papers.board import board_paper
from controltotal.papers.board_actions import actions_words, open_actions, with_open_actions
from controltotal.papers.board_cover import agenda, day_of, paper_row, title_of
from controltotal.papers.board_said import standing, with_the_rest, with_words
from controltotal.papers.page import page_html
from controltotal.papers.pdf import paper_pdf
from controltotal.papers.sections import Focus, Section
from controltotal.papers.workbook import paper_workbook
from tests.board_results import REGISTER, example, made

FOCUS = Focus("S", "2026-27", {"S": "System", "A": "Alder", "B": "Beech"}, {})
LEAD = Section("answer", "The answer", ("Offered one.", "Offered two."), lead=True)
PARTS = [
    LEAD,
    Section("since", "Since", ("Offered.",), level=3),
    Section("trust", "Trust", level=3),
]
HOSTILE = "<script>alert(1)</script> =cmd|'/C calc'!A0 {{x}} #set page() \u202eabc \x07 & “q”"


def row(text: str, part: str = "answer", **more: Any) -> dict[str, Any]:
    """A row of the table `wording`."""
    found = {"organisation": "S", "year": "2026-27", "month": "9", "about": part, "what": ""}
    found |= {"kind": "headline", "by": "CFO", "on": "2027-01-21", "status": "agreed"}
    found |= {"part": part, "replaces": False, "quoted": False, "text": text, "written": text}
    found |= {"mark": "", "stale": False, "lacking": 0, "own": True, "where": "commentary row 2"}
    return {**found, **more}


def said(*rows: Mapping[str, Any], standing: str = "") -> dict[str, Result]:
    answer = Answer("wording")
    answer.table("wording", rows)
    if standing:
        answer.words(standing, topic="wording", about="S", year="2026-27")
    return {"wording": answer.result()}


def test_a_headline_takes_the_place_of_an_offered_one_and_the_others_stay() -> None:
    parts = with_words(said(row("Mine.", replaces=True)), FOCUS, PARTS)
    assert [part.words for part in parts] == [("Mine.", "Offered two."), ("Offered.",), ()]
    assert parts == [parts[0], *PARTS[1:]]


def test_without_words_every_offered_sentence_stands() -> None:
    assert with_words({}, FOCUS, PARTS) == PARTS
    assert with_words(said(), FOCUS, PARTS) == PARTS
    assert standing({}, FOCUS) == ""


def test_other_words_are_lines_of_their_part_with_whom_they_are_about() -> None:
    results = said(
        row("prices rose.", "since", kind="driver"),
        row("wards stayed open.", "since", kind="driver", own=False, organisation="A"),
        row("audit has read it.", "trust", kind="assurance"),
        row("no board agreed it.", "trust", kind="caveat", what="Agency pay"),
        row("too late", "trust", kind="headline", by="A newspaper", quoted=True),
    )
    _, since, trust = with_words(results, FOCUS, PARTS)
    assert since.points == ("Prices rose.", "Alder: wards stayed open.")
    assert trust.points == (
        "Assurance: audit has read it.",
        "It depends on, Agency pay: no board agreed it.",
        "A newspaper: “too late”",
    )


def test_words_that_would_tell_what_is_withheld_are_left_out() -> None:
    results = said(row("withheld", replaces=True, withheld="text, lacking"))
    assert with_words(results, FOCUS, PARTS) == PARTS


def test_more_lines_than_a_part_holds_are_folded() -> None:
    rows = [row(f"line {n}.", "since", kind="driver") for n in range(5)]
    since = with_words(said(*rows), FOCUS, PARTS)[1]
    assert len(since.points) == 3
    assert [r["text"] for r in since.tables[0].rows] == ["Line 3.", "Line 4."]
    assert since.tables[0].folded


def test_who_wrote_what_stands_in_a_draft_and_not_in_the_paper() -> None:
    rows = (
        row("Mine.", replaces=True),
        row("So.", "since", kind="driver", status="draft", mark="(written when it was £(1.0)m)"),
    )
    draft = said(*rows, standing="1 sentence is not agreed")
    assert standing(draft, FOCUS) == "Draft: 1 sentence is not agreed."
    lead, since, _ = with_words(draft, FOCUS, PARTS)
    assert lead.words[0] == "Mine. [CFO, 21 January 2027; agreed]"
    assert since.points == ("So. (written when it was £(1.0)m) [CFO, 21 January 2027; draft]",)
    final = with_words(said(*rows), FOCUS, PARTS)
    assert final[0].words[0] == "Mine."


def test_words_of_a_page_that_the_paper_does_not_have_are_not_lost() -> None:
    results = said(row("of the schemes.", "savings", kind="assurance"))
    parts = with_the_rest(results, FOCUS, PARTS)
    assert parts[2].points == ("Assurance: of the schemes.",)
    without = with_the_rest(results, FOCUS, [LEAD, Section("lines", "Lines", ("x",))])
    assert [part.id for part in without] == ["answer", "trust", "lines"]


# -- actions and the cover ----------------------------------------------------------------------------


def action(name: str, due: str = "not stated", **more: Any) -> dict[str, Any]:
    found = {
        "action": name,
        "organisation": "S",
        "title": name,
        "about": "",
        "owner": "Chief Nurse",
    }
    money = {"worth_pence": None, "in_forecast_pence": None}
    return {**found, "due": due, "done_on": "", "where": "", **money, **more}


def cover(*actions: Mapping[str, Any], papers: Any = (), settings: Any = ()) -> dict[str, Result]:
    whole = {"organisation": "S", "year": "2026-27", "line": "", "scheme": "", "month": 9}
    register = Answer("register", REGISTER.book)
    register.include(REGISTER)
    register.table("papers", papers)
    register.table("book", settings)
    position = made("position", {"actions": list(actions), "to_date": [whole]})
    return {"register": register.result(), "position": position}


def meeting(on: str, **more: Any) -> dict[str, Any]:
    empty = dict.fromkeys(("item", "session", "private_reason", "purpose"), "")
    empty |= dict.fromkeys(("presented_by", "considered_by", "recommendation"), "")
    return {"organisation": "S", "meeting": "Board", "on": on, **empty, **more}


MEETINGS = (meeting("2026-11-26"), meeting("2027-01-28", item="7"), meeting("2027-03-25"))


def test_actions_that_are_overdue_come_first_and_those_done_since_the_last_meeting_are_counted() -> (
    None
):
    results = cover(
        action("no day"),
        action("later", "2027-02-28", worth_pence=900_000_000),
        action("late", "2026-12-31", organisation="A", owner="not stated"),
        action("later still", "2026-10-31"),
        action("done", "2026-12-31", done_on="2026-12-10"),
        action("done before", done_on="2026-11-01"),
        action("elsewhere", "2026-12-31", organisation="Z"),
        papers=MEETINGS,
    )
    assert actions_words(results, FOCUS) == [
        "Actions: 4 open (2 overdue and 1 with nobody named); "
        "1 done since the meeting of 26 November 2026."
    ]
    short, whole = open_actions(results, FOCUS)[0].tables
    assert [(r["short"], r["due"]) for r in short.rows] == [
        ("later still (Chief Nurse)", "overdue since 31 October 2026"),
        ("late (Alder, nobody named)", "overdue since 31 December 2026"),
        ("later (Chief Nurse)", "28 February 2027"),
        ("no day (Chief Nurse)", "no day named"),
    ]
    assert whole.folded and [r["worth"].value for r in whole.rows] == [
        None,
        None,
        900_000_000,
        None,
    ]


def test_what_the_forecast_counts_on_already_stands_beside_what_an_action_is_worth() -> None:
    results = cover(
        action("reserve", worth_pence=900_000_000, in_forecast_pence=900_000_000),
        action("lists", worth_pence=90_000_000, in_forecast_pence=0),
        action("unknown", worth_pence=5_000_000),
    )
    short, _ = open_actions(results, FOCUS)[0].tables
    told = {row["short"].split()[0]: row["counted"].value for row in short.rows}
    assert told == {"reserve": 900_000_000, "lists": 0, "unknown": None}
    assert "improves it no further" in short.note
    plain, _ = open_actions(cover(action("a", worth_pence=1)), FOCUS)[0].tables
    assert plain.note == "", "a book that does not say so is asked nothing"


def test_at_most_six_actions_are_printed_and_all_are_folded() -> None:
    results = cover(*(action(f"a{n}") for n in range(8)), papers=MEETINGS)
    short, whole = open_actions(results, FOCUS)[0].tables
    assert (len(short.rows), short.note, len(whole.rows)) == (6, "And 2 more open actions.", 8)
    parts = with_open_actions(results, FOCUS, PARTS)
    assert parts[1].tables == (short, whole) and parts[0] == LEAD
    assert open_actions(cover(), FOCUS) == [] and actions_words(cover(), FOCUS) == []


def test_the_paper_is_of_the_first_meeting_after_its_month() -> None:
    assert paper_row(cover(papers=MEETINGS), FOCUS)["on"] == "2027-01-28"
    assert paper_row(cover(papers=MEETINGS[:1]), FOCUS) == {}
    assert day_of(cover(papers=MEETINGS), FOCUS) == "2027-01-28"
    assert day_of(cover(settings=[{"key": "as_at", "value": "2027-01-20"}]), FOCUS) == "2027-01-20"
    assert day_of(cover(), FOCUS) == "2026-12-31"


def test_the_agenda_line_has_all_that_a_secretary_asks_for() -> None:
    item = meeting(
        "2027-01-28",
        item="7",
        session="private",
        private_reason="Commercial terms are open.",
        purpose="decision",
        presented_by="Chief Finance Officer",
        considered_by="Finance committee, 21 January 2027",
    )
    line = agenda(cover(papers=[item]), FOCUS)
    assert line.startswith(
        "Item 7, Board in private, 28 January 2027; private because commercial terms are open; for "
        "decision; presented by Chief Finance Officer; considered before by Finance committee, 21 "
        "January 2027."
    )
    assert "Reference: entry 0" in line
    assert title_of(cover(), FOCUS) == "Finance report, month 9 (to 31 December 2026): System"


# -- the whole paper ----------------------------------------------------------------------------------


def test_the_fictional_paper_holds_the_words_of_its_officers_and_says_who_of_none() -> None:
    paper = board_paper(example())
    text = page_html(paper)
    parts = {row["part"] for row in packaged_rows("paper_parts.csv")}
    assert parts - {part.id for part in paper.sections} <= {"at-risk"}  # no support is at risk here
    words = re.sub(r"<[^>]+>", "", text)
    assert "We expect to end the year £49.0m in deficit before support" in words
    assert "expects to end the year" not in text
    assert "now £(17.1)m; its agency contract runs until the winter ward closes." in words
    assert "[Chief Finance Officer" not in text and "Draft" not in " ".join(paper.notices)
    assert "winter is the test of it" not in text  # the month before
    assert "overdue since 31 October 2026" in text and "nobody named" in text


def test_a_hostile_sentence_is_only_text_in_every_form() -> None:
    asked = example()
    answer = Answer("wording")
    for part in ("answer", "since", "savings"):
        hostile = row(HOSTILE * 3, part, organisation="XF-SYS", by="<b>CFO</b>", kind="driver")
        answer.table("wording", [hostile, {**hostile, "replaces": True, "kind": "headline"}])
    answer.words("1 sentence is not agreed", topic="wording", about="XF-SYS", year="2026-27")
    results = {**{verb: asked[verb] for verb in asked}, "wording": answer.result()}
    paper = board_paper(results)
    assert "Draft: 1 sentence is not agreed." in paper.notices
    page = page_html(paper)
    assert "<script" not in page and "<b>CFO" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; =cmd" in page and "\u202e" not in page
    assert paper_pdf(paper).data.startswith(b"%PDF") and paper_workbook(paper).data
