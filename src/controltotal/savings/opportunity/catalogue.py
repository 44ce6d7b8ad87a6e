"""The catalogue of benchmark sources and measures: rows of data, not code.

`datasets.csv` says where a source stands, how its columns are named and who is compared with whom;
`measures.csv` says what a measure is, in which unit, which way is better, which measure contains
it and what makes it too small or too strange to compare. Both are packaged; files of the same name
in a user's folder add rows and replace rows of the same key. A measure that the folder's own
measure list names is taken as well, its unit read from its label.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from controltotal.core.datafiles import packaged_path
from controltotal.core.errors import BookError
from controltotal.core.finding import Finding
from controltotal.savings.opportunity.benchmark_rules import RULES
from controltotal.savings.opportunity.cashability import Cashability

LAYOUTS = ("long", "wide", "price_per_unit", "weighted_activity")
MEASURE_LIST = "ccg_prescribing_measure_list.csv"
KINDS = (".parquet", ".csv")


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure. `sign`: 1 lower is better, -1 higher is, 0 neither (compared, never a gap).

    `unit` is that of the numerator (pounds, items, units …), `per` that of the denominator.
    `parent` names the measure that contains this one. `need` are the columns of the peer inputs
    that its rates are expected to follow. `least` is the smallest numerator that is compared,
    `screen` the robust distance at which a return is set aside (0: none is).
    """

    code: str
    dataset: str
    name: str
    unit: str = "pounds"
    per: str = ""
    sign: int = 1
    parent: str = ""
    numerator: str = ""
    denominator: str = ""
    need: tuple[str, ...] = ()
    least: float = 0.0
    screen: float = 0.0
    benchmark: str = ""
    target: float | None = None
    group: tuple[str, ...] = ()
    cash: Cashability | None = None
    outcome: str = ""
    outcome_sign: int = 1
    label: str = ""

    @property
    def is_money(self) -> bool:
        """Whether the numerator is in pounds."""
        return self.unit == "pounds"


@dataclass(frozen=True, slots=True)
class Dataset:
    """One source: its file (without ending), layout, column names, frequency and peers."""

    code: str
    file: str
    layout: str
    area: str
    period: str
    measure: str = ""
    numerator: str = ""
    denominator: str = ""
    frequency: str = "month"
    peers: str = "all"
    title: str = ""
    publisher: str = ""
    licence: str = ""


@dataclass(frozen=True)
class Catalogue:
    """Every dataset and measure known, and the folders they are read from, first one first."""

    datasets: Mapping[str, Dataset]
    measures: Mapping[str, Measure]
    folders: tuple[Path, ...]
    findings: tuple[Finding, ...] = ()
    is_packaged: bool = True
    children: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def path(self, name: str) -> Path | None:
        """The file of this name (with or without ending), in the first folder that has it.

        Where a user named a folder, sources come from it alone and only reference files (peer
        inputs, names of areas) fall back on the packaged ones.
        """
        for folder in self.folders:
            for kind in ("", *KINDS):
                found = folder / f"{name}{kind}"
                if found.is_file():
                    return found
        return None

    def source(self, dataset: Dataset) -> Path | None:
        """The file of a dataset, in the folder that was asked for."""
        for kind in KINDS:
            found = self.folders[0] / f"{dataset.file}{kind}"
            if found.is_file():
                return found
        return None

    def leaves(self, measures: Iterable[str]) -> tuple[str, ...]:
        """Those measures of a list that contain no other of the list: only they may be added.

        >>> catalogue().leaves(["lpzomnibus", "lpcoprox", "glutenfree"])
        ('lpcoprox', 'glutenfree')
        """
        asked = list(measures)
        above = {parent for code in asked for parent in self.ancestors(code)}
        return tuple(code for code in asked if code not in above)

    def ancestors(self, code: str) -> Iterator[str]:
        """The measures that contain this one, nearest first."""
        seen = {code}
        while (
            (measure := self.measures.get(code)) and measure.parent and measure.parent not in seen
        ):
            code = measure.parent
            seen.add(code)
            yield code


def catalogue(folder: Path | str | None = None) -> Catalogue:
    """The packaged catalogue, with what a folder adds to it.

    >>> catalogue().measures["lpcoprox"].parent
    'lpzomnibus'
    """
    packaged = _packaged()
    if folder is None:
        return packaged
    asked = Path(folder)
    if not asked.is_dir():
        raise BookError(
            "there is no such folder of benchmark data", str(folder), "give the folder's path"
        )
    findings: list[Finding] = []
    datasets = {**packaged.datasets, **_datasets(asked, findings)}
    measures = {**packaged.measures, **_listed(asked, packaged.measures)}
    measures.update(_measures(asked, findings))
    return _assembled(
        Catalogue(datasets, measures, (asked, *packaged.folders), tuple(findings), False)
    )


@lru_cache(maxsize=1)
def _packaged() -> Catalogue:
    folder = Path(packaged_path("benchmarks"))
    findings: list[Finding] = []
    found = Catalogue(_datasets(folder, findings), _measures(folder, findings), (folder,))
    assert not findings, findings
    return _assembled(found)


