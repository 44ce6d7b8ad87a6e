"""From the forecast to the middle of the range: every step named, and the rest, which is nil.

A step of a scheme is what it is expected to bring less what the plan holds of it: the undelivered
part of one that is not assured, the expected loss of one that is. An assured one may bring nothing
more: a ceiling of harm keeps it out, what it was to bring is the same money as another scheme's, or
it cannot go beside another. Savings that nobody has found a scheme for are taken out whole. What
the draws fail to explain is a step of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from controltotal.core.progress import stop_if_cancelled
from controltotal.core.result import Answer
from controltotal.outlook.closed_forms import source_moments
from controltotal.outlook.inputs import Inputs
from controltotal.outlook.shapes import DISTRIBUTIONS
from controltotal.outlook.simulation import Draws

Row = dict[str, object]

NOT_ASSURED, EXPECTED_LOSS = "does not count", "expected loss"
KEPT_OUT, SAME_MONEY, SHUT_OUT = "kept out", "same money", "shut out"


def steps(
    answer: Answer,
    inputs: Inputs,
    drawn: Draws,
    nodes: Sequence[str],
    falling: Mapping[str, Sequence[str]],
) -> dict[str, list[Row]]:
    """The tables `steps` and `step_sums` of every node that can be told, in the first year."""
    expected = _expected(drawn)
    found = {}
    for node in nodes:
        stop_if_cancelled()
        if not inputs.unknown(node):
            found[node] = _of_node(inputs, drawn, node, falling.get(node, ()), expected)
            answer.table("steps", found[node])
            answer.table("step_sums", sums(found[node]))
    return found


def sums(rows: Sequence[Row]) -> list[Row]:
    """The steps of one body with those of a kind together, in pence, in the order in which they come.

    >>> walked = [{"step": "forecast", "pence": 5}, {"step": "expected loss", "pence": -1}]
    >>> [row["pence"] for row in sums([*walked, {"step": "expected loss", "pence": -2}])]
    [5, -3]
    """
    found: dict[object, Row] = {}
    for row in rows:
        own = {key: value for key, value in row.items() if key != "about"}
        kept = found.setdefault(row["step"], {**own, "pence": 0})
        pence, more = kept["pence"], row["pence"]
        assert isinstance(pence, int) and isinstance(more, int)
        kept["pence"] = pence + more
    return list(found.values())


def _expected(drawn: Draws) -> dict[str, float]:
    """What each source is expected to bring in the first year, in pence."""
    kind = DISTRIBUTIONS[drawn.model.distribution]
    return {source.name: source_moments(source, kind=kind)[0] for source in drawn.model.sources}


def _of_node(
    inputs: Inputs,
    drawn: Draws,
    node: str,
    names: Sequence[str],
    expected: Mapping[str, float],
) -> list[Row]:
    under = set(drawn.model.under(node))
    stated = sum(inputs.arrangement.base[s].pence for s in under if s in inputs.arrangement.base)
    lacking = sum(pence for slot, pence in inputs.lacking.items() if slot in under)
    sources = {source.name: source for source in drawn.model.sources}
    found: list[tuple[str, str, int]] = [("forecast", "", stated)]
    held = _held(inputs, under)
    falls = {
        name: expected[name] * sum(part for slot, part in sources[name].parts if slot in under)
        for name in names
    }
    found += _of_schemes(inputs, held, falls)
    found += [("risk register", name, round(falls[name])) for name in names if name in inputs.risks]
    if lacking:
        found.append(("no scheme yet", "", -lacking))
    mean = round(float(drawn.node(node).mean()))
    found.append(("the rest", "", mean - sum(pence for _, _, pence in found)))
    found.append(("mean", "", mean))
    return [
        {"organisation": node, "year": inputs.year, "step": step, "about": about, "pence": pence}
        for step, about, pence in found
        if pence or step in ("forecast", "mean", "the rest") or about in held
    ]


def _held(inputs: Inputs, under: Iterable[str]) -> dict[str, int]:
    """What the plan of some slots holds of each scheme, in pence."""
    held: dict[str, int] = {}
    for slot in under:
        for scheme, pence in inputs.planned.get(slot, {}).items():
            held[scheme] = held.get(scheme, 0) + pence
    return held


def _of_schemes(
    inputs: Inputs, held: Mapping[str, int], falls: Mapping[str, float]
) -> list[tuple[str, str, int]]:
    """A step for each scheme: what it is expected to bring less what the plan holds of it."""
    found = []
    for scheme in sorted({*held, *(name for name in falls if name not in inputs.risks)}):
        pence = round(falls.get(scheme, 0.0)) - held.get(scheme, 0)
        step = step_of(inputs, scheme)
        others = round(held.get(scheme, 0) * (1 - inputs.left.get(scheme, 1)))
        if step == EXPECTED_LOSS and others:
            found.append((SAME_MONEY, scheme, -others))
            pence += others
        if pence or step == NOT_ASSURED:
            found.append((step, scheme, pence))
    return found


def step_of(inputs: Inputs, scheme: str) -> str:
    """Which step a scheme makes: by its assurance first, then by what keeps it from counting."""
    if scheme in inputs.refused:
        return NOT_ASSURED
    if scheme in inputs.kept_out:
        return KEPT_OUT
    if scheme not in inputs.reasons:
        return EXPECTED_LOSS
    drawn = {name: row for name, row in inputs.schemes.items() if name not in inputs.reasons}
    row = inputs.held.get(scheme) or inputs.schemes[scheme]
    rivals = any(scheme in (other.excludes or ()) for other in drawn.values())
    rivals |= any(other in drawn for other in row.excludes or ())
    lacking = any(need not in drawn for need in row.requires or ())
    return SHUT_OUT if rivals or lacking else SAME_MONEY
