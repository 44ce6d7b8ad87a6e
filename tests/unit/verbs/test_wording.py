"""What people wrote: filled with the figures of today, and marked where those of its day were others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

import controltotal
from controltotal import verbs
from controltotal.accounts.told import Told
from controltotal.core.result import Result
from controltotal.ledger.entries import put, withdraw
from controltotal.ledger.opening import open_ledger
from controltotal.verbs.wording import wording
from controltotal.workings.workings import Workings
from tests.board_results import EXAMPLES, example
from tests.ledgers import posting

BODIES = (
    "code,name,kind,parent\nS,System,system,\nA,Alder Trust,provider,S\nB,Beech Trust,provider,S\n"
)
SETTINGS = "key,value\ntitle,Words\ndefault_unit,£m\ndefault_year,2026/27\nfictional,yes\nhome,S\n"
AMOUNTS = """organisation,line,year,month,basis,amount,known_on
A,position,2026-27,,plan,-1,2026-03-01
A,position,2026-27,,forecast,-4,2026-10-15
B,position,2026-27,,forecast,-2,2026-10-15
A,position,2026-27,,forecast,-9,2026-11-15
"""
HEAD = "about,year,month,text,kind,by,on,status\n"


def folder(path: Path, *words: str, **tables: str) -> Path:
    """A book of two trusts whose forecast was (6.0) and is (11.0), with these words."""
    made = {"organisations": BODIES, "book": SETTINGS, "amounts": AMOUNTS, **tables}
    made["commentary"] = HEAD + "".join(f"{line}\n" for line in words)
    for name, text in made.items():
        (path / f"{name}.csv").write_text(text, encoding="utf-8")
    return path


def rows(result: Result, table: str = "wording") -> Sequence[Mapping[str, Any]]:
    return result.tables[table]


def said(result: Result) -> list[tuple[str, str, str]]:
    return [(row["part"], row["text"], row["mark"]) for row in rows(result)]


def test_a_sentence_older_than_its_figures_is_marked_with_what_they_were(tmp_path: Path) -> None:
    book = folder(
        tmp_path,
        "answer,2026-27,,We expect {forecast}.,headline,CFO,2026-10-20,agreed",
        "S,2026-27,,It was {forecast:A} at Alder.,driver,CFO,2026-11-20,agreed",
        "trust,2026-27,,Typed by hand: (6.0).,caveat,CFO,2026-10-20,agreed",
    )
    result = wording(book)
    assert said(result) == [
        ("answer", "We expect £(11.0)m.", "(written when the forecast was £(6.0)m)"),
        ("since", "It was £(9.0)m at Alder.", ""),
        ("trust", "Typed by hand: (6.0).", ""),
    ]
    assert [row["stale"] for row in rows(result)] == [True, False, False]
    assert [s.text for s in result.sentences] == ["1 sentence is older than its figures"]
    then = rows(result, "slots")[0]
    assert (then["value"], then["then"], then["moved"]) == (-1_100_000_000, -600_000_000, True)
    assert [f.code for f in verbs.check(book).findings if "WORDS" in f.code] == ["WORDS_OLDER"]


def test_words_written_anew_are_old_no_more(tmp_path: Path) -> None:
    line = "answer,2026-27,,We expect {{forecast}}.,headline,CFO,{on},agreed".replace("{{", "{")
    old, new = (line.replace("}}", "}").replace("{on}", on) for on in ("2026-10-20", "2026-11-16"))
    result = wording(folder(tmp_path, old, new))
    assert [row["stale"] for row in rows(result)] == [False]
    assert not result.sentences and not result.findings


def test_a_figure_not_yet_known_then_is_said_to_be_told_later(tmp_path: Path) -> None:
    words = "answer,2026-27,,We expect {forecast}.,headline,CFO,2026-09-01,agreed"
    result = wording(folder(tmp_path, words))
    assert said(result)[0][2] == "(written before the forecast was told)"


def test_a_figure_that_reads_the_same_has_not_moved(tmp_path: Path) -> None:
    amounts = AMOUNTS.replace("-9,2026-11-15", "-4.00001,2026-11-15")
    words = "answer,2026-27,,We expect {forecast}.,headline,CFO,2026-10-20,agreed"
    assert said(wording(folder(tmp_path, words, amounts=amounts)))[0][2] == ""


def test_read_as_at_an_earlier_day_the_sentence_is_not_old(tmp_path: Path) -> None:
    words = "answer,2026-27,,We expect {forecast}.,headline,CFO,2026-10-20,agreed"
    then = controltotal.read(folder(tmp_path, words), as_at="2026-11-01")
    assert said(wording(then)) == [("answer", "We expect £(6.0)m.", "")]


def test_words_of_another_month_are_not_shown_as_this_month_s(tmp_path: Path) -> None:
    by_month = "".join(f"A,position,2026-27,{m},actual,-1,2026-10-1{m}\n" for m in (1, 2))
    book = folder(
        tmp_path,
        "A,2026-27,2,May.,headline,CFO,2026-10-20,agreed",
        "A,2026-27,1,April.,headline,CFO,2026-10-20,agreed",
        "A,2026-27,,The whole year.,caveat,CFO,2026-10-20,agreed",
        "A,2025-26,2,Another year.,caveat,CFO,2026-10-20,agreed",
        amounts=AMOUNTS + by_month,
    )
    result = wording(book, organisation="A")
    assert [row["text"] for row in rows(result)] == ["May.", "The whole year."]
    assert [row["month"] for row in rows(result, "other_months")] == ["1"]


def test_words_of_others_stand_where_a_board_looks_for_them(tmp_path: Path) -> None:
    schemes = "id,organisation,title,recurrence,maturity,full_year_effect\nE1,A,Beds,recurrent,opportunity,1\n"
    sources = "id,title,quote\nQ1,A newspaper,in trouble\n"
    book = folder(
        tmp_path,
        "where the year is heading,2026-27,,A.,headline,CFO,2026-11-20,agreed",
        "A,2026-27,,B.,headline,CFO,2026-11-20,agreed",
        "gap/S/2026-27/forecast,2026-27,,C.,headline,CFO,2026-11-20,agreed",
        "control_total/S/2026-27/plan,2026-27,,D.,caveat,CFO,2026-11-20,agreed",
        "agency_pay,2026-27,,E.,assurance,CFO,2026-11-20,agreed",
        "E1,2026-27,,F.,caveat,CFO,2026-11-20,agreed",
        "since/A,2026-27,,G.,headline,CFO,2026-11-20,agreed",
        "Control  total,2026-27,,H.,assurance,CFO,2026-11-20,agreed",
        "S,2026-27,,I.,action,CFO,2026-11-20,agreed",
        "nothing,2026-27,,J.,caveat,CFO,2026-11-20,agreed",
        schemes=schemes,
        sources=sources,
    )
    placed = {row["text"]: (row["part"], row["replaces"]) for row in rows(wording(book))}
    assert placed == {
        "A.": ("heading", True),
        "B.": ("organisations", False),
        "C.": ("answer", True),
        "D.": ("total", False),
        "E.": ("lines", False),
        "F.": ("savings", False),
        "G.": ("", False),
        "H.": ("total", False),
        "I.": ("since", False),
        "J.": ("", False),
    }
    own = {row["text"]: (row["part"], row["replaces"]) for row in rows(wording(book, None, "A"))}
    assert own["B."] == ("answer", True) and own["C."] == ("", False)
    assert own["A."] == own["E."] == own["H."] == ("", False)  # what the system says of itself
    assert own["G."] == ("since", True)


def test_what_a_source_says_replaces_no_headline(tmp_path: Path) -> None:
    book = folder(tmp_path, sources="id,title,quote\nQ1,A newspaper,in trouble\n")
    text = "about,year,text,kind,by,on,source\nS,2026-27,in trouble,headline,News,2026-11-20,Q1\n"
    (book / "commentary.csv").write_text(text, encoding="utf-8")
    row = rows(wording(book))[0]
    assert (row["quoted"], row["replaces"], row["part"]) == (True, False, "")


def test_a_draft_and_a_slot_that_nothing_fills_keep_a_paper_from_being_final(
    tmp_path: Path,
) -> None:
    book = folder(
        tmp_path,
        "answer,2026-27,,We expect {forcast}.,headline,CFO,2026-11-20,draft",
        "trust,2026-27,,So {run_rate} it is.,caveat,CFO,2026-11-20,draft",
    )
    result = wording(book)
    assert [s.text for s in result.sentences] == [
        "2 sentences are not agreed",
        "2 sentences lack a figure",
    ]
    assert said(result)[0][1] == "We expect [forcast: not known]."
    first, second = (f for f in result.findings if f.code == "SLOT_NOT_FILLED")
    assert first.where == "commentary row 2" and "forecast" in first.action
    assert "nothing tells it" in second.message


def test_words_of_a_month_wait_while_some_have_told_a_later_one(tmp_path: Path) -> None:
    """Their names are right: they are filled when the paper of their month is read."""
    words = [
        "answer,2026-27,1,To {month} it was {actual} and {noise}.,headline,CFO,2026-05-20,agreed"
    ]
    told = "organisation,line,year,month,basis,amount\nA,position,2026-27,1,actual,-1\n"
    book = folder(tmp_path, *words, amounts=f"{told}B,position,2026-27,1,actual,-2\n")
    assert said(wording(book))[0][1] == "To April it was £(3.0)m and [noise: not known]."
    later = f"{told}B,position,2026-27,1,actual,-2\nB,position,2026-27,2,actual,-2\n"
    book = folder(tmp_path, *words, amounts=later)
    found = [f.found for f in wording(book).findings if f.code == "SLOT_NOT_FILLED"]
    assert found == ["noise"], "the name that is none is told all the same"


def test_a_sentence_of_many_slots_that_are_none_is_told_in_a_few_lines(tmp_path: Path) -> None:
    text = "".join(f"{{slot {n}}}" for n in range(2000))
    book = folder(tmp_path, f"answer,2026-27,,{text},caveat,CFO,2026-11-20,agreed")
    found = [f for f in wording(book).findings if f.code == "SLOT_NOT_FILLED"]
    assert len(found) == 5 and "And 1995 more such." in found[0].message


def test_a_slot_of_another_verb_is_filled_in_a_paper_and_not_judged_by_check(
    tmp_path: Path,
) -> None:
    name = "outturn_p50/S/2026-27/forecast"
    words = f"answer,2026-27,,The middle is {{{name}}}.,headline,CFO,2026-10-20,agreed"
    book = folder(tmp_path, words)
    assert "SLOT_NOT_FILLED" not in {f.code for f in verbs.check(book).findings}
    from controltotal.core.result import Answer

    answer = Answer("risk")
    answer.figure(name, -1_250_000_000, rule="made")
    told = wording(book, results={"risk": answer.result()})
    assert said(told) == [("answer", "The middle is £(12.5)m.", "")]
    assert [f.code for f in wording(book, results={}).findings] == ["SLOT_NOT_FILLED"]


def test_an_answer_that_repeats_what_was_said_has_its_numbers(tmp_path: Path) -> None:
    words = "S,2026-27,,We expect {forecast}.,caveat,CFO,2026-11-20,agreed"
    answer = verbs.position(folder(tmp_path, words))
    assert any("We expect £(11.0)m." in text for text in answer.words)
    assert not any("{forecast}" in text for text in answer.words)


def test_a_ledger_is_read_as_it_stood_when_the_sentence_was_entered(tmp_path: Path) -> None:
    """A correction without a date of its own: the clock of the ledger alone tells it."""
    amounts = AMOUNTS.replace("A,position,2026-27,,forecast,-9,2026-11-15\n", "")
    book = folder(tmp_path, amounts=amounts.replace(",2026-10-15", ",").replace(",2026-03-01", ","))
    (book / "commentary.csv").unlink()
    address = f"sqlite:///{tmp_path}/words.db"
    verbs.convert(book, address)
    cells = {"about": "answer", "year": "2026-27", "text": "We expect {forecast}."}
    cells |= {"kind": "headline", "by": "CFO", "on": "2026-10-20", "status": "agreed"}
    with open_ledger(address) as store:
        standing = list(store.read())
        old = next(e for e in standing if ("amount", "-2") in e.cells)
        said_on = {"by": "CFO", "on": "2026-10-20T09:00:00Z", "why": "the paper"}
        store.append([posting([put("commentary", 2, cells.items())], **said_on)], len(standing))
    assert said(wording(address)) == [("answer", "We expect £(6.0)m.", "")]
    with open_ledger(address) as store:
        later = {"by": "CFO", "on": "2026-10-21T09:00:00Z", "why": "corrected"}
        new = [(c, "-3" if c == "amount" else v) for c, v in old.cells]
        store.append(
            [posting([withdraw(old), put("amounts", 9, new)], **later)],
            len(standing) + 1,
        )
    assert said(wording(address)) == [
        ("answer", "We expect £(7.0)m.", "(written when the forecast was £(6.0)m)")
    ]


@pytest.mark.parametrize("code", ["XF-SYS", "XF-HOL"])
def test_a_slot_and_the_table_of_page_one_tell_one_number(code: str) -> None:
    """Worked out for a sentence, and in the answer of `position`: the same for every row and column."""
    position = example()["position"]
    told = Told(Workings(controltotal.read(EXAMPLES / "fictional-system")))
    for row in position.tables["performance"]:
        if row["organisation"] != code:
            continue
        name = "" if row["row"] == "excluding_support" else row["row"]
        found = told.row(code, "2026-27", name) or {}
        columns = [c for c in row if c not in ("organisation", "year", "row", "month")]
        assert {c: found.get(c) for c in columns} == {c: row[c] for c in columns}
    measures = ("gap", "control_total", "adjusted_surplus", "if_repeated", "needed_a_month")
    ids = [f for f in position.figures if f.organisation == code and f.measure in measures]
    assert len([f for f in ids if f.year == "2026-27"]) > len(measures)
    for figure in ids:
        found_figure = told.figure(figure.id)
        assert found_figure is not None and found_figure.value == figure.value, figure.id


def test_none_of_the_fictional_system_s_words_is_old_or_lacks_a_figure() -> None:
    result = example()["wording"]
    assert result.sentences == () and result.findings == ()
    assert {row["kind"] for row in rows(result)} >= {"headline", "driver", "assurance", "caveat"}
    assert len(rows(result, "other_months")) == 1
