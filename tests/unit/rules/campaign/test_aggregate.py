"""The campaign aggregate: issue, phases, anchors, stop, close."""

from datetime import date, datetime, timedelta

from rules.campaign.aggregate import CampaignAggregate
from rules.effects import CountSettled, StartCities, StopCities, TakeAnchor
from schemas import commands as cmd
from schemas.actor import ENGINE
from schemas.answers import Verdict
from schemas.campaign import PhaseTerms
from tests.support.chain_proof import proved
from tests.support.imagined_city import CampaignLife, campaign_terms
from tests.support.sample_terms import CITY, PROVINCE, ZONE, deadline, on


def board(**changes: object) -> CampaignLife:
    return CampaignLife(CampaignAggregate(campaign_terms(**changes)))


def running() -> CampaignLife:
    life = board()
    life.at(on(7, 17, 9))
    return life


def settled(code: str, at: datetime) -> cmd.CitySettled:
    return cmd.CitySettled(command_id=f"{code} settled", actor=ENGINE, effective_at=at, code=code)


def stop(at: datetime) -> cmd.Stop:
    return cmd.Stop(command_id="stop", actor=PROVINCE, effective_at=at, reason="汛情")


def test_a_campaign_is_issued_once_to_each_city() -> None:
    life = board()
    life.at(on(7, 16))
    assert life.entries == []
    assert life.core.next_due(on(7, 16)) == on(7, 17, 9)
    life.quiet_until(on(7, 18))
    assert life.kinds().count("plan_issued") == 1
    assert [d.city for d in life.documents] == ["410400", "410600"]
    assert life.of_effect(StartCities) == [StartCities(on(7, 17, 9))]
    assert life.documents[0].data["receipt_due"].startswith("2021-07-19T16:00")


def test_each_phase_begins_once_and_phases_may_overlap() -> None:
    phases = (
        PhaseTerms(id="sweep", starts_at=on(7, 17), ends_at=deadline(8, 15)),
        PhaseTerms(id="ledger", starts_at=on(8, 1), ends_at=deadline(9, 15)),
        PhaseTerms(id="works", starts_at=on(8, 16), ends_at=deadline(10, 31)),
    )
    life = board(phases=phases)
    life.quiet_until(on(10, 1))
    began = [(e.data, e.at) for e in life.of("phase_began")]
    assert began == [
        ('{"phase":"sweep"}', on(7, 17, 9)),
        ('{"phase":"ledger"}', on(8, 1)),
        ('{"phase":"works"}', on(8, 16)),
    ]
    assert life.core.view(on(10, 1)).phase == "works"


def test_the_ledger_is_anchored_every_night_at_four() -> None:
    life = running()
    life.quiet_until(on(7, 20))
    assert [e.at for e in life.of_effect(TakeAnchor)] == [on(7, 18, 4), on(7, 19, 4)]
    assert life.kinds().count("anchored") == 2


def test_outage_takes_one_anchor_for_all_missed() -> None:
    life = running()
    life.at(on(7, 30, 12))
    assert len(life.of_effect(TakeAnchor)) == 1
    assert life.core.next_due(on(7, 30, 12)) == on(7, 31, 4)
    life.at(on(7, 30, 13))
    assert len(life.of_effect(TakeAnchor)) == 1


def test_nor_do_late_messages_of_the_outage_make_a_second_anchor() -> None:
    life = running()
    life.at(on(7, 30, 12), settled("410400", on(7, 25, 12)))
    assert len(life.of_effect(TakeAnchor)) == 1


def test_campaign_closes_only_when_last_city_is_settled() -> None:
    life = running()
    life.quiet_until(on(11, 1, 9))
    assert life.core.state.stage == "closing"
    life.at(on(11, 1, 10), settled("410400", on(11, 1, 9)))
    life.quiet_until(on(11, 9))
    assert not life.core.settled
    life.at(on(11, 9, 10), settled("410600", on(11, 9, 9)))
    assert (life.core.state.stage, life.kinds()[-1]) == ("closed", "campaign_closed")
    assert life.of_effect(CountSettled) == [CountSettled(on(11, 9, 9))]
    assert [d.kind for d in life.documents].count("closing_report") == 1
    assert life.documents[-1].data == {"closed": 60, "carried_over": 20}
    assert life.core.next_due(on(11, 9, 10)) is None
    proved(life.entries)


