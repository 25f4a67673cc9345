"""An amendment at the city aggregate: its own deadlines, its document, and the notices of its sites."""

import json
from datetime import datetime, timedelta
from typing import Any

from rules.city.aggregate import CityAggregate
from rules.city.amendment import amend_city_command
from rules.effects import AmendSites
from schemas import commands as cmd
from schemas.amendments import AmendCity, SitesAmendedReport
from schemas.work import SettledReport
from tests.support.chain_proof import proved
from tests.support.imagined_city import CityLife, city_terms
from tests.support.sample_terms import CITY, PROVINCE, calendar_days, deadline, on, working

NUMBER = "豫自然资发〔2021〕9号"


def desk(**changes: Any) -> CityLife:
    life = CityLife(CityAggregate(city_terms(receipt=working(1), **changes)))
    life.at(on(7, 19, 9))
    return life


def amended(at: datetime, amendment: int = 1, **changes: Any) -> AmendCity:
    terms = city_terms(**({"receipt": working(1)} | changes))
    return amend_city_command(terms, amendment, NUMBER, "《补充通知》", at)


def said(life: CityLife) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(life.of("amended")[-1].data)
    return found


def test_amendment_recomputes_open_deadlines_from_their_start() -> None:
    life = desk()
    life.at(on(7, 19, 15), amended(on(7, 19, 15), receipt=working(4), deployment=working(10)))
    assert life.core.terms.receipt_due == deadline(7, 23)
    assert life.core.state.deployment_due == deadline(8, 2)
    life.quiet_until(on(7, 26))
    assert life.of("receipt_overdue")[0].at == deadline(7, 23)


def test_shortened_deadline_leaves_a_day_and_met_one_unchanged() -> None:
    life = desk()
    life.at(on(7, 19, 15), cmd.SignReceipt(command_id="sign", actor=CITY, effective_at=on(7, 19, 15)))
    life.at(on(7, 22, 9), amended(on(7, 22, 9), receipt=working(9), deployment=working(1)))
    assert life.core.state.deployment_due == deadline(7, 23)
    assert life.core.terms.receipt_due == deadline(7, 20)


def test_overdue_reported_again_only_if_deadline_moves_ahead() -> None:
    life = desk()
    life.quiet_until(on(7, 28))
    assert len(life.of("deployment_overdue")) == 1
    life.at(on(7, 28, 9), amended(on(7, 28, 9), deployment=working(9)))
    assert life.core.state.deployment_due == deadline(7, 30)
    life.quiet_until(on(8, 3))
    assert [entry.at for entry in life.of("deployment_overdue")] == [deadline(7, 26), deadline(7, 30)]


def test_amended_clauses_count_from_return_and_submission() -> None:
    life = desk()
    life.at(
        on(7, 20, 10), cmd.SubmitDeployment(command_id="s", actor=CITY, effective_at=on(7, 20, 10), opinion="实施意见")
    )
    life.at(on(7, 20, 12), amended(on(7, 20, 12), deployment_decision=working(6)))
    assert life.core.state.decision_due == deadline(7, 28)
    life.at(
        on(7, 21, 10), cmd.ReturnDeployment(command_id="r", actor=PROVINCE, effective_at=on(7, 21, 10), reason="重报")
    )
    life.at(on(7, 22, 9), amended(on(7, 22, 9), 2, deployment_decision=working(6), deployment=working(8)))
    assert life.core.state.deployment_due == deadline(8, 2)


def test_amendment_sends_city_document_and_updates_open_sites() -> None:
    life = desk()
    life.at(
        on(7, 20, 10), cmd.SubmitDeployment(command_id="s", actor=CITY, effective_at=on(7, 20, 10), opinion="实施意见")
    )
    life.at(on(7, 21, 10), cmd.ApproveDeployment(command_id="a", actor=PROVINCE, effective_at=on(7, 21, 10)))
    life.at(on(8, 2, 11), amended(on(8, 2, 11), ends_at=deadline(11, 30)))
    assert life.of_effect(AmendSites) == [AmendSites(on(8, 2, 11), 1)]
    life.quiet_until(on(8, 3, 10))
    document = life.documents[-1]
    assert (document.kind, document.issued_at) == ("amendment", on(8, 3, 9))
    assert (document.data["document"], document.data["name"]) == (NUMBER, "补充通知")
    life.keep(life.core.observe(SitesAmendedReport(amendment=1, told=2), on(8, 3, 10)))
    life.keep(life.core.observe(SitesAmendedReport(amendment=1, told=2), on(8, 3, 10)))
    assert len(life.of("sites_amended")) == 1
    life.quiet_until(on(11, 2))
    assert not life.of("ended")
    life.quiet_until(on(12, 2))
    assert life.of("ended")[0].at == deadline(11, 30)


