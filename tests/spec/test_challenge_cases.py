"""Challenges by hand: what is said of fairness and of what can be achieved, and what is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from controltotal import verbs
from controltotal.core.result import Result
from controltotal.rules.challenge_words import Gathered, achievable, fair
from tests.running import controltotal

EXAMPLES = Path(__file__).parents[2] / "examples"
MILLION = 100_000_000
BOOK = "key,value\ntitle,A challenge\ndefault_unit,£m\nfictional,yes\n"


@pytest.fixture(scope="module")
def birmingham() -> Result:
    return verbs.challenge(EXAMPLES / "birmingham-solihull-2019")


@pytest.mark.parametrize(
    ("figure", "value"),
    [
        ("saving_asked", 460_000_000),  # control total 4.6 - plan 4.6 + unidentified 4.6
        ("control_total_raised", 460_000_000),  # from 0 to 4.6
        ("money_of_the_year", 170_682_600_000),  # published for 2019/20, £ thousand 1,706,826
        ("distance_money", -3_574_600_000),  # 1,625,241 - 1,660,987 of its three predecessors
        ("notice_days", -65),  # 5 June after 1 April 2019
    ],
)
def test_birmingham_and_solihull(birmingham: Result, figure: str, value: int) -> None:
    assert birmingham.value(f"{figure}/15E/2019-20/plan") == value


def test_birmingham_as_shares_and_in_words(birmingham: Result) -> None:
    """4.6 / 1,706.8 = 0.27%; (35.7) / 1,661.0 = -2.15%; 35.7 / 4.6 = 7.8; 365 - 65 = 300 left.

    Of its people of 2019/20, without west Birmingham, which joined in July 2022, 48.5% are deprived.
    """
    share = birmingham.value("saving_asked_share/15E/2019-20/plan")
    assert share is not None and f"{share:.2%}" == "0.27%"
    fair_words, possible, gains = birmingham.words
    # 48.5% on the areas of April 2020; 51.4% is that of July 2022, with the west of Birmingham.
    for said in ("£35.7 million (2.15%) below fair share", "7.8 times the saving asked", "48.5%"):
        assert said in fair_words
    for said in (
        "0.27%",
        "£4.6 million of it has no scheme",
        "65 days into the year",
        "300 days left",
    ):
        assert said in possible
    assert "Of the 10 other systems of its region (Midlands) 9 are less deprived" in gains
    assert "of 1 they disagree (The Black Country and West Birmingham STP" in gains


def test_before_the_change_nothing_more_was_asked() -> None:
    found = verbs.challenge(EXAMPLES / "birmingham-solihull-2019", as_at="2019-05-01")
    assert found.figure("saving_asked/15E/2019-20/plan") is None
    assert "What is asked cannot be told" in found.words[1]


def test_one_trust_of_a_real_system() -> None:
    """King's Lynn: (35.696) against (9.694) is 26.002 worse; 8 of 220 trusts missed by more."""
    found = verbs.challenge(EXAMPLES / "real-system-2018", organisation="RCX")
    assert found.value("variance_to_plan/RCX/2018-19/plan") == -2_600_200_000
    share = found.value("trusts_further_below/RCX/2018-19/plan")
    assert share is not None and f"{share:.1%}" == "3.6%"
    assert found.value("loans_drawn/RCX/2018-19/plan") is not None
    assert "0.83%) above fair share" in found.words[0]
    assert "What is asked cannot be told" in found.words[1]


def test_every_figure_is_explained_to_a_cell_or_a_published_row(birmingham: Result) -> None:
    for figure in birmingham.figures:
        trace = birmingham.trace[figure.id]
        assert trace.rule
        assert trace.entries or trace.inputs or "published" in trace.rule, figure.id
    ran = controltotal(
        "explain",
        EXAMPLES / "birmingham-solihull-2019",
        "distance_share/15E/2019-20/plan",
        "--detail",
    )
    assert "row 85 (04X), row 92 (05P), row 98 (13P)" in " ".join(ran.out.split())


