"""A reader of public results who knows every sum that ties support to what is told of it.

He is small, slow and independent: he writes down the identities of a book with transfers as equations
(instalments, balances, shares of a policy, positions with support, sums of a system), takes as known
whatever figure or cell the public is shown, and solves by elimination. What is left with one value is
told, whoever withheld it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from controltotal.core.result import Result
from tests.public_results import determined

Results = Mapping[str, Result]
Terms = dict[str, int]
"""Figures with whole factors, whose sum is nil but for odd pennies."""
EQUAL = ("equal_call", "neighbour_support")
"""Policies under which all payers bear alike."""
BASES = ("plan", "forecast", "actual")
ONE_NUMBER = (("adjusted_surplus", "surplus"), ("variance", "gap"), ("to_find", "gap"))
"""Measures that are one number in books without unidentified savings, but for the sign."""


@dataclass(frozen=True)
class Loan:
    """One transfer as the book has it, but for its sum."""

    id: str
    giver: str
    receiver: str
    year: str
    status: str
    mechanism: str
    years: int


def moved(loan: str) -> str:
    """The sum of a transfer, as an unknown."""
    return f"moved/{loan}"


@dataclass(frozen=True)
class Reader:
    """Who knows the tree, the transfers but for their sums, and the figures that there are."""

    names: frozenset[str]
    loans: Sequence[Loan]
    children: Mapping[str, Sequence[str]]

    def told(self, shown: Results) -> set[str]:
        """All that he can work out of what is shown, itself among it."""
        known = set(known_of(shown))
        return known | determined(self.equations(), known)

    def equations(self) -> list[Terms]:
        """Every identity that he knows."""
        return [*self._loans(), *self._policies(), *self._positions(), *self._sums()]

    def _loans(self) -> Iterator[Terms]:
        """Instalments are parts of what was moved; balances are what is left of it."""
        for loan in self.loans:
            for name in self.names:
                steps = name.split("/")
                if steps[4:] != [loan.id] or steps[0] not in ("repayment", "balance_owed"):
                    continue
                past = int(steps[2][:4]) - int(loan.year[:4])
                parts = past if steps[0] == "balance_owed" else loan.years - 1
                if left := loan.years - parts:
                    yield {moved(loan.id): left, name: -loan.years}
            for name in self.names:
                if name.startswith("repayment_expected/") and name.endswith(f"/{loan.id}"):
                    yield {name: 5, name.replace("_expected", ""): -4}  # chances are 0.8

    def _policies(self) -> Iterator[Terms]:
        """All shares of a policy are what was moved in all; some are alike; the rest rests on them."""
        whole = {moved(one.id): -1 for one in self.loans}
        if len({one.giver for one in self.loans}) < 2:  # then the gap of the system is shared
            whole = {
                name: -1 for name in self.names if name.startswith("gap/S1/") if "plan" in name
            }
        groups: dict[str, list[str]] = {}
        for name in sorted(self.names):
            steps = name.split("/")
            if steps[0] == "share":
                groups.setdefault(steps[4], []).append(name)
            elif steps[0].startswith("share_"):
                yield {name: 1, "/".join(["share", *steps[1:]]): -7}  # over people or an allocation
        for policy, group in groups.items():
            yield whole | dict.fromkeys(group, 1)
            if policy in EQUAL:
                yield from ({group[0]: 1, other: -1} for other in group[1:])

    def _positions(self) -> Iterator[Terms]:
        """With support is without it and what is moved; a gap is a control total less what counts."""
        for name in sorted(self.names):
            measure, code, year, basis, *part = name.split("/")
            rest = f"{code}/{year}/{basis}" + "".join(f"/{one}" for one in part)
            for one, other in ONE_NUMBER:
                if measure == one and f"{other}/{rest}" in self.names:
                    yield {name: 1, f"{other}/{rest}": 1 if one == "variance" else -1}
            if measure == "gap":
                counted = f"measured/{rest}"
                yield {name: 1, counted: 1, f"control_total/{code}/{year}/plan": -1}
            if measure not in ("surplus_with_support", "measured"):
                continue
            agreed = {moved(k): -n for k, n in self._flows(code, year, "agreed").items()}
            if not part:
                yield {name: 1, f"surplus/{code}/{year}/{basis}": -1, **agreed}
            elif part == ["proposed"]:
                more = {moved(k): -n for k, n in self._flows(code, year, "proposed").items()}
                yield {name: 1, f"{measure}/{code}/{year}/{basis}": -1, **more}

    def _flows(self, code: str, year: str, status: str) -> dict[str, int]:
        """What a body and all below it gain by each transfer of a status, in its year."""
        inside = {code, *self.children.get(code, ())}
        found = {}
        for one in self.loans:
            gains = (one.receiver in inside) - (one.giver in inside)
            moves = one.mechanism == "resource_transfer" and one.status == status
            if moves and one.year == year and gains:
                found[one.id] = gains
        return found

    def _sums(self) -> Iterator[Terms]:
        """A system is the sum of its bodies; what a receiver pays is the sum over all lent to it."""
        for name in sorted(self.names):
            measure, code, *rest = name.split("/")
            parts = [f"{measure}/{child}/{'/'.join(rest)}" for child in self.children.get(code, ())]
            if (
                parts
                and all(one in self.names for one in parts)
                and not measure.startswith("share")
            ):
                yield {name: -1, **dict.fromkeys(parts, 1)}
            if measure in ("repayment", "balance_owed") and len(rest) == 2:
                ids = [f"{name}/{one.id}" for one in self.loans]
                yield {name: -1, **{one: 1 for one in ids if one in self.names}}


def known_of(shown: Results) -> Iterator[str]:
    """Every number that the public is shown, by the name of the unknown that it is."""
    for result in shown.values():
        yield from (f.id for f in result.figures if f.value is not None)
    register, share = shown["register"].tables, shown["share"].tables if "share" in shown else {}
    for row in register.get("transfers", ()):
        if row.get("amount_pence") is not None:
            yield moved(row["id"])
    for row in share.get("repayments", ()):
        steps = f"{row['receiver']}/{row['year']}/{row['basis']}/{row['transfer']}"
        cells = {"repaid": "repayment", "closing": "balance_owed"}
        yield from (f"{m}/{steps}" for column, m in cells.items() if row.get(column) is not None)
    for row in share.get("exit_or_default", ()):
        if row.get("exit_pays") is not None or row.get("default_loses") is not None:
            yield moved(row["transfer"])  # what is left by then, whose schedule everybody knows
    sharing = shown["sharing"].tables if "sharing" in shown else {}
    columns = {"pence": "share", "per_head": "share_per_head"}
    for row in sharing.get("shares", ()):
        year = shown["sharing"].options.get("year")
        for column, measure in columns.items():
            if row.get(column) is not None:
                yield f"{measure}/{row['organisation']}/{year}/plan/{row['policy']}"
    for row in sharing.get("support_cases", ()):
        if row.get("role") == "giver" and row.get("pence"):
            year = shown["sharing"].options.get("year")
            yield f"share/{row['organisation']}/{year}/plan/{row['policy']}"
