"""The tool that shows what the tests do not see changes one place at a time, and the same for a seed."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tools import mutants

LITTLE = '''"""Words."""

BAR = 15


def refuse(score: int, signed: bool = False) -> str:
    """Words that nobody changes."""
    if score >= BAR and not signed:
        raise ValueError(f"a score of {score}")
    return "refused" if score > 2 * BAR else ""
'''


@pytest.fixture
def little(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(mutants, "SOURCE", tmp_path)
    file = tmp_path / "rules.py"
    file.write_text(LITTLE, encoding="utf-8")
    return file


def every(file: Path) -> dict[tuple[str, str], str]:
    found = [mutants.change_at(file, number) for number in range(mutants.places(file))]
    return {(change.before, change.after): change.text for change in found}


def test_each_change_turns_one_thing_about(little: Path) -> None:
    assert set(every(little)) == {
        ("15", "16"),
        ("False", "True"),
        ("score >= BAR and (not signed)", "not (score >= BAR and (not signed))"),
        ("score >= BAR and (not signed)", "score >= BAR or not signed"),
        ("score >= BAR", "score > BAR"),
        ("not signed", "signed"),
        ("raise ValueError(f'a score of {score}')", "pass"),
        ("return 'refused' if score > 2 * BAR else ''", "return None"),
        ("'refused' if score > 2 * BAR else ''", "'refused' if not score > 2 * BAR else ''"),
        ("score > 2 * BAR", "score >= 2 * BAR"),
        ("2 * BAR", "2 // BAR"),
        ("2", "3"),
    }


def test_a_changed_file_differs_from_the_whole_one_and_is_still_python(little: Path) -> None:
    whole = ast.unparse(ast.parse(LITTLE)) + "\n"
    for change, text in every(little).items():
        assert text != whole, change
        compile(text, "changed", "exec")


def test_a_seed_chooses_the_same_changes_and_another_seed_others(little: Path) -> None:
    first = mutants.sample(5, 1, ("",), "")
    assert first == mutants.sample(5, 1, ("",), "")
    assert first != mutants.sample(5, 2, ("",), "")
    assert len(first) == 5


def test_the_report_gives_the_share_and_every_change_that_nobody_noticed(little: Path) -> None:
    one, other = mutants.sample(2, 1, ("",), "")
    told = mutants.report([(one, "FAILED tests/test_one.py"), (other, "")])
    assert "all: 1 of 2 noticed (50%)" in told
    assert f"nobody noticed: src/controltotal/rules.py:{other.line}" in told
    assert f"  + {other.after}" in told


def test_a_function_that_few_tests_reach_is_tried_with_those_of_its_file(tmp_path: Path) -> None:
    lines = [
        '["tests/a.py::one", 0.2, ["rules/form.py:first"]]',
        '["tests/a.py::two", 0.1, ["rules/form.py:second"]]',
    ]
    (tmp_path / "reach.gw0").write_text("\n".join(lines), encoding="utf-8")
    reached = mutants.read_reach(str(tmp_path / "reach"))
    change = mutants.Change("rules/form.py", "first", 1, "", "", "")
    assert reached.of(change) == ["tests/a.py::two", "tests/a.py::one"]
