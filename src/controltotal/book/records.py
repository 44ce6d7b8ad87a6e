"""The typed records of a book: one for each table, a field for each column.

Made from `data/tables.csv` by `python -m scripts.make_records`; do not edit. Money is whole pence,
years and months are canonical text, dates are dates, yes and no are bools, lists are tuples; an
empty cell is None. A column that every row must fill is never None in a record in force; only in
one that a fault has stopped may it be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from controltotal.book.record import Record


@dataclass(frozen=True, slots=True, eq=False)
class Setting(Record):
    """Settings of the book, one a row: a row of `book`."""

    table: ClassVar[str] = "book"

    key: str = None  # type: ignore[assignment]
    value: str = None  # type: ignore[assignment]
    known_on: date | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Organisation(Record):
    """Bodies and groupings, one row a spell under one parent: a row of `organisations`."""

    table: ClassVar[str] = "organisations"

    code: str = None  # type: ignore[assignment]
    name: str = None  # type: ignore[assignment]
    kind: str = None  # type: ignore[assignment]
    parent: str | None = None
    from_: date | None = None
    to: date | None = None
    population: float | None = None
    need_index: float | None = None
    deprivation: float | None = None
    deprivation_score: float | None = None
    segment: str | None = None
    special_measures: bool | None = None
    complete: bool | None = None
    known_on: date | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Succession(Record):
    """Which body follows which: a row of `successions`."""

    table: ClassVar[str] = "successions"

    predecessor: str = None  # type: ignore[assignment]
    successor: str = None  # type: ignore[assignment]
    on: date = None  # type: ignore[assignment]
    share: float | None = None
    known_on: date | None = None


@dataclass(frozen=True, slots=True, eq=False)
class OwnLine(Record):
    """Lines of account beyond the packaged ones: a row of `lines`."""

    table: ClassVar[str] = "lines"

    line: str = None  # type: ignore[assignment]
    name: str = None  # type: ignore[assignment]
    kind: str = None  # type: ignore[assignment]
    group: str | None = None
    sub_code: str | None = None
    main_code: str | None = None
    outside_control_total: bool | None = None
    known_on: date | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Amount(Record):
    """Money by organisation, line, period and basis: a row of `amounts`."""

    table: ClassVar[str] = "amounts"

    organisation: str = None  # type: ignore[assignment]
    line: str = None  # type: ignore[assignment]
    year: str = None  # type: ignore[assignment]
    month: str | None = None
    basis: str = None  # type: ignore[assignment]
    scenario: str | None = None
    recurrence: str | None = None
    counterparty: str | None = None
    scheme: str | None = None
    amount: int = None  # type: ignore[assignment]
    unit: str | None = None
    direction: str | None = None
    qualifier: str | None = None
    source: str | None = None
    known_on: date | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Fact(Record):
    """Numbers that are not part of the surplus: a row of `facts`."""

    table: ClassVar[str] = "facts"

    organisation: str = None  # type: ignore[assignment]
    fact: str = None  # type: ignore[assignment]
    year: str = None  # type: ignore[assignment]
    month: str | None = None
    basis: str | None = None
    scenario: str | None = None
    scheme: str | None = None
    group: str | None = None
    value: int | float = None  # type: ignore[assignment]
    unit: str | None = None
    qualifier: str | None = None
    source: str | None = None
    known_on: date | None = None


@dataclass(frozen=True, slots=True, eq=False)
class ControlTotal(Record):
    """The least acceptable surplus or deficit set for a body: a row of `control_totals`."""

    table: ClassVar[str] = "control_totals"

    organisation: str = None  # type: ignore[assignment]
    year: str = None  # type: ignore[assignment]
    month: str | None = None
    scenario: str | None = None
    amount: int = None  # type: ignore[assignment]
    unit: str | None = None
    status: str = None  # type: ignore[assignment]
    set_by: str | None = None
    set_on: date | None = None
    set_on_at_latest: bool | None = None
    owner: str | None = None
    monitor: str | None = None
    consequence: str | None = None
    appeal: str | None = None
    includes_support: bool | None = None
    imposed: bool | None = None
    reason: str | None = None
    source: str | None = None
    known_on: date | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Challenge(Record):
    """Challenges to a control total: a row of `challenges`."""

    table: ClassVar[str] = "challenges"

    organisation: str = None  # type: ignore[assignment]
    year: str = None  # type: ignore[assignment]
    by: str = None  # type: ignore[assignment]
    on: date = None  # type: ignore[assignment]
    grounds: str = None  # type: ignore[assignment]
    answer: str | None = None
    outcome: str | None = None
    known_on: date | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Transfer(Record):
    """Money or obligation moved between bodies: a row of `transfers`."""

    table: ClassVar[str] = "transfers"

    id: str = None  # type: ignore[assignment]
    from_: str = None  # type: ignore[assignment]
    to: str = None  # type: ignore[assignment]
    year: str = None  # type: ignore[assignment]
    month: str | None = None
    amount: int = None  # type: ignore[assignment]
    unit: str | None = None
    kind: str = None  # type: ignore[assignment]
    mechanism: str = None  # type: ignore[assignment]
    status: str = None  # type: ignore[assignment]
    repay_from: str | None = None
    repay_years: float | None = None
    interest: float | None = None
    condition: str | None = None
    chance: float | None = None
    answers: str | None = None
    source: str | None = None
    known_on: date | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Consent(Record):
    """What each side of a transfer's money says of it: a row of `consents`."""

    table: ClassVar[str] = "consents"

    transfer: str = None  # type: ignore[assignment]
    organisation: str = None  # type: ignore[assignment]
    outcome: str = None  # type: ignore[assignment]
    by: str = None  # type: ignore[assignment]
    on: date = None  # type: ignore[assignment]
    reason: str | None = None
    known_on: date | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Repayment(Record):
    """Repayments and write-offs of transfers: a row of `repayments`."""

    table: ClassVar[str] = "repayments"

    transfer: str = None  # type: ignore[assignment]
    year: str = None  # type: ignore[assignment]
    month: str | None = None
    kind: str = None  # type: ignore[assignment]
    amount: int = None  # type: ignore[assignment]
    unit: str | None = None
    source: str | None = None
    known_on: date | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Contract(Record):
    """Contracts between commissioner and provider: a row of `contracts`."""

    table: ClassVar[str] = "contracts"

    commissioner: str = None  # type: ignore[assignment]
    provider: str = None  # type: ignore[assignment]
    year: str = None  # type: ignore[assignment]
    kind: str = None  # type: ignore[assignment]
    baseline: int | None = None
    unit: str | None = None
    variable_share: float | None = None
    source: str | None = None
    known_on: date | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Scheme(Record):
    """Savings schemes: a row of `schemes`."""

    table: ClassVar[str] = "schemes"

    id: str = None  # type: ignore[assignment]
    organisation: str = None  # type: ignore[assignment]
    title: str = None  # type: ignore[assignment]
    programme: str | None = None
    service: str | None = None
    category: str | None = None
    recurrence: str = None  # type: ignore[assignment]
    cash_type: str | None = None
    maturity: str = None  # type: ignore[assignment]
    in_plan: bool | None = None
    provider: str | None = None
    risk: str | None = None
    start: date | None = None
    full_year_effect: int = None  # type: ignore[assignment]
    unit: str | None = None
    investment: int | None = None
    low: float | None = None
    mode: float | None = None
    high: float | None = None
    chance: float | None = None
    delay_months: float | None = None
    capacity_wte: float | None = None
    excludes: tuple[str, ...] | None = None
    requires: tuple[str, ...] | None = None
    overlaps: tuple[str, ...] | None = None
    opportunity: str | None = None
    places: tuple[str, ...] | None = None
    groups: tuple[str, ...] | None = None
    owner: str | None = None
    directorate: str | None = None
    clinical_lead: str | None = None
    affects: tuple[str, ...] | None = None
    public_summary: str | None = None
    commercial: bool | None = None
    known_on: date | None = None