def _assembled(found: Catalogue) -> Catalogue:
    children: dict[str, list[str]] = {}
    for code, measure in found.measures.items():
        if measure.parent:
            children.setdefault(measure.parent, []).append(code)
    return replace(found, children={parent: tuple(codes) for parent, codes in children.items()})


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [
                {k: (v or "").strip() for k, v in row.items() if k} for row in csv.DictReader(file)
            ]
    except (UnicodeDecodeError, csv.Error) as error:
        raise BookError("a table that cannot be read", str(path), "save it as UTF-8 CSV") from error


def _datasets(folder: Path, findings: list[Finding]) -> dict[str, Dataset]:
    found: dict[str, Dataset] = {}
    for number, row in enumerate(_rows(folder / "datasets.csv"), start=2):
        code = row.get("dataset", "")
        if not code or row.get("layout") not in LAYOUTS:
            findings.append(_fault("datasets.csv", number, "layout", LAYOUTS, row.get("layout")))
            continue
        fields = ("measure", "numerator", "denominator", "title", "publisher", "licence")
        found[code] = Dataset(
            code,
            row.get("file", "") or code,
            row["layout"],
            row.get("area", "") or "area",
            row.get("period", "") or "period",
            frequency=row.get("frequency") or "month",
            peers=row.get("peers") or "all",
            **{name: row.get(name, "") for name in fields},
        )
    return found


def _measures(folder: Path, findings: list[Finding]) -> dict[str, Measure]:
    found: dict[str, Measure] = {}
    for number, row in enumerate(_rows(folder / "measures.csv"), start=2):
        try:
            measure = _measure(row)
        except (ValueError, AssertionError) as error:
            findings.append(_fault("measures.csv", number, "a measure", (str(error),), row))
            continue
        if not row.get("unit"):
            findings.append(_no_unit(number, measure))
        found[measure.code] = measure
    return found


def _measure(row: Mapping[str, str]) -> Measure:
    code, rule = row.get("measure", ""), row.get("benchmark", "")
    if not code:
        raise ValueError("a code in the column measure")
    if rule and rule not in RULES:
        raise ValueError(f"a benchmark among {', '.join(RULES)}")
    signs = {"lower": 1, "higher": -1, "": 0, "none": 0}
    if row.get("direction", "") not in signs:
        raise ValueError("a direction: lower, higher or nothing")
    target = row.get("target", "")
    return Measure(
        code=code,
        dataset=row.get("dataset", ""),
        name=row.get("name", "") or code,
        unit=row.get("unit", "") or "units",
        per=row.get("per", ""),
        sign=signs[row.get("direction", "")],
        parent=row.get("parent", ""),
        numerator=row.get("numerator", ""),
        denominator=row.get("denominator", ""),
        need=tuple(row.get("need", "").split(";")) if row.get("need") else (),
        least=float(row.get("least") or 0),
        screen=float(row.get("screen") or 0),
        benchmark=rule,
        target=float(target) if target else None,
        group=tuple(row.get("group", "").split(";")) if row.get("group") else (),
        cash=_cashability(row),
        outcome=row.get("outcome", ""),
        outcome_sign=-1 if row.get("outcome_better") == "lower" else 1,
        label=row.get("label", ""),
    )


def _cashability(row: Mapping[str, str]) -> Cashability | None:
    if not row.get("variable"):
        return None
    rates = tuple(float(r) for r in row.get("realisation", "").split(";") if r)
    return Cashability(
        float(row["variable"]),
        float(row.get("semi_fixed") or 0),
        float(row.get("releasable") or 0),
        rates,
    )


def _listed(folder: Path, known: Mapping[str, Measure]) -> dict[str, Measure]:
    """Measures that the folder's own list names and nobody has described yet."""
    found: dict[str, Measure] = {}
    for row in _rows(folder / MEASURE_LIST):
        code, label = row.get("measure_name", ""), row.get("y_label", "")
        if code and code not in known:
            money = "£" in label or label.lower().startswith("spend")
            found[code] = Measure(
                code,
                "prescribing",
                row.get("name", "") or code,
                unit="pounds" if money else "units",
                label=label,
                parent="lpzomnibus" if code.startswith("lp") else "",
                need=("IMDscore", "pop_65_84"),
            )
    return found


def _no_unit(number: int, measure: Measure) -> Finding:
    return Finding(
        code="BENCHMARK_UNIT",
        severity="warning",
        organisation="",
        where=f"measures.csv row {number}",
        message=f"The measure {measure.code} does not say what its numerator is counted in; it is shown "
        "as a number of units, and is in no sum of money.",
        expected="pounds, items, people, percent or units",
        found="an empty cell",
        action="Write the unit of the numerator in the column unit: `pounds` where it is money.",
    )


def _fault(file: str, number: int, column: str, expected: Iterable[str], found: object) -> Finding:
    return Finding(
        code="BENCHMARK_ROW",
        severity="error",
        organisation="",
        where=f"{file} row {number}",
        message=f"{column} cannot be read, so the row is left out",
        expected="; ".join(expected),
        found=str(found),
        action="correct the row",
    )
