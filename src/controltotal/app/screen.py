"""The one door to a terminal: what leaves by it steers nothing, whatever a book holds.

Every line that the command line says, on the screen or as an error, goes through `say`. Lines are
made legible where they are made, so that a cell cannot pass for a line of its own; here once more
everything that could steer a terminal is taken out, but for the bold of our own headings.
"""

from __future__ import annotations

import os
import shutil
import sys
from typing import Final, TextIO

from controltotal.core.legible import legible, one_line

BOLD: Final = "\033[1m"
PLAIN: Final = "\033[0m"
WIDEST: Final = 140
"""Characters of a line where nobody says how wide the screen is, and the most that one takes."""
NARROWEST: Final = 60


def say(text: str) -> None:
    """Text for the screen, as it stands."""
    _write(sys.stdout, legible(text) if BOLD not in text else _with_bold(text))


def complain(line: str) -> None:
    """One line for a person, beside what a program reads."""
    _write(sys.stderr, one_line(line) + "\n")


def plain(text: str) -> str:
    """Text for a file: without the looks of a terminal."""
    return legible(text.replace(BOLD, "").replace(PLAIN, ""))


def wants_bold() -> bool:
    """Whether headings stand out: on a terminal whose user has not forbidden it."""
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ


def strong(text: str) -> str:
    """A heading, bold on a terminal."""
    return f"{BOLD}{text}{PLAIN}" if wants_bold() else text


def screen_width() -> int:
    """Characters of a line: those of the terminal, between bounds; a pipe has the most."""
    if not sys.stdout.isatty():
        return WIDEST
    return max(NARROWEST, min(WIDEST, shutil.get_terminal_size((WIDEST, 24)).columns))


def _with_bold(text: str) -> str:
    """Legible text that keeps the bold of headings.

    >>> _with_bold("\\033[1mhead\\033[0m \\033[31mred")
    '\\x1b[1mhead\\x1b[0m �[31mred'
    """
    headed = text.split(BOLD)
    return BOLD.join(PLAIN.join(legible(one) for one in part.split(PLAIN)) for part in headed)


def _write(stream: TextIO, text: str) -> None:
    """To a stream in whatever alphabet it has: what it lacks is written as its number."""
    try:
        stream.write(text)
    except UnicodeEncodeError:
        encoding = stream.encoding or "ascii"
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
    stream.flush()
