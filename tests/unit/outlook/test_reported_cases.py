"""What was forecast in public and what became of it, as the sources print it."""

from __future__ import annotations

from controltotal import verbs


def test_reported_cases_are_whole_pence_of_what_was_printed() -> None:
    """10.549 planned and 8.921 made; (461) by month 3 is (1,844) in a straight line, not (791)."""
    rows = {
        (row["body"], row["year"], row["compared"], row["forecast_pence"]): row
        for row in verbs.calibrate().tables["reported_cases"]
    }
    savings = rows["NHS Hammersmith and Fulham CCG", "2013-14", "savings", 1_054_900_000]
    assert (savings["actual_pence"], savings["error_pence"]) == (892_100_000, -162_800_000)
    line = rows["NHS provider sector (England)", "2016-17", "straight_line", -184_400_000_000]
    assert (line["actual_pence"], line["error_pence"]) == (-79_100_000_000, 105_300_000_000)
