"""A user's own formula for the weight of each payer, read safely.

Plain arithmetic over named inputs, such as ``allocation * (1 - 0.5 * deprivation)``. Only numbers,
the names of inputs, + - * / ** , brackets, min and max are read; anything else is refused with the
reason. The result is a weight: negative ones count as nil.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

DIGITS: Final = 52
"""Binary digits of the largest weight: all that a double holds, so that no penny is rounded away."""
DIGITS_OF_SUM: Final = 59
"""Binary digits of all weights together, within which they are divided exactly."""

_OPERATIONS: Final[dict[type[ast.operator], Callable[[Any, Any], Any]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
_FUNCTIONS: Final[dict[str, Callable[..., Any]]] = {"min": np.minimum, "max": np.maximum}


class FormulaError(ValueError):
    """A formula that cannot be read; says where and what may stand there."""


def names_in(text: str) -> tuple[str, ...]:
    """The inputs that a formula uses, in order of the alphabet.

    >>> names_in("allocation * (1 - 0.5 * deprivation)")
    ('allocation', 'deprivation')
    """
    tree = _parse(text)
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return tuple(
        sorted({n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and id(n) not in called})
    )


def weights(
    text: str, columns: Mapping[str, NDArray[np.int64] | NDArray[np.float64]], count: int
) -> NDArray[np.int64]:
    """Whole-number weights, one a payer, in proportion to the formula.

    They are the values times a power of two, which changes no digit of them.

    >>> found = weights("2 * a", {"a": np.array([1.0, 3.0])}, 2)
    >>> int(found[1]) == 3 * int(found[0])
    True
    """
    with np.errstate(all="ignore"):
        values = np.broadcast_to(
            np.asarray(_value(_parse(text).body, columns), np.float64), (count,)
        )
    if not np.isfinite(values).all():
        raise FormulaError("the formula divides by nil for one of the payers")
    largest = float(values.max(initial=0.0))
    if largest <= 0:
        raise FormulaError("the formula gives nobody a weight above nil")
    digits = min(DIGITS, DIGITS_OF_SUM - max(count - 1, 1).bit_length())
    scaled = np.ldexp(np.maximum(values, 0.0), digits - int(np.frexp(largest)[1]))
    return np.rint(scaled).astype(np.int64)


def _parse(text: str) -> ast.Expression:
    if len(text) > 500:
        raise FormulaError("the formula is longer than 500 characters")
    try:
        return ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise FormulaError(f"the formula cannot be read: {text!r}") from error


def _value(node: ast.expr, columns: Mapping[str, Any]) -> Any:
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        return float(node.value)
    if isinstance(node, ast.Name) and node.id in columns:
        return np.asarray(columns[node.id], np.float64)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand, columns)
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATIONS:
        left, right = _value(node.left, columns), _value(node.right, columns)
        return _OPERATIONS[type(node.op)](np.asarray(left, np.float64), right)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
        function = _FUNCTIONS.get(node.func.id)
        if function is not None and len(node.args) == 2:
            return function(*(_value(argument, columns) for argument in node.args))
    what = ast.unparse(node) if isinstance(node, ast.AST) else repr(node)
    known = ", ".join(sorted(columns))
    raise FormulaError(
        f"the formula may not contain {what!r}: use numbers, + - * / **, brackets, "
        f"min, max and {known}"
    )
