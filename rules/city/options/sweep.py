"""The two-way sweep of a city: patches and clues are issued, settled once each, and told of upward while they are not.

A confirmed patch is one site: the register has it under a survey of its own, which opens as any survey does.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from rules.aggregate import EventTime, Question
from rules.calendar import clause_end, graced
from rules.city.notices import Line, add_lines, edit_lines, put_notice
from rules.city.options.protocol import CityOption, Due
from rules.city.state import CityNotice, CityState
from rules.documents.numbering import document_key
from schemas.actor import Units, unit_name
from schemas.calendar import ClauseNames, clause_data, named
from schemas.city import CityTerms
from schemas.command import Command
from schemas.errors import Refused
from schemas.event import Event
from schemas.options.surveys import SurveyAdded
from schemas.options.sweep import (
    SWEEP,
    BatchState,
    ClueReported,
    ConfirmPatch,
    IssuePatches,
    OpenPatch,
    Outcome,
    PatchConfirmed,
    PatchesIssued,
    PatchesOverdue,
    PatchRefuted,
    RefutePatch,
    ReportClue,
    SweepFacts,
    SweepState,
    SweepTerms,
    survey_of_patch,
)

OVERDUE = "patches_overdue"
"""The kind of the document that tells of patches and clues that nobody settled."""


class SweepOption(CityOption):
    """Patches from images and clues of the police, which become sites or are refuted."""

    data = SWEEP

    def units(self, terms: CityTerms, state: CityState, command: Command) -> Units:
        """A clue is reported by the police, a patch settled by the county that it lies in."""
        if terms.sweep is None:
            return terms.units
        match command:
            case ReportClue():
                return terms.units.model_copy(update={"police": terms.sweep.police})
            case ConfirmPatch() | RefutePatch():
                county = _open(terms, _sweep(state), command.patch).county
                units = terms.sweep.counties.get(county, (unit_name(county),))
                return terms.units.model_copy(update={"county": units})
        return terms.units

    def answers(self, state: CityState, command: Command) -> Question | None:
        """Nobody settles a patch before it was issued."""
        if not isinstance(command, ConfirmPatch | RefutePatch):
            return None
        known = _sweep(state).open.get(command.patch)
        return None if known is None else Question(known.since, f"{command.patch} was issued")

    def check_command(self, terms: CityTerms, state: CityState, command: Command, when: EventTime) -> None:
        """Raises Refused where the plan has no sweep."""
        if command.kind in SWEEP.commands and terms.sweep is None:
            raise Refused(f"{command.kind} is not allowed: the plan of {terms.campaign_id} has no `sweep`")

    def decide(self, terms: CityTerms, state: CityState, command: Command, when: EventTime) -> Iterator[Event]:
        rule, sweep = _terms(terms), _sweep(state)
        match command:
            case IssuePatches():
                if not _is_known(sweep, command):
                    yield PatchesIssued(
                        batch=command.batch,
                        source=command.source,
                        digest=command.digest,
                        patches=command.patches,
                        due=clause_end(terms.calendar, when.heard_at, rule.check),
                        clauses=named(due=rule.check),
                    )
            case ReportClue():
                _require_new(sweep, (command.clue,))
                yield ClueReported(
                    clue=command.clue,
                    county=command.county,
                    text=command.text,
                    reference=command.reference,
                    due=clause_end(terms.calendar, when.heard_at, rule.clue),
                    clauses=named(due=rule.clue),
                )
            case ConfirmPatch():
                yield PatchConfirmed(patch=command.patch, site=command.site, known=command.digest is None)
                yield from _site_added(state, command)
            case RefutePatch():
                if survey_of_patch(command.patch) in state.surveys:
                    raise Refused(f"{command.patch} has a site in the register already; confirm it")
                yield PatchRefuted(patch=command.patch, reason=command.reason, evidence=command.evidence)

    def running_deadlines(self, terms: CityTerms, state: CityState) -> Iterator[Due]:
        """The next level to tell of what is open: one event for all that are due at one instant at one level."""
        if state.sweep is None or terms.sweep is None:
            return
        levels = terms.sweep.levels
        silent: dict[tuple[datetime, int], list[str]] = {}
        for patch, one in state.sweep.open.items():
            if one.next_due is not None and one.told < len(levels):
                silent.setdefault((one.next_due, one.told), []).append(patch)
        for (at, told), patches in silent.items():
            yield at, PatchesOverdue(patches=tuple(patches), told=levels[told])

    def apply(self, terms: CityTerms, state: CityState, event: Event, at: datetime, received_at: datetime) -> None:
        match event:
            case PatchesIssued():
                _apply_issued(terms, state, event, at)
            case ClueReported():
                _apply_clue(terms, state, event, at)
            case PatchConfirmed():
                _settle(terms, state, event.patch, Outcome.KNOWN if event.known else Outcome.CONFIRMED, at)
            case PatchRefuted():
                _settle(terms, state, event.patch, Outcome.REFUTED, at)
            case PatchesOverdue():
                _apply_overdue(terms, state, event, at, received_at)

    def facts(self, terms: CityTerms, state: CityState) -> dict[str, Any]:
        """The counts; nothing before the first batch or clue."""
        sweep = state.sweep
        if sweep is None:
            return {}
        counts = Counter(sweep.settled.values())
        facts = SweepFacts(
            issued=len(sweep.open) + len(sweep.settled),
            clues=sweep.clues,
            confirmed=counts[Outcome.CONFIRMED],
            known=counts[Outcome.KNOWN],
            refuted=counts[Outcome.REFUTED],
            open=len(sweep.open),
            overdue=sum(one.told > 0 for one in sweep.open.values()),
        )
        return {"sweep": facts}


def is_turned_down(state: CityState, survey: str) -> bool:
    """Whether a survey in the register is the site of a patch that was refuted or known before the city heard of it."""
    settled = state.sweep.settled if state.sweep is not None else {}
    return any(survey_of_patch(patch) == survey and how != Outcome.CONFIRMED for patch, how in settled.items())


def _terms(terms: CityTerms) -> SweepTerms:
    assert terms.sweep is not None  # `check_command` refuses without it
    return terms.sweep


def _sweep(state: CityState) -> SweepState:
    return state.sweep or SweepState()


def _is_known(sweep: SweepState, command: IssuePatches) -> bool:
    """Whether the batch was issued. Raises Refused if it had another content, or if a patch has the id of another."""
    known = sweep.batches.get(command.batch)
    if known is None:
        _require_new(sweep, [one.id for one in command.patches])
        return False
    if known.digest != command.digest:
        raise Refused(f"batch {command.batch} was issued with another content; give another batch its own id")
    return True


def _require_new(sweep: SweepState, ids: Sequence[str]) -> None:
    taken = sorted({one for one in ids if one in sweep.open or one in sweep.settled or ids.count(one) > 1})
    if taken:
        raise Refused(f"{', '.join(taken[:5])}: was issued before; each patch and clue has an id of its own")


def _open(terms: CityTerms, sweep: SweepState, patch: str) -> OpenPatch:
    """The open patch or clue. Raises Refused for one that is settled, or that the city does not have."""
    if patch in sweep.settled:
        raise Refused(f"{patch} is settled already: it was {sweep.settled[patch]}")
    if patch not in sweep.open:
        raise Refused(f"{terms.name} has no patch or clue {patch}")
    return sweep.open[patch]


def _site_added(state: CityState, command: ConfirmPatch) -> Iterator[SurveyAdded]:
    """The survey of a new site; a look after lost sites may have found it in the register already."""
    known = state.surveys.get(command.survey)
    if known is not None and known.digest != command.digest:
        raise Refused(f"{command.patch} has a site in the register already, with another content; confirm that one")
    if known is None and command.digest is not None:
        missed = int(command.missed)
        yield SurveyAdded(survey=command.survey, digest=command.digest, sites=1, newly_found=1 - missed, missed=missed)


def _apply_issued(terms: CityTerms, state: CityState, event: PatchesIssued, at: datetime) -> None:
    sweep, due = _sweep(state), event.due
    batch = BatchState(source=event.source, digest=event.digest, issued=len(event.patches))
    clauses = named(due=event.clauses.get("due"), next_due=event.clauses.get("due"))
    found = {
        one.id: OpenPatch(county=one.county, batch=event.batch, since=at, due=due, next_due=due, clauses=clauses)
        for one in event.patches
    }
    batches = {**sweep.batches, event.batch: batch}
    state.sweep = sweep.model_copy(update={"open": {**sweep.open, **found}, "batches": batches})
    data = {
        "batch": event.batch,
        "source": event.source,
        "due": due.isoformat(),
        "patches": [_line(one.id, one.county, one.place, due, event.clauses) for one in event.patches],
        **clause_data(event.clauses),
    }
    _put(terms, state, "patch_check", event.batch, data, at)


def _apply_clue(terms: CityTerms, state: CityState, event: ClueReported, at: datetime) -> None:
    sweep = _sweep(state)
    clauses = named(due=event.clauses.get("due"), next_due=event.clauses.get("due"))
    clue = OpenPatch(county=event.county, since=at, due=event.due, next_due=event.due, clauses=clauses)
    state.sweep = sweep.model_copy(update={"open": {**sweep.open, event.clue: clue}, "clues": sweep.clues + 1})
    data = {
        "clue": event.clue,
        "county": event.county,
        "matter": event.text,
        "reference": event.reference,
        "due": event.due.isoformat(),
        **clause_data(event.clauses),
    }
    _put(terms, state, "clue_check", event.clue, data, at)


def _settle(terms: CityTerms, state: CityState, patch: str, outcome: Outcome, at: datetime) -> None:
    """It is not told of any more; the last one of a batch is followed by the batch's summary."""
    sweep = _sweep(state)
    one = sweep.open[patch]
    left = {key: other for key, other in sweep.open.items() if key != patch}
    state.sweep = sweep.model_copy(update={"open": left, "settled": {**sweep.settled, patch: outcome.value}})
    edit_lines(state, OVERDUE, "patches", lambda line: None if line["patch"] == patch else line)
    batch = state.sweep.batches.get(one.batch or "")
    if batch is None or one.batch is None:
        return
    counts = {**batch.settled, outcome.value: batch.settled.get(outcome.value, 0) + 1}
    batch = batch.model_copy(update={"settled": counts})
    batches = {**state.sweep.batches, one.batch: batch}
    state.sweep = state.sweep.model_copy(update={"batches": batches})
    if sum(counts.values()) == batch.issued:
        data = {"batch": one.batch, "source": batch.source, "issued": batch.issued}
        _put(terms, state, "sweep_summary", one.batch, data | {way.value: counts.get(way, 0) for way in Outcome}, at)


