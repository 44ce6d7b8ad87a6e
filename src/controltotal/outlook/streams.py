"""Random streams that are read by place, not in turn.

Every random number has an address: seed, name of its stream (a scheme's id, a factor, a risk)
and number of the draw. It is made by hashing that address, so adding or deleting a scheme
leaves the draws of every other scheme as they were, and any split of the draws over threads or
machines gives the same numbers.

The hash is SplitMix64 (Steele, Lea and Flood, 2014: "Fast splittable pseudorandom number
generators"): key + draw x golden ratio, then three rounds of shift, exclusive or and multiply.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

GOLDEN = 0x9E3779B97F4A7C15
MULTIPLIER_1 = 0xBF58476D1CE4E5B9
MULTIPLIER_2 = 0x94D049BB133111EB
MASK = (1 << 64) - 1


def mix(value: int) -> int:
    """SplitMix64's finishing step on one 64-bit whole number.

    >>> hex(mix(GOLDEN))  # the generator's first number from state 0
    '0xe220a8397b1dcdaf'
    """
    value = ((value ^ (value >> 30)) * MULTIPLIER_1) & MASK
    value = ((value ^ (value >> 27)) * MULTIPLIER_2) & MASK
    return value ^ (value >> 31)


def stream_key(seed: int, name: str) -> int:
    """The 64-bit key of a named stream: depends on the name and the seed, on nothing else.

    >>> stream_key(1, "scheme S-001") == stream_key(1, "scheme S-001")
    True
    >>> stream_key(1, "scheme S-001") == stream_key(2, "scheme S-001")
    False
    """
    digest = hashlib.blake2b(name.encode("utf-8"), digest_size=8).digest()
    return mix(int.from_bytes(digest, "big") ^ mix((seed + GOLDEN) & MASK))


def hashes(key: int, first_draw: int, count: int) -> np.ndarray:
    """The 64-bit hashes of `count` draws of one stream; shape (draw,), uint64.

    >>> hashes(0, 1, 1)[0] == mix(GOLDEN)
    np.True_
    """
    import numpy as np

    draws = np.arange(first_draw, first_draw + count, dtype=np.uint64)
    value = np.uint64(key) + draws * np.uint64(GOLDEN)
    value = (value ^ (value >> np.uint64(30))) * np.uint64(MULTIPLIER_1)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(MULTIPLIER_2)
    return value ^ (value >> np.uint64(31))
