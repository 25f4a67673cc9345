"""A spot check with its effects performed in memory: the frame is a list."""

from datetime import date, datetime
from typing import Any

from rules.command_results import Outcome, Received
from rules.effects import DrawSample, EnlargeSample, ReadBatch, ReopenSites
from rules.spot_check.aggregate import SpotCheckAggregate
from rules.spot_check.sampling import batch, draw, enlarged
from schemas import spot_check as sc
from schemas.actor import Actor, Role, Units
from schemas.answers import Verdict
from schemas.clock import Clock
from schemas.options.spot_checks import FrameEntry, SpotCheckPlan
from schemas.quantity import exact
from schemas.reopening import Reopening
from tests.support.sample_terms import HENAN, Life, calendar_days, on, working

DRAWN_AT = on(9, 24, 5)
PROVINCE = Actor(id="wang", role=Role.PROVINCE, unit="省自然资源厅")
NEIGHBOUR = Actor(id="he", role=Role.COUNTY, unit="舞钢市")
EXPERT = Actor(id="lu", role=Role.EXPERT, unit="省地质院")
PLAN = SpotCheckPlan(share=0.2, minimum=1, inspect=working(5), draws=(date(2021, 9, 24),), seed=7)


def frame(sites: int = 20, county: str = "鲁山县", first: int = 1) -> list[FrameEntry]:
    """Sites of one county that were struck off in August, each by its own crew and verifier."""
    return [
        FrameEntry(
            id=f"{county}-{number:02}",
            city="410400",
            county=county,
            hazard="high",
            round=1,
            level="city",
            at=on(8, 20, 15, number % 60),
            participants=(f"crew-{number}", f"verifier-{county}"),
        )
        for number in range(first, first + sites)
    ]


def terms(**changes: Any) -> sc.SpotCheckTerms:
    usual: dict[str, Any] = {
        "campaign_id": "henan-2021",
        "check": "2021-09-24-410400",
        "city": "410400",
        "seed": 7,
        "ordered_at": DRAWN_AT,
        "plan": PLAN,
        "late_report": calendar_days(3),
        "calendar": HENAN,
        "clock": Clock(),
        "units": Units(province=("省自然资源厅", "河南省")),
    }
    return sc.SpotCheckTerms(**(usual | changes))


class CheckLife(Life):
    """A check whose effects are performed at once."""

    core: SpotCheckAggregate

    def __init__(self, sites: list[FrameEntry], *, drawn: bool = True, **changes: Any) -> None:
        super().__init__(SpotCheckAggregate(terms(**changes)))
        self.frame = sites
        self.reopened: list[Reopening] = []
        if drawn:
            self.at(DRAWN_AT)

    @property
    def state(self) -> Any:
        return self.core.state

    def at(self, now: datetime, *commands: Any, received: datetime | None = None) -> Outcome:
        self.now = now
        outcome = self.core.advance([Received(one, received or now) for one in commands], now)
        self.keep(outcome)
        waiting = [outcome]
        while waiting:
            for effect in waiting.pop(0).effects:
                if isinstance(effect, ReopenSites):
                    self.reopened += effect.sites
                    continue
                brought = self.core.observe(self._observation(effect), now)
                self.keep(brought)
                waiting.append(brought)
        return outcome

    def _observation(self, effect: Any) -> Any:
        t, plan = self.core.terms, self.core.terms.plan
        share = exact(plan.share)
        counties = tuple(sorted({one.county for one in self.frame} | {"舞钢市"}))
        match effect:
            case DrawSample(at):
                return sc.DrawReport(at=at, draw=draw(self.frame, t.seed, share, plan.minimum), counties=counties)
            case EnlargeSample(at, unit):
                more = enlarged(self.frame, t.seed, share, exact(plan.enlarge), plan.minimum, plan.unit, unit)
                return sc.EnlargeReport(at=at, unit=unit, sample=more)
            case ReadBatch(at, unit):
                sites = {one.id: one.city for one in batch(self.frame, plan.unit, unit)}
                return sc.BatchReport(at=at, unit=unit, sites=sites)
        raise AssertionError(effect)

    def inspected(self, site: str, at: datetime, *, passed: bool = True, by: Actor = NEIGHBOUR, **more: Any) -> Outcome:
        return self.at(at, inspection(site, at, passed=passed, by=by, **more))

    def refused(self, command: Any) -> str:
        """The reason for which a command is refused now."""
        asked = self.core.refusal(command, command.effective_at)
        judged = self.at(command.effective_at, command).result_of(command.command_id)
        assert judged.verdict is Verdict.REFUSED
        assert str(asked) == judged.reason
        return str(asked)

    def pending(self) -> list[str]:
        return list(self.state.pending())


_numbers = iter(range(10_000))


def inspection(
    site: str, at: datetime, *, passed: bool = True, by: Actor = NEIGHBOUR, opinion: str | None = "", **more: Any
) -> sc.Inspect:
    said = ("in order" if passed else "the seal is thin") if opinion == "" else opinion
    return sc.Inspect(
        command_id=f"inspect-{next(_numbers)}",
        actor=by,
        effective_at=at,
        site=site,
        passed=passed,
        opinion=said,
        **more,
    )


def taking(at: datetime, by: Actor = PROVINCE) -> sc.TakeSample:
    return sc.TakeSample(command_id=f"take-{next(_numbers)}", actor=by, effective_at=at)
