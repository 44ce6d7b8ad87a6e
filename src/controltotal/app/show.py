"""How a result leaves: on the screen, as JSON, or as a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

from controltotal.app.failures import refusal, refused_document
from controltotal.app.progress import telling
from controltotal.app.screen import plain, say, screen_width, strong
from controltotal.core.explain import steps_of, tree_text
from controltotal.core.files import check_target, write_file
from controltotal.core.legible import one_line
from controltotal.papers.look import Look

if TYPE_CHECKING:
    from controltotal.core.result import Result


@dataclass(frozen=True, slots=True)
class Target:
    """A file to write, whether it may replace one, and the books whose files it may not be."""

    path: str
    overwrite: bool
    books: tuple[str, ...]

    def check(self) -> None:
        """Refuse at once what could not be written in the end."""
        check_target(self.path, self.books, overwrite=self.overwrite)

    def write(self, data: bytes) -> None:
        """Write the file whole, or leave what stands there."""
        write_file(self.path, data, self.books, overwrite=self.overwrite)


def deliver(
    verb: str,
    run: Callable[[], Result],
    as_json: bool,
    target: Target | None,
    shown: Callable[[Result], str],
    asked: Callable[[], Mapping[str, object]] = dict,
) -> int:
    """Run a verb and show what it answers as text (`shown`); the exit code says how.

    `asked` reads how it is to be shown, which JSON echoes among its options.
    """
    try:
        if target is not None:
            target.check()  # before long work, and again when it is put in place
        looked = asked()
        with telling(verb):
            result = run()
    except Exception as error:
        known = refusal(error)
        if known is None or not as_json:
            raise
        say(refused_document(verb, [known]))
        return 2
    if as_json:
        text = replace(result, options={**result.options, **looked}).to_json()
    else:
        text = shown(result)
    if target is None:
        say(text)
    else:
        target.write(plain(text).encode())
    return 1 if result.has_errors else 0


def _papers(name: str) -> Any:
    """A room of the papers, loaded where there is an answer to show."""
    return import_module(f"controltotal.papers.{name}")


def _all_of(parts: Any, wide: bool = False) -> str:
    text: str = _papers("terminal").whole(parts, screen_width(), strong, wide=wide)
    return text


def answer_text(result: Result, look: Look) -> str:
    """An answer as text: the first screen, or with `--detail` all of it."""
    if look.detail:
        return _all_of(_papers("answers").in_full(result, look))
    screen = _papers("answers").in_brief(result, look)
    text: str = _papers("terminal").brief(*screen, screen_width(), strong=strong)
    return text


def terminal_text(result: Result) -> str:
    """All that a result holds as text: words, figures, tables, findings."""
    return _all_of(_papers("answer_whole").everything(result))


def scheme_text(result: Result, wide: bool) -> str:
    """The page of one scheme; a `wide` one cuts no cell to the width of the screen."""
    return _all_of(_papers("scheme_page").scheme_sections(result), wide)


def said(result: Result) -> str:
    """What was done, in the result's own sentences and no more."""
    return "".join(f"{one_line(text)}\n" for text in result.words)


def explained(result: Result, most: int | None = 4) -> str:
    """An explanation as a tree; at most `most` entries of a figure, the others counted."""
    return said(result) + tree_text(steps_of(result.tables["tree"]), most) + "\n"


def explained_shortly(result: Result) -> str:
    """An explanation in as many levels as a screen holds."""
    views = _papers("answer_explain").explain_views(result)
    text: str = _papers("terminal").first_that_fits(views, screen_width())
    return text
