"""What somebody writes who has the package installed: it is type-checked, and it runs."""

from __future__ import annotations

from pathlib import Path

import controltotal
from controltotal import Figure, Position, Result


def largest_gap(result: Result) -> Figure | None:
    """The figure of the largest gap that is known."""
    known = [f for f in result.figures if f.measure == "gap" and f.value is not None]
    return max(known, key=lambda figure: figure.value or 0, default=None)


def main(book: str | Path) -> str:
    """Where a book stands, who might pay, and how sure that is."""
    position: Position = controltotal.read(book)
    where = controltotal.position(position, year="2019/20")
    gap = largest_gap(where)
    shared: Result = controltotal.share(position, gap="£25m", policy="all", to="QUE")
    ahead = controltotal.trajectory(position, years=4, to="breakeven")
    watched = controltotal.Progress(lambda done, of, what: None, seconds=600)
    risk = controltotal.risk(position, draws=200, seed=1, progress=watched)
    rows: int = sum(one.frame.height for one in (where, shared, ahead, risk))
    why = controltotal.explain(position, gap.id) if gap else where
    counted: list[str] = [
        row["scheme"] for row in controltotal.scheme.list_(book).tables["schemes"]
    ]
    return f"{rows} figures; {why.words}; {len(counted)} schemes; {controltotal.__version__}"


if __name__ == "__main__":
    print(main("examples/east-of-england-2019"))
