"""Random draws without a generator: each is a hash of the seed and of what is drawn.

No draw depends on another one. So the order of the draws does not matter: the simulator and a rehearsal on the real
engine get the same values.
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
        """Uniformly distributed from 0 (included) to 1 (excluded)."""
        drawn = self._seeded.copy()
        drawn.update("\x1f".join(map(str, about)).encode())
        return (int.from_bytes(drawn.digest(), "big") >> 11) * _STEP

    def chance(self, probability: float, *about: object) -> bool:
        """True in this share of cases."""
        return self.share(*about) < probability

    def whole(self, low: int, high: int, *about: object) -> int:
        """An integer from `low` to `high`, both included."""
        return low + int(self.share(*about) * (high - low + 1))

    def along(self, curve: Curve, *about: object) -> float:
        """A value with the distribution of `curve`."""
        share = self.share(*about)
        for (start, low), (end, high) in pairwise(curve):
            if share < end:
                return low + (high - low) * (share - start) / (end - start)
        return curve[-1][1]
