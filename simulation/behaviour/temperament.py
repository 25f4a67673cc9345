"""The habits of simulated people: one table of numbers for each temperament.

The numbers are assumptions, not measurements. With `diligent` people nearly all sites close in time. With `typical`
people most sites close, and each city carries some over. With `slack` people many sites climb the ladder.
"""

from dataclasses import dataclass
from enum import StrEnum

from simulation.behaviour.draws import Curve


class Temperament(StrEnum):
    """The kinds of people; the values are those of the command line."""

    DILIGENT = "diligent"
    TYPICAL = "typical"
    SLACK = "slack"


@dataclass(frozen=True, slots=True)
class Habits:
    """Probabilities and delays. A delay is a share of the clause that allows it: 1.0 is its last day."""

    receipt: Curve
    deployment: Curve
    never_deploys: float
    """Share of cities that never submit a deployment."""
    returned: float
    """Share of submissions that the province returns."""
    decision: Curve
    work: Curve
    """When the last report of a site's work is sent."""
    abandoned: float
    """Share of sites whose crew stops half-way and reports nothing more."""
    offline: float
    """Share of reports that are sent hours or days late, since the crew has no network."""
    twice: float
    """Share of reports that are sent a second time."""
    forgotten: float
    """Share of rounds in which evidence is forgotten and sent later."""
    verdict: Curve
    failed: float
    """Share of verifications that fail in the first round; each further round halves it."""
    extended: float
    """Share of sites with work planned beyond the deadline that are granted an extension."""
    flooded: float
    """Share of cities whose work a flood interrupts for some days."""
    suspended: float
    """Share of flooded cities whose sites are all suspended by one order."""
    signing: Curve
    unsigned: float
    """Share of units that never sign for a document."""
    together: float
    """Share of documents for which the city's registry signs once for all units."""
    reply: Curve
    unreplied: float
    """Share of documents that are never replied to."""
    promised: float
    """Share of replies that name the day by which the work will be done."""
    approval: Curve
    silent: float
    """Share of drafts that their approver does not decide in time."""
    rejected: float
    """Share of decided drafts that are rejected."""


HABITS: dict[Temperament, Habits] = {
    Temperament.DILIGENT: Habits(
        receipt=((0, 0.0), (1, 0.9)),
        deployment=((0, 0.2), (1, 0.9)),
        never_deploys=0.0,
        returned=0.05,
        decision=((0, 0.2), (1, 0.8)),
        work=((0, 0.2), (0.9, 0.7), (1, 0.9)),
        abandoned=0.0,
        offline=0.03,
        twice=0.02,
        forgotten=0.03,
        verdict=((0, 0.1), (1, 0.8)),
        failed=0.04,
        extended=0.5,
        flooded=0.2,
        suspended=0.2,
        signing=((0, 0.0), (1, 0.9)),
        unsigned=0.0,
        together=0.7,
        reply=((0, 0.1), (1, 0.8)),
        unreplied=0.0,
        promised=0.9,
        approval=((0, 0.0), (1, 0.9)),
        silent=0.0,
        rejected=0.02,
    ),
    Temperament.TYPICAL: Habits(
        receipt=((0, 0.0), (0.85, 0.9), (1, 2.5)),
        deployment=((0, 0.3), (0.8, 1.0), (1, 1.6)),
        never_deploys=0.0,
        returned=0.2,
        decision=((0, 0.3), (0.9, 1.0), (1, 1.7)),
        work=((0, 0.3), (0.7, 0.95), (0.9, 1.2), (1, 1.6)),
        abandoned=0.09,
        offline=0.1,
        twice=0.06,
        forgotten=0.1,
        verdict=((0, 0.2), (0.85, 0.9), (1, 1.4)),
        failed=0.12,
        extended=0.35,
        flooded=0.5,
        suspended=0.35,
        signing=((0, 0.0), (0.92, 1.2), (1, 3.0)),
        unsigned=0.01,
        together=0.7,
        reply=((0, 0.2), (0.85, 1.0), (1, 1.6)),
        unreplied=0.06,
        promised=0.7,
        approval=((0, 0.0), (0.9, 1.2), (1, 2.5)),
        silent=0.05,
        rejected=0.1,
    ),
    Temperament.SLACK: Habits(
        receipt=((0, 0.5), (0.5, 1.0), (1, 4.0)),
        deployment=((0, 0.7), (0.4, 1.0), (1, 2.5)),
        never_deploys=0.1,
        returned=0.4,
        decision=((0, 0.5), (0.6, 1.0), (1, 2.5)),
        work=((0, 0.7), (0.35, 1.0), (0.8, 1.8), (1, 2.6)),
        abandoned=0.2,
        offline=0.2,
        twice=0.12,
        forgotten=0.25,
        verdict=((0, 0.5), (0.6, 1.0), (1, 2.0)),
        failed=0.25,
        extended=0.2,
        flooded=0.5,
        suspended=0.4,
        signing=((0, 0.5), (0.75, 1.4), (1, 4.0)),
        unsigned=0.03,
        together=0.5,
        reply=((0, 0.4), (0.6, 1.0), (1, 2.0)),
        unreplied=0.3,
        promised=0.6,
        approval=((0, 0.4), (0.75, 1.4), (1, 2.5)),
        silent=0.2,
        rejected=0.15,
    ),
}
