"""An amendment at the campaign aggregate: its end, its cities, and refusals."""

from datetime import datetime
from typing import Any

from rules.amendments.overlay import plain
from rules.campaign.aggregate import CampaignAggregate
from rules.effects import AmendCities, StartCities
from schemas.actor import Actor
from schemas.amendments import Amend
from schemas.answers import Verdict
from tests.support.imagined_city import CampaignLife, campaign_terms, city_name
from tests.support.sample_terms import CITY, PROVINCE, deadline, on, working

NUMBER = "豫自然资发〔2021〕9号"
THIRD = city_name("411200", "三门峡市")


def board(**changes: Any) -> CampaignLife:
    return CampaignLife(CampaignAggregate(campaign_terms(**changes)))


def amend(
    at: datetime, amendment: int = 1, *, by: Actor = PROVINCE, added: tuple[str, ...] = (), **changes: Any
) -> Amend:
    return Amend(
        command_id=f"amend-{amendment}",
        actor=by,
        effective_at=at,
        amendment=amendment,
        document=NUMBER,
        title="补充通知",
        digest="d",
        terms=plain(campaign_terms(**changes), changes),
        added=added,
    )


def test_the_end_of_the_campaign_moves_and_every_city_is_told() -> None:
    life = board()
    life.at(on(7, 17, 9))
    life.at(on(8, 2, 9), amend(on(8, 2, 9), ends_at=deadline(11, 30)))
    assert life.of_effect(AmendCities) == [AmendCities(on(8, 2, 9), 1, NUMBER, "补充通知")]
    life.quiet_until(on(12, 2))
    assert life.of("ended")[0].at == deadline(11, 30)


def test_added_city_receives_plan_and_is_awaited_at_end() -> None:
    life = board()
    life.at(on(7, 17, 9))
    cities = (*campaign_terms().cities, THIRD)
    life.at(on(8, 2, 9), amend(on(8, 2, 9), added=("411200",), cities=cities))
    assert life.documents[-1].city == "411200"
    assert life.documents[-1].kind == "plan_issue"
    assert life.of_effect(AmendCities)[0].added == ("411200",)
    assert life.core.view(on(8, 2, 9)).cities == 3


def test_a_plan_that_is_not_issued_yet_goes_out_as_amended() -> None:
    life = board()
    life.at(on(7, 16, 9))
    cities = (*campaign_terms().cities, THIRD)
    life.at(on(7, 16, 9), amend(on(7, 16, 9), added=("411200",), cities=cities))
    assert life.documents == []
    life.quiet_until(on(7, 17, 10))
    assert [document.city for document in life.documents] == ["410400", "410600", "411200"]
    assert life.of_effect(StartCities)
    assert not life.of_effect(AmendCities)


def test_amended_end_leaving_no_day_refused_with_first_day() -> None:
    life = board()
    life.at(on(7, 17, 9))
    command = amend(on(8, 2, 9), ends_at=deadline(8, 2))
    judged = life.at(on(8, 2, 9), command).result_of(command.command_id)
    assert judged.verdict is Verdict.REFUSED
    assert "2021-08-02" in str(judged.reason)
    assert "2021-08-03" in str(judged.reason)


def test_only_the_province_amends_and_not_after_the_end() -> None:
    life = board()
    life.at(on(7, 17, 9))
    by_city = amend(on(8, 2, 9), by=CITY, deployment=working(9))
    assert life.at(on(8, 2, 9), by_city).result_of(by_city.command_id).verdict is Verdict.REFUSED
    life.quiet_until(on(11, 1, 9))
    late = amend(on(11, 1, 9), 2, deployment=working(9))
    judged = life.at(on(11, 1, 9), late).result_of(late.command_id)
    assert judged.verdict is Verdict.REFUSED
    assert "closing" in str(judged.reason)


def test_amendment_effective_when_received_despite_claimed_time() -> None:
    life = board()
    life.at(on(7, 17, 9))
    life.at(on(8, 2, 9), amend(on(8, 1, 9), ends_at=deadline(11, 30)), received=on(8, 2, 9))
    assert life.of("plan_amended")[0].at == on(8, 2, 9)


def test_repeated_amendment_is_no_op_and_replay_gives_terms() -> None:
    life = board()
    life.at(on(7, 17, 9))
    life.at(on(8, 2, 9), amend(on(8, 2, 9), ends_at=deadline(11, 30)))
    again = amend(on(8, 3, 9), ends_at=deadline(11, 30)).model_copy(update={"command_id": "again"})
    outcome = life.at(on(8, 3, 9), again)
    assert outcome.result_of("again").verdict is Verdict.DUPLICATE
    retold = CampaignAggregate(campaign_terms())
    retold.restore(life.entries)
    assert retold.terms == life.core.terms
