"""Text from a book as it may be shown: nothing that steers a terminal or that a format cannot carry.

What people type holds now and then what no person can see: a bell, the escape that turns a
terminal red, a mark that turns the reading direction, half of a broken emoji. A book keeps such
text as it is; whatever shows it puts the sign `�` in its place, so that the reader sees that
something stood there. `book.characters` tells where.
"""

from __future__ import annotations

import re
from typing import Any, Final

REPLACED: Final = "\ufffd"
"""The sign for a character that cannot be shown."""

_CONTROLS = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
_TURNING = "\u202a-\u202e\u2066-\u2069"  # they turn the direction of what stands after them
_NOTHING = "\ud800-\udfff\ufdd0-\ufdef\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f"
_PLANES = "".join(f"{chr(p * 0x10000 + 0xFFFE)}{chr(p * 0x10000 + 0xFFFF)}" for p in range(1, 17))

UNPRINTABLE: Final = re.compile(f"[{_CONTROLS}{_TURNING}{_NOTHING}{_PLANES}]")
"""A character that steers a machine, turns the reading direction, or is none at all."""

HIDDEN: Final = re.compile(f"[{_CONTROLS}{_TURNING}{_NOTHING}{_PLANES}\u200b\u2060\ufeff]")
"""The same, and blanks without width, by which two codes can look alike and differ."""

_BREAKS = re.compile("[\t\n\r\u2028\u2029]+")


def legible(text: str) -> str:
    """The text with a sign for each character that cannot be shown; lines stay lines.

    >>> legible("Prov\\x07x"), legible("two\\nlines")
    ('Prov�x', 'two\\nlines')
    """
    if text.isprintable():  # most text is: it holds nothing of what is looked for
        return text
    return UNPRINTABLE.sub(REPLACED, text)


def one_line(text: str) -> str:
    """The text on one line, so that no cell can pass for a line of its own.

    >>> one_line("T\\x1b[31m\\nERROR: none")
    'T�[31m ERROR: none'
    """
    return text if text.isprintable() else _BREAKS.sub(" ", UNPRINTABLE.sub(REPLACED, text))


def legible_data(value: Any) -> Any:
    """Rows, lists and texts of a chart with every text legible; numbers as they are.

    >>> legible_data({"rows": [{"name": "a\\x07", "pence": 1}]})
    {'rows': [{'name': 'a�', 'pence': 1}]}
    """
    if type(value) is float or type(value) is int:  # a map has a hundred thousand of them
        return value
    if isinstance(value, str):
        return legible(value)
    if isinstance(value, dict):
        return {legible_data(key): legible_data(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [legible_data(inner) for inner in value]
    return value


def safe_json(text: str) -> str:
    """A JSON document in which what cannot be shown is written `\\\\u0085`: the same document.

    >>> safe_json('{"name": "a\\x85"}')
    '{"name": "a\\\\u0085"}'
    """
    plain = text.isascii() and "\x7f" not in text
    return text if plain else UNPRINTABLE.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code < 0x10000:
        return f"\\u{code:04x}"
    high, low = divmod(code - 0x10000, 0x400)
    return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"