@dataclass(frozen=True, slots=True, eq=False)
class SchemeEffect(Record):
    """Who gains and who loses from a scheme: a row of `effects`."""

    table: ClassVar[str] = "effects"

    scheme: str = None  # type: ignore[assignment]
    organisation: str = None  # type: ignore[assignment]
    share: float = None  # type: ignore[assignment]
    known_on: date | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Assessment(Record):
    """Quality impact assessments, one row a domain: a row of `assessments`."""

    table: ClassVar[str] = "assessments"

    scheme: str = None  # type: ignore[assignment]
    profile: str = None  # type: ignore[assignment]
    domain: str = None  # type: ignore[assignment]
    likelihood: float = None  # type: ignore[assignment]
    consequence: float = None  # type: ignore[assignment]
    residual_likelihood: float | None = None
    residual_consequence: float | None = None
    mitigation: str | None = None
    assessor: str | None = None
    role: str | None = None
    signed_on: date | None = None
    review_on: date | None = None
    outcome: str | None = None
    known_on: date | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Gate(Record):
    """Gates and signatures of a scheme: a row of `gates`."""

    table: ClassVar[str] = "gates"

    scheme: str = None  # type: ignore[assignment]
    gate: str = None  # type: ignore[assignment]
    on: date = None  # type: ignore[assignment]
    by: str | None = None
    role: str | None = None
    outcome: str | None = None
    evidence: str | None = None
    signed: str | None = None
    known_on: date | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Engagement(Record):
    """Who must be involved and when: a row of `engagements`."""

    table: ClassVar[str] = "engagements"

    scheme: str = None  # type: ignore[assignment]
    duty: str = None  # type: ignore[assignment]
    from_: date | None = None
    to: date | None = None
    notified_on: date | None = None
    respond_by: date | None = None
    respond_to: str | None = None
    summary: str | None = None
    outcome: str | None = None
    known_on: date | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Condition(Record):
    """Conditions under which a scheme was approved, one a row: a row of `conditions`."""

    table: ClassVar[str] = "conditions"

    scheme: str = None  # type: ignore[assignment]
    gate: str = None  # type: ignore[assignment]
    text: str = None  # type: ignore[assignment]
    kind: str = None  # type: ignore[assignment]
    owner: str | None = None
    due: date = None  # type: ignore[assignment]
    met_on: date | None = None
    known_on: date | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Milestone(Record):
    """Milestones of schemes: a row of `milestones`."""

    table: ClassVar[str] = "milestones"

    scheme: str = None  # type: ignore[assignment]
    title: str = None  # type: ignore[assignment]
    due: date = None  # type: ignore[assignment]
    done_on: date | None = None
    known_on: date | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Limit(Record):
    """Limits that choices must respect: a row of `limits`."""

    table: ClassVar[str] = "limits"

    organisation: str = None  # type: ignore[assignment]
    year: str = None  # type: ignore[assignment]
    month: str | None = None
    limit: str = None  # type: ignore[assignment]
    group: str | None = None
    value: int | float = None  # type: ignore[assignment]
    unit: str | None = None
    by: str | None = None
    source: str | None = None
    known_on: date | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Opportunity(Record):
    """Benchmark opportunities: a row of `opportunities`."""

    table: ClassVar[str] = "opportunities"

    id: str = None  # type: ignore[assignment]
    view: str = None  # type: ignore[assignment]
    organisation: str = None  # type: ignore[assignment]
    category: str = None  # type: ignore[assignment]
    value: int = None  # type: ignore[assignment]
    unit: str | None = None
    year: str | None = None
    low: int | None = None
    high: int | None = None
    parent: str | None = None
    spend: int | None = None
    disjoint: str | None = None
    source: str | None = None
    known_on: date | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Crossing(Record):
    """How categories of two views share the same money: a row of `crosswalk`."""

    table: ClassVar[str] = "crosswalk"

    view_a: str = None  # type: ignore[assignment]
    category_a: str = None  # type: ignore[assignment]
    view_b: str = None  # type: ignore[assignment]
    category_b: str = None  # type: ignore[assignment]
    share: float = None  # type: ignore[assignment]
    known_on: date | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Risk(Record):
    """Risk register: a row of `risks`."""

    table: ClassVar[str] = "risks"

    id: str = None  # type: ignore[assignment]
    organisation: str = None  # type: ignore[assignment]
    title: str = None  # type: ignore[assignment]
    kind: str = None  # type: ignore[assignment]
    gross: int = None  # type: ignore[assignment]
    unit: str | None = None
    chance: float = None  # type: ignore[assignment]
    owner: str | None = None
    mitigates: str | None = None
    closed_on: date | None = None
    source: str | None = None
    known_on: date | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Decision(Record):
    """Decisions taken or to take: a row of `decisions`."""

    table: ClassVar[str] = "decisions"

    decision: str = None  # type: ignore[assignment]
    title: str | None = None
    rule: str = None  # type: ignore[assignment]
    on: date | None = None
    quorum: float | None = None
    threshold: float | None = None
    lead: str | None = None
    known_on: date | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Vote(Record):
    """Votes cast: a row of `votes`."""

    table: ClassVar[str] = "votes"

    decision: str = None  # type: ignore[assignment]
    organisation: str = None  # type: ignore[assignment]
    vote: str | None = None
    weight: float | None = None
    delegated: bool | None = None
    conflict: str | None = None
    known_on: date | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Submission(Record):
    """Plans and months handed in: a row of `submissions`."""

    table: ClassVar[str] = "submissions"

    organisation: str = None  # type: ignore[assignment]
    year: str = None  # type: ignore[assignment]
    month: str | None = None
    basis: str | None = None
    entry_: str = None  # type: ignore[assignment]
    by: str = None  # type: ignore[assignment]
    approved_by: str | None = None
    on: date = None  # type: ignore[assignment]
    late_reason: str | None = None
    reopened_by: str | None = None
    reopened_on: date | None = None
    reason: str | None = None
    known_on: date | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Waiver(Record):
    """Dated waivers of a rule: a row of `waivers`."""

    table: ClassVar[str] = "waivers"

    rule: str = None  # type: ignore[assignment]
    organisation: str = None  # type: ignore[assignment]
    year: str = None  # type: ignore[assignment]
    by: str = None  # type: ignore[assignment]
    on: date = None  # type: ignore[assignment]
    until: date | None = None
    reason: str | None = None
    known_on: date | None = None


