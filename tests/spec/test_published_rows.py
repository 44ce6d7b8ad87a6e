"""Rows of the published cases, each by the command that a reader types on the real book.

For each mechanism that the reports of 2013, June 2019 and 2021 describe: the command runs, prints
each number of the report, and the words of the report stand beside it. What is not published is
said not to be. Expected numbers are worked by hand beside each test.
"""

from __future__ import annotations

import re
import shutil
from functools import cache
from pathlib import Path

import pytest

from controltotal import verbs
from controltotal.core.places import deprivation
from controltotal.papers.board import board_paper
from controltotal.papers.page import page_html
from tests.answers import answer, m
from tests.running import controltotal

EXAMPLES = Path(__file__).parents[2] / "examples"
NENE = "nene-2013"
BIRMINGHAM = "birmingham-solihull-2019"
LANCASHIRE = "lancashire-south-cumbria-2021"
FAULTS = Path(__file__).parents[1] / "data" / "faults"


@cache
def lines(verb: str, book: str, *options: str) -> tuple[str, ...]:
    """What a command prints, line by line; it is done, and without an error."""
    ran = controltotal(*verb.split(), EXAMPLES / book, *options, "--detail")
    assert ran.code == 0, ran.err
    return tuple(ran.out.splitlines())


def flat(*printed: str) -> str:
    """Lines as one text, so that the width of a terminal does not matter."""
    return " ".join(" ".join(printed).split())


def first(verb: str, book: str, *options: str) -> str:
    """The words that come before everything else."""
    printed = lines(verb, book, *options)
    return flat(*printed[: printed.index("")])


def quoted(book: str, quotation: str) -> str:
    """The line of the table of what sources say that holds a quotation."""
    printed = lines("position", book)
    start = printed.index("stated")
    rows = [row for row in printed[start : printed.index("", start)] if quotation in row]
    assert rows, quotation
    return flat(*rows)


# -- 7: Nene, gap and surplus ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stated", "quotation"),
    [
        ("-8.6 £m", "year-end gap of £8.6m"),
        ("implied 6 £m", "A further £6m improvement is required"),
        ("nearly 15 £m", "seeking nearly £15m of improvements to meet financial targets"),
        ("over 660 £m", "for the year is just over £660m"),
        ("1 per cent of allocation", "deliver the required one per cent surplus"),
        ("639.027 £m", "NENE,False,639027"),
    ],
)
def test_row_7_each_sum_stands_beside_its_quotation(stated: str, quotation: str) -> None:
    assert stated in quoted(NENE, quotation)


def test_row_7_the_gap_is_the_two_sums_together() -> None:
    # 6 - (8.6) = 14.6, which the report calls nearly 15.
    assert "a deficit of £8.6 million" in first("position", NENE)
    assert "still find £14.6 million to meet its control total" in first("position", NENE)


def test_row_7_money_to_purchase_services_is_not_the_allocation() -> None:
    """1% of 660 is 6.6 and not the 6 that is told; 1% of the allocation of 639.0 is 6.39."""
    found = answer("position", EXAMPLES / NENE)
    said = [f["message"] for f in found.findings if f["code"] == "RECONCILE_DIFF"]
    assert len(said) == 1
    assert "1% of the £660.0 million (over) that it says it has to purchase local" in said[0]
    for words in ("£6.6 million", "£0.6 million", "1% of £639.0 million (its allocation) is £6.39"):
        assert words in said[0]
    assert found.value("rule/04G/2013-14/commissioner_surplus") == 639_027_000  # 1% of 639.027
    share = answer("challenge", EXAMPLES / NENE)
    assert share.value("money_of_the_year/04G/2013-14/plan") == 63_902_700_000


# -- 8: Nene, the condition and what moves the forecast --------------------------------------------


