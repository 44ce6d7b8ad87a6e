"""Assess a scheme and sign it: what changed since the last signature, the scores, the effect, the word.

A signature carries the digest of what the page showed; where something changed meanwhile it is refused
and the page says what. Conditions go with the approval that sets them: both, or neither.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from controltotal.book.records import Assessment, Gate, Scheme
from controltotal.book.row_keys import row_key
from controltotal.core.calendar import day_words
from controltotal.core.keys import word
from controltotal.papers.scheme_states import states
from controltotal.papers.sections import Section
from controltotal.programme import seen
from controltotal.programme.judging import Judgement
from controltotal.programme.outcomes import APPROVE, CONDITIONS, REJECT, WAIT
from controltotal.programme.panel import unsigned
from controltotal.programme.profiles import profiles
from controltotal.service.apps import house
from controltotal.service.browsing import numbers
from controltotal.service.pages.schemes import MARKS, address, answer, no_scheme, scheme_row
from controltotal.service.permitted import ROLES, deputy_words, may, signing_roles
from controltotal.service.receipts import receipt_words
from controltotal.service.route import Route
from controltotal.service.scheme_money import counted, keep_words, moved_words
from controltotal.service.scheme_views import (
    change_rows,
    conditions_table,
    effect_table,
    gates_table,
    quality_table,
    refusals_said,
    scheme_parts,
    unit_of,
)
from controltotal.service.web import Outcome, Page, do, frame, fresh_request, name, names, shown
from controltotal.verbs.one_scheme import of_one

SIGNERS: Final = ("medical_director", "chief_nurse", "trust_finance", "system_finance")
"""Offices that sign a scheme."""
ROUTES: Final = (
    Route(
        "schemes/<path:scheme>/sign",
        "sign",
        "pages.signing_off:signing",
        SIGNERS,
        ("GET", "POST"),
        acts=("sign", "assess"),
    ),
)
WORDS: Final = (
    (APPROVE, "Approve", "It may go ahead as it is"),
    (
        CONDITIONS,
        "Approve with conditions",
        "Say at least one condition, and when it has to be met",
    ),
    (WAIT, "Ask for more information", "It waits until somebody answers and you sign again"),
    (
        REJECT,
        "Refuse",
        "It counts nowhere until it is changed and both directors have signed after that",
    ),
)
"""What a signature may say."""
KINDS: Final = (
    ("", "Choose"),
    ("before_start", "Before it starts: nothing counts until it is met"),
    ("while_running", "While it runs: overdue, it stops the months after"),
)
NUMBERS: Final = ("", "_2", "_3")
SCORES: Final = ("likelihood", "consequence", "residual_likelihood", "residual_consequence")
PROFILE: Final = "nhse_2025"


@dataclass(frozen=True, slots=True)
class Scored:
    """A domain on the page: its name, and what its assessment says now or was typed for it."""

    domain: str
    name: str
    cells: Mapping[str, str]
    row: Assessment | None


def signing(request: HttpRequest, scheme: str) -> HttpResponse:
    """One scheme to sign: asked for, it is shown; sent, the scores or the signature go to the desk."""
    row = scheme_row(scheme)
    if row is None:
        return no_scheme(request, scheme)
    if request.method == "POST" and request.POST.get("do") == "assess":
        return _assessed(request, row)
    if request.method == "POST":
        return _signed(request, row)
    return _page(request, row)


def _signed(request: HttpRequest, row: Scheme) -> HttpResponse:
    """Sign, and say what happens next; refused, the page comes back with what was typed."""
    errors = _lacking(request)
    if errors:
        return _page(request, row, Outcome(errors=errors))
    before = counted(row)
    outcome = do(request, "sign", _fields(request, row))
    if outcome.done is None:
        return _page(request, row, outcome)
    keep_words(request, row, outcome.done.last, moved_words(row, before, counted(row)))
    words = f"Signed. {receipt_words(outcome.done, names())} {next_words(row.id)}"
    messages.success(request, words)
    return HttpResponseRedirect(address(row.id))


def _fields(request: HttpRequest, row: Scheme) -> dict[str, str]:
    """The fields of the act: empty conditions are left out, an approval says no word."""
    names = [f"{column}{n}" for n in NUMBERS for column in ("text", "kind", "owner", "due")]
    given = {key: request.POST.get(key, "").strip() for key in ("role", "outcome", "signed")}
    if given["outcome"] == CONDITIONS:
        given |= {key: request.POST.get(key, "").strip() for key in names}
    return {"scheme": row.id, **{key: text for key, text in given.items() if text}}


def _lacking(request: HttpRequest) -> tuple[tuple[str, str], ...]:
    """What a form lacks before the desk is asked: no word chosen, or conditions without one."""
    outcome = request.POST.get("outcome", "")
    found = []
    if not outcome:
        found.append(("#outcome", "Choose what you say of the scheme."))
    if not request.POST.get("signed"):
        found.append(("#outcome", "Load the page again: it does not say what you saw."))
    if outcome == CONDITIONS and not any(request.POST.get(f"text{n}", "").strip() for n in NUMBERS):
        found.append(("#text", "Say the condition."))
    return tuple(found)


def next_words(code: str) -> str:
    """What happens next after a signature, from the judgement as it then stands."""
    judged = house().workings.savings.judgements[code]
    if judged.rejected:
        return "It is refused: it counts nowhere. The programme office may change it and send it again."
    if any(reason.code == "MORE_INFORMATION" for reason in judged.reasons):
        return "The programme office is asked for more; you sign again when it has answered."
    waits = unsigned(judged)
    if waits:
        return (
            f"The {' and the '.join(word.replace('_', ' ') for word in waits)} still has to sign."
        )
    if not judged.reasons:
        return "Both directors have signed, and the scheme counts."
    return f"Both directors have signed. It still waits: {judged.reasons[0].text}."


def _assessed(request: HttpRequest, row: Scheme) -> HttpResponse:
    """Record each score that differs from what stands, one act a domain, in the order of the profile."""
    told, errors = [], []
    for one in scored(row, _typed(request)):
        before = {column: _said(one.row, column) for column in (*SCORES, "mitigation")}
        given = {column: one.cells.get(column, "") for column in before}
        if given == before or not any(given.values()):
            continue
        fields = {"scheme": row.id, "profile": profile_of(row), "domain": one.domain}
        fields |= {key: text for key, text in given.items() if text}
        fields["role"] = next((r for r in signing_roles(request, row.id) if r in SIGNERS), "")
        if review := _said(one.row, "review_on"):
            fields["review_on"] = review
        outcome = do(request, "assess", fields, part=one.domain)
        if outcome.done is not None:
            told.append(one.name)
            continue
        errors += [(f"{to}-{one.domain}", f"{one.name}: {text}") for to, text in outcome.errors]
        if outcome.clash is not None:
            break
    if errors or not told:
        errors = errors or [("#scores", "Nothing would change: change a score or a mitigation.")]
        done = f" Recorded all the same: {', '.join(told)}." if told else ""
        errors[-1] = (errors[-1][0], errors[-1][1] + done)
        return _page(request, row, Outcome(errors=tuple(errors)))
    messages.success(
        request, f"Recorded: {', '.join(told)}. Look at it as it now stands, then sign."
    )
    return HttpResponseRedirect(f"{address(row.id)}/sign")


def _said(row: Assessment | None, column: str) -> str:
    return row.texts.get(column, "") if row is not None else ""


def _typed(request: HttpRequest) -> dict[str, dict[str, str]]:
    """What was typed for each domain: fields `COLUMN-DOMAIN`."""
    found: dict[str, dict[str, str]] = {}
    for key, text in request.POST.items():
        column, dash, domain = key.partition("-")
        if dash and column in (*SCORES, "mitigation"):
            found.setdefault(domain, {})[column] = text.strip()
    return found


def profile_of(row: Scheme) -> str:
    """The profile of quality by which a scheme is assessed; the newest where none is used yet."""
    judged = house().workings.savings.judgements[row.id]
    for one in judged.evidence.assessments:
        known = profiles().get(word(one.profile))
        if known is not None and known.kind == "quality":
            return one.profile
    return PROFILE


def scored(row: Scheme, typed: Mapping[str, Mapping[str, str]] | None = None) -> list[Scored]:
    """Every domain of the profile, with what its assessment says, or what was typed over it."""
    judged = house().workings.savings.judgements[row.id]
    profile = profile_of(row)
    by = {word(a.domain): a for a in judged.evidence.assessments if a.profile == profile}
    found = []
    for domain, known in profiles()[word(profile)].domains.items():
        own = by.get(domain)
        stands = {column: _said(own, column) for column in (*SCORES, "mitigation")}
        found.append(Scored(domain, known.name, {**stands, **(typed or {}).get(domain, {})}, own))
    return found


def last_signatures(row: Scheme, subject: str) -> tuple[Gate | None, Gate | None]:
    """The last signature of quality by anybody, and the last one by a subject."""
    position = house().position
    rows = [g for g in position.book.gates if g.scheme == row.id and g.gate in ("QIA", "EQIA")]
    rows.sort(key=lambda one: (one.on, one.entry))
    entries = position.entries
    own = [g for g in rows if entries[g.entry].narration.author.subject == subject]
    return (rows[-1] if rows else None), (own[-1] if own else None)


def _page(request: HttpRequest, row: Scheme, outcome: Outcome | None = None) -> HttpResponse:
    """The page of a scheme to sign.

    The digest is made before anything else is read: whatever is recorded meanwhile is shown, perhaps,
    but never signed.
    """
    position = house().position
    signed = seen.digest(position.daybook, row.id)
    row, workings = scheme_row(row.id) or row, house().workings
    judged = workings.savings.judgements[row.id]
    whole = answer()
    result, state = of_one(whole, row.id), states(whole)[row.id]
    roles = signing_roles(request, row.id)
    trail = [("/", "Home"), ("/quality", "Quality"), (address(row.id), row.id)]
    page = frame(request, f"Sign {row.id}: {row.title}", trail)
    status = _refused(page, outcome)
    since = _since(request, row, outcome)
    posted: Any = request.POST if outcome is not None else {}
    return shown(
        request,
        "scheme_sign.html.j2",
        page,
        status,
        row=row,
        body=name(row.organisation),
        state=state,
        mark=MARKS[state.kind],
        since=since,
        refusals=refusals_said(position, row),
        facts=scheme_parts(workings, result, row, state.waits_for)[0],
        parts=[one for one in _evidence(request, row) if not one.empty],
        scores=scored(row, _typed(request) if outcome is not None else None),
        scales=[("", "–"), *((str(n), str(n)) for n in range(1, 6))],
        typed_scores=posted.get("do") == "assess" or bool(not_yet(judged)),
        may_assess=may(request, "assess", "assessments", scheme=row.id),
        reasons=not_yet(judged),
        roles=[(one, ROLES[one]) for one in roles],
        default=next((one for one in roles if one in unsigned(judged)), roles[0] if roles else ""),
        deputy=deputy_words(request, roles),
        conditional=bool(roles) and may(request, "condition", "conditions", scheme=row.id),
        outcomes=WORDS,
        kinds=KINDS,
        numbers=NUMBERS,
        posted=posted,
        signed=signed,
        entry=position.ref.entry,
        seen=_seen(row),
        fresh=fresh_request,
        address=address(row.id),
    )


def not_yet(judged: Judgement) -> list[str]:
    """Why a director cannot approve it yet: what has no score, or too high a one."""
    return [
        reason.text
        for reason in judged.reasons
        if reason.code.startswith("QUALITY") and reason.code != "QUALITY_REFUSED"
    ]


def _seen(row: Scheme) -> list[str]:
    """The assessments that the page shows, each with the entry that says it."""
    judged = house().workings.savings.judgements[row.id]
    return [f"{row_key('assessments', a.texts)}={a.entry}" for a in judged.evidence.assessments]


def _refused(page: Page, outcome: Outcome | None) -> int:
    """Put what was refused on the page; its status."""
    if outcome is None:
        return 200
    if outcome.clash is not None:
        words = "The scheme changed while you read it, and nothing was signed. What changed stands below."
        page.errors = [("#changed", words)]
        return 409
    page.errors = [(to if to != "#" else "#outcome", words) for to, words in outcome.errors]
    return 422


def _since(request: HttpRequest, row: Scheme, outcome: Outcome | None) -> list[dict[str, Any]]:
    """What changed since the page was opened, since you signed, and since anybody did."""
    position = house().position
    last, own = last_signatures(row, request.actor.subject)
    found = []
    at = next(numbers(request.POST.get("at", "")), None)
    if outcome is not None and outcome.clash is not None and at is not None:
        found.append(_changes("since you opened this page", row, at))
    if own is not None:
        found.append(_changes(f"since you signed on {_spoken_day(own)}", row, _end(own), own.on))
    if last is not None and last is not own:
        office = (last.role or "somebody").replace("_", " ")
        words = f"since the {office} signed on {_spoken_day(last)}"
        found.append(_changes(words, row, _end(last), last.on))
    return [one for one in found if position.ref.entry]


def _end(signature: Gate) -> int:
    """The last entry of the act that signed."""
    position, number = house().position, signature.entry
    request = position.daybook[number - 1].narration.request
    while request and number < len(position.daybook):
        if position.daybook[number].narration.request != request:
            break
        number += 1
    return number


def _spoken_day(signature: Gate) -> str:
    return day_words(signature.on)


def _changes(words: str, row: Scheme, since: int, day: date | None = None) -> dict[str, Any]:
    position = house().position
    rows = change_rows(seen.changes(position.daybook, row.id, since, day), unit_of(position))
    lines = [
        [r[c] for c in ("what", "before", "after", "on", "office", "why", "entry")] for r in rows
    ]
    return {"words": words, "lines": lines}


def _evidence(request: HttpRequest, row: Scheme) -> Sequence[Section]:
    """What a signer looks at: scores, effect with other schemes, conditions, who has said what."""
    position, workings = house().position, house().workings
    year = str(answer().options.get("year", ""))
    return [
        Section("quality", "Quality, domain by domain", tables=(quality_table(workings, row),)),
        Section("effect", "With other schemes", tables=(effect_table(workings, row, year),)),
        Section("conditions", "Conditions", tables=(conditions_table(position, row),)),
        Section("decisions", "Signatures and gates", tables=(gates_table(position, row),)),
    ]
