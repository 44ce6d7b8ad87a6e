"""The terms on which a scheme delivers: its own where written, else its maturity's defaults.

Checks of elicitation stand here too: a point where a range belongs, values out of order, a
range narrower than published delivery varied. Defaults are parameters with source and mark; a
default that nobody has verified leaves the figures that rest on it `unverified`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from controltotal.book.records import Scheme
from controltotal.core.finding import Finding
from controltotal.core.parameters import Parameter, ParameterMissing, Parameters

FIELDS = ("chance", "low", "mode", "high", "delay_months")
MATURITIES = ("fully_developed_delivering", "fully_developed", "in_progress", "opportunity")
LOWEST = "opportunity"  # what an unknown maturity is taken for


@dataclass(frozen=True, slots=True)
class Terms:
    """Chance that it starts, share delivered (low, mode, high), mean delay in months.

    `parameters` are the labels of the defaults used (`rates`); `verified` is False where one of
    them has not been checked by anybody. `own` says that the scheme's row states one itself.
    """

    chance: Fraction
    low: Fraction
    mode: Fraction
    high: Fraction
    delay_months: Fraction
    parameters: tuple[str, ...] = ()
    verified: bool = True
    rates: tuple[Parameter, ...] = ()
    own: bool = False

    @property
    def mean_share(self) -> Fraction:
        """The mean share delivered once it starts: that of a PERT distribution.

        >>> one, low = Fraction(1), Fraction(6, 10)
        >>> Terms(one, low, Fraction(9, 10), one, Fraction(0)).mean_share
        Fraction(13, 15)
        """
        return (self.low + 4 * self.mode + self.high) / 6


def parameter(parameters: Parameters, name: str, day: date) -> Parameter | None:
    """A parameter in force on a day, or None."""
    try:
        return parameters.on(name, day)
    except ParameterMissing:
        return None


def terms(
    scheme: Scheme,
    maturity: str,
    parameters: Parameters,
    day: date,
    findings: list[Finding],
    *,
    pipeline: bool = False,
) -> Terms | None:
    """The terms of a scheme on a day; None, with findings, where they make no sense.

    In a pipeline run a scheme not yet assessed has its maturity's chance, whatever it states.
    """
    level = maturity if maturity in MATURITIES else LOWEST
    values: dict[str, Fraction] = {}
    used: list[Parameter] = []
    for name in FIELDS:
        if scheme.cell(name) is not None and not (pipeline and name == "chance"):
            values[name] = Fraction(str(scheme.cell(name)))
            continue
        default = parameter(parameters, f"delivery_{name}_{level}", day)
        if default is None:
            findings.append(_no_default(scheme, name, level, day))
            return None
        values[name] = Fraction(str(default.number))
        used.append(default)
    faults = _faults(scheme, values)
    findings += faults
    findings += [] if faults else _doubts(scheme, values, parameters, day)
    if faults:
        return None
    return Terms(
        **values,
        parameters=tuple(p.label for p in used),
        verified=all(p.verified for p in used),
        rates=tuple(used),
        own=len(used) < len(FIELDS),
    )


def _no_default(scheme: Scheme, name: str, level: str, day: date) -> Finding:
    return Finding(
        code="DELIVERY_DEFAULT_MISSING",
        severity="warning",
        organisation=scheme.organisation,
        where=scheme.where,
        message=f"Scheme {scheme.id} has no {name} and there is no default for {level} on {day}.",
        expected=f"a value for {name}",
        found="empty",
        action=f"Fill in {name}, or add the parameter to the book.",
        detail=scheme.detail,
    )


def _faults(scheme: Scheme, values: dict[str, Fraction]) -> list[Finding]:
    """What cannot be: a chance outside 0 to 1, low above high, a delay before the start."""
    found = []
    low, mode, high = (float(values[name]) for name in ("low", "mode", "high"))
    shown = f"low {low:g}, mode {mode:g}, high {high:g}"
    typed = [name for name in ("low", "mode", "high") if scheme.cell(name) is not None]
    if not low <= mode <= high:
        note = "" if len(typed) == 3 else " (those left empty take the default of the maturity)"
        found.append(
            Finding(
                code="ELICITATION_ORDER",
                severity="error",
                organisation=scheme.organisation,
                where=scheme.where,
                message=f"The shares of scheme {scheme.id} are out of order{note}.",
                expected="low <= mode <= high",
                found=shown,
                action="Give low, mode and high in rising order.",
                detail=scheme.detail,
            )
        )
    for name, bad in (
        ("chance", not 0 <= values["chance"] <= 1),
        ("delay_months", values["delay_months"] < 0),
    ):
        if bad:
            expected = "between 0 and 1" if name == "chance" else "0 or more"
            found.append(
                Finding(
                    code="ELICITATION_RANGE",
                    severity="error",
                    organisation=scheme.organisation,
                    where=scheme.where,
                    message=f"The {name} of scheme {scheme.id} is out of range.",
                    expected=expected,
                    found=f"{float(values[name]):g}",
                    action=f"Give {name} {expected}.",
                    detail=scheme.detail,
                )
            )
    return found


def _doubts(
    scheme: Scheme, values: dict[str, Fraction], parameters: Parameters, day: date
) -> list[Finding]:
    """What may be but is seldom right: a point, or a range narrower than delivery varies."""
    if any(scheme.cell(name) is None for name in ("low", "high")):
        return []
    low, high = float(values["low"]), float(values["high"])
    shown = f"low {low:g}, high {high:g}"
    if low == high:
        return [
            Finding(
                code="ELICITATION_POINT",
                severity="warning",
                organisation=scheme.organisation,
                where=scheme.where,
                message=f"Scheme {scheme.id} gives one share where a range belongs, so it counts as "
                "certain once it starts.",
                expected="low below high",
                found=shown,
                action="Ask for a low and a high that would surprise its owner one time in ten.",
                detail=scheme.detail,
            )
        ]
    least = parameter(parameters, "delivery_width_least", day)
    if least is not None and high - low < float(least.number):
        return [
            Finding(
                code="ELICITATION_NARROW",
                severity="warning",
                organisation=scheme.organisation,
                where=scheme.where,
                message=f"The range of scheme {scheme.id} is narrower than published delivery varied.",
                expected=f"at least {least.value} wide",
                found=shown,
                action="Widen the range, or show past delivery that supports it.",
                detail=scheme.detail,
            )
        ]
    return []
