"""A book for any commissioner, trust, system, region or for England, from the published tables.

It holds the body with its system, region and nation, those it followed and those that followed it,
and every published row that speaks of it, each with its source and row. A system brings the
commissioners and trusts that the register gives it, and a board of 2026 the systems that it
followed. A body that divided passes on by shares of people, where they are known. A row about
another body that once bore the code is left out and told. What is not published is not there: the
book says what it lacks by saying nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from controltotal.core import reference
from controltotal.core.calendar import year_end, year_label, year_start
from controltotal.core.errors import BookError
from controltotal.core.finding import Finding
from controltotal.core.progress import checked, stop_if_cancelled
from controltotal.core.published import PUBLISHED, published_rows
from controltotal.core.published_inputs import NATION
from controltotal.core.schema import tables
from controltotal.ledger import Narration, Posting, open_ledger, put
from controltotal.sources.books import is_ledger
from controltotal.sources.importing import key_of, same
from controltotal.sources.known_bodies import (
    PLACES_SOURCE,
    REGISTER_SOURCE,
    Called,
    Cells,
    body_of,
    name_in,
    organisation_rows,
)
from controltotal.sources.published import Taken, recognise, source_row, take
from controltotal.sources.published_bodies import BOARDS_BEGAN, board_code
from controltotal.sources.published_form import Said
from controltotal.sources.published_members import (
    BOARD_LINKS,
    BOARDS,
    FORMER_REGIONS,
    REGIONS,
    _kinds,
    kind_of,
    members_of,
    stood,
)
from controltotal.sources.write import write_folder, write_workbook

ATTRIBUTION = (
    "Open Government Licence v3.0: contains public sector information licensed under it; figures "
    "read from public pages are facts"
)


class Made(NamedTuple):
    """What was made: the name of the body, the rows of the book, and what was left out of it."""

    name: str
    rows: int
    findings: tuple[Finding, ...]


def new_published_book(target: str, organisation: str, title: str = "", year: str = "") -> Made:
    """Make the book of a body in a folder, a workbook or a ledger.

    With a year it holds the bodies that stood in it, by the names that they had, and that year.
    """
    code = organisation.strip().upper()
    kind = kind_of(code)
    members = members_of(code, kind, year)
    tables_taken = published()
    said = [
        carried(row, members)
        for taken in tables_taken
        for row in checked(taken.said, 1_000)
        if row.cells.get("organisation") in members and row.number not in taken.others
        if not year or row.cells.get("year") == year
    ]
    asked = Asked(code, kind, members, year, _called(tables_taken) if year else {})
    made = _tables(asked, said, title)
    _write(target, made)
    left = [
        finding
        for taken in tables_taken
        for finding in taken.findings
        if finding.code == "PUBLISHED_LEFT_OUT" and finding.organisation in members
        if not year or year_label(year) in finding.message
    ]
    return Made(asked.name, sum(map(len, made.values())), tuple(left))


def published() -> list[Taken]:
    """Everything that the packaged tables say, table by table, and what was left out of it."""
    found = []
    for name in PUBLISHED:
        stop_if_cancelled()
        rows = published_rows(name)
        found.append(take(rows, recognise(rows[0], name), name))
    return found


def carried(row: Said, members: Mapping[str, str]) -> Said:
    """A row published under a code after it closed, as a row of the one body that followed it.

    Tables outlive bodies: allocations of 2019/20 were set in January 2016 for those of that day.
    The old code stays in the row: as the group of a fact, as the counterparty of an amount.
    """
    old = code = row.cells["organisation"]
    first = year_start(row.cells["year"])
    while True:
        spell = body_of(code, members[code], row.cells["year"])
        heirs = [link.successor for link in reference.followed_by(code) if link.kind != BOARDS]
        if spell is None or spell.closed is None or spell.closed >= first or len(heirs) != 1:
            break
        if heirs[0] not in members:
            break
        code = heirs[0]
    if code == old:
        return row
    note = "; ".join(t for t in (row.cells.get("note", ""), f"published for {old}") if t)
    more = {
        "facts": {"group": "-".join(t for t in (old, row.cells.get("group", "")) if t)},
        "amounts": {"counterparty": old},
    }.get(row.table, {})
    return Said(row.table, {**row.cells, "organisation": code, "note": note, **more}, row.number)


def _called(tables_taken: Iterable[Taken]) -> dict[str, list[Called]]:
    """The names of trusts in the published tables, by code, with the last day of the table's year."""
    found: dict[str, list[Called]] = {}
    for taken in tables_taken:
        years = {row.number: row.cells["year"] for row in taken.said if row.cells.get("year")}
        for row in taken.said:
            named = row.table == "organisations" and row.number in years
            if named and row.cells["kind"] == "provider":
                name = Called(year_end(years[row.number]), row.cells["name"])
                found.setdefault(row.cells["code"], []).append(name)
    return found


