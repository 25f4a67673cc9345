"""The lives that the bench lives under a plan's options: what is measured is what it says."""

from datetime import UTC, datetime, timedelta

import pytest

from bench.life import plan_of, sites_of, starts_of
from bench.options import OPTIONS, PLAIN, Option
from rules.command_results import Received
from rules.site.aggregate import SiteAggregate
from schemas.answers import Verdict
from schemas.stages import Stage


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_bench_option_messages_accepted_and_last_closes_site(option: Option) -> None:
    began = datetime.now(UTC)
    (start,) = starts_of(plan_of("bench", began, option.plan), sites_of(1, option.site), began)
    case = SiteAggregate(start.terms)
    case.advance((), began)
    for number, step in enumerate(option.life, 1):
        assert not case.settled
        command, now = step(start).command, datetime.now(UTC) + timedelta(seconds=number)
        judgement = case.advance([Received(command, now)], now).result_of(command.command_id)
        assert judgement.verdict is Verdict.ACCEPTED, (command.command_id, judgement)
    assert case.state.stage is Stage.CLOSED


def test_bench_options_include_plain_baseline_and_unique_names() -> None:
    assert OPTIONS[0] is PLAIN and not PLAIN.plan and not PLAIN.site
    assert len({option.name for option in OPTIONS}) == len(OPTIONS)