@dataclass(frozen=True, slots=True, eq=False)
class OwnParameter(Record):
    """Parameters of the book, dated: a row of `parameters`."""

    table: ClassVar[str] = "parameters"

    name: str = None  # type: ignore[assignment]
    value: str = None  # type: ignore[assignment]
    from_: date = None  # type: ignore[assignment]
    authority: str = None  # type: ignore[assignment]
    source: str | None = None
    mark: str | None = None
    adopted_by: str | None = None
    adopted_on: date | None = None
    known_on: date | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Promise(Record):
    """Promises made in public: a row of `promises`."""

    table: ClassVar[str] = "promises"

    id: str = None  # type: ignore[assignment]
    by: str = None  # type: ignore[assignment]
    on: date = None  # type: ignore[assignment]
    text: str = None  # type: ignore[assignment]
    measure: str | None = None
    organisation: str | None = None
    year: str | None = None
    value: str | None = None
    due: date | None = None
    source: str | None = None
    known_on: date | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Withheld(Record):
    """What is withheld, refused or unanswered: a row of `withheld`."""

    table: ClassVar[str] = "withheld"

    figure: str = None  # type: ignore[assignment]
    kind: str = None  # type: ignore[assignment]
    exemption: str | None = None
    reason: str = None  # type: ignore[assignment]
    decided_by: str | None = None
    asked_by: str | None = None
    asked_on: date | None = None
    review_on: date | None = None
    until: date | None = None
    source: str | None = None
    known_on: date | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Comment(Record):
    """What people say beside the figures, with who said it and when: a row of `commentary`."""

    table: ClassVar[str] = "commentary"

    about: str = None  # type: ignore[assignment]
    year: str = None  # type: ignore[assignment]
    month: str | None = None
    text: str = None  # type: ignore[assignment]
    kind: str = None  # type: ignore[assignment]
    by: str = None  # type: ignore[assignment]
    on: date = None  # type: ignore[assignment]
    status: str | None = None
    source: str | None = None
    known_on: date | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Action(Record):
    """What is being done, by whom and by when: a row of `actions`."""

    table: ClassVar[str] = "actions"

    id: str = None  # type: ignore[assignment]
    title: str = None  # type: ignore[assignment]
    organisation: str = None  # type: ignore[assignment]
    about: str | None = None
    owner: str | None = None
    due: date | None = None
    done_on: date | None = None
    worth: int | None = None
    in_forecast: int | None = None
    unit: str | None = None
    source: str | None = None
    known_on: date | None = None


