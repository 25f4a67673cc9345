"""What a command to a site answers (docs/event-times.md): the latest of what its core and its options ask."""

from rules.aggregate import Question
from rules.site.options.registry import SITE_OPTIONS
from rules.site.state import SiteState
from rules.site.verdicts import round_question, verdict_question
from schemas.amendments import AmendSite
from schemas.command import Command
from schemas.reopening import Reopen
from schemas.site.commands import Extend, Suspend, Verify
from schemas.site.terms import SiteTerms
from schemas.stages import Stage


def question_of(terms: SiteTerms, state: SiteState, command: Command) -> Question | None:
    """The question as things stand; None for a command that answers nothing.

    What nobody has asked yet comes before everything else, and an earlier round is told by whoever knows of one.
    """
    asked = (option.answers(terms, state, command) for option in SITE_OPTIONS.having("answers"))
    found = [one for one in (_of_core(state, command), *asked) if one is not None]
    if not found or any(one.since is None for one in found):
        return next((one for one in found if one.since is None), None)
    latest = max(found, key=lambda one: one.since or terms.ends_at)
    return next((latest._replace(began=one.began, earlier=one.earlier) for one in found if one.began), latest)


def _of_core(state: SiteState, command: Command) -> Question | None:
    match command:
        case Verify():
            return verdict_question(state, command)
        case Extend():
            return round_question(state)
        case Suspend() if (present := round_question(state)) is not None:
            return present._replace(began=None)  # the time before that is over, but it stands still from now on
        case Reopen():  # nothing is opened again before it was struck off
            return Question(state.settled_at, "the site was struck off")
        case AmendSite() if state.stage is Stage.CARRIED_OVER:  # it may be opened again, from now on
            return Question(state.settled_at, "the site was carried over")
        case _:
            return None