def test_a_page_for_a_committee(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    ran = controltotal(
        "challenge",
        EXAMPLES / "birmingham-solihull-2019",
        "--organisation",
        "15E",
        "--output",
        page,
    )
    assert ran.code == 0
    text = page.read_text("utf-8")
    for said in ("Is it fair, is it achievable?", "Allocation against fair share", "undisclosed"):
        assert said in text
    assert "<script" not in text
    ran = controltotal("challenge", EXAMPLES / "birmingham-solihull-2019", "--output", page)
    assert ran.code == 2 and "a page is of one body" in ran.err


def book(folder: Path, **tables: str) -> Path:
    base = {
        "book": BOOK,
        "organisations": "code,name,kind,population\nCCG,A commissioner,commissioner,100\n"
        "OTH,Another,commissioner,100\n",
    }
    for name, text in {**base, **tables}.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def test_a_body_against_itself_and_its_like(tmp_path: Path) -> None:
    """Asked 10 + gap 2 = 12 of 400 = 3%. Best year 8. Another delivered 4 of 200 = 2%. Over two
    years 10 and 20 below fair share: 30. 9 of 12 planned last year: 75%."""
    found = verbs.challenge(
        book(
            tmp_path,
            amounts="organisation,line,year,basis,amount\n"
            "CCG,allocation,2015/16,plan,390\nCCG,allocation,2016/17,plan,400\n"
            "CCG,position,2016/17,plan,-2\nOTH,allocation,2015/16,plan,200\n",
            control_totals="organisation,year,amount,status,set_by,set_on\n"
            "CCG,2016/17,0,accepted,the region,2016-03-02\n",
            facts="organisation,fact,year,basis,value,unit\n"
            "CCG,savings_planned,2016/17,plan,10,£m\nCCG,savings_planned,2015/16,plan,12,£m\n"
            "CCG,savings_delivered,2015/16,actual,9,£m\nCCG,savings_delivered,2014/15,actual,8,£m\n"
            "OTH,savings_delivered,2015/16,actual,4,£m\n"
            "CCG,target_allocation,2015/16,plan,400,£m\nCCG,target_allocation,2016/17,plan,420,£m\n",
            challenges="organisation,year,by,on,grounds\n"
            "CCG,2016/17,The Chair,2016-04-10,It cannot be done\n",
        ),
        "2016-17",
        "CCG",
    )
    expected = {
        "saving_asked/CCG/2016-17": 12 * MILLION,
        "saving_asked_share/CCG/2016-17": 0.03,
        "best_delivered/CCG/2016-17": 9 * MILLION,
        "delivered_of_plan/CCG/2015-16": 0.75,
        "others_delivered/CCG/2016-17": 0.02,
        "distance_cumulative/CCG/2016-17": -30 * MILLION,
        "distance_money/CCG/2015-16": -10 * MILLION,
        "notice_days/CCG/2016-17": 30,
    }
    for name, value in expected.items():
        assert found.value(f"{name}/plan") == pytest.approx(value), name
    assert "over the 2 years known it is £30.0 million below" in found.words[0]
    assert "it is more than the £9.0 million of its best year, 2015/16" in found.words[1]
    assert [f.code for f in found.findings] == ["CHALLENGE_UNANSWERED"]


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (Gathered(), "cannot be told from distance from target, which is not known here."),
        (Gathered(is_trust=True), "A trust has no fair share of its own"),
        (Gathered(distance=0.004, distance_year="2019-20"), "speaks neither for nor against it"),
        (
            Gathered(distance=0.0217, distance_pence=MILLION, distance_year="2019-20"),
            "it has more than a fair share",
        ),
    ],
)
def test_the_sentence_on_fairness_says_no_more_than_the_figures(known: Gathered, said: str) -> None:
    assert said in fair(known)
    assert fair(known).endswith(".") and fair(known).count(". ") == 0


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (Gathered(), "What is asked cannot be told"),
        (
            Gathered(asked=5 * MILLION, safe=8 * MILLION),
            "safely save £8.0 million, which covers it",
        ),
        (Gathered(asked=5 * MILLION, safe=2 * MILLION), "£3.0 million less than asked"),
        (
            Gathered(asked=5 * MILLION, best=7 * MILLION, best_year="2018-19"),
            "no more than the £7.0",
        ),
        (Gathered(asked=5 * MILLION, notice=20), "20 days before the year"),
    ],
)
def test_the_sentence_on_what_can_be_done_says_no_more_than_the_figures(
    known: Gathered, said: str
) -> None:
    assert said in achievable(known)
    assert achievable(known).count(". ") == 0


def test_the_safe_maximum_is_what_is_saved_and_what_a_portfolio_chooses_ahead() -> None:
    position = verbs.read(EXAMPLES / "fictional-system")
    found = verbs.challenge(position, "2026-27", "XF-HOL")
    chosen = verbs.portfolio(position, "2026-27").value("portfolio_saving/XF-HOL/2026-27/plan")
    saved = verbs.position(position, "2026-27").value("savings_plan/XF-HOL/2026-27/actual")
    assert chosen and saved, "months are recorded, and months lie ahead"
    assert found.value("safe_maximum/XF-HOL/2026-27/plan") == chosen + saved
    assert found.tables["challenges"][0]["outcome"] == "rejected"