@dataclass(frozen=True, slots=True, eq=False)
class BoardPaper(Record):
    """Papers that go to a meeting and what they ask of it: a row of `papers`."""

    table: ClassVar[str] = "papers"

    organisation: str = None  # type: ignore[assignment]
    meeting: str = None  # type: ignore[assignment]
    on: date = None  # type: ignore[assignment]
    item: str | None = None
    session: str | None = None
    private_reason: str | None = None
    purpose: str | None = None
    presented_by: str | None = None
    considered_by: str | None = None
    recommendation: str | None = None
    month: str | None = None
    source: str | None = None
    known_on: date | None = None


@dataclass(frozen=True, slots=True, eq=False)
class CalendarPeriod(Record):
    """The calendar: days due, boards, panels, and times before an election: a row of `periods`."""

    table: ClassVar[str] = "periods"

    kind: str = None  # type: ignore[assignment]
    area: str | None = None
    from_: date = None  # type: ignore[assignment]
    to: date = None  # type: ignore[assignment]
    due: date | None = None
    known_on: date | None = None


@dataclass(frozen=True, slots=True, eq=False)
class OfficeHeld(Record):
    """Offices of people who may act: who holds which, where and how long: a row of `grants`."""

    table: ClassVar[str] = "grants"

    subject: str = None  # type: ignore[assignment]
    name: str = None  # type: ignore[assignment]
    role: str = None  # type: ignore[assignment]
    organisation: str = None  # type: ignore[assignment]
    from_: date = None  # type: ignore[assignment]
    to: date | None = None
    by: str = None  # type: ignore[assignment]
    known_on: date | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Question(Record):
    """Questions from outside, and their answers: a row of `questions`."""

    table: ClassVar[str] = "questions"

    id: str = None  # type: ignore[assignment]
    figure: str | None = None
    by_kind: str = None  # type: ignore[assignment]
    on: date = None  # type: ignore[assignment]
    text: str = None  # type: ignore[assignment]
    answer: str | None = None
    answered_by: str | None = None
    answered_on: date | None = None
    published: bool | None = None
    known_on: date | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Source(Record):
    """Where figures come from: a row of `sources`."""

    table: ClassVar[str] = "sources"

    id: str = None  # type: ignore[assignment]
    title: str = None  # type: ignore[assignment]
    publisher: str | None = None
    published_on: date | None = None
    file: str | None = None
    page: str | None = None
    quote: str | None = None
    licence: str | None = None
    months: str | None = None
    accepted_by: str | None = None
    known_on: date | None = None