def test_row_8_the_forecast_is_read_with_its_condition_and_its_driver() -> None:
    said = first("position", NENE)
    assert "“if the same number of patients continue to use the system”" in said
    assert "equivalent to a new town larger than Kettering in a decade" in said
    assert "equivalent" in quoted(NENE, "a new town larger than Kettering in a decade")
    for verb in ("forecast", "explain"):
        figure = ("gap/04G/2013-14/forecast",) if verb == "explain" else ()
        assert "“if the same number of patients continue" in flat(*lines(verb, NENE, *figure)[:4])
    page = page_html(board_paper(verbs.pack_results(EXAMPLES / NENE), full=True))
    summary = page[page.index('id="answer"') :].split("<h2")[0]
    assert "if the same number of patients continue to use the system" in summary


# -- 9: Nene, recovery -----------------------------------------------------------------------------


def test_row_9_recovery_its_measures_and_the_promise() -> None:
    said = first("position", NENE)
    assert "“under a statutory obligation to enter a period of financial recovery”" in said
    for measure in ("Recovery plan", "Recovery group", "Recruitment control", "QIPP"):
        assert measure in said
    assert "What it is worth is not published for any of them" in said
    assert "“break even by the end of the 2013/14 financial year”" in said
    assert "the forecast of £(8.6)m would not keep it" in said
    assert "struggle to make the surplus" in said
    assert "national Quality Innovation Production and Prevention (QIPP)" in flat(
        *lines("position", NENE)
    )


def test_row_9_what_is_not_published_is_unknown_and_never_nil() -> None:
    found = answer("position", EXAMPLES / NENE)
    assert [row["worth_pence"] for row in found.table("actions")] == [None] * 4
    rule = next(row for row in found.table("rules") if row["rule"] == "recovery_state")
    assert (rule["value"], rule["status"]) == (1, "indeterminate")
    assert "in place: recovery group, recovery plan, recruitment control" in rule["why"]
    assert "approval of posts is not stated" in rule["why"]
    cumulative = next(r for r in found.table("rules") if r["rule"] == "commissioner_surplus")
    assert cumulative["status"] == "indeterminate"  # the inherited deficit has no figure there
    promise = found.table("promises")[0]
    assert (promise["basis"], promise["kept"]) == ("forecast", False)
    kept = [f["message"] for f in found.findings if f["code"] == "PROMISE_NOT_KEPT"]
    assert kept and "The forecast for 2013/14 would not keep it" in kept[0]


# -- 10: Birmingham, who set what and when ---------------------------------------------------------


def test_row_10_late_imposed_and_undisclosed_on_the_first_screen() -> None:
    said = first("position", BIRMINGHAM)
    # 1 April + 65 days = 5 June 2019; 4.6 - 0 = 4.6.
    for words in (
        "its control total of £4.6m was imposed by NHS England/Improvement",
        "set on 5 June 2019 at the latest, 65 days into its year (late)",
        "raised by £4.6 million, from nil (implied)",
        "Who benefits from the additional savings is unclear",
        "“very late in terms of financial planning for 2019-20”",
    ):
        assert words in said
    page = page_html(board_paper(verbs.pack_results(EXAMPLES / BIRMINGHAM), full=True))
    summary = page[page.index('id="answer"') :].split("<h2")[0]
    assert "imposed by NHS England/Improvement" in summary and "late" in summary
    assert "Who benefits" in summary


@pytest.mark.parametrize(
    ("stated", "quotation"),
    [
        ("4.6 £m", "find an additional £4.6m savings after NHS England/Improvement intervened"),
        ("4.6 £m", "now targeting a £4.6m surplus for 2019-20"),
        ("7 regions", "asked each of their seven regions to hit an aggregate regional"),
        ("", "updated on 5 June to include comments"),
        ("", "It is unclear which STP(s) will benefit from the additional savings"),
    ],
)
def test_row_10_each_figure_stands_beside_its_quotation(stated: str, quotation: str) -> None:
    assert stated in quoted(BIRMINGHAM, quotation)


