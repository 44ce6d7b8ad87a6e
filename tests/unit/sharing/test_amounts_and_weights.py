"""A typed gap, weights to the penny, one pot, and savings that two views both show."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from controltotal import verbs
from controltotal.core.errors import BookError
from controltotal.sharing.formula import weights
from tests.running import controltotal

FAULTS = Path("tests/data/faults/meaning")
IN_THOUSANDS = "examples/real-system-2018"
MADE_UP = "examples/fictional-system"
MILLION = 100_000_000


def book(folder: Path, **tables: str) -> str:
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, "utf-8")
    return str(folder)


def test_a_saving_in_the_plan_is_not_shared_out_once_more_under_another_view() -> None:
    """Of A's 10 in one view the plan takes 6; the 4 of another view may be the same. 4 against B's 10.

    3 x 4/14 = 0.857 and 3 x 10/14 = 2.143, not 3 x 8/18 = 1.333.
    """
    result = verbs.share(str(FAULTS / "rapid-two-views"), "£3m", policy="rapid_savings")
    assert result.value("share/A/2022-23/plan/rapid_savings") == 85_714_286
    assert result.value("share/B/2022-23/plan/rapid_savings") == 214_285_714


@pytest.mark.parametrize(
    ("text", "pence", "unit"),
    [
        ("30,000", 30 * MILLION, "£k"),
        ("30000", 30 * MILLION, "£k"),
        ("£30m", 30 * MILLION, None),
        ("30m", 30 * MILLION, None),
        ("£30,000k", 30 * MILLION, None),
    ],
)
def test_a_gap_without_a_unit_is_in_that_of_the_book_and_the_answer_says_so(
    text: str, pence: int, unit: str | None
) -> None:
    result = verbs.share(IN_THOUSANDS, text, policy="equal_call")
    assert result.options["gap"] == pence
    assert result.options.get("gap_read_in") == unit
    told = "The gap was typed without a unit and read in £k: £30.0 million." in result.words
    assert told is (unit is not None)


def test_a_pound_sign_in_a_book_of_thousands_is_asked_about() -> None:
    with pytest.raises(BookError, match="without a pound sign, or with k or m after it"):
        verbs.share(IN_THOUSANDS, "£30,000")


def test_the_saving_of_a_trajectory_is_read_in_the_same_way() -> None:
    result = verbs.trajectory(IN_THOUSANDS, saving="5,000")
    assert (result.options["saving"], result.options["saving_read_in"]) == (5 * MILLION, "£k")
    ran = controltotal("trajectory", IN_THOUSANDS, "--saving", "5,000")
    assert "read in £k: £5.0 million" in ran.out


def test_weights_of_a_formula_are_not_rounded_to_a_millionth(tmp_path: Path) -> None:
    """Three allocations shared by the formula `allocation` give the pennies of a top slice."""
    money = "organisation,line,year,basis,amount,unit\n" + "".join(
        f"{code},allocation,2022/23,plan,{pounds},£\n"
        for code, pounds in (("A", 612345678), ("B", 1234567), ("C", 998877665))
    )
    bodies = "code,name,kind,parent\nS,S,system,\n" + "".join(
        f"{code},{code},commissioner,S\n" for code in "ABC"
    )
    path = book(tmp_path, organisations=bodies, amounts=money)
    plain = verbs.share(path, "£31m", policy="top_slice")
    by_formula = verbs.share(path, "£31m", policy="formula: allocation")
    for code in "ABC":
        assert by_formula.value(f"share/{code}/2022-23/plan/formula") == plain.value(
            f"share/{code}/2022-23/plan/top_slice"
        )


@pytest.mark.parametrize("count", [1, 2, 255, 256, 1000, 5000])
def test_weights_of_many_payers_add_up_within_exact_arithmetic(count: int) -> None:
    found = weights("a", {"a": np.full(count, 1 / 3)}, count)
    assert len(set(found.tolist())) == 1
    assert 2**40 < found[0] * count < 2**60


def test_under_one_pot_the_share_of_allocation_is_of_allocation() -> None:
    """A commissioner's part of a pot is what it spends itself; its allocation is the whole."""
    code = "XF-ICB"
    allocation = (12 * 295_000 + 62_000) * 100_000  # recurrent, and what does not repeat, in £k
    result = verbs.share(MADE_UP, "£30m", pot=True, policy="top_slice,raise_nationally")
    share = result.value(f"share/{code}/2026-27/plan/top_slice")
    of_allocation = result.value(f"share_of_allocation/{code}/2026-27/plan/top_slice")
    assert share is not None and of_allocation == pytest.approx(share / allocation, abs=1e-9)
    trusts = [f for f in result.figures if f.measure == "share_of_allocation" and f.value is None]
    assert trusts  # a trust has no allocation, and an income is not one
