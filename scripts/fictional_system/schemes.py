"""The register of schemes: record, phasing by month, effects, staff, and links between schemes."""

from __future__ import annotations

from .bodies import BOARD, LETTER, MERGED, MERGING, SHORT, TRUSTS
from .book import LAST_ACTUAL, MONTHS, YEAR, Book, month_start, stream
from .catalogue import CASH, lines_of
from .facts import UNIDENTIFIED
from .scheme import DELIVERING, DEVELOPED, OPPORTUNITY, PROGRESS, Scheme
from .scheme import UNIDENTIFIED as BALANCE
from .special import CASES, WARD, WARD_CEILING, special_schemes

# What each body's plan counts as identified in 2026/27, £k, before rounding.
TARGET = {
    BOARD: 79000,
    "XF-FTH": 63000,
    "XF-ALD": 27000,
    "XF-HOL": 13500,
    "XF-MHT": 20000,
    "XF-COM": 11000,
    "XF-AMB": 8500,
}
_ORDER = (
    DELIVERING,
    DELIVERING,
    DEVELOPED,
    PROGRESS,
    DELIVERING,
    OPPORTUNITY,
    DEVELOPED,
    DELIVERING,
    PROGRESS,
)
_STARTS = {
    DELIVERING: (
        "2026-04-01",
        "2026-04-01",
        "2026-04-01",
        "2026-05-01",
        "2026-06-01",
        "2026-07-01",
    ),
    DEVELOPED: ("2026-10-01", "2026-12-01", "2027-01-01"),
    PROGRESS: ("2027-02-01", "2027-03-01", "2027-03-01", "2027-04-01"),
    OPPORTUNITY: ("2027-04-01", "2027-07-01", "2027-10-01"),
}
_LATE_STARTS = ("2026-07-01", "2026-09-01", "2026-10-01")
_SHARES = {
    DELIVERING: (0.9, 1.0, 1.08),
    DEVELOPED: (0.8, 0.98, 1.05),
    PROGRESS: (0.3, 0.7, 1.0),
    OPPORTUNITY: (0.1, 0.4, 0.8),
}
_CHANCE = {DELIVERING: 0.98, DEVELOPED: 0.95, PROGRESS: 0.55, OPPORTUNITY: 0.25}
# How much of its plan one that delivers brings, and the forecast of one that has not begun.
_LEVEL = (0.97, 1.03)
_NOT_BEGUN = {DEVELOPED: 0.98, PROGRESS: 0.6}
_RISK = {
    DELIVERING: "low",
    DEVELOPED: "medium",
    PROGRESS: "medium",
    OPPORTUNITY: "high",
    BALANCE: "high",
}
_WEIGHT = {DELIVERING: 1.0, DEVELOPED: 0.8, PROGRESS: 0.3, OPPORTUNITY: 0.6}
_SOURCE = {"plan": "SRC-TRK", "actual": "SRC-TRK8", "forecast": "SRC-TRK8"}
_OFFICE = {
    "Workforce": "Director of Workforce",
    "Medicines": "Chief Pharmacist",
    "Procurement": "Head of Procurement",
    "Estates": "Director of Estates",
    "Digital": "Chief Digital Officer",
    "Corporate": "Director of Corporate Affairs",
    "Pathways": "Chief Operating Officer",
    "Income": "Director of Strategy",
    "Technical": "Deputy Chief Finance Officer",
    "Continuing care": "Director of Continuing Care",
    "Mental health": "Director of Mental Health Commissioning",
    "Primary care": "Director of Primary Care",
}
_STAFF_GROUP = {
    "Nursing": "registered_nursing",
    "Medical staffing": "medical",
    "Theatres": "support_to_clinical",
    "Imaging": "scientific_and_therapeutic",
    "Corporate services": "infrastructure",
}
_FOCUS = {
    "Community wards": "older people",
    "Discharge": "older people",
    "Inpatient wards": "people with severe mental illness",
    "Children": "children and young people",
    "Care homes": "older people",
    "Maternity": "women in pregnancy",
    "Patient transport": "older people;disabled people",
    "Community beds": "older people;most deprived fifth",
    "Emergency care": "most deprived fifth",
    "Complex packages": "people with a learning disability",
    "Urgent care": "most deprived fifth",
    "Talking therapies": "most deprived fifth",
}
_PLACES = {
    "XF-FTH": "XF-LA1",
    "XF-ALD": "XF-LA2",
    "XF-HOL": "XF-LA3",
    MERGED: "XF-LA2;XF-LA3",
}
_EVERYWHERE = "XF-LA1;XF-LA2;XF-LA3"