def test_row_10_levels_from_region_to_body() -> None:
    rows = answer("position", EXAMPLES / BIRMINGHAM).table("levels")
    regions = [row for row in rows if row["kind"] == "region"]
    assert len(regions) == 7
    assert {row["how"] for row in regions} == {"set, amount not disclosed"}
    assert {row["control_total_pence"] for row in regions} == {None}
    assert all("each of its seven regions" in row["told"] for row in regions)
    system = next(row for row in rows if row["organisation"] == "QHL")
    assert system["how"] == "set, amount not disclosed"
    body = next(row for row in rows if row["organisation"] == "15E")
    assert (body["control_total_pence"], body["how"]) == (m(4.6), "set")
    assert (body["set_by"], body["set_on"]) == ("NHS England/Improvement", "2019-06-05")
    assert body["notice_days"] == -65


def test_row_10_before_it_was_known_nothing_was_imposed() -> None:
    said = first("position", BIRMINGHAM, "--as-at", "2019-05-01")
    assert "imposed" not in said and "late" not in said and "Who benefits" not in said


def test_row_11_the_three_approaches_are_named_without_a_sum() -> None:
    rows = answer("position", EXAMPLES / BIRMINGHAM).table("actions")
    assert [row["title"].split(":")[0] for row in rows] == [
        "Top slice",
        "Help from neighbours",
        "Rapid savings schemes",
    ]
    assert {row["worth_pence"] for row in rows} == {None}


# -- 12: who gains ---------------------------------------------------------------------------------


def test_row_12_nine_of_ten_neighbours_are_less_deprived_by_both_measures() -> None:
    """On the areas of April 2020; on those of July 2022 the west of Birmingham had moved."""
    rows = answer("challenge", EXAMPLES / BIRMINGHAM).table("neighbours")
    assert len(rows) == 10
    assert [r["system"] for r in rows if not (r["less_by_fifth"] and r["less_by_score"])] == ["QUA"]
    own, other = deprivation("system", "2020")["QHL"], deprivation("system", "2020")["QUA"]
    assert own.score > other.score  # by mean score the Black Country is the less deprived,
    assert own.share_most_deprived_fifth < other.share_most_deprived_fifth  # by fifth the more
    said = flat(*lines("challenge", BIRMINGHAM))
    assert "9 are less deprived than Birmingham and Solihull STP by both measures" in said
    assert "9" in flat(*lines("explain", BIRMINGHAM, "less_deprived_neighbours/15E/2019-20/plan"))


def test_row_12_nothing_is_taken_from_the_register_where_the_book_stands_alone() -> None:
    said = flat(*lines("challenge", BIRMINGHAM, "--book-only"))
    assert "Who may gain" not in said and "neighbours" not in said


def test_row_12_the_book_holds_its_systems_on_the_areas_of_its_year() -> None:
    body = next(
        row for row in verbs.read(EXAMPLES / BIRMINGHAM).book.organisations if row.code == "QHL"
    )
    placed = deprivation("system", "2020")["QHL"]
    assert body.population == placed.people
    assert body.deprivation == pytest.approx(placed.share_most_deprived_fifth, abs=5e-5)
    assert body.deprivation_score == pytest.approx(placed.score, abs=5e-4)


# -- 16: Lancashire, the gap and the paths ---------------------------------------------------------


@pytest.mark.parametrize(
    ("stated", "quotation"),
    [
        ("-240 £m", "a range of £240m to £340m"),
        ("-277 £m", "in February 2020 the assessment was of a deficit of £277m"),
        ("around -300 £m", "the gap could be at around the £300m mark"),
        ("8 per cent", "equivalent to 8% of the ICS’s £3.7bn budget"),
        ("3700 £m", "8% of the ICS’s £3.7bn budget"),
        ("180 £m", "reduction in the deficit by a staggering £180m"),
        ("-97 £m", "from £277m to £97m"),
        ("100 £m", "£100m (2.7%) savings a year"),
        ("60 £m", "over 5 years = £60m (1.6%) per annum"),
        ("150 £m", "still leave another £150m in painful cuts to come"),
        ("113 £m", "totalling £113m (p43)"),
        ("154 £m", "£154m could be saved from overlapping cuts"),
        ("nearly 20 systems", "almost 20 ICSs potentially breach this requirement"),
        ("", "(page 41)"),
    ],
)
def test_rows_16_to_18_each_figure_stands_beside_its_quotation(stated: str, quotation: str) -> None:
    rows = answer("position", EXAMPLES / LANCASHIRE).table("stated")
    found = [row for row in rows if row["quotation"] == quotation]
    texts = [flat(row["stated"]) for row in found]
    assert found and stated in {re.sub(r"^implied ", "", text) for text in texts}, texts


