"""What drives the risk: shares of the variance and of the chance of missing, tornado.

Shares of the variance are covariances with the node's position over its variance, so that those
of all sources sum to one; so do the shares of the fall in the draws that miss the control total.
"""

from __future__ import annotations

from collections.abc import Sequence

from controltotal.core.progress import stop_if_cancelled
from controltotal.core.result import Answer
from controltotal.outlook import summary
from controltotal.outlook.inputs import Inputs
from controltotal.outlook.simulation import Contribution, Draws, source_draws

SHOWN = {0.1: "outturn_p10", 0.5: "outturn_p50", 0.9: "outturn_p90"}
TORNADO = 20
Rows = list[dict[str, object]]


def drivers(
    answer: Answer, inputs: Inputs, drawn: Draws, subject: str, found: Sequence[Contribution]
) -> Rows:
    """The tables `drivers`, `driver_groups` and `tornado` of one node, of what moves it."""
    ranked = sorted(found, key=lambda c: (-abs(c.variance), c.name))
    sources = {source.name: source for source in drawn.model.sources}
    rows = [_driver_row(inputs, subject, one, sources.get(one.name)) for one in ranked]
    answer.table("drivers", rows)
    for kind in ("owner", "category"):
        groups: dict[str, list[Contribution]] = {}
        for one in found:
            source = sources.get(one.name)
            label = getattr(source, kind) if source else one.name.removeprefix("base ")
            groups.setdefault(label or "none given", []).append(one)
        answer.table(
            "driver_groups",
            [_group_row(inputs, subject, kind, n, g) for n, g in sorted(groups.items())],
        )
    mean = float(drawn.node(subject).mean())
    bars = []
    for one in ranked[:TORNADO]:
        stop_if_cancelled()
        if one.name not in sources or one.deviation == 0:
            continue
        saving = source_draws(drawn, one.name, subject)
        low, high = summary.values(saving, (0.1, 0.9))
        bars.append(
            {
                "organisation": subject,
                "year": inputs.year,
                "driver": one.name,
                "title": _title(inputs, one.name),
                "mean_pence": round(mean),
                "low_pence": round(mean + low - one.mean),
                "high_pence": round(mean + high - one.mean),
            }
        )
    answer.table("tornado", bars)
    return rows


def _title(inputs: Inputs, name: str) -> str:
    row = inputs.row(name)
    return str(row.title) if row is not None else name


def _driver_row(
    inputs: Inputs, subject: str, one: Contribution, source: object
) -> dict[str, object]:
    return {
        "organisation": subject,
        "year": inputs.year,
        "driver": one.name,
        "kind": getattr(source, "kind", "base"),
        "title": _title(inputs, one.name),
        "owner": getattr(source, "owner", one.name.removeprefix("base ")),
        "category": getattr(source, "category", ""),
        "mean_pence": round(one.mean),
        "sd_pence": round(one.deviation),
        "variance_share": round(one.variance, 6),
        "missing_share": None if one.missing is None else round(one.missing, 6),
    }


def _group_row(
    inputs: Inputs, subject: str, kind: str, name: str, group: list[Contribution]
) -> dict[str, object]:
    missing = [one.missing for one in group if one.missing is not None]
    return {
        "organisation": subject,
        "year": inputs.year,
        "by": "organisation" if kind == "owner" else kind,
        "group": name,
        "mean_pence": round(sum(one.mean for one in group)),
        "variance_share": round(sum(one.variance for one in group), 6),
        "missing_share": round(sum(missing), 6) if missing else None,
    }


def in_words(chance: float) -> str:
    """A chance as people say it.

    >>> in_words(0.2), in_words(0.66), in_words(0.003)
    ('one chance in five', 'two chances in three', 'less than one chance in a hundred')
    """
    if chance == 0.0:
        return "no chance in any draw"
    if chance == 1.0:
        return "certainty in every draw"
    if chance < 0.01:
        return "less than one chance in a hundred"
    if chance > 0.99:
        return "more than ninety-nine chances in a hundred"
    numbers = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    pairs = [(n, d) for d in (2, 3, 4, 5, 10) for n in range(1, d)]
    n, d = min(pairs, key=lambda pair: (abs(pair[0] / pair[1] - chance), pair[1]))
    if abs(n / d - chance) <= 0.025:
        return f"{numbers[n]} chance{'s' if n > 1 else ''} in {numbers[d]}"
    return f"about {chance:.0%} chance"
