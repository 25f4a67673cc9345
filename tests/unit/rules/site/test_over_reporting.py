"""More than is asked: accepted with a warning that has the sums, refused where it is far more."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.site.aggregate import SiteAggregate
from rules.site.over_reporting import SURPLUS, most_taken
from schemas.answers import Verdict
from schemas.plan import REFUSE_BEYOND
from schemas.quantity import LARGEST
from schemas.site.terms import Requirement
from tests.support.budget import examples
from tests.support.sample_terms import SiteLife, failed, on, refused, report

NOON = on(7, 20, 12)
QUANTITIES = st.decimals("0.000001", 10**6, places=6)


def asking(quantity: Decimal | int, unit: str = "m", **changes: Any) -> SiteLife:
    fence = Requirement(id="fence", quantity=Decimal(quantity), unit=unit)
    other = Requirement(id="signs", quantity=Decimal(1), unit="块")
    return SiteLife(requirements=(fence, other), **changes)


def warnings(site: SiteLife, quantity: Decimal | float, *phases: str) -> tuple[str, ...]:
    """What the sender of an accepted report is told."""
    command = report(NOON, "fence", quantity, *phases)
    result = site.at(NOON, command).result_of(command.command_id)
    assert result.verdict is Verdict.ACCEPTED, result.reason
    return result.warnings


def test_warning_has_what_is_asked_was_done_and_is_reported_now() -> None:
    site = asking(100)
    assert warnings(site, 90) == ()
    (said,) = warnings(site, 900)
    assert said == (
        "990 of 100 m of 'fence': 900 m now and 90 m before make 990 m, more than is asked; is 900 what you meant?"
    )
    assert site.state.done["fence"] == 990, "it is accepted all the same"


def test_refusal_has_the_sums_and_what_to_do_and_counts_nothing() -> None:
    site = asking(100)
    warnings(site, 90)
    said = refused(site, report(NOON, "fence", Decimal("910.5")))
    assert "'fence' asks for 100 m; 910.5 m now and 90 m before make 1000.5 m" in said
    assert "a total above 1000 m is refused" in said and "an amendment raises what is asked" in said
    assert site.state.done["fence"] == 90


@settings(max_examples=examples(80), derandomize=True, deadline=None, database=None)
@given(QUANTITIES, QUANTITIES, QUANTITIES, st.none() | st.decimals(1, 20, places=2))
def test_sum_decides_between_silence_warning_and_refusal(
    asked: Decimal, before: Decimal, now: Decimal, factor: Decimal | None
) -> None:
    site = asking(asked, refuse_beyond=factor)
    most = max(asked * (factor or REFUSE_BEYOND), asked + SURPLUS)
    for total, quantity in ((before, before), (before + now, now)):
        command = report(NOON, "fence", quantity)
        result = site.at(NOON, command).result_of(command.command_id)
        assert (result.verdict is Verdict.REFUSED) == (total > most)
        if result.verdict is Verdict.REFUSED:
            return
        assert any("more than is asked" in said for said in result.warnings) == (total > asked)


@pytest.mark.parametrize("factor", [None, Decimal(1), Decimal("1.5")])
def test_one_sign_more_than_one_is_never_refused(factor: Decimal | None) -> None:
    (said,) = warnings(asking(1, "块", refuse_beyond=factor), 2)
    assert "2 of 1 块" in said


@pytest.mark.parametrize("report_first", [True, False])
@pytest.mark.parametrize("factor", [None, Decimal(1), Decimal("1.5")])
def test_rework_counts_whether_it_or_the_verdict_is_heard_first(factor: Decimal | None, report_first: bool) -> None:
    site = SiteLife(requirements=(Requirement(id="fence", quantity=Decimal(100), unit="m"),), refuse_beyond=factor)
    site.at(NOON, report(NOON, "fence", 100))
    rework, verdict = report(on(7, 22, 9), "fence", 100), failed(on(7, 21, 9), "county", "fence")
    for number, command in enumerate((rework, verdict) if report_first else (verdict, rework)):
        site.at(on(7, 22, 10, number), command)
    assert (site.state.done["fence"], site.state.round, site.state.stage) == (100, 2, "verifying")


def test_slip_at_a_site_under_verification_is_warned_of() -> None:
    site = SiteLife(requirements=(Requirement(id="fence", quantity=Decimal(100), unit="m"),))
    site.at(NOON, report(NOON, "fence", 100))
    (said,) = warnings(site, 10_000)
    assert "more than is asked" in said
    assert "is refused" in refused(site, report(NOON, "fence", LARGEST))


def test_evidence_alone_is_no_surplus() -> None:
    site = asking(100)
    warnings(site, 200)
    assert warnings(site, 0, "after") == ()


def test_no_total_exceeds_the_largest_quantity() -> None:
    assert most_taken(asking(LARGEST).core.terms, LARGEST) == LARGEST


def test_status_keeps_the_last_warnings_with_their_commands() -> None:
    site = asking(1)
    for number in range(4):
        site.at(NOON, report(NOON, "fence", 1, command_id=f"c{number}"))
    told = site.core.view(NOON).warned
    assert [one["command_id"] for one in told] == [f"c{number}" for number in range(1, 4) for _ in range(2)], (
        "each of a surplus, and of the report before it in the same minute"
    )
    again = SiteAggregate(site.core.terms)
    again.restore(site.entries)
    assert again.view(NOON).warned == told