def test_amendment_before_opening_notifies_no_site() -> None:
    life = desk()
    life.at(on(7, 20, 11), amended(on(7, 20, 11), ends_at=deadline(11, 30)))
    assert life.of_effect(AmendSites) == []


def test_two_amendments_give_two_documents_repeat_gives_none() -> None:
    life = desk()
    life.at(on(7, 20, 11), amended(on(7, 20, 11)), amended(on(7, 20, 11), 2, deployment=calendar_days(20)))
    again = amended(on(7, 20, 12), 2).model_copy(update={"command_id": "again"})
    life.at(on(7, 20, 12), again)
    life.quiet_until(on(7, 21, 10))
    kinds = [document.kind for document in life.documents]
    assert kinds.count("amendment") == 2


def test_the_ledger_alone_tells_a_desk_its_terms() -> None:
    life = desk()
    life.at(on(7, 19, 15), amended(on(7, 19, 15), receipt=working(4), deployment=working(10), ends_at=deadline(11, 5)))
    life.quiet_until(on(7, 23, 10))
    retold = CityAggregate(city_terms(receipt=working(1)))
    retold.restore(life.entries)
    assert retold.terms == life.core.terms
    assert retold.state.overlay == life.core.state.overlay
    assert retold.state.deployment_due == life.core.state.deployment_due
    proved(life.entries)


END, LATER = deadline(10, 31), deadline(11, 30)


def ended() -> CityLife:
    life = desk()
    life.quiet_until(END)
    assert life.core.state.ended_at == END
    return life


def test_city_that_ended_before_it_heard_of_a_later_end_goes_on() -> None:
    life = ended()
    heard = END + timedelta(minutes=5)
    life.core.observe(SettledReport(at=END, closed=0, carried_over=4), heard)
    assert life.core.state.sites_settled
    life.at(heard, amended(END - timedelta(minutes=1), ends_at=LATER))
    state = life.core.state
    assert (state.ended_at, state.end_reason, state.sites_settled, state.settle_asked) == (None, None, False, 0)
    life.core.observe(SettledReport(at=END, closed=0, carried_over=4), heard)
    assert not state.sites_settled, "a pass over the sites that was on its way counts no more"
    life.quiet_until(LATER)
    assert [entry.at for entry in life.of("ended")] == [END, LATER]
    again = CityAggregate(life.core.base)
    again.restore(life.entries)
    assert again.state.ended_at == LATER


def test_city_that_ended_takes_no_amendment_that_came_after() -> None:
    life = ended()
    heard = END + timedelta(minutes=5)
    life.at(heard, amended(END + timedelta(minutes=1), ends_at=LATER))
    assert life.kinds()[-1] == "refused" and life.core.state.ended_at == END


def test_stopped_city_stays_stopped() -> None:
    life = desk()
    stop = cmd.Stop(command_id="stop", actor=PROVINCE, effective_at=on(10, 30, 9), reason="done")
    life.at(on(10, 30, 9), stop)
    life.at(on(10, 30, 12), amended(on(10, 30, 8), ends_at=LATER))
    assert life.core.state.ended_at == on(10, 30, 9)


def test_late_heard_clauses_are_recounted_from_their_receipt() -> None:
    """Of Thursday the 22nd, heard of on Sunday the 25th: one working day is Monday, two are Tuesday."""
    life = desk(deployment=working(1), deployment_decision=working(1), deployment_due=deadline(7, 30))
    opinion = cmd.SubmitDeployment(command_id="s", actor=CITY, effective_at=on(7, 22, 9), opinion="实施意见")
    life.at(on(7, 25, 9), opinion)
    assert life.core.state.decision_due == deadline(7, 26)
    life.at(on(7, 25, 10), amended(on(7, 25, 10), deployment=working(1), deployment_decision=working(2)))
    assert life.core.state.decision_due == deadline(7, 27)
    returned = cmd.ReturnDeployment(command_id="r", actor=PROVINCE, effective_at=on(7, 22, 12), reason="重报")
    life.at(on(7, 25, 11), returned)
    assert life.core.state.deployment_due == deadline(7, 26)
    life.at(on(7, 25, 12), amended(on(7, 25, 12), 2, deployment=working(2), deployment_decision=working(2)))
    assert life.core.state.deployment_due == deadline(7, 27)


def test_amendment_heard_later_leaves_until_the_day_after() -> None:
    life = desk(receipt_due=deadline(7, 30), deployment_due=deadline(7, 30), deployment=working(9))
    life.at(on(7, 23, 9), amended(on(7, 20, 9), receipt=working(1), deployment=working(1)))
    assert (life.core.terms.receipt_due, life.core.state.deployment_due) == (deadline(7, 24), deadline(7, 24))
