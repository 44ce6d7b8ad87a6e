"""Registers of risks and opportunities as any house lays them out, drawn at random, with what they say.

Risks and opportunities stand in one list, in sections, under each other, beside each other or on sheets
of their own; chances, values, what is weighted and what mitigations leave are written as houses do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from tests.intake_files import FTH_NAME, xlsx
from tests.register_houses import PEOPLE, Column, Entry, Fact, House


@dataclass
class Register:
    """The sheets of a register and, by title, what they say."""

    style: str
    unit: str
    sheets: dict[str, list[list[object]]] = field(default_factory=dict)
    truth: dict[str, Fact] = field(default_factory=dict)
    refs: dict[str, str] = field(default_factory=dict)
    """The reference of each title, where the sheet has one."""
    people: list[str] = field(default_factory=list)
    doubtful: bool = False
    """Whether it must be asked about: a row closed, or without a value."""

    @property
    def plain(self) -> bool:
        """Whether it says all that a book needs, and hides nothing that could pass for it."""
        return not (self.doubtful or self.hidden or self.style == "weighted alone")

    hidden: list[int] = field(default_factory=list)
    merged: list[tuple[int, int, int, str]] = field(default_factory=list)

    def write(self, path: Path) -> Path:
        """The register as a workbook."""

        def then(book: Any, sheets: dict[str, Any]) -> None:
            first = next(iter(sheets.values()))
            for column in self.hidden:
                first.set_column(column, column, 8, None, {"hidden": True})
            for row, left, right, text in self.merged:
                first.merge_range(row, left, row, right, text)

        return xlsx(path, dict(self.sheets), then)


def _total(
    d: House, columns: Sequence[Column], some: Sequence[Entry], label: str, at: int
) -> list[object]:
    """A row that adds up some rows under its label."""
    cells: list[object] = []
    for number, (_, _, shows, adds) in enumerate(columns):
        if number == at:
            cells.append(label)
        elif not adds:
            cells.append("")
        else:
            cells.append(d.money(sum((_number(d, shows(e)) for e in some), Fraction(0))))
    return cells


def _number(d: House, shown: object) -> Fraction:
    if not isinstance(shown, str):
        found = Fraction(str(shown))
    elif shown in ("", "-", "TBC"):
        found = Fraction(0)
    else:
        text = shown.strip("()").replace(",", "")
        found = -Fraction(text) if shown.startswith("(") else Fraction(text)
    return found * 10**d.places


def _rows(
    d: House, columns: Sequence[Column], some: Sequence[Entry], *, sections: bool, total: bool
) -> list[list[object]]:
    r = d.random
    title = next(n for n, c in enumerate(columns) if c[2] is not None and c[1] in _TITLES)
    rows: list[list[object]] = []
    groups = [[e for e in some if e.kind == k] for k in ("risk", "mitigation")]
    heads = r.choice([("Risks", "Opportunities"), ("RISKS", "MITIGATIONS")])
    if not sections:
        rows += [[c[2](e) for c in columns] for e in some]
    for head, group in zip(heads, groups, strict=True) if sections else ():
        rows.append([head])
        rows += [[c[2](e) for c in columns] for e in group]
        if total:
            rows.append(_total(d, columns, group, f"Total {head.lower()}", title))
        if r.random() < 0.4:
            rows.append([])
    mixed = any(groups[0]) and any(groups[1])
    if total and not sections and not (mixed and d.minus != "risks"):
        rows.append(_total(d, columns, some, r.choice(["Total", "Grand total"]), title))
    if total and sections and d.minus == "risks":
        rows.append(_total(d, columns, some, "Net position", title))
    return rows


_TITLES: Final = ("Risk", "Description", "Risk description", "Risk / opportunity", "Title")


def _headings(columns: Sequence[Column], two: bool) -> list[list[object]]:
    if not two:
        return [[lower for _, lower, _, _ in columns]]
    return [[upper for upper, _, _, _ in columns], [lower for _, lower, _, _ in columns]]


def drawn_register(seed: object) -> Register:
    """The register of a seed."""
    d = House(seed)
    return laid(d, d.columns())


def _notes(d: House) -> list[list[object]]:
    r = d.random
    names = ["Financial risk register 2026/27", "Risks and opportunities 2026/27"]
    if not d.has_ups:
        names = names[:1]
    found: list[list[object]] = [[f"{FTH_NAME}"]] if r.random() < 0.6 else []
    found.append([r.choice(names) + (f" ({d.unit})" if r.random() < 0.5 else "")])
    if d.unit not in str(found[-1]):
        found.append([r.choice([d.unit, f"All figures in {d.unit}"])])
    if r.random() < 0.5:
        found.append([])
    return found


def _summary(d: House) -> list[list[object]]:
    """A small table beneath: what risks and opportunities come to."""
    sums = {
        kind: d.money(sum(e.gross * e.share for e in d.entries if e.kind == kind) // 100)
        for kind in ("risk", "mitigation")
    }
    rows: list[list[object]] = [[], ["", "Summary", d.unit], ["", "Weighted risks", sums["risk"]]]
    if d.has_ups:
        rows.append(["", "Weighted opportunities", sums["mitigation"]])
    return rows


def laid(d: House, columns: Sequence[Column]) -> Register:
    """The rows of a house on its sheets."""
    r, made = d.random, Register(d.style, d.unit)
    made.doubtful = bool(d.closed or d.unknown)
    made.hidden = [n for n, c in enumerate(columns) if c[0] == "hide"]
    columns = [("", *c[1:]) if c[0] == "hide" else c for c in columns]
    two = any(upper for upper, _, _, _ in columns)
    total, sections = r.random() < 0.6, d.style in ("sections", "months", "range")
    heads, notes = _headings(columns, two), _notes(d)
    groups = [[e for e in d.entries if e.kind == k] for k in ("risk", "mitigation")]
    body: list[list[object]] = []
    if d.style == "below":
        for name, group in zip(("Risks", "Opportunities"), groups, strict=True):
            body += [[], [name], *heads]
            body += _rows(d, columns, group, sections=False, total=total)
    elif d.style == "beside":
        tables = [
            [*heads, *_rows(d, columns, group, sections=False, total=total)] for group in groups
        ]
        wide = len(columns)
        body.append(["Risks", *[""] * wide, "Opportunities"])
        for at in range(max(map(len, tables))):
            left, right = (t[at] if at < len(t) else [] for t in tables)
            body.append([*left, *[""] * (wide + 1 - len(left)), *right])
    elif d.style == "sheets":
        made.sheets["Opportunities"] = [*notes, *heads]
        made.sheets["Opportunities"] += _rows(d, columns, groups[1], sections=False, total=total)
        body = [*heads, *_rows(d, columns, groups[0], sections=False, total=total)]
    else:
        body = [*heads, *_rows(d, columns, d.entries, sections=sections, total=total)]
    foot: list[list[object]] = [[], ["Source: finance team"]] if r.random() < 0.3 else []
    name = "Risks" if d.style == "sheets" else r.choice(["Risk register", "Sheet1", "R&O"])
    shift: list[object] = [""] if r.random() < 0.2 else []
    made.hidden = [n + len(shift) for n in made.hidden]
    if r.random() < 0.05 and d.style != "beside":
        foot += _summary(d)
    every = [*notes, *body, *foot]
    made.sheets = {name: [[*shift, *row] if row else row for row in every], **made.sheets}
    for e in d.entries:
        _tell(d, made, e)
    made.people = list(PEOPLE)
    return made


def _tell(d: House, made: Register, e: Entry) -> None:
    """What a row says, and its mitigation."""
    each = d.worth // 10**d.places
    owner = "" if d.people else e.owner
    made.truth[e.title] = Fact(e.kind, e.gross * each, e.share / 100, owner, body=e.body)
    if d.has_refs:
        made.refs[e.title] = e.ref
    if e.worth:
        chance = e.share if d.net_way == "as risk" else 100
        chance = e.own if d.style == "own chance" else chance
        key = f"M of {e.title}"
        made.truth[key] = Fact("mitigation", e.worth * each, chance / 100, owner, e.title)