def test_row_16_the_range_is_in_the_first_lines() -> None:
    said = first("position", LANCASHIRE)
    assert (
        "run from a deficit of £240.0 million (low) to a deficit of £340.0 million (high)" in said
    )
    assert "has never managed an absolute reduction" in said


def test_row_16_the_path_of_the_control_total() -> None:
    said = first("trajectory", LANCASHIRE, "--from", "2020/21", "--to", "control_total")
    # (97) - (277) = 180
    assert "to clear £180.0 million to the control total" in said
    assert "(from a deficit of £277.0 million to a deficit of £97.0 million)" in said


@pytest.mark.parametrize(
    ("years", "each", "share"),
    [("3", "£100.0 million", "2.7%"), ("5", "£60.0 million", "1.6%")],  # 300 / 3; 300 / 5; / 3,700
)
def test_row_16_a_year_over_three_years_and_over_five(years: str, each: str, share: str) -> None:
    said = first("trajectory", LANCASHIRE, "--years", years)
    assert (
        f"over the {years} years asked from 2021/22 takes {each} a year ({share} of its money)"
        in said
    )
    assert "Both hold only if savings recur and no new pressure arises" in said


def test_row_16_eight_per_cent_of_the_budget() -> None:
    found = answer("position", EXAMPLES / LANCASHIRE)
    share = found.value("rule/QE1/2021-22/saving_target_share")
    assert f"{share:.2%}" == "8.11%"  # 300 / 3,700


def test_row_16_that_spending_never_fell_is_no_saving_of_nil() -> None:
    for verb in ("position", "trajectory", "challenge", "check"):
        document = answer(verb, EXAMPLES / LANCASHIRE).document
        assert "savings_delivered" not in str(document), verb
        assert "the most it has done is" not in str(document), verb
    found = answer("trajectory", EXAMPLES / LANCASHIRE)
    said = [f["message"] for f in found.findings if f["code"] == "UNPRECEDENTED"]
    # 240 / 3 = 80 and 340 / 3 = 113.3: one finding for every scenario
    assert len(said) == 1
    assert "£100.0 million (£80.0 million on low, £113.3 million on high) in a year" in said[0]
    assert "its spending has never fallen in any year" in said[0]


def test_row_16_schemes_flow_into_the_path(tmp_path: Path) -> None:
    """A scheme of 12.0 from October brings 6.0 more in the year after; one of 8.0 once ends.

    The next year opens 8.0 - 6.0 = 2.0 wider: three years must clear 302.0 and not 300.0.
    """
    book = tmp_path / "book"
    shutil.copytree(EXAMPLES / LANCASHIRE, book)
    evidence = FAULTS / "meaning" / "trajectory-flow"
    for name in ("schemes", "gates", "assessments"):
        text = (evidence / f"{name}.csv").read_text("utf-8")
        for old, new in (("X,A,", "X,QE1,"), ("Z,A,", "Z,QE1,"), ("2026-", "2021-")):
            text = text.replace(old, new)
        (book / f"{name}.csv").write_text(text, "utf-8")
    found = answer("trajectory", book)
    rows = [row for row in found.table("path") if row["scenario"] == "base"]
    assert {row["flow_through_pence"] for row in rows} == {m(6)}
    assert {row["ended_pence"] for row in rows} == {m(8)}
    assert sum(row["saving_needed_pence"] for row in rows) == m(302)


# -- 17: Lancashire, two lists ---------------------------------------------------------------------

NAMED_BOUND = ("upper", "at most", "plain sum", "if nothing overlaps", "worth_most")