def test_a_city_that_tells_it_twice_is_one_city() -> None:
    life = running()
    life.quiet_until(on(11, 1, 9))
    again = settled("410400", on(11, 1, 9)).model_copy(update={"command_id": "another"})
    life.at(on(11, 1, 10), settled("410400", on(11, 1, 9)), again)
    assert not life.core.settled


def test_a_lost_word_of_a_city_is_found_at_the_next_anchor() -> None:
    life = running()
    life.quiet_until(on(11, 1, 9))
    life.settled_cities = ("410400", "410600")
    life.quiet_until(on(11, 3))
    assert life.core.settled
    assert life.entries[-1].at == on(11, 2, 4)


def test_cities_settled_early_campaign_closes_at_its_end() -> None:
    life = running()
    life.at(on(10, 1), settled("410400", on(10, 1)), settled("410600", on(10, 1)))
    assert not life.core.settled
    life.quiet_until(deadline(10, 31))
    assert life.core.settled
    assert life.entries[-1].at == deadline(10, 31)


def test_stopped_campaign_notifies_cities_and_ends_stopped() -> None:
    life = running()
    life.at(on(8, 1, 10), stop(on(8, 1, 10)))
    assert life.of_effect(StopCities) == [StopCities(on(8, 1, 10), "汛情")]
    assert len(life.of_effect(StartCities)) == 1
    assert "allowed: nothing" in str(life.core.refusal(stop(on(8, 2)).model_copy(update={"command_id": "2"}), on(8, 2)))
    life.at(on(8, 3), settled("410400", on(8, 3)), settled("410600", on(8, 3)))
    assert (life.core.state.stage, life.kinds()[-1]) == ("stopped", "campaign_closed")
    assert "ended" not in life.kinds()


def test_stop_claimed_before_the_plan_was_issued_counts_as_of_its_receipt() -> None:
    life = running()
    life.at(on(7, 18, 10), stop(on(7, 16, 10)))
    (entry,) = life.of("stopped")
    assert entry.at == on(7, 18, 10)


def test_campaign_stopped_before_issue_only_settles_cities() -> None:
    life = board()
    life.at(on(7, 16, 10), stop(on(7, 16, 10)))
    assert [type(e) for e in life.done] == [StartCities, StopCities]
    life.quiet_until(on(7, 20))
    assert "plan_issued" not in life.kinds()
    assert life.documents == []
    life.at(on(7, 20), settled("410400", on(7, 20)), settled("410600", on(7, 20)))
    assert life.core.state.stage == "stopped"


def test_only_its_own_cities_and_the_province_are_heard() -> None:
    life = running()
    stranger = life.at(on(7, 18), settled("999999", on(7, 18)))
    assert "no city '999999'" in str(stranger.result_of("999999 settled").reason)
    mutiny = stop(on(7, 18)).model_copy(update={"actor": CITY})
    assert life.at(on(7, 18), mutiny).result_of("stop").verdict is Verdict.REFUSED


def test_campaign_woken_after_its_end_records_events_in_order() -> None:
    life = board(phases=(PhaseTerms(id="sweep", starts_at=on(7, 17), ends_at=deadline(8, 15)),))
    life.at(on(12, 24, 10))
    kinds = [k for k in life.kinds() if k not in ("document_issued", "anchored")]
    assert kinds == ["plan_issued", "phase_began", "ended"]
    life.at(on(12, 24, 11), settled("410400", on(12, 24, 10)), settled("410600", on(12, 24, 10)))
    assert life.core.settled


def test_anchors_keep_their_hour_across_the_change_of_clocks() -> None:
    calendar = campaign_terms().calendar.model_copy(update={"time_zone": "Europe/Berlin"})
    life = board(calendar=calendar, ends_at=deadline(12, 1))
    life.quiet_until(on(11, 5))
    days = {e.at.astimezone(ZONE).date() for e in life.of_effect(TakeAnchor)}
    assert len(days) == len(life.of_effect(TakeAnchor)) > 100
    assert min(days) > date(2021, 7, 16)
    gaps = {b.at - a.at for a, b in zip(life.of_effect(TakeAnchor), life.of_effect(TakeAnchor)[1:], strict=False)}
    assert gaps <= {timedelta(hours=h) for h in (23, 24, 25)}
