"""Chance without a generator: every draw is a hash of the seed and of what is drawn.

No draw depends on another, so the order in which people are asked does not matter: a simulator and a real engine that
run the same people see the same people.
"""

import hashlib
from itertools import pairwise

Curve = tuple[tuple[float, float], ...]
"""Quantiles: (share of cases, value), shares rising from 0 to 1; values between them are interpolated."""

_STEP = 1 / 2**53


class Draws:
    """Draws of one seed; `about` names what is drawn (a site, its round, the purpose)."""

    def __init__(self, seed: int) -> None:
        self._seeded = hashlib.blake2b(f"{seed}\x1e".encode(), digest_size=8)

    def share(self, *about: object) -> float:
        """Evenly from 0 (included) to 1 (not included)."""
        drawn = self._seeded.copy()
        drawn.update("\x1f".join(map(str, about)).encode())
        return (int.from_bytes(drawn.digest(), "big") >> 11) * _STEP

    def chance(self, probability: float, *about: object) -> bool:
        """True in this share of cases."""
        return self.share(*about) < probability

    def whole(self, low: int, high: int, *about: object) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + int(self.share(*about) * (high - low + 1))

    def along(self, curve: Curve, *about: object) -> float:
        """A value distributed as the curve says."""
        share = self.share(*about)
        for (start, low), (end, high) in pairwise(curve):
            if share < end:
                return low + (high - low) * (share - start) / (end - start)
        return curve[-1][1]
