"""Who sits where: whether a system and its councils have the same people, drawn where they have not."""

from __future__ import annotations

from controltotal.core.names import listed
from controltotal.papers.board_notes import cell
from controltotal.papers.board_sources import captioned, linked, made_of
from controltotal.papers.charts_sharing import breach_map
from controltotal.papers.sections import ChartView, Focus, Results, Section


def places(results: Results, focus: Focus) -> Section:
    """Whether the system and its councils have the same people, drawn where they have not."""
    result = results.get("boundaries")
    rows = result.tables.get("breaches", ()) if result is not None else ()
    own = [row for row in rows if row["system"] == focus.organisation and not row["excepted"]]
    if result is None or not own:
        return Section("paying-places", "Systems and councils")
    parts = [
        linked(
            f"{row['share_of_authority']:.0%}",
            cell(row, "breaches", "share_of_authority", "share"),
        )
        + f" of {row['authority_name']}"
        for row in own
    ]
    text = f"The system does not match its councils: it has {listed(parts)}."
    breach = {f.organisation: int(f.value or 0) for f in result.figures if f.measure == "breach"}
    marked = sorted(code for code, value in breach.items() if value)
    vintage = str(result.options.get("vintage", ""))
    chart = ChartView(
        "chart-board-boundaries",
        f"{len(marked)} systems of England do not match their councils ({vintage})",
        breach_map(breach),
        f"Map of England's systems; those that do not match their councils: {', '.join(marked)}.",
    )
    how = "systems whose people and whose councils’ people are not the same"
    apart = [(one.organisation, one) for one in result.figures if one.organisation in marked]
    charts = captioned((chart,), [(str(len(marked)), made_of(how, apart))])
    return Section("paying-places", "Systems and councils", (text,), charts=charts, level=3)
