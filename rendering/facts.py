"""The variables that the sentences of a document may use: the plan's facts and the draft's data, localised."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from rendering.letter import one_line
from rendering.wording import Wording, wording, wording_of
from rules.calendar import last_day_of, local_date
from rules.documents.addressing import CONDUCT, FOR_THE_SIGNERS, behaviours, kind_spoken_of
from rules.documents.county_addressing import county_of_key
from schemas.clause_words import clause_said
from schemas.documents.delivery import NoticeLine
from schemas.ladder import UnitLevel
from schemas.ledger import DocumentDraft
from schemas.local_time import local_time
from schemas.options.briefing import FrozenBriefing
from schemas.options.sign_off import SIGN_OFF
from schemas.plan import FrozenPlan

_DEADLINES = frozenset({"due", "receipt_due", "deployment_due", "decision_due"})
_DAYS = frozenset(
    {
        "ended_on",
        "held_on",
        "resumed_on",
        "lifted_on",
        "issued_on",
        "asked_until",
        "counts_from",
        "suspended_on",
        "suspended_to",
        "year_starts_on",
        "year_ends_on",
    }
)
_MOMENTS = frozenset({"cutoff", "as_of"})
_YOU = {"zh-CN": ("你市", "你县"), "en": ("you", "you")}
"""The city, or the county below it, as a document speaks to it."""
_SIGN_OFF = {"zh-CN": "部门会签", "en": "departmental sign-off"}
_ABSENT_UNLESS_SAID = (
    "department", "due", "due_on", "reason", "opinion", "level", "round", "days_left", "days_late", "weeks", "rank",
    "case", "reference", "missing", "exhausted", "problem", "basis", "suspended_to", "name",
)  # fmt: skip


class Facts:
    """The variables of one document, in the language of its plan."""

    def __init__(self, frozen: FrozenPlan, draft: DocumentDraft, lines: Sequence[NoticeLine], agencies: str) -> None:
        self.frozen = frozen
        self.draft = draft
        self.lines = lines
        self.wording: Wording = wording_of(frozen.plan.language, frozen.plan.templates)
        self._agencies = agencies
        self._levels = {level.id: one_line(level.title) for level in frozen.plan.verification.levels}
        if frozen.plan.sign_off is not None:
            self._levels[SIGN_OFF] = _SIGN_OFF[frozen.plan.language]
        self._titles = {entry.id: one_line(entry.title) for entry in frozen.plan.catalogue}
        self.whole = self._whole()

    def of_line(self, line: NoticeLine) -> dict[str, object]:
        """The variables of the sentence for a line of the table of sites."""
        facts = self.whole | dict.fromkeys(_ABSENT_UNLESS_SAID) | self._data(line.data)
        facts["level"] = self._levels.get(str(facts["level"]), facts["level"])
        facts["requirements"] = [self._title(one) for one in line.data.get("failed_requirements", ())]
        return facts

    def _title(self, requirement: str) -> str:
        """The title of a requirement; if its entry is split by problem, with the problem."""
        entry, _, problem = requirement.partition(":")
        title = self._titles.get(entry)
        if title is None:
            return requirement
        return f"{title} ({one_line(problem)})" if problem else title

    def of_requests(self) -> dict[str, object]:
        """The variables of the sentences that every kind of document may have (`requests`)."""
        progress, dates = self.draft.progress, self.wording.dates
        values: dict[str, object] = {
            "approver": one_line(progress.approver) if progress.approver else None,
            "signers": [one_line(one) for one in (progress.joint.missing if progress.joint else ())],
            "units": [one_line(unit) for unit in progress.units],
        }
        for name in ("receipt_due", "reply_due", "approval_due"):
            due: datetime | None = getattr(progress, name)
            clauses = {field: one.model_dump() for field, one in progress.clauses.items()}
            until = dates.until(last_day_of(self.frozen.calendar, due)) if due else ""
            values[name] = self._with_clause(until, clauses, name) or None
        publishes_at = progress.publishes_at
        values["publishes_on"] = dates.written(local_date(self.frozen.calendar, publishes_at)) if publishes_at else None
        return self.whole | values

    def _with_clause(self, until: str, clauses: Mapping[str, Any], deadline: str) -> str:
        """A deadline with the clause that it follows from, where that is known."""
        said = clause_said(clauses, deadline, self.frozen.plan.language)
        return f"{until}{self.wording.words.clause.format(clause=said)}" if until and said else until

    def of_clause(self, line: NoticeLine) -> str:
        """The clause of the deadline of a line, in brackets; "" where it is not known."""
        said = clause_said(line.data.get("clauses", {}), "due", self.frozen.plan.language)
        return self.wording.words.clause.format(clause=said) if said else ""

    def opened(self, varied: Sequence[Mapping[str, Any]]) -> list[dict[str, object]]:
        """The sites of an opening that have another deadline: their number, and until when."""
        return [{"sites": one["sites"], **self._data({"due": one["due"], "clauses": one["clauses"]})} for one in varied]

    def of_quote(self) -> dict[str, object]:
        """The texts of the draft as people wrote them, line breaks included."""
        texts = {name: value for name, value in self.draft.data.items() if isinstance(value, str)}
        return dict.fromkeys(_ABSENT_UNLESS_SAID) | texts

    def name_of(self, kind: str) -> str:
        """The name of a kind of document; for a document about conduct, that of the instrument that the plan chose."""
        conduct = behaviours(self.frozen.plan.behaviour).get(kind)
        called = str(getattr(conduct, "instrument", kind))
        for words in (self.wording, wording(self.frozen.plan.language)):
            sentences = words.kinds.get(called)
            name = (sentences.name or sentences.heading) if sentences else ""
            if name and "{" not in name:  # else the heading depends on another document's facts
                return one_line(name)
        return one_line(called)

    def title_of(self, requirement: str) -> str:
        """The title of a requirement in the plan's catalogue."""
        return self._titles.get(requirement, one_line(requirement))

    def written_day(self, day: str) -> str:
        """A day of the data (ISO 8601), localised."""
        return self.wording.dates.written(date.fromisoformat(day))

    def until(self, due: str, clauses: Mapping[str, Any] | None = None) -> str:
        """A deadline of the data, localised, with its clause where that is given."""
        return self._with_clause(self.wording.dates.until(self._due_day(due)), clauses or {}, "due")

    def days_left(self, due: str) -> int:
        """The days from the day of issue to a deadline of the data; below 0 for one that has passed."""
        return (self._due_day(due) - local_date(self.frozen.calendar, self.draft.issued_at)).days

    def _whole(self) -> dict[str, object]:
        plan, draft, written = self.frozen.plan, self.draft, self.wording.dates.written
        data = self._data(draft.data)
        return {
            **dict.fromkeys(_ABSENT_UNLESS_SAID),
            "count": len({line.site_id for line in self.lines}),
            **data,
            **self._instrument(),
            **self._bottom(),
            **self._phase(),
            **self._missing_agencies(),
            "title": one_line(plan.title).removeprefix("《").removesuffix("》"),
            "number": one_line(plan.document_number),
            "own_number": one_line(draft.number) if draft.number else None,
            "province": one_line(plan.province),
            "agencies": self._agencies,
            "city": self._whose(),
            "you": _YOU.get(plan.language, ("", ""))[draft.progress.county is not None],
            "lead": one_line(plan.city(draft.city).lead) if draft.city else "",
            "starts_on": written(plan.starts_on),
            "ends_on": written(plan.ends_on),
            "phases": [
                {
                    "title": one_line(phase.title),
                    "starts_on": written(phase.starts_on),
                    "ends_on": written(phase.ends_on),
                }
                for phase in plan.phases
            ],
            "issued_on": written(local_date(self.frozen.calendar, draft.issued_at)),
        }

    def _whose(self) -> str:
        """The name of the city, or of the county or the township to which the document is addressed."""
        plan, draft = self.frozen.plan, self.draft
        if not draft.city:
            return ""
        city, below = plan.city(draft.city), draft.progress.county
        county, township = county_of_key(city, below) if below is not None else (None, None)
        return one_line((township or county or city).name)

    def _instrument(self) -> dict[str, object]:
        """The instrument's name and act, for documents that follow from another document or use an instrument."""
        kind = related_kind(self.draft)
        if kind is None:
            return {}
        sentences = self.wording.kinds.get(kind)
        return {"instrument": self.name_of(kind), "act": one_line((sentences and sentences.act) or "")}

    def _missing_agencies(self) -> dict[str, object]:
        """The agencies that have not signed, for documents about signatures; `agencies` are the issuers."""
        if self.draft.kind not in FOR_THE_SIGNERS:
            return {}
        return {"agencies_missing": self.wording.words.separator.join(map(one_line, self.draft.data["agencies"]))}

    def _bottom(self) -> dict[str, object]:
        """The names of the units at the bottom: all for a briefing, those below the city for their instrument."""
        data = self.draft.data
        if self.draft.kind == "bottom_of_ranking":
            return {
                "behind": [one_line(one["name"]) for one in data.get("units", ()) if one["level"] != UnitLevel.CITY]
            }
        if self.draft.kind != "briefing":
            return {}
        leading = FrozenBriefing.model_validate(data).leading
        return {"bottom_names": [one_line(unit.name) for unit in leading.units if unit.key in leading.bottom]}

    def _phase(self) -> dict[str, object]:
        """The phase that a document is about, the one that its gate holds, and the sums of its measures."""
        data = self.draft.data
        if "phase" not in data:
            return {}
        cities, milestones = data.get("cities", ()), data.get("milestones", ())
        titles = {phase.id: one_line(phase.title) for phase in self.frozen.plan.phases}
        phase, held = data["phase"], data.get("held")
        return {
            "phase_title": titles.get(phase, phase),
            "held_title": titles.get(str(held), held),
            "counted": {name: sum(city[name] for city in cities) for name in ("sites", "in_work", "closed")},
            "kept": sum(one["kept"] for one in milestones),
        }

    def city_name(self, code: str) -> str:
        """The name of a city of the plan."""
        names = {city.code: one_line(city.name) for city in self.frozen.plan.cities}
        return names.get(code, code)

    def _data(self, data: dict[str, Any]) -> dict[str, object]:
        """The data of a draft or a line, localised: deadlines as days, texts on one line."""
        dates, calendar = self.wording.dates, self.frozen.calendar
        values: dict[str, object] = {}
        for name, value in data.items():
            if name in _DEADLINES and value is not None:
                day = self._due_day(value)
                values[name] = self._with_clause(dates.until(day), data.get("clauses", {}), name)
                if name == "due":
                    values["due_on"] = dates.written(day)
                    late = (local_date(calendar, self.draft.issued_at) - day).days
                    values["days_late"], values["days_left"] = max(0, late), max(0, -late)
            elif name in _DAYS and value is not None:
                values[name] = self.written_day(value)
            elif name in _MOMENTS and value is not None:
                values[name] = dates.at(local_time(datetime.fromisoformat(value), self.frozen.plan.zone))
            elif name == "reason" and value:
                values[name] = one_line(self.wording.reason(value))
            elif name == "varied":
                values[name] = self.opened(value)
            else:
                values[name] = _plain(value)
        return values

    def _due_day(self, due: str) -> date:
        """The last day of a deadline; the data has that day (`2021-08-31`) or the instant that ends it."""
        calendar = self.frozen.calendar
        return date.fromisoformat(due) if len(due) == 10 else last_day_of(calendar, datetime.fromisoformat(due))


def related_kind(draft: DocumentDraft) -> str | None:
    """The kind of document that a draft is about or takes its instrument from; None for most drafts."""
    spoken_of = kind_spoken_of(draft.kind, draft.data)
    return str(draft.data["instrument"]) if spoken_of is None and draft.kind in CONDUCT else spoken_of


def _plain(value: object) -> object:
    """The value with all its texts on one line."""
    if isinstance(value, str):
        return one_line(value)
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return value