class Asked(NamedTuple):
    """The body that a book is of, with its kind, the members of the book, and its year if it has one.

    `called` are the names that published tables give to trusts.
    """

    code: str
    kind: str
    members: Mapping[str, str]
    year: str
    called: Mapping[str, Sequence[Called]]

    @property
    def name(self) -> str:
        """What the body is called, in the year of the book."""
        if self.code == NATION:
            return "England"
        named = body_of(self.code, self.kind, self.year)
        return named.name if named else self.code


def _tables(asked: Asked, said: Sequence[Said], title: str) -> dict[str, list[Cells]]:
    """The tables of the book as rows of cells."""
    made: dict[str, list[Cells]] = {}
    organisations = _organisations(asked, said)
    of_year = f" of {year_label(asked.year)}" if asked.year else ""
    years = sorted({row.cells["year"] for row in said})
    made["book"] = [
        {"key": "title", "value": title or f"{asked.name}: published figures{of_year}"},
        {"key": "default_unit", "value": "£k"},
        *([{"key": "default_year", "value": asked.year or _main_year(said)}] if years else []),
        {"key": "fictional", "value": "no"},
        {"key": "publisher", "value": "NHS England, NHS Improvement and others, as in sources"},
        {"key": "licence", "value": ATTRIBUTION},
    ]
    made["successions"] = _successions(organisations, _last_day(asked.year))
    made["organisations"] = organisations
    for table, rows in _money(said).items():
        made[table] = rows
    made["sources"] = _sources(made, said)
    return {name: made[name] for name in tables() if made.get(name)}


def _main_year(said: Sequence[Said]) -> str:
    """The latest year with money that stands in the main scenario, else the latest of all."""
    main = {
        row.cells["year"]
        for row in said
        if row.table == "amounts" and not row.cells.get("scenario")
    }
    return max(main or {row.cells["year"] for row in said})


def _organisations(asked: Asked, said: Sequence[Said]) -> list[Cells]:
    """Nation, region, system and bodies; a body keeps the system that the register gives it.

    In a book of a year a body has the one name that it had then.
    """
    members = asked.members
    years: dict[str, set[str]] = {}
    for row in said:
        years.setdefault(row.cells["organisation"], set()).add(row.cells["year"])
    own = {one for one, what in members.items() if what == "system"}
    systems = own or _systems_of(members)
    systems = systems | _heirs_of(members, own)
    if asked.year:
        systems = {one for one in systems if stood(one, "system", asked.year)}
    rows = _groupings(members, systems, own, years)
    listed = {row["code"] for row in rows}
    for one, what in sorted(members.items()):
        if one not in listed:
            rows += organisation_rows(one, what, years.get(one, ()), listed=listed)
    boards = _boards(members, systems, listed)
    rows += [row for row in boards if not asked.year or row["from"] <= _last_day(asked.year)]
    if asked.year:
        rows = _of_the_year(rows, asked)
    return [{column: text for column, text in row.items() if text} for row in rows]


def _groupings(
    members: Mapping[str, str],
    systems: set[str],
    own: set[str],
    years: Mapping[str, Collection[str]],
) -> list[Cells]:
    """England, its regions and systems; those that are not the book's own are not complete."""
    regions = _regions_of({*members, *systems})
    rows: list[Cells] = [{"code": "ENGLAND", "name": "England", "kind": "nation", "complete": "no"}]
    for region in sorted(regions):
        found = organisation_rows(region, "region", (), parent="ENGLAND")
        rows += found if region in members else _marked(found)
    for system in sorted(systems):
        last = body_of(system, "system", "")
        parent = last.region if last and last.region in regions else ""
        found = organisation_rows(system, "system", years.get(system, ()), parent=parent)
        told = _areas_before(system, members)
        found = [{**row, "note": told} for row in found] if told else found
        rows += found if system in own else _marked(found)
    return rows


def _last_day(year: str) -> str:
    """The last day of a year as text; without a year the last day of all."""
    return (year_end(year) if year else date.max).isoformat()


