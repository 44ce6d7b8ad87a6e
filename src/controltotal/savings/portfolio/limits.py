"""The rules that a choice must keep, from the book: limits, control totals, overlaps, fairness.

Each row of `limits` becomes one demand, or one a month. Capacity and investment look at the
schemes of a body and of all below it, savings at whom they fall on, harm at services, places and
population groups. A control total is a demand on the saving still needed from schemes, with the
risk margin of its body added.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from controltotal.book.records import Limit
from controltotal.core.calendar import months_of, year_label
from controltotal.core.finding import Finding
from controltotal.core.money import MoneyError, canonical_unit, parse_money
from controltotal.savings.portfolio.problem import Candidate, Demand
from controltotal.workings.bases import Bases
from controltotal.workings.measure_limits import MEASURE_LIMITS
from controltotal.workings.totals import Totals

MONEY_LIMITS = ("investment", "saving_floor", "saving_ceiling", "margin")
NAMES = {
    "control_total": "control total",
    "capacity_wte": "people",
    "investment": "investment",
    "saving_floor": "saving floor",
    "saving_ceiling": "saving ceiling",
    "harm_ceiling": "harm ceiling",
    "share_of_burden": "share of the burden",
    "overlap": "overlap",
    "special_measures": "special measures",
}
"""How each kind of demand is called in words."""


@dataclass
class Setting:
    """What demands are made from: totals, bases, the years and the bodies asked about."""

    totals: Totals
    bases: Bases
    years: tuple[str, ...]
    scope: tuple[str, ...]
    candidates: Sequence[Candidate]
    findings: list[Finding]

    @cached_property
    def margins(self) -> dict[tuple[str, str], tuple[int, Limit]]:
        """The risk margin of each body and year in pence, and the row that sets it."""
        found = {}
        for row in self.totals.position.book.limits:
            if row.limit == "margin" and row.year in self.years:
                pence = _value(self, row)
                if pence is not None:
                    found[(row.organisation, row.year)] = (int(pence), row)
        return found

    def inside(self, code: str, year: str) -> frozenset[str]:
        """A body and all below it."""
        return frozenset({code, *self.totals.tree.descendants(code, year)})

    def month(self, year: str, month: int) -> int:
        """A month of a year as a month of the plan."""
        return 12 * self.years.index(year) + month

    def fault(self, row: Limit, code: str, message: str, expected: str, action: str) -> None:
        """A limit that cannot be used is said so and plays no part."""
        self.findings.append(
            Finding(
                code=code,
                severity="error",
                organisation=row.organisation or "",
                where=row.where,
                message=message,
                expected=expected,
                found=str(row.texts.get("value", "")),
                action=action,
                detail=row.detail,
            )
        )


def demands(setting: Setting) -> list[Demand]:
    """Every demand of the book in the years asked about."""
    found: list[Demand] = []
    margins = setting.margins
    for year in setting.years:
        for code in setting.scope:
            found += _control_total(setting, code, year, margins)
            found += _special_measures(setting, code, year)
    for row in setting.totals.position.book.limits:
        if row.year in setting.years and row.limit not in ("margin", *MEASURE_LIMITS):
            found += _limit(setting, row)
    return found


def _label(kind: str, code: str, year: str, month: int = 0, group: str = "") -> str:
    """A demand in words."""
    when = f", month {month}" if month else ""
    what = f" ({group})" if group else ""
    return f"{NAMES[kind]} of {code}{what}, {year_label(year)}{when}"


def _control_total(
    setting: Setting, code: str, year: str, margins: Mapping[tuple[str, str], tuple[int, Limit]]
) -> Iterable[Demand]:
    """What schemes must still bring for a body to meet its control total with its margin."""
    live, _ = setting.totals.live_control_total(code, year)
    if live is None:
        if (code, year) in margins:
            setting.findings.append(_margin_alone(margins[(code, year)][1], code, year))
        return
    counted, _ = setting.bases.counted(code, year)
    if counted is None:
        return  # said once for every body, with its figures
    margin, row = margins.get((code, year), (0, None))
    entries = (live.entry, *((row.entry,) if row else ()))
    yield Demand(
        "control_total",
        _label("control_total", code, year),
        code,
        year,
        setting.inside(code, year),
        lower=live.amount + margin - counted,
        where=live.where,
        entries=entries,
    )


def _margin_alone(row: Limit, code: str, year: str) -> Finding:
    return Finding(
        code="MARGIN_WITHOUT_CONTROL_TOTAL",
        severity="warning",
        organisation=code,
        where=row.where,
        message=f"A risk margin is set for {code} in {year_label(year)}, but no control total is in force, "
        "so the margin plays no part.",
        expected="a control total in force",
        found="none",
        action="Record the accepted control total, or withdraw the margin.",
        detail=row.detail,
    )


def _special_measures(setting: Setting, code: str, year: str) -> Iterable[Demand]:
    """A body in special measures is not made worse off by what others do."""
    organisation = setting.totals.tree.organisations[code]
    bodies = setting.inside(code, year)
    spell = organisation.spell(year)
    if spell is None or not spell.row.special_measures:
        return
    if any(min(c.saving(bodies, year), default=0) < 0 for c in setting.candidates):
        yield Demand(
            "special_measures",
            _label("special_measures", code, year),
            code,
            year,
            bodies,
            lower=0,
            where=spell.row.where,
            entries=(spell.row.entry,),
        )


def _in_money(row: Limit) -> bool:
    """Whether a limit is a sum of money; a share of the burden is where its unit says so."""
    burden = row.limit == "share_of_burden" and bool(canonical_unit(row.unit or ""))
    return burden or row.limit in MONEY_LIMITS


def _value(setting: Setting, row: Limit) -> int | float | None:
    """The value of a limit: pence for money, else a plain number; None with a finding."""
    value = row.value
    if _in_money(row) and not isinstance(value, int):
        unit = canonical_unit(row.unit or "") or setting.totals.position.text("default_unit")
        try:
            return parse_money(row.texts["value"], unit)
        except MoneyError:
            setting.fault(
                row,
                "LIMIT_UNIT",
                f"The {row.limit} has no unit of money.",
                "a unit of £, £k or £m",
                "Fill in the unit.",
            )
            return None
    if not _in_money(row) and bool(canonical_unit(row.unit or "")):
        setting.fault(
            row,
            "LIMIT_UNIT",
            f"The {row.limit} is not a sum of money.",
            "a number",
            "Correct the unit or the limit.",
        )
        return None
    if value is None or (value < 0 and row.limit not in ("saving_floor", "margin")):
        setting.fault(
            row,
            "LIMIT_NEGATIVE",
            f"A {row.limit} cannot be below nil.",
            "nil or more",
            "Correct the limit.",
        )
        return None
    return float(value) if not isinstance(value, int) else value


def _limit(setting: Setting, row: Limit) -> Iterable[Demand]:
    """One row of `limits` as demands."""
    kind, code, year = row.limit, row.organisation, row.year
    if kind not in NAMES:
        setting.fault(
            row,
            "UNKNOWN_WORD",
            "Nobody has said what this limit is of, so it plays no part.",
            "a limit of the manual",
            "Write in the column limit what it holds down, such as investment.",
        )
        return
    value = _value(setting, row)
    if value is None:
        return
    group, bodies = _whom(setting, row)
    if bodies is None:
        return
    common: dict[str, Any] = {"where": row.where, "entries": (row.entry,), "group": group}
    if kind == "capacity_wte":
        for month in months_of(row.month or ""):
            yield Demand(
                kind,
                _label(kind, code, year, month, group),
                code,
                year,
                bodies,
                upper=_thousandths(value),
                month=setting.month(year, month),
                **common,
            )
    elif kind == "investment":
        yield Demand(
            kind,
            _label(kind, code, year, 0, group),
            code,
            year,
            bodies,
            upper=int(value),
            month=setting.month(year, 1),
            **common,
        )
    elif kind == "saving_floor" and group == "special_measures":
        yield from _floor_of_each(setting, row, int(value))
    elif kind == "saving_floor":
        yield Demand(
            kind, _label(kind, code, year, 0, group), code, year, bodies, lower=int(value), **common
        )
    elif kind == "saving_ceiling" or kind == "harm_ceiling" or _in_money(row):
        yield Demand(
            kind, _label(kind, code, year, 0, group), code, year, bodies, upper=int(value), **common
        )
    else:
        yield from _burden(setting, row, Fraction(str(value)), group, bodies)


def _thousandths(value: int | float) -> int:
    """Whole-time equivalents in thousandths."""
    return int(Fraction(str(value)) * 1000)


def _whom(setting: Setting, row: Limit) -> tuple[str, frozenset[str] | None]:
    """The group and the bodies that a limit looks at; no bodies where it is not asked about.

    A council is a place: its limits look at the schemes that name it among their places.
    """
    code, group = row.organisation, row.group or ""
    if setting.totals.tree.kind(code) == "local_authority" and not group:
        return code, frozenset(setting.scope)
    if code not in setting.scope:
        return group, None
    return group, setting.inside(code, row.year)


def _floor_of_each(setting: Setting, row: Limit, pence: int) -> Iterable[Demand]:
    """A floor for every body in special measures below an organisation."""
    year = row.year
    for code in sorted(setting.inside(row.organisation, year)):
        organisation = setting.totals.tree.organisations.get(code)
        spell = organisation.spell(year) if organisation else None
        if spell is not None and spell.row.special_measures:
            yield Demand(
                "saving_floor",
                _label("saving_floor", code, year),
                code,
                year,
                setting.inside(code, year),
                lower=pence,
                where=row.where,
                entries=(row.entry, spell.row.entry),
            )


def _burden(
    setting: Setting, row: Limit, share: Fraction, group: str, bodies: frozenset[str]
) -> Iterable[Demand]:
    """A ceiling on the share of the savings that fall on a body, a place or a group.

    The whole is the saving of the body above (of the body itself for a group within it). On an
    organisation with nobody above, the ceiling holds for each body directly below it.
    """
    tree, code, year = setting.totals.tree, row.organisation, row.year
    parent = tree.parent(code, year)
    place = group and tree.kind(code) == "local_authority"
    everybody = frozenset(setting.scope)
    whole = everybody if place else bodies if group else None
    parts = {code: bodies}
    if whole is None and parent is not None and parent in setting.scope:
        whole = setting.inside(parent, year)
    elif whole is None:
        whole = bodies
        parts = {kid: setting.inside(kid, year) for kid in tree.children(code, year)}
    for part, members in sorted(parts.items()):
        yield Demand(
            "share_of_burden",
            _label("share_of_burden", part, year, 0, group if not place else ""),
            part,
            year,
            members,
            upper=0,
            group=group,
            share=share.as_integer_ratio(),
            share_of=whole,
            where=row.where,
            entries=(row.entry,),
        )


def fairness(setting: Setting, year: str, tolerance: Fraction, weight: Fraction) -> list[Demand]:
    """Nobody bears more than a fair share of a system's savings, weighed by deprivation.

    A body's fair share is in proportion to its income x (1 - k (q - mean q) / mean q), q being the
    share of its people in the most deprived fifth and k the weight; `tolerance` is how far above
    it a body may go. A body without income or deprivation is left out with a finding.
    """
    tree, found = setting.totals.tree, []
    parents = sorted({p for code in setting.scope if (p := tree.parent(code, year)) is not None})
    owners = {part.body for candidate in setting.candidates for part in candidate.savings}
    for parent in (p for p in parents if tree.kind(p) == "system" and p in setting.scope):
        bodies = [b for b in tree.children(parent, year) if b in owners]
        weights = _fair_weights(setting, bodies, year, weight)
        total = sum(weights.values())
        if len(weights) < 2 or not total:
            continue
        for body, part in sorted(weights.items()):
            share = (part / total * (1 + tolerance)).limit_denominator(10_000)
            found.append(
                Demand(
                    "share_of_burden",
                    f"fair share of {body}, {year_label(year)}",
                    body,
                    year,
                    setting.inside(body, year),
                    upper=0,
                    share=share.as_integer_ratio(),
                    share_of=setting.inside(parent, year),
                    where="the option fairness",
                )
            )
    return found


def _fair_weights(
    setting: Setting, bodies: Sequence[str], year: str, weight: Fraction
) -> dict[str, Fraction]:
    """Each body's weight in a fair share, by code."""
    income, deprived = {}, {}
    for body in bodies:
        row = setting.totals.tree.organisations[body].row
        value = setting.totals.income(body, year, "plan")
        if value.pence and row.deprivation is not None:
            income[body], deprived[body] = value.pence, Fraction(str(row.deprivation))
            continue
        lack = "deprivation" if value.pence else "income"
        setting.findings.append(
            Finding(
                code="FAIRNESS_LACKS_INPUT",
                severity="warning",
                organisation=body,
                where=row.where,
                message=f"{body} has no {lack}, so it has no fair share.",
                expected=lack,
                found="empty",
                action=f"Record the {lack} of {body}.",
                detail=row.detail,
            )
        )
    if not income:
        return {}
    mean = sum(deprived.values(), Fraction(0)) / len(deprived) or Fraction(1)
    return {
        body: max(Fraction(0), income[body] * (1 - weight * (deprived[body] - mean) / mean))
        for body in sorted(income)
    }
