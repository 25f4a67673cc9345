"""Experts of a level: drawn at random when it is asked, each with an opinion, and no verdict against their majority.

The draw can be redone in any language: the experts who may judge here are put in the order of the SHA-256 (hex) over
`campaign`, `site`, `round`, `level` and the expert's id, joined by a line feed each (UTF-8), and the first ones sit.
Nobody can foresee it without the plan, and nobody can choose it: only what the ledger tells goes into it.
"""

import hashlib
from collections.abc import Iterable

from rules.site.options.acceptance.separation_of_duties import worked_as
from rules.site.options.acceptance.state import acceptance_state, acceptance_terms
from rules.site.state import SiteState
from schemas.actor import Actor
from schemas.errors import Refused
from schemas.options.acceptance import (
    ExpertReplaced,
    GiveOpinion,
    Member,
    OpinionGiven,
    Panel,
    PanelDrawn,
    ReplaceExpert,
)
from schemas.site.terms import SiteTerms
from schemas.stages import Stage


def in_drawn_order(pool: Iterable[Member], campaign: str, site: str, round_: int, level: str) -> list[Member]:
    """The experts in the order of this draw; the order of the pool does not matter."""
    return sorted(pool, key=lambda one: _lot("\n".join((campaign, site, str(round_), level, one.id))))


def panel_due(terms: SiteTerms, state: SiteState) -> PanelDrawn | None:
    """The draw, if the level that is awaited has experts and they are not drawn yet."""
    if terms.acceptance is None or state.stage is not Stage.VERIFYING or state.level is None:
        return None
    asks = terms.acceptance.levels.get(state.level)
    if asks is None or asks.experts is None or acceptance_state(state).panel is not None:
        return None
    drawn = _may_sit(terms, state, state.level)[: asks.experts]
    return PanelDrawn(round=state.round, level=state.level, wanted=asks.experts, experts=tuple(drawn))


def decide_opinion(state: SiteState, command: GiveOpinion) -> OpinionGiven:
    """A drawn expert's opinion; raises Refused, naming those drawn, for anybody else."""
    panel, actor = _panel_of(state, command.level), command.actor
    if actor.id not in panel.members:
        raise Refused(
            f"{actor.id} was not drawn for level {command.level!r}; drawn were: {', '.join(panel.members) or 'none'}"
        )
    if panel.members[actor.id] != actor.unit:
        raise Refused(f"the expert {actor.id} was drawn for {panel.members[actor.id]}, not for {actor.unit}")
    if actor.id in panel.opinions:
        raise Refused(f"{actor.id} gave an opinion on this round of level {command.level!r} already")
    return OpinionGiven(
        round=state.round, level=command.level, expert=actor.id, passed=command.passed, opinion=command.opinion
    )


def decide_replacement(terms: SiteTerms, state: SiteState, command: ReplaceExpert) -> ExpertReplaced:
    """The next in the order of the draw takes the place of one who gave no opinion."""
    panel, actor = _panel_of(state, command.level), command.actor
    if actor.id in state.reporters or worked_as(terms, state, actor.unit) is not None:
        raise Refused(
            f"{actor.id} of {actor.unit} reported work at this site, or its unit did; others replace its experts"
        )
    if command.expert not in panel.members:
        raise Refused(f"{command.expert} does not sit for level {command.level!r}; {_sitting(panel)}")
    if command.expert in panel.opinions:
        raise Refused(f"{command.expert} gave an opinion already; only an expert without one is replaced")
    gone = {*panel.members, *panel.replaced}
    for member in _may_sit(terms, state, command.level):
        if member.id not in gone:
            return ExpertReplaced(
                round=state.round, level=command.level, expert=command.expert, by=member, reason=command.reason
            )
    raise Refused(f"the pool has no other expert for level {command.level!r} of this site; {_sitting(panel)}")


def require_opinions(terms: SiteTerms, state: SiteState, level: str, actor: Actor, passed: bool) -> None:
    """Raises Refused for a verdict before all opinions, against their majority, or by one of the experts."""
    asks, panel = acceptance_terms(terms).levels.get(level), acceptance_state(state).panel
    if asks is None or asks.experts is None:
        return
    if panel is None or not panel.members:
        raise Refused(f"level {level!r} needs experts, and the pool of the plan has none who may judge this site")
    if actor.id in panel.members:
        raise Refused(f"{actor.id} sits as an expert of level {level!r}: an opinion is asked of them, not the verdict")
    if panel.silent:
        raise Refused(f"level {level!r} awaits the opinions of its experts; missing: {', '.join(panel.silent)}")
    if passed and not majority(panel.opinions.values()):
        against = [member for member, good in panel.opinions.items() if not good]
        raise Refused(
            f"{len(against)} of {len(panel.opinions)} experts do not pass the site ({', '.join(against)}); "
            "the verdict can not pass against the majority"
        )


def require_no_expert(terms: SiteTerms, state: SiteState, actor: Actor) -> None:
    """Raises Refused for a report of somebody who sits in the panel, or whose unit does."""
    panel = acceptance_state(state).panel
    if state.stage is Stage.VERIFYING and panel is not None:
        for member, unit in panel.members.items():
            if actor.id == member or terms.units.one_office(actor.unit, unit):
                raise Refused(
                    f"the expert {member} of {unit} judges this site; {actor.id} of {actor.unit} reports no work "
                    "until the level is decided"
                )


def majority(opinions: Iterable[bool]) -> bool:
    """Whether more than half of them pass."""
    said = list(opinions)
    return 2 * sum(said) > len(said)


def _may_sit(terms: SiteTerms, state: SiteState, level: str) -> list[Member]:
    """In drawn order, without those who worked here, whose unit did, or who judged in this round."""
    asks, kept = acceptance_terms(terms), acceptance_state(state)
    units = {terms.units.office(unit) for unit in kept.reporting_units}
    persons = {*state.reporters, *state.verifiers.values(), *(part.by for part in kept.accepted_problems.values())}
    if not (level in asks.levels and asks.levels[level].same_unit):
        judged = (*kept.units.values(), *(part.unit for part in kept.accepted_problems.values()))
        units |= {terms.units.office(unit) for unit in judged}
    pool = (one for one in asks.pool if one.id not in persons and terms.units.office(one.unit) not in units)
    return in_drawn_order(pool, terms.campaign_id, terms.site_id, state.round, level)


def _panel_of(state: SiteState, level: str) -> Panel:
    if state.suspended:
        raise Refused("the site is suspended; it is judged after it is resumed")
    panel = acceptance_state(state).panel
    if panel is None or panel.level != level:
        raise Refused(f"no expert is asked for level {level!r}; the site awaits level {state.level!r}")
    return panel


def _sitting(panel: Panel) -> str:
    return f"there sit: {', '.join(panel.members) or 'none'}"


def _lot(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def panel_view(state: SiteState) -> dict[str, str]:
    """Expert of the awaited level to `passed`, `failed` or `silent`; empty where none is asked."""
    panel = acceptance_state(state).panel
    if panel is None or panel.level != state.level:
        return {}
    words = {True: "passed", False: "failed", None: "silent"}
    return {member: words[panel.opinions.get(member)] for member in panel.members}