def test_row_17_both_lists_overlap_and_half_of_the_gap_leaves_150() -> None:
    said = first("opportunities", LANCASHIRE)
    assert "model_hospital (£154.0 million) and rightcare (£113.0 million)" in said
    assert "at least £154.0 million and at most £267.0 million" in said
    # 150 of 267 is 56%, of 154 97%; 300 - 150 = 150
    assert "would take 56% of this opportunity if nothing overlaps and 97%" in said
    assert "£150.0 million would remain" in said


@pytest.mark.parametrize(
    "verb",
    [
        "check",
        "position",
        "forecast",
        "trajectory",
        "opportunities",
        "share",
        "decide",
        "boundaries",
        "challenge",
        "history",
    ],
)
def test_row_17_nowhere_is_267_what_could_be_saved(verb: str) -> None:
    """113 + 154 = 267: only ever the plain sum of the lists and their upper bound, so named."""
    found = answer(verb, EXAMPLES / LANCASHIRE)
    naive = {name for name, figure in found.figures.items() if figure["value"] == m(267)}
    assert naive <= {
        "opportunity_total/QE1/2021-22/plan/naive",
        "opportunity_total/QE1/2021-22/plan/upper",
    }
    printed = lines(verb, LANCASHIRE)
    words = re.split(r"(?<=[.:;]) ", flat(*printed[: printed.index("")]))
    rows = printed[printed.index("") :]
    heading = ""
    for row in rows:
        heading = row if "bound" in row and "267" not in row else heading
        if "267.0" in row and not any(name in row for name in NAMED_BOUND):
            assert "upper bound" in heading, row
    for sentence in words:
        assert "267" not in sentence or any(name in sentence for name in NAMED_BOUND), sentence


def test_row_17_no_paper_says_267_without_its_name() -> None:
    page = page_html(board_paper(verbs.pack_results(EXAMPLES / LANCASHIRE), full=True))
    text = re.sub(r"<svg.*?</svg>", "", page, flags=re.S)
    blocks = [
        flat(re.sub(r"<[^>]+>", " ", block))
        for block in re.split(r"</(?:p|tr|div|li|h3|figcaption)>", text)
    ]
    said = [block for block in blocks if re.search(r"\b267(\.0)?\b", block)]
    assert said
    for block in said:
        assert any(name in block for name in (*NAMED_BOUND, "naive")), block


# -- 18: boundaries --------------------------------------------------------------------------------


def test_row_18_the_nineteen_come_first_and_each_is_named() -> None:
    said = first("boundaries", LANCASHIRE, "--threshold", "0.02")
    assert "19 of 42 systems breach at 2.0%" in said
    named = said.partition("Systems in breach: ")[2].partition(".")[0]
    assert len(named.split("; ")) == 19
    assert "nearly 20 systems (“almost 20 ICSs potentially breach this requirement”)" in said
    for place in ("Cumbria 36.0%", "North Yorkshire 9.2%", "Essex 43.8%", "Surrey 12.8%"):
        assert place in said
    assert "Hampshire 12.1%" in said
    printed = lines("boundaries", LANCASHIRE, "--threshold", "0.02")
    table = printed.index("breaches")
    rows = printed[table + 2 : printed.index("", table)]
    assert len({row.split()[0] for row in rows}) == 19
    assert table < next(n for n, line in enumerate(printed) if line.startswith("figure"))
    assert table <= 12  # on the first screen


# -- 19: a majority before any vote ----------------------------------------------------------------


