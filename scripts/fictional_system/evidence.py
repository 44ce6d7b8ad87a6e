"""Evidence: gates, quality assessments, signatures, engagement and milestones of each scheme.

The rule that the cases depart from: G3 passed, every domain assessed with no residual score of
15 or more, and both a medical director and a chief nurse signed who do not own the scheme.
People appear by office and letter only.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from .bodies import LETTER
from .book import Book, stream
from .scheme import DELIVERING, DEVELOPED, OPPORTUNITY, PROGRESS, PUBLIC, Scheme
from .special import WARD

DOMAINS = {
    "nhse_2025": (
        "safe",
        "effective",
        "experience",
        "well_led",
        "sustainable",
        "equitable",
        "workforce_safety",
    ),
    "classic": ("safety", "effectiveness", "experience", "workforce_safety"),
}
_MITIGATION = {
    "safe": "Harm reviews each week; stop if falls or incidents rise by a tenth",
    "safety": "Harm reviews each week; stop if falls or incidents rise by a tenth",
    "effective": "Outcome measures against the year before, each quarter",
    "effectiveness": "Outcome measures against the year before, each quarter",
    "experience": "Patient survey and complaints read each month",
    "well_led": "Named lead, weekly report to the programme board",
    "sustainable": "Effect on waste, travel and future capacity checked at six months",
    "equitable": "Use by deprivation fifth and protected group watched each quarter",
    "workforce_safety": "Fill rates, sickness and overtime watched each week",
}
# First day of evidence by maturity; later steps follow in order.
_BEGINS = {
    DELIVERING: date(2025, 10, 6),
    DEVELOPED: date(2026, 2, 2),
    PROGRESS: date(2026, 4, 13),
    OPPORTUNITY: date(2026, 6, 8),
}
# Step: days after the first, for what is delivering and for what is developed.
_DAYS = {
    "G0": (0, 0),
    "G1": (35, 40),
    "G2": (84, 120),
    "finance": (86, 124),
    "EQIA": (92, 132),
    "QIA": (98, 140),
    "G3": (150, 170),
}


def put_evidence(book: Book, schemes: list[Scheme]) -> None:
    """Everything that lets a scheme count, or shows why it may not."""
    for scheme in schemes:
        if scheme.maturity not in _BEGINS:
            continue
        rng = stream("evidence", scheme.id)
        first = _BEGINS[scheme.maturity] + timedelta(days=rng.randint(0, 13))
        column = 0 if scheme.maturity == DELIVERING else 1
        at = {step: first + timedelta(days=days[column]) for step, days in _DAYS.items()}
        complete = scheme.maturity in (DELIVERING, DEVELOPED) and not scheme.evidence_to
        _gates(book, scheme, at, complete, rng)
        if complete or (scheme.maturity == PROGRESS and rng.random() < 0.5):
            _assess(book, scheme, at["QIA"], complete, rng)
        if scheme.maturity != OPPORTUNITY:
            _engage(book, scheme, at)
            _milestones(book, scheme, at)


def _gate(
    book: Book,
    scheme: Scheme,
    gate: str,
    on: object,
    by: str,
    role: str,
    evidence: str,
    outcome: str = "",
) -> None:
    book.put(
        "gates",
        scheme=scheme.id,
        gate=gate,
        on=on,
        by=by,
        role=role,
        outcome=outcome,
        evidence=evidence,
    )


# Who passes a step, in which role, on what evidence.
_STEP = {
    "G0": ("Programme Office", "programme_office", "Idea, source and range"),
    "G1": ("Programme Board", "programme_board", "Outline, owner, baseline, overlap, screening"),
    "G2": (
        "Programme Board",
        "programme_board",
        "Full document, phasing, staffing; effect on the longer-term strategy: consistent",
    ),
    "finance": ("Finance Lead", "finance_lead", "Value and phasing checked"),
    "EQIA": (
        "Equality Lead",
        "equality_lead",
        "Nine characteristics, deprivation, inclusion groups: no change",
    ),
    "G3": ("Executive Committee", "executive", "Plan, measures, engagement, budget removed"),
    "G4": ("Programme Board", "programme_board", "First month's actuals; triggers agreed"),
}


def _gates(book: Book, scheme: Scheme, at: dict[str, date], complete: bool, rng: Random) -> None:
    letter = LETTER[scheme.body]

    def step(gate: str, on: object, evidence: str = "", outcome: str = "") -> None:
        office, role, usual = _STEP[gate]
        _gate(book, scheme, gate, on, f"{office} {letter}", role, evidence or usual, outcome)

    step("G0", at["G0"])
    if scheme.maturity == OPPORTUNITY:
        return
    step("G1", at["G1"])
    if not complete:
        return
    for gate in ("G2", "finance", "EQIA"):
        step(gate, at[gate])
    doctor, nurse = scheme.signers or (f"Medical Director {letter}", f"Chief Nurse {letter}")
    signed, later = at["QIA"], at["QIA"] + timedelta(days=3)
    _gate(book, scheme, "QIA", signed, doctor, "medical_director", "Quality assessment signed")
    if nurse:
        _gate(book, scheme, "QIA", later, nurse, "chief_nurse", "Quality assessment signed")
    if any(consequence == 5 for _, consequence in scheme.residual.values()):
        told = "Consequence of 5: harm reviews weekly, stop rule agreed"
        panel, day = f"Quality Panel {letter}", at["QIA"] + timedelta(days=10)
        _gate(book, scheme, "QIA", day, panel, "quality_panel", told, "approve")
    step("G3", at["G3"])
    if scheme.went_back:
        step("G3", "2026-07-06", "Supplier withdrew: back to design", "failed")
        step("G3", "2026-08-17", "New supplier; plan re-made")
    if scheme.failed_later:
        step("G3", "2026-10-05", "Lease cannot be ended in time", "failed")
    if scheme.maturity == DELIVERING:
        live = date.fromisoformat(scheme.start) + timedelta(days=rng.randint(0, 6))
        step("G4", max(live, date(2026, 8, 20)) if scheme.went_back else live)


def _assess(book: Book, scheme: Scheme, on: date, complete: bool, rng: Random) -> None:
    letter = LETTER[scheme.body]
    domains = [d for d in DOMAINS[scheme.profile] if d != scheme.missing_domain]
    if not complete:
        domains = domains[: rng.choice((2, 3, 4))]
    review = scheme.review_on or str(date(2027, 1, 11) + timedelta(days=7 * rng.randint(0, 16)))
    for domain in domains:
        after = scheme.residual.get(domain) or _mild(rng, domain, scheme)
        before = (
            min(5, after[0] + rng.randint(0, 1)),
            max(after[1], min(4, after[1] + rng.randint(0, 1))),
        )
        rejected = domain == scheme.rejected_domain
        row = {
            "scheme": scheme.id,
            "profile": scheme.profile,
            "domain": domain,
            "likelihood": before[0],
            "consequence": before[1],
            "residual_likelihood": after[0],
            "residual_consequence": after[1],
            "mitigation": _MITIGATION[domain]
            if before != after or after[0] * after[1] >= 6
            else "",
            "assessor": f"Quality Lead {letter}",
            "role": "quality_lead",
            "signed_on": on if complete else "",
            "review_on": review if complete else "",
            "outcome": "reject" if rejected else "approve" if complete else "",
        }
        worse = scheme.rescored.get(domain)
        book.put("assessments", **row)
        if not worse:
            continue
        again = row | {
            "likelihood": worse[0],
            "consequence": worse[1],
            "residual_likelihood": worse[0],
            "residual_consequence": worse[1],
            "signed_on": "2026-08-24",
            "outcome": "reject",
            "mitigation": "None found that lowers the risk at night",
        }
        book.put("assessments", **again, known_on="2026-08-24")


def _mild(rng: Random, domain: str, scheme: Scheme) -> tuple[int, int]:
    """A low or moderate score; pathway and workforce schemes weigh a little more."""
    if scheme.service == WARD:
        return (1, 2)
    heavy = scheme.programme in ("Pathways", "Workforce", "Mental health", "Continuing care")
    return rng.choice(
        ((2, 3), (2, 2), (1, 3), (3, 2), (3, 3)) if heavy else ((1, 2), (2, 2), (1, 3), (1, 1))
    )


def _engage(book: Book, scheme: Scheme, at: dict[str, date]) -> None:
    def duty(
        name: str, begin: object, end: object, notified: object = "", outcome: str = ""
    ) -> None:
        book.put(
            "engagements",
            scheme=scheme.id,
            duty=name,
            from_=begin,
            to=end,
            notified_on=notified,
            outcome=outcome,
        )

    if scheme.consulted_late:
        duty("public_involvement", "2026-09-07", "2026-11-01", "", "Most objected; reply awaited")
        duty("council_consultation", "2026-09-14", "2026-11-09")
        duty("secretary_of_state_notification", "", "", "2026-10-02", "No call-in so far")
        return
    begin = at["G1"] + timedelta(days=7)
    if scheme.service in PUBLIC:
        duty("public_involvement", begin, begin + timedelta(days=42), "", "Changes made to hours")
    if scheme.service == "Urgent care":
        duty(
            "council_consultation",
            begin,
            begin + timedelta(days=56),
            "",
            "Supported with conditions",
        )
        duty("secretary_of_state_notification", "", "", begin, "Not called in")
    if scheme.asks_staff:
        duty("staff_side", begin, begin + timedelta(days=30), "", "Agreed")


def _milestones(book: Book, scheme: Scheme, at: dict[str, date]) -> None:
    start = date.fromisoformat(scheme.start)
    done = scheme.maturity == DELIVERING and not scheme.evidence_to
    plan = [("Baseline agreed", at["G1"] + timedelta(days=14), True), ("Goes live", start, done)]
    if done or scheme.maturity == DEVELOPED:
        plan.append(("Benefits reviewed", start + timedelta(days=180), False))
    for title, due, past in plan:
        finished = due + timedelta(days=(due.day * 7) % 12) if past else ""
        book.put("milestones", scheme=scheme.id, title=title, due=due, done_on=finished)
