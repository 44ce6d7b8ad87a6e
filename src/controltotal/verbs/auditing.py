"""What an auditor asks of a paper: exceptions, a sample with its evidence, rules and parameters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from controltotal.accounts import sampling
from controltotal.accounts.describe import describe
from controltotal.accounts.exceptions.listing import exceptions
from controltotal.book.asking import bodies_asked
from controltotal.core.errors import BookError
from controltotal.core.parameters import Parameter
from controltotal.core.period import within
from controltotal.core.progress import Progress
from controltotal.core.result import Answer, Result
from controltotal.rules.registry import by_name
from controltotal.verbs.long import long
from controltotal.verbs.opening import Book, code_of, named, opened, years_read
from controltotal.workings.workings import Workings


@long
@years_read
def audit(
    book: Book,
    results: Mapping[str, Result],
    year: str | None = None,
    organisation: str | None = None,
    seed: int = 1,
    size: int = sampling.SIZE,
    *,
    progress: Progress | None = None,
) -> Result:
    """Every exception, and a sample of the figures of some answers with the evidence of each.

    `results` are the answers from which a paper is made (`pack_results`); `organisation` and `year`
    are those of the paper. `seed` draws the sample: the same book and seed give the same sample, of
    at most `size` figures. A sample of no figures is a `BookError`.
    `progress` is told how far the work is, and may cancel it (`Progress`).

    The Result holds the tables `exceptions`, `exception_counts` (each kind once; `unknown` where the
    book cannot tell), `sample`, `sample_method`, `parameters_used` and `rules_used`.

    >>> from controltotal.verbs.packs import pack_results
    >>> answers = pack_results("examples/nene-2013")
    >>> found = audit("examples/nene-2013", answers).tables
    >>> [row["count"] for row in found["exception_counts"] if row["kind"] == "waivers"]
    [0]
    """
    if size < 1:
        raise BookError(f"a sample of {size} figures", "the command", "ask for one figure or more")
    workings = opened(book, None, year, organisation)
    position = workings.position
    asked = year or position.default_year
    code = code_of(position, organisation) or _leading(results)
    inside = set(bodies_asked(position, asked[:7], code or None)) if asked else {code}
    answer = Answer("audit", position.ref, {"year": asked, "organisation": code, "seed": seed})
    answer.include(exceptions(workings, asked or None, code or None))
    known = sampling.known_figures(r for verb, r in results.items() if verb != "audit")
    ids = sampling.population(known, inside, asked)
    sample = sampling.draw(known, ids, code, seed, size)
    rows = sampling.sample_rows(sample, known.get, lambda entry: describe(position, entry), seed)
    answer.table("sample", rows)
    method = {
        "seed": seed,
        "size": len(sample),
        "sure": sum(one.how != "drawn" for one in sample),
        "drawn_from": len(ids),
        "ids_sha256": sampling.fingerprint(ids),
    }
    answer.table("sample_method", [method])
    answer.table(
        "parameters_used", _parameters(workings, [known[name][1].parameters for name in ids])
    )
    answer.table("rules_used", _rules(results, inside, asked))
    return named(answer.result(), workings)


def _leading(results: Mapping[str, Result]) -> str:
    """The body that a paper is about where none is named."""
    register = results.get("register")
    return register.scope.about(None) if register is not None else ""


def _parameters(workings: Workings, used: Iterable[tuple[str, ...]]) -> list[dict[str, Any]]:
    """Every parameter on which a figure rests, as it is in force, and how many figures rest on it."""
    counts = Counter(label for labels in used for label in labels)
    known = {
        one.label: one for values in workings.position.parameters.values.values() for one in values
    }
    return [_parameter(label, counts[label], known.get(label)) for label in sorted(counts)]


def _parameter(label: str, figures: int, found: Parameter | None) -> dict[str, Any]:
    """A parameter as a row; one that is none of the book's stands as it is told."""
    row: dict[str, Any] = {"label": label, "figures": figures}
    if found is None:
        nothing = dict.fromkeys(("value", "unit", "from", "mark", "authority", "source"), "")
        return row | nothing | {"name": label, "standing": "", "adopted_by": ""}
    standing = "adopted" if found.adopted_by else "sourced" if found.verified else "unverified"
    return row | {
        "name": found.name,
        "value": found.value,
        "unit": found.unit,
        "from": found.start.isoformat(),
        "mark": found.mark,
        "authority": found.authority,
        "source": found.source,
        "standing": standing,
        "adopted_by": found.adopted_by,
    }


def _rules(results: Mapping[str, Result], inside: set[str], year: str) -> list[dict[str, Any]]:
    """Every rule that bound somebody in the year: where it was published, and how it came out."""
    found: dict[str, dict[str, Any]] = {}
    told = results["position"].tables.get("rules", ()) if "position" in results else ()
    for row in told:
        if row["organisation"] not in inside or not within(row["year"], year):
            continue
        rule = by_name()[row["rule"]]
        one = found.setdefault(
            row["rule"],
            {
                "rule": row["rule"],
                "title": row["title"],
                "source": rule.source,
                "met": 0,
                "breached": 0,
                "waived": 0,
                "indeterminate": 0,
                "unverified": 0,
            },
        )
        one[row["status"]] += 1
        one["unverified"] += bool(row["unverified"])
    return [found[name] for name in sorted(found)]
