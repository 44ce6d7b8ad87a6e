"""The wheel in an installation of its own: what the default brings, and nothing else.

The wheel is built and unpacked beside links to the packages that it asks for without an extra, so a
module of an extra cannot be imported there, as it cannot by somebody who installed the default.
"""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
MEGABYTES_MOST = 700
OF_EXTRAS = ("ibis", "duckdb", "pandas", "pyarrow", "scipy", "docx", "psycopg", "statsforecast")
RUN = "import sys; sys.path.append({site!r}); from controltotal.app.cli import main; main()"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of packages: the wheel unpacked, and links to what it asks for."""
    folder = tmp_path_factory.mktemp("installed")
    built = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(built, cwd=ROOT, check=True, capture_output=True)
    packages = folder / "site"
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        wheel.extractall(packages)
    (info,) = packages.glob("*.dist-info")
    for one in needed(Distribution.at(info)).values():
        for top in {file.parts[0] for file in one.files or () if file.parts[0] != ".."}:
            if not (packages / top).exists():
                (packages / top).symlink_to(str(one.locate_file(top)))
    return packages


def needed(project: Distribution) -> Mapping[str, Distribution]:
    """Every package that a project asks for where no extra of it was asked for, and they in turn."""
    found: dict[str, Distribution] = {}
    waiting = [(text, frozenset[str]()) for text in project.requires or ()]
    met: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        text, extras = waiting.pop()
        asked = Requirement(text)
        holds = [
            asked.marker is None or asked.marker.evaluate({"extra": e}) for e in extras or {""}
        ]
        name = re.sub(r"[-_.]+", "-", asked.name).lower()
        label = (name, frozenset(asked.extras))
        if any(holds) and label not in met:
            met.add(label)
            found[name] = distribution(name)
            waiting += [(one, label[1]) for one in found[name].requires or ()]
    return found


def run(site: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """A command of the installed package, run in a folder by a Python that sees nothing else."""
    command = [sys.executable, "-S", "-c", RUN.format(site=str(site)), *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_the_default_is_light_and_has_nothing_of_the_extras(site: Path) -> None:
    (info,) = site.glob("controltotal-*.dist-info")
    packages = needed(Distribution.at(info))
    size = sum(
        Path(str(one.locate_file(file))).stat().st_size
        for one in packages.values()
        for file in one.files or ()
        if ".." not in file.parts and "__pycache__" not in file.parts
    )
    assert size < MEGABYTES_MOST * 1_000_000, f"{size / 1e6:.0f} MB in {len(packages)} packages"
    assert not [name for name in OF_EXTRAS if (site / name).exists()]


def test_the_demo_runs_in_an_empty_folder(site: Path, tmp_path: Path) -> None:
    found = run(site, tmp_path, "demo")
    assert found.returncode == 0, found.stderr
    assert len(list((tmp_path / "out").glob("*.html"))) == 18
    assert "fictional-system.html in a browser" in found.stdout


@pytest.mark.parametrize("ending", ["pdf", "parquet.zip", "return.csv"])
def test_a_paper_in_any_form_of_the_default(site: Path, tmp_path: Path, ending: str) -> None:
    book = str(site / "controltotal" / "examples" / "nene-2013")
    found = run(site, tmp_path, "report", book, "--output", f"paper.{ending}")
    assert found.returncode in (0, 1), found.stderr
    assert (tmp_path / f"paper.{ending}").stat().st_size > 100


def test_what_needs_an_extra_names_it_in_one_line(site: Path, tmp_path: Path) -> None:
    data = run(site, tmp_path, "opportunities", "--areas", "QE1", "--period", "2025")
    book = str(site / "controltotal" / "examples" / "nene-2013")
    word = run(site, tmp_path, "report", book, "--output", "paper.docx")
    for found, extra in ((data, "benchmarks"), (word, "office")):
        assert found.returncode == 2
        (line,) = found.stderr.strip().splitlines()
        assert f'pip install "controltotal[{extra}]"' in line
    assert not list(tmp_path.iterdir())
