"""A second draw, written from docs/spot-checks.md alone: nothing of the project is imported here.

A stranger who has the exported frame (one JSON object a line) and the published seed could write just this.
"""

import hashlib
import json
from fractions import Fraction
from typing import Any

LINE_KEYS = ("at", "city", "county", "hazard", "id", "level", "round")


def line(site: dict[str, Any]) -> str:
    """The line of a site in the frame, built by hand: keys in order, no spaces."""
    parts = []
    for key in LINE_KEYS:
        value = site[key]
        parts.append(f'"{key}":{value}' if key == "round" else f'"{key}":{json.dumps(value, ensure_ascii=False)}')
    return "{" + ",".join(parts) + "}"


def hash_of(frame: list[dict[str, Any]]) -> str:
    lines = {site["id"]: line(site) for site in frame}
    return hashlib.sha256("".join(lines[name] + "\n" for name in sorted(lines)).encode("utf-8")).hexdigest()


def count(size: int, share: str, minimum: int) -> int:
    """Of `size` the share, rounded up, at least the minimum, at most all; exact fractions."""
    exact = Fraction(share) * size
    up = exact.numerator // exact.denominator + (exact.denominator != 1)
    return min(size, max(minimum, up))


def order(frame: list[dict[str, Any]], seed: int) -> dict[tuple[str, str, str], list[str]]:
    """Stratum to its sites, first drawn first."""
    hashed = hash_of(frame)
    strata: dict[tuple[str, str, str], list[str]] = {}
    for site in frame:
        strata.setdefault((site["city"], site["county"], site["hazard"]), []).append(site["id"])
    for names in strata.values():
        names.sort(key=lambda name: hashlib.sha256(f"{seed}|{hashed}|{name}".encode()).hexdigest())
    return strata


def sample(
    frame: list[dict[str, Any]], seed: int, share: str, minimum: int, shares: dict[str, str] | None = None
) -> set[str]:
    """`shares` are the published shares of hazards that have their own."""
    own = shares or {}
    return {
        name
        for (_, _, hazard), names in order(frame, seed).items()
        for name in names[: count(len(names), own.get(hazard, share), minimum)]
    }


def added(
    frame: list[dict[str, Any]],
    seed: int,
    share: str,
    enlarge: str,
    minimum: int,
    city: str,
    county: str | None,
    shares: dict[str, str] | None = None,
) -> set[str]:
    """What the enlarged sample of a county (or, without one, of a city) adds to the first."""
    more: set[str] = set()
    for key, names in order(frame, seed).items():
        if key[0] == city and county in (None, key[1]):
            own = (shares or {}).get(key[2], share)
            second = str(min(Fraction(1), Fraction(own) * Fraction(enlarge)))
            left = names[count(len(names), own, minimum) :]
            more.update(left[: count(len(left), second, minimum)])
    return more
