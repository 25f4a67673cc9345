"""The plan's option `acceptance`: what a level asks beyond a deadline and other persons, and what follows from it.

A site that used up its rounds climbs at once to the rung that the plan names for that: on the first working day after
the failure, though its new deadline lies ahead, and once a round. What the rung asks for (an approval, a reply) holds
as for any site there, and the next rung waits for the deadline.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from rules.aggregate import EventTime, Question
from rules.calendar import last_day_of, local_date
from rules.documents.addressing import LEVELS
from rules.escalation import caught_up
from rules.site.options.acceptance.panel import (
    decide_opinion,
    decide_replacement,
    panel_due,
    panel_view,
    require_no_expert,
    require_opinions,
)
from rules.site.options.acceptance.problems import (
    accepted,
    decide_problem,
    problem_question,
    require_not_accepted,
    require_problems_accepted,
    standing_of_problems,
)
from rules.site.options.acceptance.separation_of_duties import require_no_judge, require_separation_of_duties
from rules.site.options.acceptance.state import acceptance_state, acceptance_terms, apply_acceptance
from rules.site.options.protocol import Deadline, NoticeContent, SiteOption
from rules.site.state import SiteState
from rules.site.variations import ladder
from rules.site.verdicts import decide_verdict, level_question, require_turn, verdict_deadline, verdict_question
from schemas import events as ev
from schemas.actor import Actor, Role
from schemas.calendar import clause_data
from schemas.command import Command
from schemas.event import Event
from schemas.options.acceptance import (
    ACCEPTANCE,
    CloseProblem,
    GiveOpinion,
    ProblemClosed,
    ProblemReturned,
    ReplaceExpert,
    SelfCheck,
)
from schemas.site.commands import CompleteTask, Verify
from schemas.site.terms import RungTerms, SiteTerms
from schemas.stages import Stage


class AcceptanceOption(SiteOption):
    """Self-checks, drawn experts, independent units, problems accepted one by one, and rounds that are used up."""

    data = ACCEPTANCE

    def answers(self, terms: SiteTerms, state: SiteState, command: Command) -> Question | None:
        match command:
            case SelfCheck():
                return verdict_question(state, command)
            case Verify() if (panel := acceptance_state(state).panel) is not None and panel.latest_at is not None:
                return Question(panel.latest_at, "the last opinion of its experts was given")
            case GiveOpinion() | ReplaceExpert():
                return level_question(state, command.level)
            case CloseProblem():
                return problem_question(terms, state, command)
            case _:
                return None

    def check_report(self, terms: SiteTerms, state: SiteState, command: CompleteTask, counts: bool) -> None:
        require_no_judge(terms, state, command.actor)
        require_no_expert(terms, state, command.actor)
        if counts:
            require_not_accepted(terms, state, command.requirement)

    def check_verdict(self, terms: SiteTerms, state: SiteState, command: Verify | SelfCheck) -> None:
        require_separation_of_duties(terms, state, command)
        require_opinions(terms, state, command.level, command.actor, command.passed)

    def decide(self, terms: SiteTerms, state: SiteState, command: Command, when: EventTime) -> Iterable[Event]:
        match command:
            case SelfCheck():
                require_turn(state, command)
                self.check_verdict(terms, state, command)
                yield from self.filter_events(terms, state, decide_verdict(terms, state, command, when), when)
            case GiveOpinion():
                yield decide_opinion(state, command)
            case ReplaceExpert():
                yield decide_replacement(terms, state, command)
            case CloseProblem():
                yield decide_problem(terms, state, command)

    def filter_events(
        self, terms: SiteTerms, state: SiteState, events: Iterable[Event], when: EventTime
    ) -> Iterable[Event]:
        """Raises Refused for a level that passes before every problem is accepted."""
        for event in events:
            if isinstance(event, ev.LevelPassed | ev.Closed):
                require_problems_accepted(terms, state, event.level)
            yield event

    def after_command(self, terms: SiteTerms, state: SiteState) -> Iterable[Event]:
        """The experts of a level are drawn as soon as it is asked."""
        drawn = panel_due(terms, state)
        return () if drawn is None else (drawn,)

    def apply(self, terms: SiteTerms, state: SiteState, event: Event, at: datetime, actor: Actor) -> None:
        apply_acceptance(state, terms, event, at, actor)

    def notices(self, terms: SiteTerms, state: SiteState, event: Event) -> Iterable[NoticeContent]:
        if isinstance(event, ProblemClosed):
            # Each acceptance is a later entry: one that was revoked is told again when it is given again.
            data: dict[str, Any] = {"problem": event.problem, "level": event.level, "round": event.round}
            yield NoticeContent("problem_closure", f"{event.problem}:{state.seq}", data)
        if isinstance(event, ProblemReturned):
            data = {
                "opinion": event.opinion,
                "failed_requirements": list(event.failed_requirements),
                "due": last_day_of(terms.calendar, state.due or terms.ends_at).isoformat(),
                "round": event.round,
                "level": event.level,
                "problem": event.problem,
                **clause_data(state.clauses),
            }
            which = f"problem-{acceptance_state(state).returned}:{event.problem}"
            yield NoticeContent("rectification_opinion", which, data)

    def adjust_notice(self, terms: SiteTerms, state: SiteState, event: Event, notice: NoticeContent) -> NoticeContent:
        """An overdue verdict is reported one level above the role that judges (rules.documents.addressing).

        0 is the city's bureaus, 1 its government, one above its head the province. Where the plan names no role it is
        the bureaus.
        """
        asks = acceptance_terms(terms).levels.get(event.level) if isinstance(event, ev.AcceptanceOverdue) else None
        if asks is None or asks.by is None:
            return notice
        return notice._replace(rung={Role.CITY: 1, Role.PROVINCE: len(LEVELS)}.get(asks.by, 0))

    def level_deadlines(self, terms: SiteTerms, state: SiteState, now: datetime) -> Iterable[Deadline] | None:
        """As the core's, with the experts who gave no opinion."""
        panel = acceptance_state(state).panel
        return None if panel is None else verdict_deadline(state, panel.silent)

    def climbs_at_once(self, terms: SiteTerms, state: SiteState, now: datetime) -> tuple[date, RungTerms] | None:
        """The climb of a site whose rounds are used up, until it was made."""
        rung = acceptance_terms(terms).exhausted_rung
        if (
            rung is None
            or not acceptance_state(state).exhausted
            or str(rung) in state.proposals
            or (since := state.due_heard_at or state.due_since) is None
        ):
            return None
        for known in ladder(terms, state):
            if known.rung == rung:
                day = local_date(terms.calendar, since) + timedelta(days=1)
                day = max(day, state.not_before or day)
                return caught_up(terms.calendar, day, now, office=True), known
        return None

    def unit_names(self, terms: SiteTerms, state: SiteState) -> Iterable[str]:
        """The experts of the pool, and who worked at the site or judged it: their first spelling holds."""
        kept = acceptance_state(state)
        yield from (one.unit for one in acceptance_terms(terms).pool)
        yield from (*kept.reporting_units, *kept.units.values())
        yield from (one.unit for one in kept.accepted_problems.values())

    def facts(self, terms: SiteTerms, state: SiteState) -> dict[str, Any]:
        if terms.acceptance is None:
            return {}
        problems, exhausted_rung = terms.acceptance.problems, terms.acceptance.exhausted_rung
        used_up = acceptance_state(state).exhausted and state.stage is Stage.RECTIFYING
        return {
            "exhausted": used_up and state.rung == exhausted_rung,
            "problems": len(problems),
            "problems_closed": len(accepted(terms, state)) if problems else 0,
            "problem_states": standing_of_problems(terms, state),
            "panel": panel_view(state),
        }

    def view(self, terms: SiteTerms, state: SiteState) -> dict[str, Any]:
        return {"problems": standing_of_problems(terms, state), "panel": panel_view(state)}
