"""The API under `/api/v1/`: verbs, figures, history, acts and jobs for programs, as OpenAPI describes.

It calls the verbs and acts that the pages call, and is judged by the same gatekeeper and desk. What
is refused has one shape: `what`, `where`, `action`.
"""

from __future__ import annotations

import hashlib
from difflib import get_close_matches
from typing import Annotated, Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI, Status
from ninja.errors import HttpError, ValidationError
from pydantic import Field

from controltotal.acts import ACTS, NotPermitted, RowClash, act
from controltotal.acts.bench import ActRefused
from controltotal.core.errors import BookError
from controltotal.core.version import VERSION
from controltotal.ledger.errors import Clash as LedgerClash
from controltotal.ledger.errors import LedgerError, RequestReused
from controltotal.service import api_models as models
from controltotal.service.api_options import MANY_DRAWS, VERBS, documented, read_options
from controltotal.service.apps import house
from controltotal.service.failing import problem
from controltotal.service.house import SLOW
from controltotal.service.jobs import cancel
from controltotal.service.readings import note_reading
from controltotal.service.work import as_json, asked_for, job_of, too_much_work

SECURITY: Final = {
    "components": {
        "securitySchemes": {
            "token": {"type": "http", "scheme": "bearer"},
            "session": {"type": "apiKey", "in": "cookie", "name": "sessionid"},
        }
    },
    "security": [{"token": []}, {"session": []}],
}
EVERY: Final = {
    400: models.Problem,
    401: models.Problem,
    403: models.Problem,
    429: models.Problem,
}
"""What any address may answer."""
api = NinjaAPI(
    title="controltotal",
    version="1",
    description="One place for a whole system: what it says, what is done, what is proved.",
    docs_url=None,
    openapi_extra=SECURITY,
    urls_namespace="api",
)
Verb = Annotated[str, Field(json_schema_extra={"enum": list(VERBS)})]
ActName = Annotated[str, Field(json_schema_extra={"enum": list(ACTS)})]


def _problem(request: HttpRequest, status: int, error: Any, **more: Any) -> HttpResponse:
    where = {"where": str(error.where)} | more
    return problem(request, status, str(error.what), str(error.action), **where)


@api.exception_handler(ValidationError)
def _not_as_described(request: HttpRequest, error: Any) -> HttpResponse:
    """What was sent is not of the shape that OpenAPI describes."""
    findings = [
        {
            "what": str(one.get("msg", "it cannot be read"))[:200],
            "where": "/".join(map(str, one.get("loc", ())))[:200],
            "action": "send what the description at /api/v1/openapi.json asks for",
            "field": str((one.get("loc") or ("",))[-1])[:100],
        }
        for one in error.errors[:50]
    ]
    return problem(
        request,
        422,
        "what was sent is not as it is described",
        "look at each of the findings",
        findings=findings,
    )


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(request, error.status_code, "the body cannot be read", "send JSON")


@api.exception_handler(BookError)
def _cannot(request: HttpRequest, error: Any) -> HttpResponse:
    """A question that cannot be answered, or an act that is refused."""
    if isinstance(error, RowClash):
        told = {"base": error.base, "theirs": error.theirs, "yours": error.yours}
        return _problem(request, 409, error, **told)
    if isinstance(error, NotPermitted):
        return _problem(request, 403, error)
    refusals = error.refusals if isinstance(error, ActRefused) else ()
    findings = [
        {"what": one.what, "where": one.where, "action": one.action, "field": one.column}
        for one in refusals
    ] or [{"what": error.what, "where": error.where, "action": error.action, "field": ""}]
    return _problem(request, 422, error, findings=findings)


@api.exception_handler(LedgerError)
def _ledger(request: HttpRequest, error: Any) -> HttpResponse:
    """What the ledger itself says: a request that was used before, or writers in the way."""
    if isinstance(error, RequestReused):
        return _problem(request, 409, error)
    answer = _problem(request, 503, error)
    answer.headers["Retry-After"] = "1" if isinstance(error, LedgerClash) else "10"
    return answer


@api.get("/head", response={200: models.Head, **EVERY}, operation_id="head")
def head(request: HttpRequest) -> Any:
    """The last entry of the ledger, and its root."""
    ref = house().position.ref
    return Status(200, {"entry": ref.entry, "root": ref.root})


@api.get(
    "/verbs/{verb}",
    response={
        200: models.Document,
        303: None,
        304: None,
        404: models.Problem,
        422: models.Refused,
        **EVERY,
    },
    operation_id="verb",
    openapi_extra={"parameters": documented()},
)
def answer_of(request: HttpRequest, verb: Verb) -> Any:
    """What a verb answers. One that may take more than two seconds answers 303 to a job."""
    if verb not in VERBS:
        return _no_verb(request, verb)
    options = read_options(verb, dict(request.GET.lists()))
    if verb in SLOW or options.get("draws", 0) > MANY_DRAWS:
        return _by_worker(request, verb, options, 303)
    return _answered(request, verb, options)


