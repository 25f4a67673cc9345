"""A city of which sites are struck off and patrolled: the escalating city, with reopenings and look-backs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rules.effects import GatherNotices, NotifyCampaign, ReopenSites, SettleSites
from rules.site.reopening import reopen_command
from schemas import commands as cmd
from schemas.actor import ENGINE, Actor, Role
from schemas.options.patrol import CityPatrolled, LookBack, LookBackDue, PerformDuty, ReportFinding
from schemas.plan import FrozenPlan
from schemas.reopening import ReopenedReport
from schemas.streams import site_stream
from schemas.work import Gathered, SettledReport
from tests.support.escalating_city import CREW, EscalatingCity, frozen, working

PATROL_TEAM = Actor(id="patrol", role=Role.COUNTY, unit="鲁山县")
JUDGE = Actor(id="judge", role=Role.COUNTY, unit="鲁山县")

DUTIES = [
    {"duty": "joint_meeting", "title": "联席会议", "every": working(10)},
    {"duty": "patrol", "title": "日常巡查", "every": working(3)},
]


def plan(**changes: Any) -> FrozenPlan:
    """Monday 2 August to Friday 20 August 2021; the patrol runs ten working days longer, to 3 September."""
    usual: dict[str, Any] = {
        "catalogue": [{"id": "seal", "title": "封堵", "unit": "处", "look_back": working(5)}],
        "patrol": {"duties": DUTIES, "relapse": working(2), "lasts": working(10)},
    }
    return frozen("2021-08-02", "2021-08-20", **(usual | changes))


@dataclass
class PatrolledCity(EscalatingCity):
    """`last_report` is kept so that it can come a second time."""

    last_report: ReopenedReport | None = None
    told_campaign: list[str] | None = None

    def close(self, site: str) -> None:
        """The site's work is done and accepted now."""
        self.tells(site, cmd.CompleteTask, CREW, requirement="seal", quantity=1, evidence=[{"ref": "photo"}])
        self.tells(site, cmd.Verify, JUDGE, level="county", passed=True)

    def patrols(self, duty: str, at: datetime | None = None, **said: Any) -> None:
        self.says(PerformDuty, PATROL_TEAM, at, duty=duty, note="按计划巡查", **said)

    def finds(self, site: str, at: datetime | None = None, **said: Any) -> None:
        self.says(ReportFinding, PATROL_TEAM, at, site=site, what="硐口被扒开", relapse=True, **said)

    def looks_back(self, site: str, held: bool, at: datetime | None = None) -> None:
        opinion = None if held else "封堵墙开裂"
        self.says(LookBack, PATROL_TEAM, at, site=site, requirement="seal", held=held, opinion=opinion)

    def _performed(self, effect: Any) -> Any:
        match effect:
            case ReopenSites():
                done = []
                for one in effect.sites:
                    case = self.cases.get(one.site_id)
                    if case is None or case.state.stage != "closed":
                        continue
                    assert case.stream == site_stream(self.plan.plan.id, one.site_id)
                    self._site(one.site_id, reopen_command(one, effect.at, effect.cause, effect.origin))
                    done.append(one.site_id)
                self.last_report = ReopenedReport(
                    at=effect.at, origin=effect.origin, reopened=tuple(done), counties=dict.fromkeys(done, "鲁山县")
                )
                return self.last_report
            case SettleSites(at, reason, _):
                for name in [name for name, case in self.cases.items() if not case.settled]:
                    if at < self.terms.ends_at:
                        self.tells(name, cmd.CarryOver, ENGINE, reason=reason)
                    else:
                        self._site(name)
                stages = [case.state.stage.value for case in self.cases.values()]
                closed, carried = stages.count("closed"), stages.count("carried_over")
                return SettledReport(at=at, closed=closed, carried_over=carried, open=len(stages) - closed - carried)
            case NotifyCampaign():
                told = "patrol" if isinstance(effect.command, CityPatrolled) else "settled"
                self.told_campaign = [*(self.told_campaign or []), told]
                return None
            case _:
                return super()._performed(effect)

    def _gathered(self, order: GatherNotices) -> Gathered:
        gathered = super()._gathered(order)
        keys = {lot.key for lot in gathered.lots if lot.kind == "closure"}
        told = [kept.notice for kept in self.notices.values() if kept.document in keys and order.look_backs]
        due = [
            LookBackDue.model_validate({"site_id": notice.site_id, **one})
            for notice in told
            for one in notice.data.get("look_backs", ())
        ]
        return gathered.model_copy(update={"look_backs": tuple(due)})