def make_schemes() -> list[Scheme]:
    """Every scheme, the ordinary ones scaled so that each body's plan is near its target."""
    special = special_schemes()
    schemes: list[Scheme] = []
    for body in (BOARD, *TRUSTS):
        ordinary = _ordinary(body)
        fixed = sum(sum(s.by_month()) for s in special if s.body == body)
        _scale(ordinary, TARGET[body] - fixed)
        schemes += ordinary
    schemes += special
    for body, amount in UNIDENTIFIED[YEAR].items():
        schemes.append(
            Scheme(
                id=f"{body[3:]}-99",
                body=body,
                title=f"Still to be identified, {SHORT[body]}",
                programme="Unidentified",
                service="",
                category="Unidentified",
                line="non_pay",
                cash="",
                maturity=BALANCE,
                start="",
                fye=amount,
                recurrence="unknown",
            )
        )
    _link({s.id: s for s in schemes})
    return sorted(schemes, key=lambda s: s.id)


def _ordinary(body: str) -> list[Scheme]:
    rng = stream("schemes", body)
    made = []
    for number, fields in enumerate(lines_of(body), start=1):
        weight, title, programme, service, category, line, cash = fields
        maturity = _ORDER[(number + len(body) + ord(body[3])) % len(_ORDER)]
        starts = _LATE_STARTS if (body, maturity) == ("XF-HOL", DELIVERING) else _STARTS[maturity]
        once = programme == "Technical" or "Vacancy" in title or rng.random() < 0.14
        made.append(
            Scheme(
                id=f"{body[3:]}-{number:02d}",
                body=body,
                title=title,
                programme=programme,
                service=service,
                category=category,
                line=line,
                cash=CASH[cash],
                maturity=maturity,
                start=rng.choice(starts),
                fye=0,
                recurrence="non_recurrent" if once else "recurrent",
                weight=float(weight) * _WEIGHT[maturity] * rng.uniform(0.6, 1.5),
                ramp=maturity == DELIVERING and rng.random() < 0.25,
                profile="classic" if rng.random() < 0.08 else "nhse_2025",
            )
        )
    return made


def _scale(schemes: list[Scheme], target: int) -> None:
    """Set full-year effects (multiples of 24, so that months and half months are whole)."""
    for scheme in schemes:
        scheme.fye = 24_000
    unit = sum(s.weight * sum(s.by_month()) for s in schemes if s.counted) / 24_000
    for scheme in schemes:
        scheme.fye = 24 * max(2, round(target * scheme.weight / unit / 24))


def _link(by_id: dict[str, Scheme]) -> None:
    links = (
        ("FTH-06", "requires", "FTH-05"),
        ("ALD-53", "requires", "ALD-17"),
        ("MHT-01", "requires", "MHT-05"),
        ("AHH-02", "requires", "AHH-01"),
        ("FTH-08", "excludes", "FTH-04"),
        ("ALD-07", "excludes", "ALD-04"),
        ("FTH-01", "overlaps", "FTH-02;FTH-03"),
        ("FTH-07", "overlaps", "FTH-51"),
        ("MHT-08", "overlaps", "COM-08"),
        ("ICB-06", "overlaps", "ICB-05"),
        ("ICB-54", "overlaps", "COM-07"),
    )
    for id_, kind, others in links:
        assert all(other in by_id for other in (id_, *others.split(";"))), (id_, others)
        by_id[id_].links[kind] = others