def _apply_overdue(
    terms: CityTerms, state: CityState, event: PatchesOverdue, at: datetime, received_at: datetime
) -> None:
    rule, sweep = _terms(terms), _sweep(state)
    lines: list[Line] = []
    for patch in event.patches:
        one = sweep.open[patch]
        last = one.told + 1 >= len(rule.levels)
        one.told += 1
        one.next_due = None if last else graced(terms.calendar, max(at, received_at), rule.upward)
        asked = one.clauses.get("due")
        one.clauses = named(due=asked, next_due=None if last else rule.upward)
        lines.append(_line(patch, one.county, None, one.due, named(due=asked)))
    add_lines(state, OVERDUE, at, {"patches": lines}, rung=event.told)


def _line(patch: str, county: str, place: str | None, due: datetime, clauses: ClauseNames) -> Line:
    """What a document says of a patch or clue; those of a silence do not know its place."""
    return {"patch": patch, "county": county, "place": place, "due": due.isoformat(), **clause_data(clauses)}


def _put(terms: CityTerms, state: CityState, kind: str, name: str, data: dict[str, Any], at: datetime) -> None:
    """A document for each batch or clue, however many on one day."""
    day_key = document_key(terms.campaign_id, terms.code, kind, 0, terms.calendar, at)
    put_notice(state, CityNotice(kind=kind, data=data, at=at, key=f"{day_key}:{name}"))