def test_row_19_what_a_majority_rule_would_do_before_any_vote() -> None:
    said = first("decide", LANCASHIRE)
    # thirteen members: seven carry, 13 - 7 + 1 = 7 block
    assert "nobody has voted in this book" in said
    assert "At the fewest 7 of 13 members can stop a decision" in said
    assert "7 of 13 members can impose a decision; 13 can be outvoted and 0 hold a veto" in said
    assert "of 13 it is not stated whether they delegated the matter" in said
    assert "the report names neither members nor weights" in said
    assert "one pot" in said
    found = answer("decide", EXAMPLES / LANCASHIRE)
    assert found.codes == set()
    power = [f["value"] for name, f in found.figures.items() if name.endswith("/banzhaf")]
    assert power == pytest.approx([1 / 13] * 13)
    assert found.figures["votes_for/D-01/2021-22/decision"]["value"] is None
    assert found.table("blocking") == [
        {"decision": "D-01", "members": 7, "set": "any 7 of the 13 members"}
    ]
    assert "enforce decisions on a majority basis" in flat(*lines("position", LANCASHIRE))


MEMBERS = "code,name,kind\nA,Ash,provider\nB,Beech,provider\nC,Cedar,provider\n"
DECISION = "decision,title,rule,on\nD,Share,{rule},2021-06-01\n"
VOTES = "decision,organisation,vote,weight,delegated\nD,A,{a},3,no\nD,B,,2,yes\nD,C,,1,\n"


def decision(folder: Path, rule: str, vote: str = "") -> Path:
    """A book with one decision and three members of weight 3, 2 and 1."""
    folder.mkdir()
    (folder / "organisations.csv").write_text(MEMBERS, "utf-8")
    (folder / "decisions.csv").write_text(DECISION.format(rule=rule), "utf-8")
    (folder / "votes.csv").write_text(VOTES.format(a=vote), "utf-8")
    return folder


@pytest.mark.parametrize(
    ("rule", "veto", "fewest"),
    [
        ("majority", set(), 2),  # two of three carry, two block
        ("weighted", {"A"}, 1),  # 4 of 6 is needed, and without A there are 3
        ("unanimity", {"A", "B", "C"}, 1),
    ],
)
def test_a_rule_is_tried_from_members_and_weights(
    tmp_path: Path, rule: str, veto: set[str], fewest: int
) -> None:
    found = answer("decide", decision(tmp_path / "book", rule))
    rows = {row["organisation"]: row for row in found.table("power")}
    assert {code for code, row in rows.items() if row["veto"]} == veto
    assert found.table("blocking")[0]["members"] == fewest
    bound = {row["organisation"]: row["would_be_bound"] for row in found.table("would_bind")}
    assert bound == {"A": False, "B": True, "C": None}


def test_some_votes_cast_and_some_not_are_no_result(tmp_path: Path) -> None:
    found = answer("decide", decision(tmp_path / "book", "majority", "for"))
    assert "DECISION_INCOMPLETE" in found.codes
    assert found.figures["votes_for/D/2021-22/decision"]["value"] is None


def test_a_weighted_rule_without_weights_says_what_is_missing(tmp_path: Path) -> None:
    book = decision(tmp_path / "book", "weighted")
    text = (book / "votes.csv").read_text("utf-8").replace(",2,yes", ",,yes")
    (book / "votes.csv").write_text(text, "utf-8")
    said = [f for f in answer("decide", book).findings if f["code"] == "DECISION_INCOMPLETE"]
    assert said and said[0]["expected"] == "a weight for each member"


def test_a_day_at_the_latest_is_told_as_such_and_a_day_known_is_not(tmp_path: Path) -> None:
    """The report was last changed on 5 June: nobody says that the total was set on that day."""
    book = tmp_path / "book"
    shutil.copytree(Path(__file__).parents[2] / "examples" / "birmingham-solihull-2019", book)
    hedged = [controltotal(verb, book, "--detail").out for verb in ("position", "challenge")]
    assert all("at the latest" in one for one in hedged)
    assert "with at least 300 days left" in " ".join(hedged[1].split())
    table = book / "control_totals.csv"
    text = table.read_text(encoding="utf-8")
    table.write_text(text.replace("2019-06-05,yes,yes", "2019-06-05,,yes"), encoding="utf-8")
    exact = [controltotal(verb, book, "--detail").out for verb in ("position", "challenge")]
    assert not any("at the latest" in one for one in exact)
    assert "set on 5 June 2019, 65 days into its year (late)" in " ".join(exact[0].split())