@api.get(
    "/figures/{path:figure}",
    response={
        200: models.Document,
        303: None,
        304: None,
        404: models.Problem,
        422: models.Refused,
        **EVERY,
    },
    operation_id="figure",
)
def one_figure(request: HttpRequest, figure: str) -> Any:
    """A figure back to its rule, parameters, inputs, entries, cells and quotations."""
    if request.GET:
        options = read_options("explain", dict(request.GET.lists()))
    else:
        options = {}
    if figure.partition("/")[0] in SLOW or "draws" in options:
        return _by_worker(request, "explain", {"figure": figure, **options}, 303)
    try:
        return _answered(request, "explain", {"figure": figure, **options})
    except BookError as error:
        if str(error.what).startswith("there is no figure"):
            return _problem(request, 404, error)
        raise


@api.get(
    "/history/{table}",
    response={200: models.Document, 304: None, 422: models.Refused, **EVERY},
    operation_id="history",
)
def history(request: HttpRequest, table: models.Name, key: models.Words = "") -> Any:
    """Every entry that touched a row, or rows whose key begins so: who, when, why, before and after."""
    return _answered(request, "history", {"key": f"{table}/{key}" if key else table})


@api.post(
    "/acts/{name}",
    response={
        200: models.Done,
        201: models.Done,
        404: models.Problem,
        409: models.Clash,
        422: models.Refused,
        503: models.Problem,
        **EVERY,
    },
    operation_id="act",
)
def do(
    request: HttpRequest,
    asked: models.AskedAct,
    name: ActName,
) -> Any:
    """Do an act as whoever asks. The same request gives the same receipt."""
    if name not in ACTS:
        near = get_close_matches(name, ACTS, n=1)
        hint = f"did you mean {near[0]}?" if near else f"use one of {', '.join(ACTS)}"
        return problem(request, 404, "there is no such act", hint)
    if request.token is not None and request.token.scope != "act":
        return problem(request, 403, "this token reads and does not act", "make one that acts")
    done = act(
        name,
        house().desk,
        asked.fields,
        why=asked.why,
        on=asked.on or None,
        as_=request.actor,
        request=asked.request,
        seen=asked.seen,
    )
    told = {"receipt": done.receipt, "notices": list(done.notices)}
    return Status(200 if done.repeated else 201, told)


@api.post(
    "/jobs/{name}",
    response={202: models.JobState, 404: models.Problem, 422: models.Refused, **EVERY},
    operation_id="ask_job",
)
def ask_job(request: HttpRequest, asked: models.AskedJob, name: Verb) -> Any:
    """Ask for the answer of a verb (`name`) as long work."""
    if name not in VERBS:
        return _no_verb(request, name)
    given = {option: [_text(value)] for option, value in asked.options.items()}
    note_reading(request, str(asked.options.get("organisation", "")))
    return _by_worker(request, name, read_options(name, given), 202)


@api.get(
    "/jobs/{name}",
    response={200: models.JobState, 404: models.Problem, **EVERY},
    operation_id="job",
)
def job(request: HttpRequest, name: str) -> Any:
    """How far a job is (`name` is its id), and its answer once it is done."""
    found = job_of(request, name)
    return _no_job(request) if found is None else JsonResponse(as_json(found))


@api.delete(
    "/jobs/{name}",
    response={200: models.JobState, 404: models.Problem, **EVERY},
    operation_id="cancel_job",
)
def cancel_job(request: HttpRequest, name: str) -> Any:
    """Cancel a job that waits or runs (`name` is its id); one that has ended stays as it is."""
    found = job_of(request, name)
    if found is None:
        return _no_job(request)
    cancel(found)
    found.refresh_from_db()
    return JsonResponse(as_json(found))


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _no_verb(request: HttpRequest, verb: str) -> HttpResponse:
    near = get_close_matches(verb, VERBS, n=1)
    hint = f"did you mean {near[0]}?" if near else f"use one of {', '.join(VERBS)}"
    return problem(request, 404, "there is no such verb", hint)


def _no_job(request: HttpRequest) -> HttpResponse:
    return problem(request, 404, "there is no such job", "ask for it again")


def _answered(request: HttpRequest, verb: str, options: dict[str, Any]) -> HttpResponse:
    """The document of a verb; nothing but 304 where the caller has it already."""
    asked = repr((house().position.ref, verb, sorted(options.items(), key=str), VERSION))
    tag = f'"{hashlib.sha256(asked.encode("utf-8", "replace")).hexdigest()[:32]}"'
    if tag in [one.strip() for one in request.headers.get("If-None-Match", "").split(",")]:
        answer = HttpResponse(status=304)
    else:
        text = house().answer(verb, **options).to_json()
        answer = HttpResponse(text, content_type="application/json; charset=utf-8")
    answer.headers["ETag"] = tag
    return answer


def _by_worker(
    request: HttpRequest, verb: str, options: dict[str, Any], status: int
) -> HttpResponse:
    """A job for an answer that takes long: the one that was asked for before, or a new one."""
    found = asked_for(request, verb, options)
    if found is None:
        return too_much_work(request)
    answer = (
        JsonResponse(as_json(found), status=status) if status == 202 else HttpResponse(status=303)
    )
    answer.headers["Location"] = f"/api/v1/jobs/{found.pk}"
    return answer
