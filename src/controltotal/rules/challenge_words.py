"""One sentence for “fair?” and one for “achievable?”, each saying no more than its figures.

A sentence names the figure it rests on and the year it is of. It gives no verdict where the figures
give none: one indicator above or below a line is told as that, and what is missing is named.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from controltotal.core.calendar import year_label
from controltotal.core.money import format_pounds

NEAR = 0.005
"""Within half of one per cent a distance is called at fair share (a convention)."""


@dataclass(slots=True)
class Gathered:
    """What is known of one challenge; None is not known. Money in pence, shares of one."""

    is_trust: bool = False
    distance: float | None = None
    distance_year: str = ""
    distance_pence: int = 0
    distance_note: str = ""
    cumulative: int = 0
    years_known: int = 0
    deprivation: float | None = None
    deprivation_of: str = ""
    near: tuple[tuple[str, str, float], ...] = ()
    """Distances of areas that are not its own: area, year, share."""
    claims: tuple[tuple[str, str], ...] = ()
    """What is claimed of its fair share, and what is said against it."""
    planned: str = ""
    """Savings planned, in words; they are not the saving asked."""
    not_enough: bool = False
    before: str = ""
    before_year: str = ""
    growth: float | None = None
    due: date | None = None
    asked: int | None = None
    asked_share: float | None = None
    unidentified: int | None = None
    last_share: float | None = None
    last_year: str = ""
    best: int | None = None
    best_year: str = ""
    variance: int | None = None
    variance_year: str = ""
    trusts_worse: float | None = None
    lent: int | None = None
    lent_year: str = ""
    others: float | None = None
    others_words: str = ""
    notice: int | None = None
    days_left: int | None = None
    at_latest: bool = False
    hedged: bool = False
    safe: int | None = None


def money(pence: int) -> str:
    """A size of money, without a sign.

    >>> money(-460_000_000)
    '£4.6 million'
    """
    return format_pounds(abs(pence))


def share(value: float) -> str:
    """A share with two places where it is small.

    >>> share(0.00269), share(0.514)
    ('0.27%', '51.4%')
    """
    return f"{value:.2%}" if abs(value) < 0.1 else f"{value:.1%}"


def fair(known: Gathered) -> str:
    """Whether the figures say that money was taken from a body below or above its fair share.

    >>> fair(Gathered(distance=-0.0215, distance_pence=-3_570_000_000, distance_year="2019-20"))
    'Its allocation for 2019/20 was £35.7 million (2.15%) below fair share, so that on this measure \
it has less than a fair share.'
    """
    about = "; ".join(part for part in (_claimed(known), _deprived(known)) if part)
    if known.distance is None:
        start = (
            "Whether it is fair cannot be told from distance from target, which is not known here"
        )
        if known.is_trust:
            start = "A trust has no fair share of its own, and that of its commissioners is not known here"
        elif known.near:
            start = (
                "Whether it is fair cannot be told: no distance from target is known of its own "
                f"area; {near_words(known)}"
            )
        return f"{start}; {about}." if about else f"{start}."
    year = year_label(known.distance_year)
    note = f", {known.distance_note}," if known.distance_note else ""
    text = f"Its allocation for {year}{note} was"
    if known.is_trust:
        text = f"The allocations of the commissioners of its system for {year}{note} were"
    text += _beside_fair_share(known, known.distance)
    if known.years_known > 1:
        side = "below" if known.cumulative < 0 else "above"
        text += f"; over the {known.years_known} years known it is {money(known.cumulative)} {side}"
    return f"{text}; {about}." if about else f"{text}."


def _beside_fair_share(known: Gathered, distance: float) -> str:
    """Where the money stands beside fair share, and whose it is: near it, below it or above it."""
    if abs(distance) < NEAR:
        return (
            f" within half of one per cent of fair share ({share(distance)}), so that distance "
            "from target speaks neither for nor against it"
        )
    size = f"{money(known.distance_pence)} ({share(abs(distance))})"
    where = "there is" if known.is_trust else "it has"
    if distance > 0:
        return f" {size} above fair share, so that on this measure {where} more than a fair share"
    text = f" {size} below fair share"
    if not known.asked:
        return f"{text}, so that on this measure {where} less than a fair share"
    if not known.is_trust:
        text += f", {abs(known.distance_pence) / known.asked:.1f} times the saving asked"
    place = "where there is" if known.is_trust else "of a body with"
    return f"{text}, so that the saving is asked {place} less than a fair share of the money"


def near_words(known: Gathered) -> str:
    """The distances of areas beside its own.

    >>> near_words(Gathered(near=(("Cumbria", "2019-20", 0.0383),)))
    'that of Cumbria for 2019/20 is 3.83% above fair share'
    """
    told = []
    for area, year, found in known.near:
        side = "above" if found > 0 else "below"
        told.append(
            f"that of {area} for {year_label(year)} is {share(abs(found))} {side} fair share"
        )
    return ", ".join(told)


def _claimed(known: Gathered) -> str:
    """What is claimed on both sides; figures are beside it, and decide nothing by themselves."""
    both = [f"“{claim}” is set against “{answer}”" for claim, answer in known.claims if answer]
    return "; ".join(both)


def _deprived(known: Gathered) -> str:
    if known.deprivation is None:
        return ""
    times = known.deprivation / 0.2
    return (
        f"{share(known.deprivation)} of the people of {known.deprivation_of} live in the most "
        f"deprived fifth of England's areas, {times:.1f} times the share of England"
    )


def achievable(known: Gathered) -> str:
    """What the figures say of the saving asked: safety first, then past delivery, then time.

    >>> achievable(Gathered(asked=460_000_000, asked_share=0.0027, others=0.031,
    ...     others_words="what commissioners of England delivered in 2017/18"))
    'The £4.6 million asked is 0.27% of the money of the year, against 3.10%, what commissioners of \
England delivered in 2017/18; whether schemes can safely make it cannot be told from this book.'
    """
    parts = achievable_parts(known)
    if known.last_share is not None:
        parts.append(
            f"it delivered {share(known.last_share)} of its plan in {year_label(known.last_year)}"
        )
    if known.variance is not None:
        parts.append(_missed(known))
    if known.lent is not None:
        parts.append(f"it drew {money(known.lent)} of loans in {year_label(known.lent_year)}")
    if known.unidentified:
        parts.append(f"{money(known.unidentified)} of it has no scheme")
    if known.due is not None:
        parts.append(f"it is to be met by {known.due.day} {known.due:%B %Y}")
    parts += _time(known)
    parts.append(_safe(known))
    return "; ".join(part for part in parts if part) + "."


def _asked(known: Gathered) -> list[str]:
    """The saving asked beside the money of the year and the best year."""
    assert known.asked is not None
    parts: list[str] = []
    text = f"The {money(known.asked)} asked has no stated money of the year to be a share of"
    if known.asked_share is not None:
        text = (
            f"The {money(known.asked)} asked is {share(known.asked_share)} of the money of the year"
        )
    if known.others is not None and known.asked_share is not None:
        text += f", against {share(known.others)}, {known.others_words}"
    parts.append(text)
    if known.best is not None:
        word = "more than" if known.asked > known.best else "no more than"
        parts.append(
            f"it is {word} the {money(known.best)} of its best year, {year_label(known.best_year)}"
        )
    return parts


def achievable_parts(known: Gathered) -> list[str]:
    """What can be said of the saving asked: what it is, or what is known where it is not told."""
    return _asked(known) if known.asked is not None else _not_told(known)


def _not_told(known: Gathered) -> list[str]:
    """What is known where the saving asked is not: what is planned, and what was delivered before.

    >>> _not_told(Gathered(planned="more than £23.0 million", not_enough=True))
    ['What is asked is not published: savings of more than £23.0 million are planned and said not to \
be enough']
    """
    if not known.planned:
        return ["What is asked cannot be told from the figures"]
    start = "What is asked is not published"
    if known.not_enough:
        parts = [f"{start}: savings of {known.planned} are planned and said not to be enough"]
    else:
        parts = [f"{start}: savings of {known.planned} are planned, and no gap is known"]
    if known.growth is not None:
        side = "more" if known.growth >= 0 else "less"
        near = "about " if known.hedged else ""
        parts.append(
            f"the savings planned are {near}{share(abs(known.growth))} {side} than those delivered in "
            f"{year_label(known.before_year)}, {known.before}"
        )
    return parts


def _missed(known: Gathered) -> str:
    assert known.variance is not None
    side = "worse" if known.variance < 0 else "better"
    text = f"it ended {year_label(known.variance_year)} {money(known.variance)} {side} than planned"
    if known.trusts_worse is not None and known.variance < 0:
        text += f" ({share(known.trusts_worse)} of trusts in England missed their plan by more)"
    return text


def _time(known: Gathered) -> list[str]:
    if known.notice is None:
        return []
    if known.notice >= 0:
        return [f"it was set {known.notice} days before the year"]
    least = "at least " if known.at_latest else ""
    left = (
        "" if known.days_left is None else f", with {least}{known.days_left} days left to make it"
    )
    latest = " at the latest" if known.at_latest else ""
    return [f"it was set {-known.notice} days into the year{latest}{left}"]


def _safe(known: Gathered) -> str:
    if known.safe is None:
        return "whether schemes can safely make it cannot be told from this book"
    if known.asked is None:
        return f"the schemes in the book can safely save {money(known.safe)}"
    if known.safe >= known.asked:
        return f"the schemes in the book can safely save {money(known.safe)}, which covers it"
    lack = known.asked - known.safe
    return f"the schemes in the book can safely save {money(known.safe)}, {money(lack)} less than asked"