def _in_year(row: Cells, year: str) -> bool:
    """Whether a row of a body holds at the end of a year, or was its last in it."""
    first, last = year_start(year).isoformat(), _last_day(year)
    return row.get("from", "") <= last and (row.get("to", "") or last) >= first


def _of_the_year(rows: Sequence[Cells], asked: Asked) -> list[Cells]:
    """The rows that hold in the year; a trust in one row, from its first day to its last.

    A later name ends no body, so that a trust that was renamed is one row, by the name of the year.
    """
    kept: dict[int, Cells] = {}
    trusts: dict[str, list[Cells]] = {}
    for place, row in enumerate(rows):
        if row.get("kind") == "provider":
            if row["code"] not in trusts:
                kept[place] = row
            trusts.setdefault(row["code"], []).append(row)
        elif _in_year(row, asked.year):
            kept[place] = row
    made = []
    for row in kept.values():
        spells = trusts.get(row["code"], []) if row.get("kind") == "provider" else []
        if spells:
            name = name_in(row["code"], asked.year, asked.called.get(row["code"], ()))
            row = {**row, "name": name or row["name"], "to": spells[-1].get("to", ""), "note": ""}
            if not _in_year(row, asked.year):
                continue
        made.append(row)
    return made


def _areas_before(system: str, members: Mapping[str, str]) -> str:
    """What a system's sums of earlier years are not: the areas of codes that meant others then."""
    told = []
    for one in sorted(members):
        changed = reference.area_changed(one)
        spells = reference.spells(one)
        if changed is not None and any(spell.system == system for spell in spells):
            told.append(
                f"before {changed.isoformat()} {one} was {spells[0].name}, another area: sums of the "
                "system are not of the same area"
            )
    return "; ".join(told)


def _systems_of(members: Iterable[str]) -> set[str]:
    """The systems that the register gives to bodies."""
    return {
        spell.system
        for one in members
        for spell in reference.spells(one)
        if spell.system in reference.codes() and "system" in _kinds(spell.system)
    }


def _regions_of(bodies: Iterable[str]) -> set[str]:
    """The regions of bodies, those of today where the register gives any."""
    named = {one for one in bodies if one in REGIONS}
    regions = named | {spell.region for one in bodies for spell in reference.spells(one)}
    regions = {region for region in regions if region in REGIONS and "region" in _kinds(region)}
    return regions - FORMER_REGIONS or regions


def _marked(rows: list[Cells]) -> list[Cells]:
    """The same, said to have members that are not listed."""
    return [{**row, "complete": "no"} for row in rows]


def _heirs_of(members: Iterable[str], own: set[str]) -> set[str]:
    """The systems whose boards followed commissioners of the book in July 2022.

    A board of 2026 is in its own book alone, for with some of those it followed it would be told
    short; beside it stand the others among which those it followed were divided.
    """
    links = [link for one in members for link in reference.followed_by(one)]
    found = {s.successor for s in links if s.kind == BOARDS and "system" in _kinds(s.successor)}
    divided = {s.predecessor for s in links if s.kind in BOARD_LINKS and s.successor in own}
    return found | {
        link.successor for link in links if link.predecessor in divided and link.kind in BOARD_LINKS
    }


def _boards(members: Mapping[str, str], systems: set[str], listed: set[str]) -> list[Cells]:
    """The boards that follow the commissioners of a book, and the boards that follow those."""
    began = {
        link.successor
        for one in members
        for link in reference.followed_by(one)
        if link.kind == BOARDS and link.successor in listed
    }
    began |= {one for one in systems if reference.follows(one) and one in listed}
    return [board_row(system) for system in sorted(began)]


def board_row(system: str) -> Cells:
    """The row of the board of a system that the register knows."""
    spells = [spell for spell in reference.spells(system) if spell.kind == "system"]
    opened = spells[-1].opened
    return {
        "code": board_code(system),
        "name": spells[-1].name,
        "kind": "commissioner",
        "parent": system,
        "from": opened.isoformat() if opened else BOARDS_BEGAN,
        "to": spells[-1].closed.isoformat() if spells[-1].closed else "",
        "source": "register",
    }


