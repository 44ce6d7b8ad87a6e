"""What `decide` and `boundaries` answer from a book."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from controltotal import verbs
from controltotal.core.errors import BookError
from controltotal.core.places import areas, deprivation, names, system_map, vintage_for
from controltotal.governance.answer_boundaries import overlap

Make = Callable[[Mapping[str, str]], Path]

BOOK = "key,value\ntitle,A made-up system\ndefault_unit,£m\ndefault_year,2025-26\nfictional,yes\n"
BODIES = "code,name,kind,parent,from,to\nS,System,system,,,\n" + "".join(
    f"B{n},Body {n},provider,S,{'2025-01-01' if n == 7 else ''},\n" for n in range(8)
)
WEIGHTS = (12, 6, 5, 4, 3, 3, 2, 2)


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def write(tables: Mapping[str, str]) -> Path:
        for name, text in tables.items():
            (tmp_path / f"{name}.csv").write_text(text, "utf-8")
        return tmp_path

    return write


def meeting(rule: str, cells: list[str], extra: str = ",,") -> dict[str, str]:
    votes = "decision,organisation,vote,weight,delegated,conflict\n" + "\n".join(cells) + "\n"
    decisions = (
        f"decision,title,rule,on,quorum,threshold,lead\nD1,A plan,{rule},2025-06-01,{extra}\n"
    )
    return {"book": BOOK, "organisations": BODIES, "decisions": decisions, "votes": votes}


def test_a_weighted_vote_passes_and_binds_by_delegation(make: Make) -> None:
    cells = [
        f"D1,B{n},{'for' if n < 3 else 'against'},{w},{'no' if n in (1, 5) else 'yes'},"
        for n, w in enumerate(WEIGHTS)
    ]
    result = verbs.decide(make(meeting("weighted", cells)))
    assert result.value("votes_for/D1/2025-26/decision") == 23
    assert result.value("votes_against/D1/2025-26/decision") == 14
    assert round(float(result.value("votes_for/D1/2025-26/decision/share") or 0), 3) == 0.622
    assert result.value("votes_for/D1/2025-26/decision/heads") == 3
    bound = {row["organisation"]: row["bound"] for row in result.tables["bound"]}
    assert [code for code, tied in bound.items() if not tied] == ["B1", "B5"]
    power = {row["organisation"]: row for row in result.tables["power"]}
    assert power["B0"]["outvoted_by"] == "B1;B2;B3;B4;B5"  # 6 + 5 + 4 + 3 + 3 of 37
    shares = [
        f.value for f in result.figures if f.measure == "power" and f.part.endswith("banzhaf")
    ]
    assert sum(float(s or 0) for s in shares) == pytest.approx(1)


def test_before_anybody_votes_it_is_said_whom_the_decision_would_bind(make: Make) -> None:
    said = {0: "yes", 1: "yes", 2: "no"}
    cells = [f"D1,B{n},,1,{said.get(n, '')}," for n in range(8)]
    words = " ".join(verbs.decide(make(meeting("majority", cells))).words)
    assert (
        "Whom it would bind: 2 of 8 members would be bound even if outvoted, because they delegated "
        "the matter; 1 of 8 would not be bound: only their own boards can; of 5 it is not stated"
    ) in words


def test_a_conflicted_member_takes_no_part(make: Make) -> None:
    cells = ["D1,B0,against,,yes,owns a share", "D1,B1,for,,yes,", "D1,B2,for,,yes,no"]
    result = verbs.decide(make(meeting("unanimity", cells)))
    (row,) = result.tables["decisions"]
    assert row["outcome"] == "passed" and row["conflicted"] == "B0"
    assert result.figure("power/B0/2025-26/D1/banzhaf") is None


def test_without_a_quorum_nothing_passes_and_nobody_is_bound(make: Make) -> None:
    cells = ["D1,B0,for,,yes,", *(f"D1,B{n},absent,,yes," for n in (1, 2, 3))]
    result = verbs.decide(make(meeting("majority", cells, "0.5,,")))
    (row,) = result.tables["decisions"]
    assert row["outcome"] == "not passed" and row["quorate"] is False
    assert not any(row["bound"] for row in result.tables["bound"])


@pytest.mark.parametrize(
    ("rule", "extra", "votes", "outcome"),
    [
        ("consensus", ",,", ("for", "abstain", "abstain"), "passed"),
        ("consensus", ",,", ("for", "for", "against"), "not passed"),
        ("consensus", ",,", ("abstain", "abstain", "abstain"), "not passed"),
        ("unanimity", ",,", ("for", "for", "abstain"), "not passed"),
        ("majority", ",,", ("for", "against", "abstain"), "not passed"),
        ("majority", ",,", ("for", "abstain", "absent"), "passed"),
        ("supermajority", ",,", ("for", "for", "against"), "passed"),
        ("supermajority", ",0.75,", ("for", "for", "against"), "not passed"),
        ("lead", ",,B2", ("for", "for", "against"), "not passed"),
        ("lead", ",,B0", ("for", "against", "against"), "passed"),
        ("lead", ",,B7", ("for", "for", "for"), "cannot be told"),
        ("unknown", ",,", ("for", "for", "for"), None),
    ],
)
def test_each_rule(make: Make, rule: str, extra: str, votes: tuple[str, ...], outcome: str) -> None:
    cells = [f"D1,B{n},{vote},,yes," for n, vote in enumerate(votes)]
    result = verbs.decide(make(meeting(rule, cells, extra)))
    if outcome is None:
        assert result.value("votes_for/D1/2025-26/decision") is None
        assert {f.code for f in result.findings} == {"DECISION_INCOMPLETE"}
    else:
        assert result.tables["decisions"][0]["outcome"] == outcome


def test_a_weighted_vote_without_a_weight_cannot_be_told(make: Make) -> None:
    cells = ["D1,B0,for,3,yes,", "D1,B1,for,,yes,"]
    result = verbs.decide(make(meeting("weighted", cells)))
    figure = result.figure("votes_for/D1/2025-26/decision")
    assert figure is not None and figure.value is None
    assert "B1" in next(f.message for f in result.findings)


def test_unknown_delegation_and_early_dates_are_said(make: Make) -> None:
    tables = meeting("majority", ["D1,B0,for,,,", "D1,B7,for,,yes,"])
    tables["decisions"] = tables["decisions"].replace("2025-06-01", "2021-06-01")
    result = verbs.decide(make(tables))
    assert {f.code for f in result.findings} == {"DELEGATION_UNKNOWN", "BEFORE_STATUTE"}
    bound = {row["organisation"]: (row["bound"], row["why"]) for row in result.tables["bound"]}
    assert bound["B0"][0] is None
    assert bound["B7"] == (False, "it did not exist on that date")


def test_power_too_large_to_count_is_null_with_a_finding(make: Make) -> None:
    many = "code,name,kind,parent\n" + "".join(f"M{n:03d},M,provider,\n" for n in range(101))
    cells = [f"D1,M{n:03d},for,{n + 1},yes," for n in range(101)]
    tables = {**meeting("weighted", cells), "organisations": many}
    result = verbs.decide(make(tables))
    assert result.value("power/M000/2025-26/D1/banzhaf") is None
    assert "POWER_TOO_LARGE" in {f.code for f in result.findings}


# -- boundaries ------------------------------------------------------------------------------------


def test_a_dated_exception_is_marked_and_counted_apart(make: Make) -> None:
    bodies = "code,name,kind,parent\nQM7,Herts,system,\n"
    waivers = "rule,organisation,year,by,on,until,reason\n"
    waivers += "coterminosity,QM7,2021-22,Secretary of State,2021-07-22,,kept as it was\n"
    book = make({"book": BOOK, "organisations": bodies, "waivers": waivers})
    result = verbs.boundaries(book, "2021", 0.02)
    assert result.value("breaches/ENGLAND/2021/boundary") == 19
    assert result.value("breaches/ENGLAND/2021/boundary/excepted") == 1
    assert {r["excepted"] for r in result.tables["breaches"] if r["system"] == "QM7"} == {True}


def test_money_of_a_system_is_laid_on_its_authorities(make: Make) -> None:
    bodies = "code,name,kind,parent\nQUE,Cambridgeshire,system,\n"
    amounts = "organisation,line,year,basis,amount\nQUE,position,2025-26,plan,-12\n"
    book = make({"book": BOOK, "organisations": bodies, "amounts": amounts})
    result = verbs.boundaries(book, "2022")
    placed = [
        f.value for f in result.figures if f.measure == "money_by_place" and f.part == "surplus"
    ]
    assert sum(int(v or 0) for v in placed) == -1_200_000_000 and len(placed) > 1
    assert "equal sum a head" in " ".join(result.words)


@pytest.mark.parametrize(("vintage", "threshold"), [("2019", 0.02), ("2021", 0.5), ("2021", -0.1)])
def test_what_cannot_be_asked_of_boundaries(vintage: str, threshold: float) -> None:
    with pytest.raises(BookError):
        verbs.boundaries(None, vintage, threshold)


def test_places_hold_all_england() -> None:
    assert int(areas("2020").people.sum()) == 56_286_961
    assert int(areas("2021").people.sum()) == 56_550_138
    assert int(areas("2024").people.sum()) == 56_489_608
    for vintage in ("2020", "2021", "2022", "2024"):
        assert len(areas(vintage).codes["system"]) == 42
        assert set(names(vintage, "system")) == set(areas(vintage).codes["system"])
        assert set(names(vintage, "authority")) == set(areas(vintage).codes["authority"])
        found = areas(vintage).fifth()
        assert found.min() == 1 and found.max() == 5
        assert overlap(vintage).people.sum() == areas(vintage).people.sum()
    assert vintage_for("2010-11") == "2020" and vintage_for("2030-31") == "2024"


def test_population_weighted_deprivation_of_a_system() -> None:
    known = deprivation("system", "2022")["QUE"]
    assert known.people == 879_655
    assert (round(known.score, 3), round(known.share_most_deprived_fifth, 4)) == (16.956, 0.1274)


def test_the_map_has_every_system_once_and_closed_rings() -> None:
    shapes = system_map()["features"]
    assert {s["properties"]["code"] for s in shapes} == set(areas("2024").codes["system"])
    for shape in shapes:
        for polygon in shape["geometry"]["coordinates"]:
            for ring in polygon:
                assert len(ring) >= 4 and ring[0] == ring[-1]


def test_it_is_said_that_there_are_no_decisions_only_where_there_are_none(make: Make) -> None:
    none = "The book holds no decisions."
    cells = ["D1,B0,for,1,yes,"]
    assert none not in verbs.decide(make(meeting("majority", cells))).words
    lost = {**meeting("majority", cells)}
    lost["decisions"] = lost["decisions"].replace("2025-06-01", "some day")
    words = verbs.decide(make(lost)).words
    assert none not in words
    assert "A decision could not be read: decisions row 2." in words
    empty = {**lost, "decisions": "decision,title,rule,on\n", "votes": "decision,organisation\n"}
    assert none in verbs.decide(make(empty)).words
