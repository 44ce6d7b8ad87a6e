"""The journeys of the service, each written once as steps by the words on its pages.

A journey takes a `Stage`, which says by which way it is walked, and a `turn`: a number by which walks
that share a service keep to months, schemes and sums of their own. What it did is read in the ledger.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tests.month_books import workbook
from tests.walking import Stage, Walker

MONTH: Final = "/months/XF-FTH/2026-27/M{}"
PAPER: Final = "/papers/XF-SYS/2027-01-28"
OUTCOMES: Final = ("Approve", "Approve with conditions", "Ask for more information", "Refuse")
ASSESSED: Final = (2, 3, 5, 6, 7, 9, 11, 12, 14, 15, 16, 18)
SCHEMES: Final = tuple(
    f"FTH-{number:02}" for number in (*ASSESSED, 4, 8, 10, 13, 17, *range(19, 26))
)
"""Schemes to sign, those first that can be approved: a director signs one once a day, so each walk has its own."""
RECEIPT: Final = "Receipt: entry"


# --------------------------------------------------------------------------------- months


def send_month(stage: Stage, turn: int, folder: Path) -> None:
    """Finance sends a month, the director approves it, a correction comes late, the system reopens it."""
    month, more = 10, 1 + 2 * turn
    finance = stage.walker("finance-xf-fth")
    finance.goto("/")
    finance.menu("Months")
    finance.goto(MONTH.format(month))
    _checked(finance, folder, month, "Check the figures", more)
    finance.press(f"Send month {month} to the director")
    finance.sees(RECEIPT, "another person than you")
    finance.follow(re.compile(rf"See month {month}"))
    finance.sees("another person with the finance office")
    finance.lacks(f"Approve month {month}")
    approve_month(stage, month)
    finance.goto(MONTH.format(month))
    finance.unfold("Something is wrong")
    _checked(finance, folder, month, "Check the correction", more + 1)
    finance.press("Send the late adjustment", 422)
    finance.sees("There is a problem")
    finance.write("Why it comes late", "An invoice came after the day")
    finance.press("Send the late adjustment")
    finance.sees(RECEIPT)
    system = stage.walker("system")
    system.goto(MONTH.format(month))
    system.sees("Late adjustment: An invoice came after the day")
    system.unfold("Reopen this month")
    system.write("Why it is reopened", "The same month for the next walk")
    system.press(f"Reopen month {month}")
    system.sees(RECEIPT, "Reopened: The same month for the next walk")


def _checked(at: Walker, folder: Path, month: int, words: str, more: int) -> None:
    """Give the file of a month and come to the page on which it is checked."""
    file = folder / f"Finance report month {month}.xlsx"
    file.write_bytes(workbook(month, {("drugs", month): more}))
    at.attach(file)
    at.press(words)
    at.sees("What it changes in the ledger")
    if at.offers("Check again with these answers"):  # the month was sent before with other sums
        at.tick("Yes")
        at.press("Check again with these answers")
    at.sees("How the system will read it")


def approve_month(stage: Stage, month: int) -> None:
    """The director, another person of the same office, approves what was sent."""
    director = stage.walker("director-xf-fth")
    director.goto(MONTH.format(month))
    director.press(f"Approve month {month}")
    director.sees(RECEIPT)
    director.lacks(f"Approve month {month}")


# -------------------------------------------------------------------------------- quality


def sign_scheme(outcome: str) -> Callable[[Stage, int, Path], None]:
    """A director of quality says one of the four about a scheme; the panel's minute tells it."""

    def walked(stage: Stage, turn: int, folder: Path) -> None:
        number = OUTCOMES.index(outcome)
        office = ("nurse-xf-fth", "medical-xf-fth")[(number + turn // 6 + turn) % 2]
        signed_by(stage, office, SCHEMES[number * 6 + turn % 6])

    def signed_by(stage: Stage, office: str, scheme: str) -> None:
        at = stage.walker(office)
        at.goto("/quality")
        at.goto(f"/schemes/{scheme}/sign")
        at.press("Sign this scheme", 422)
        at.sees("There is a problem")
        at.pick(outcome)
        if outcome == "Approve with conditions":
            at.write("What is asked", "Waits watched each week")
            at.choose("When it has to be met", "While it runs")
            at.write("Who answers for it", "Chief Operating Officer")
            at.write("Due", "31 May 2027")
        if outcome not in ("Approve", "Approve with conditions"):
            at.write("Reason", "The staffing of nights is not told")
        at.press("Sign this scheme")
        at.sees(RECEIPT)
        assert at.path == f"/schemes/{scheme}"
        at.goto("/quality/minute")
        at.sees(scheme)
        assert at.download(re.compile("Word")).suggested_filename.endswith(".docx")

    return walked


# ------------------------------------------------------------------------------ transfers


def _proposed(at: Walker, sum_words: str) -> str:
    """Propose money between the two trusts, and give its reference."""
    at.goto("/transfers")
    at.follow("Propose money")
    at.press("Show what it would do", 422)
    at.sees("There is a problem")
    at.choose("Who gives", "Fenmarch Teaching Hospitals")
    at.choose("Who receives", "Alderwick Hospitals")
    at.write("Amount", sum_words)
    at.choose("Why money moves", "Support from a neighbour")
    at.pick("Money moves from one to the other")
    at.choose("Paid back from", "2027/28")
    at.write("Paid back over how many years", "2")
    at.press("Show what it would do")
    at.sees("What it would do", "from Fenmarch Teaching Hospitals")
    at.press("Propose it")
    at.sees("Proposed.", RECEIPT)
    return at.path.rpartition("/")[2]


def _agreed(at: Walker, transfer: str) -> None:
    at.goto(f"/transfers/{transfer}")
    at.write("The day on which your board approved it", "19 January 2027")
    at.press("Agree to the transfer")
    at.sees("Agreed.", RECEIPT)


def agree_transfer(stage: Stage, turn: int, folder: Path) -> None:
    """One board proposes, each agrees on its day, and the money counts."""
    ours, theirs = stage.walker("finance-xf-fth"), stage.walker("director-xf-ald")
    transfer = _proposed(ours, f"£{turn + 1}00k")
    _agreed(ours, transfer)
    theirs.goto("/")
    _agreed(theirs, transfer)
    theirs.lacks("Agree to the transfer")
    region = stage.walker("region")
    region.goto(f"/transfers/{transfer}")
    region.sees("Agreed")
    region.lacks("Agree to the transfer")


def refuse_transfer(stage: Stage, turn: int, folder: Path) -> None:
    """The other board refuses with a reason."""
    transfer = _proposed(stage.walker("director-xf-fth"), f"£{turn + 1}01k")
    theirs = stage.walker("finance-xf-ald")
    theirs.goto(f"/transfers/{transfer}")
    theirs.unfold("Refuse it")
    theirs.write("Why", "The board of 26 March did not agree")
    theirs.press("Refuse the transfer")
    theirs.sees("Refused.", RECEIPT, "The board of 26 March did not agree")


def counter_transfer(stage: Stage, turn: int, folder: Path) -> None:
    """The other board proposes another sum in its place, and the first lapses."""
    transfer = _proposed(stage.walker("finance-xf-fth"), f"£{turn + 1}02k")
    theirs = stage.walker("finance-xf-ald")
    theirs.goto(f"/transfers/{transfer}")
    theirs.follow("Propose another in its place")
    theirs.sees(f"It takes the place of {transfer}")
    theirs.write("Amount", f"£{turn + 1}03k")
    theirs.press("Save the draft")
    theirs.press("Show what it would do")
    theirs.press("Propose it")
    theirs.sees("Proposed.", f"in place of {transfer}")
    theirs.goto(f"/transfers/{transfer}")
    theirs.sees("Lapsed", "was proposed in its place")


# --------------------------------------------------------------------------------- papers


def make_paper(stage: Stage, turn: int, folder: Path) -> None:
    """Choose the meeting, say a sentence anew, change the cover, freeze, take Word and PDF."""
    at = stage.walker("system")
    at.goto("/")
    at.menu("Papers")
    at.follow("Integrated care board, 28 January 2027")
    at.press(re.compile("Draft the paper"))
    at.waits_for(PAPER)
    at.follow(re.compile("^Change or agree.*the answer, headline"))
    at.write("The sentence", f"We end the year at {{forecast|words}}, walk {'I' * (turn + 1)}.")
    at.press("Look at it with its numbers")
    at.sees("We end the year at £")
    at.write("Why it changes", "Said in fewer words")
    at.press("Record this sentence")
    at.sees(RECEIPT)
    at.follow("Change the cover sheet")
    at.write("Presented by", f"Chief Finance Officer, item {turn + 1}")
    at.press("Record the cover sheet")
    at.sees(RECEIPT)
    at.press(re.compile("Freeze as a draft"))
    at.waits_for(PAPER)
    at.sees("Entry")
    assert at.download(re.compile("^Word")).suggested_filename.endswith(".docx")
    assert at.download(re.compile("^PDF")).suggested_filename.endswith(".pdf")
    follow_number(stage, turn, folder)


def follow_number(stage: Stage, turn: int, folder: Path) -> None:
    """From the paper as it is read to a number, and on to what it is made of."""
    at = stage.walker("system")
    at.goto(f"{PAPER}/read")
    kinds = ("/numbers/", "/figures/")
    numbers = at.page.locator(", ".join(f'main a[href^="{kind}"]' for kind in kinds))
    at.click(numbers.locator("visible=true").nth(turn % 5))
    at.sees("How it is made")


# ---------------------------------------------------------------------------------- a try


TRIES: Final = (
    ("A scheme starts on another day", "FTH-01", "1 February 2027"),
    ("A scheme brings another sum in a full year", "FTH-03", "£1.2m"),
    ("A scheme delivers a share of what is still to come", "FTH-02", "60"),
    ("Money moves from one organisation to another", "", ""),
)


def try_change(account: str) -> Callable[[Stage, int, Path], None]:
    """Somebody tries a change of each kind, keeps one and finds it again; the ledger stays."""

    def walked(stage: Stage, turn: int, folder: Path) -> None:
        at = stage.walker(account)
        at.goto("/")
        at.menu("Try a change")
        for kind, scheme, value in (TRIES[turn % 4], TRIES[(turn + 1) % 4]):
            at.pick(kind)
            if scheme:
                at.choose("Scheme", scheme)
                at.write("New start, size or share", value)
            else:
                at.choose("Money from", "Fenmarch Teaching Hospitals")
                at.choose("To", "Alderwick Hospitals")
                at.write("Amount", "£1.5m")
            at.press("Try it")
            at.sees("What it would do")
        at.press("Keep a link for seven days")
        at.sees("Kept for seven days")

    return walked


TRYING: Final = (
    "finance-xf-fth",
    "programme-xf-fth",
    "system",
    "region",
    "councillor",
    "nurse-xf-fth",
)
"""Accounts of offices that try a change; whoever reads may."""


def try_in_turn(stage: Stage, turn: int, folder: Path) -> None:
    """Somebody tries a change: another office in each way."""
    try_change(TRYING[turn % len(TRYING)])(stage, turn, folder)


Journey = Callable[[Stage, int, Path], None]
JOURNEYS: Final[dict[str, Journey]] = {
    "send a month": send_month,
    **{f"sign, {one.lower()}": sign_scheme(one) for one in OUTCOMES},
    "agree a transfer": agree_transfer,
    "refuse a transfer": refuse_transfer,
    "answer a transfer": counter_transfer,
    "try a change": try_in_turn,
}
"""Every journey but the paper, which takes half a minute of work."""
