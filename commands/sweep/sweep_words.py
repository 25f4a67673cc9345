"""The counts of a city's sweep in one line; status loads nothing else of the sweep."""

from schemas.options.sweep import SweepFacts


def sweep_in_short(facts: SweepFacts) -> str:
    """`5 patches and clues: 2 confirmed, ...`."""
    settled = f"{facts.confirmed:,} confirmed, {facts.known:,} known, {facts.refuted:,} refuted"
    named = "patch or clue" if facts.issued == 1 else "patches and clues"
    return f"{facts.issued:,} {named}: {settled}, {facts.open:,} open, {facts.overdue:,} overdue"