def _successions(organisations: Sequence[Cells], upto: str) -> list[Cells]:
    """Who follows whom among the bodies listed; commissioners are followed by their board.

    A body that divides passes on by the shares of the register. Where it gives none, the division
    is a note on the body and not a row: shares would have to be made up.
    """
    listed = {row["code"] for row in organisations}
    rows = []
    for body in organisations:
        code = body["code"]
        board = code.endswith(board_code("")) and code.removesuffix(board_code(""))
        links = [
            link
            for link in reference.followed_by(board or code)
            if not board or link.kind in BOARD_LINKS
        ]
        for on in sorted({link.on for link in links if link.on.isoformat() <= upto}):
            rows += _passed_on(body, [one for one in links if one.on == on], bool(board), listed)
    return list({tuple(row.items()): row for row in rows}.values())


def _passed_on(
    body: Cells, links: Sequence[reference.Succession], board: bool, listed: set[str]
) -> list[Cells]:
    """The rows of one body on one day, or a note on the body where it divided nobody says how."""
    on: date = links[0].on
    heirs = {
        (board_code(link.successor) if link.kind == BOARDS or board else link.successor): link
        for link in sorted(links, key=lambda link: link.successor)
    }
    shares = reference.shares(links[0].predecessor, on)
    if not set(heirs) <= listed or (len(heirs) > 1 and not shares):
        _note_heirs(body, on, list(heirs), known=bool(shares))
    if len(heirs) > 1 and not shares:
        return []
    return [
        {
            "predecessor": body["code"],
            "successor": heir,
            "on": on.isoformat(),
            **({"share": str(shares[link.successor])} if shares else {}),
            "source": "register",
            **({"note": link.note} if shares else {}),
        }
        for heir, link in heirs.items()
        if heir in listed and heir != body["code"]
    ]


def _note_heirs(body: Cells, on: date, heirs: Sequence[str], *, known: bool) -> None:
    """Who followed a body, as a note on it: the book lists not all of them, or has no shares."""
    if len(heirs) > 1:
        told = f"divided on {on.isoformat()} among {', '.join(heirs)}"
        told += "" if known else "; shares are not published"
    else:
        told = f"followed on {on.isoformat()} by {heirs[0]}"
    notes = [note for note in (body.get("note", ""), told) if note]
    body["note"] = "; ".join(dict.fromkeys(notes))


def _money(said: Sequence[Said]) -> dict[str, list[Cells]]:
    """Amounts, facts and control totals; a second value of one key gets a scenario of its own."""
    made: dict[str, dict[tuple[str, ...], Cells]] = {}
    for row in said:
        if row.table not in ("amounts", "facts", "control_totals"):
            continue
        found = made.setdefault(row.table, {})
        cells = dict(row.cells)
        turn = 1
        while (other := found.get(key_of(row.table, cells))) is not None:
            if same(row.table, other, cells):
                break
            turn += 1
            base = row.cells.get("scenario") or row.cells["source"]
            cells["scenario"] = f"{base}-{turn}"
        found.setdefault(key_of(row.table, cells), cells)
    return {table: list(rows.values()) for table, rows in made.items()}


def _sources(made: Mapping[str, Sequence[Cells]], said: Sequence[Said]) -> list[Cells]:
    """The sources that the rows name, and no others."""
    used = {row.get("source", "") for rows in made.values() for row in rows}
    found: dict[str, Cells] = {s["id"]: s for s in (REGISTER_SOURCE, PLACES_SOURCE)}
    for name in PUBLISHED:
        form = recognise(published_rows(name)[0], name)
        found[form.source] = source_row(form, name)
    for name in PUBLISHED:
        if recognise(published_rows(name)[0], name).name == "reported":
            rows = published_rows(name)
            for one in take(rows, recognise(rows[0], name), name).said:
                if one.table == "sources":
                    found[one.cells["id"]] = dict(one.cells)
    return [row for key, row in found.items() if key in used]


def _write(target: str, made: Mapping[str, Sequence[Cells]]) -> None:
    """The book in the form that its address names."""
    numbered = {
        name: [(number, tuple(cells.items())) for number, cells in enumerate(rows, start=2)]
        for name, rows in made.items()
    }
    if is_ledger(target):
        drafts = tuple(
            put(name, number, cells) for name, rows in numbered.items() for number, cells in rows
        )
        store = open_ledger(target)
        try:
            if store.last()[0]:
                raise BookError("there is a ledger here already", target, "give a new name")
            said = Narration("new/published", "new", why="from published tables")
            store.append([Posting(said, drafts)], expected=0)
        finally:
            store.close()
    elif target.lower().endswith(".xlsx"):
        write_workbook(target, numbered)
    else:
        write_folder(target, numbered)
