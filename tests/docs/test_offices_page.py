"""The page on who may do what is that of the matrix which the program asks."""

from __future__ import annotations

from controltotal.acts import ACTS
from controltotal.core.datafiles import packaged_rows
from tools.offices_page import PAGE, page


def test_the_page_of_offices_is_made_from_the_matrix() -> None:
    """`python -m tools.offices_page` writes it again."""
    assert PAGE.read_text("utf-8") == page()


def test_every_act_stands_with_exactly_its_offices() -> None:
    lines = {line.split("`")[1]: line for line in page().splitlines() if line.startswith("| `")}
    assert list(lines) == list(ACTS)
    for name, line in lines.items():
        who = line.rstrip("| ").rsplit("| ", 1)[1].split(", ")
        roles = [row["role"] for row in packaged_rows("permits.csv") if row["act"] == name]
        assert who == [role.replace("_", " ") for role in roles]
