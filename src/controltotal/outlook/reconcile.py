"""Forecasts that add up: bottom-up always, minimum-trace where every node has one of its own.

Forecasts of a system and of its bodies, made apart, do not sum. Bottom-up throws the system's own
away. Minimum-trace weighs all of them by how sure each is (Wickramasuriya, Athanasopoulos and
Hyndman, 2019: "Optimal forecast reconciliation through trace minimization"): it is generalised
least squares of all node forecasts on the bodies, weighted by one over their error variances.
"""

from __future__ import annotations

from collections.abc import Mapping


def bottom_up(
    leaves: Mapping[str, float], above: Mapping[str, tuple[str, ...]]
) -> dict[str, float]:
    """Every node as the sum of its leaves; `above` lists a leaf's nodes, itself first.

    >>> bottom_up({"A": 1.0, "B": 2.0}, {"A": ("A", "Q"), "B": ("B", "Q")})
    {'A': 1.0, 'Q': 3.0, 'B': 2.0}
    """
    found: dict[str, float] = {}
    for leaf, value in leaves.items():
        for node in above[leaf]:
            found[node] = found.get(node, 0.0) + value
    return found


def min_trace(
    forecasts: Mapping[str, float],
    variances: Mapping[str, float],
    above: Mapping[str, tuple[str, ...]],
) -> dict[str, float]:
    """Leaf forecasts after reconciliation, from forecasts and error variances of every node.

    Nodes that are not forecast are left out of the fit. A node without error is kept as it is.

    >>> leaves = {"A": ("A", "Q"), "B": ("B", "Q")}
    >>> told = min_trace({"A": 1.0, "B": 2.0, "Q": 6.0}, dict.fromkeys("ABQ", 1.0), leaves)
    >>> {leaf: round(value, 6) for leaf, value in told.items()}
    {'A': 2.0, 'B': 3.0}
    """
    import numpy as np

    leaves = sorted(above)
    nodes = sorted(forecasts)
    assert set(leaves) <= set(nodes), "every leaf needs a forecast of its own"
    summing = np.array([[float(node in above[leaf]) for leaf in leaves] for node in nodes])
    floor = max(max(variances[node] for node in nodes) * 1e-9, 1e-12)
    weights = np.array([1.0 / max(variances[node], floor) for node in nodes])
    base = np.array([forecasts[node] for node in nodes])
    normal = summing.T @ (weights[:, None] * summing)
    solved = np.linalg.solve(normal, summing.T @ (weights * base))
    return {leaf: float(value) for leaf, value in zip(leaves, solved, strict=True)}
