"""The exceptions from independence that a plan allows, in words: `check` and `status` say the same."""

from collections.abc import Iterator, Mapping


def same_unit_lines(reasons: Mapping[str, str]) -> Iterator[str]:
    """One sentence a level: that one unit may work and judge there, and why the plan says so."""
    for level, reason in reasons.items():
        yield f"level {level}: a unit that worked or judged another level may judge it too, because: {reason}"