def put_schemes(book: Book, schemes: list[Scheme]) -> dict[str, int]:
    """Write records, phasing and effects; return what each body's plan counts in 2026/27."""
    planned: dict[str, int] = {}
    for scheme in schemes:
        rng = stream("record", scheme.id)
        owned = scheme.maturity not in (OPPORTUNITY, BALANCE)
        if owned and not scheme.owner:
            scheme.owner = f"{_OFFICE[scheme.programme]}, {SHORT[scheme.body]}"
        scheme.groups = scheme.groups or _FOCUS.get(scheme.service, "")
        scheme.places = scheme.places or _PLACES.get(scheme.body, _EVERYWHERE)
        _record(book, scheme, rng.random(), rng.random())
        for body, share in scheme.effects.items():
            book.put("effects", scheme=scheme.id, organisation=body, share=share)
        if scheme.counted:
            planned[scheme.body] = planned.get(scheme.body, 0) + sum(scheme.by_month())
            _phase(book, scheme)
            _staff(book, scheme)
    for case in CASES:
        book.case(*case)
    harm = sum(a * b for s in schemes if s.service == WARD for a, b in s.residual.values())
    assert harm > WARD_CEILING
    planned.pop(MERGED, None)
    return planned


def _record(book: Book, scheme: Scheme, luck: float, ease: float) -> None:
    balance = scheme.maturity == BALANCE
    ranged = not balance and (scheme.shares is not None or luck < 0.75)
    low, mode, high = scheme.shares or _SHARES.get(scheme.maturity, (0.0, 0.0, 0.0))
    if ranged and scheme.shares is None:
        low, mode = round(low - 0.1 * ease, 2), round(mode - 0.06 * ease, 2)
    needs_people = scheme.programme in ("Digital", "Pathways", "Corporate", "Estates")
    record = {
        "id": scheme.id,
        "organisation": scheme.body,
        "title": scheme.title,
        "programme": scheme.programme,
        "service": scheme.service,
        "category": scheme.category,
        "recurrence": scheme.recurrence,
        "cash_type": scheme.cash,
        "maturity": scheme.maturity,
        "in_plan": "yes" if scheme.counted else "no",
        "provider": scheme.provider,
        "risk": _RISK[scheme.maturity],
        "start": scheme.start,
        "full_year_effect": scheme.fye,
        "investment": 10 * round(scheme.fye * (0.05 + 0.2 * ease) / 10) if needs_people else "",
        "low": low if ranged else "",
        "mode": mode if ranged else "",
        "high": high if ranged else "",
        "chance": _CHANCE[scheme.maturity] if ranged and luck < 0.4 else "",
        "delay_months": _delay(scheme, luck, ease),
        "capacity_wte": round(0.5 + scheme.fye / 1200 * (0.5 + ease), 1) if not balance else "",
        **scheme.links,
        "opportunity": _opportunity(scheme),
        "places": "" if balance else scheme.places,
        "groups": scheme.groups,
        "owner": scheme.owner,
        "affects": scheme.affects,
    }
    if not scheme.fye_later:
        book.put("schemes", **record)
        return
    book.put("schemes", **record)
    book.put("schemes", **(record | {"full_year_effect": scheme.fye_later}), known_on="2026-09-15")


def _delay(scheme: Scheme, luck: float, ease: float) -> float | str:
    """Months late that its owner expects; nothing where nobody has said."""
    if scheme.maturity == DEVELOPED:
        return round(0.1 + 0.2 * ease, 1)
    return round(1 + 2 * ease, 1) if scheme.maturity == PROGRESS and luck < 0.5 else ""