@dataclass(frozen=True, slots=True)
class Tables:
    """The records of a book in force, table by table, in the order of the book."""

    book: tuple[Setting, ...] = ()
    organisations: tuple[Organisation, ...] = ()
    successions: tuple[Succession, ...] = ()
    lines: tuple[OwnLine, ...] = ()
    amounts: Sequence[Amount] = ()
    facts: tuple[Fact, ...] = ()
    control_totals: tuple[ControlTotal, ...] = ()
    challenges: tuple[Challenge, ...] = ()
    transfers: tuple[Transfer, ...] = ()
    consents: tuple[Consent, ...] = ()
    repayments: tuple[Repayment, ...] = ()
    contracts: tuple[Contract, ...] = ()
    schemes: tuple[Scheme, ...] = ()
    effects: tuple[SchemeEffect, ...] = ()
    assessments: tuple[Assessment, ...] = ()
    gates: tuple[Gate, ...] = ()
    engagements: tuple[Engagement, ...] = ()
    conditions: tuple[Condition, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    limits: tuple[Limit, ...] = ()
    opportunities: tuple[Opportunity, ...] = ()
    crosswalk: tuple[Crossing, ...] = ()
    risks: tuple[Risk, ...] = ()
    decisions: tuple[Decision, ...] = ()
    votes: tuple[Vote, ...] = ()
    submissions: tuple[Submission, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    parameters: tuple[OwnParameter, ...] = ()
    promises: tuple[Promise, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    commentary: tuple[Comment, ...] = ()
    actions: tuple[Action, ...] = ()
    papers: tuple[BoardPaper, ...] = ()
    periods: tuple[CalendarPeriod, ...] = ()
    grants: tuple[OfficeHeld, ...] = ()
    questions: tuple[Question, ...] = ()
    sources: tuple[Source, ...] = ()


RECORDS: dict[str, type[Record]] = {
    "book": Setting,
    "organisations": Organisation,
    "successions": Succession,
    "lines": OwnLine,
    "amounts": Amount,
    "facts": Fact,
    "control_totals": ControlTotal,
    "challenges": Challenge,
    "transfers": Transfer,
    "consents": Consent,
    "repayments": Repayment,
    "contracts": Contract,
    "schemes": Scheme,
    "effects": SchemeEffect,
    "assessments": Assessment,
    "gates": Gate,
    "engagements": Engagement,
    "conditions": Condition,
    "milestones": Milestone,
    "limits": Limit,
    "opportunities": Opportunity,
    "crosswalk": Crossing,
    "risks": Risk,
    "decisions": Decision,
    "votes": Vote,
    "submissions": Submission,
    "waivers": Waiver,
    "parameters": OwnParameter,
    "promises": Promise,
    "withheld": Withheld,
    "commentary": Comment,
    "actions": Action,
    "papers": BoardPaper,
    "periods": CalendarPeriod,
    "grants": OfficeHeld,
    "questions": Question,
    "sources": Source,
}
"""The record of each table."""
