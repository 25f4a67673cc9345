"""A foreseen briefing counts the sites as the foreseen ledgers have them."""

import json
from datetime import datetime

import pytest

from schemas.options.police import CaseClosure
from schemas.streams import campaign_stream, site_stream
from simulation.behaviour.temperament import Temperament
from simulation.forecast.simulator import forecast
from tests.support.short_campaign import two_tracks_plan, two_tracks_register


@pytest.mark.parametrize("closure", list(CaseClosure))
@pytest.mark.parametrize("seed", range(20, 24))
def test_closed_site_counts_as_closed_while_case_continues(closure: CaseClosure, seed: int) -> None:
    register = two_tracks_register()
    plan = two_tracks_plan("tracks", closure)
    foreseen = forecast(plan, register, Temperament.SLACK, seed, keep_ledger=True)
    closed = [
        entry.at
        for site in register
        for entry in foreseen.ledger[site_stream("tracks", site.id)]
        if entry.kind == "closed"
    ]
    frozen = [entry for entry in foreseen.ledger[campaign_stream("tracks")] if entry.kind == "briefing_frozen"]
    assert frozen
    for entry in frozen:
        briefing = json.loads(entry.data)["briefing"]
        cutoff = datetime.fromisoformat(briefing["cutoff"])
        assert briefing["total_baseline"]["closed"] == sum(at <= cutoff for at in closed)