def _opportunity(scheme: Scheme) -> str:
    if scheme.body not in ("XF-FTH", "XF-ALD", "XF-HOL", BOARD):
        return ""
    topic = {
        "Medicines": "MED",
        "Procurement": "PRO",
        "Estates": "EST",
        "Corporate": "COR",
        "Workforce": "WOR",
        "Continuing care": "CHC",
    }.get(scheme.programme)
    if scheme.programme == "Pathways":
        topic = {"Theatres": "THE", "Outpatients": "OUT"}.get(scheme.service)
    known = {BOARD: ("MED", "CHC")}.get(
        scheme.body, ("MED", "PRO", "EST", "COR", "WOR", "THE", "OUT")
    )
    return f"OP-{scheme.body[3:]}-{topic}" if topic in known else ""


def outturn(scheme: Scheme) -> list[int]:
    """What it saves by month: to December as recorded, then as forecast; less where it slips."""
    plan = scheme.by_month()
    rng = stream("delivery", scheme.id)
    if scheme.maturity == DELIVERING:
        level = rng.uniform(*_LEVEL)
        found = [round(p * level * rng.uniform(0.95, 1.05)) for p in plan]
    else:
        late = rng.choice((0, 0, 0, 1, 2))
        begun = _begun(scheme)
        if not begun and any(plan):
            late = max(late, LAST_ACTUAL + 1 - (plan.index(max(plan)) + 1))
        found = [0] * late + plan[: 12 - late]
        if not begun:  # the forecast already expects less of what has not begun
            found = [round(p * _NOT_BEGUN[scheme.maturity]) for p in found]
    if scheme.stops:
        found = [p if month < scheme.stops else 0 for month, p in enumerate(found, start=1)]
    return found


def slippage(schemes: list[Scheme]) -> dict[str, dict[str, list[int]]]:
    """By how much what is saved falls short of plan: by body and line, each month, £k."""
    found: dict[str, dict[str, list[int]]] = {}
    for scheme in schemes:
        if not scheme.counted:
            continue
        months = found.setdefault(scheme.body, {}).setdefault(scheme.line, [0] * 12)
        for place, (plan, saved) in enumerate(zip(scheme.by_month(), outturn(scheme), strict=True)):
            months[place] += plan - saved
    return found


def _phase(book: Book, scheme: Scheme) -> None:
    """Plan by month; actual to December; forecast by month, later where the scheme slipped."""
    plan, found = scheme.by_month(), outturn(scheme)
    if not any(plan):
        return
    for basis, values, months in (
        ("plan", plan, MONTHS),
        ("actual", found, MONTHS[:LAST_ACTUAL]),
        ("forecast", found, MONTHS),
    ):
        if basis == "actual" and scheme.maturity != DELIVERING and not _begun(scheme):
            continue
        for month in months:
            book.put(
                "amounts",
                organisation=scheme.body,
                line=scheme.line,
                year=YEAR,
                month=month,
                basis=basis,
                recurrence=scheme.recurrence,
                scheme=scheme.id,
                amount=values[month - 1],
                source="SRC-TRK9" if (basis, month) == ("actual", LAST_ACTUAL) else _SOURCE[basis],
            )


def _begun(scheme: Scheme) -> bool:
    """Whether one that was developed by the autumn has begun by the month of the return."""
    autumn = scheme.start < month_start(LAST_ACTUAL - 1)
    return scheme.maturity == DEVELOPED and autumn and not scheme.fixed


def _staff(book: Book, scheme: Scheme) -> None:
    """Whole-time equivalents that a pay scheme releases, by staff group."""
    if scheme.line != "pay" or scheme.cash not in ("cash_releasing", "productivity"):
        return
    group = _STAFF_GROUP.get(scheme.service, "registered_nursing")
    for year, part in ((YEAR, sum(scheme.by_month()) / scheme.fye), ("2027/28", 1.0)):
        value = -round(scheme.fye / 52 * part, 1)
        if value:
            book.put(
                "facts",
                organisation=MERGED if year != YEAR and scheme.body in MERGING else scheme.body,
                fact="workforce",
                year=year,
                basis="plan",
                scheme=scheme.id,
                group=group,
                value=value,
                unit="wte",
                source="SRC-TRK",
            )


assert set(LETTER) == {BOARD, *TRUSTS, MERGED}
