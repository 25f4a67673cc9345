"""Composes a document's text from its plan, its draft and its lines; reads nothing and knows no clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from activities.letters import one_line
from activities.wording import LAYOUT, Sentences, Wording, say, wording
from rules.calendar import last_day_of, local_date
from schemas.delivery import NoticeLine
from schemas.documents import RenderedDocument
from schemas.errors import InvalidInput
from schemas.ledger import DocumentDraft
from schemas.plan import FrozenPlan, Recipient

FOR_THE_AGENCIES = frozenset({"decision_overdue"})
"""Documents about a city that remind the province itself; those of the campaign as a whole bear no city at all."""

_DEADLINES = frozenset({"due", "receipt_due", "deployment_due", "decision_due"})
_ABSENT_UNLESS_SAID = ("due", "due_on", "reason", "opinion", "level", "round", "days_left", "days_late")


@dataclass(frozen=True)
class Letter:
    """What the layouts of text and HTML show alike."""

    agencies: str
    heading: str
    subject: str
    number: str
    addressee: str
    recipients: str
    paragraphs: tuple[str, ...]
    quote: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    tasks: tuple[str, ...]
    issued_on: str


def lists_sites(frozen: FrozenPlan, kind: str) -> bool:
    """Whether documents of this kind have a table of sites.

    Raises:
        InvalidInput: the plan's language has no words for such a document.
    """
    return _sentences(frozen, kind).line is not None


def compose(frozen: FrozenPlan, draft: DocumentDraft, lines: Sequence[NoticeLine] = ()) -> RenderedDocument:
    """The document's text in the plan's language; the same arguments always give the same text.

    Raises:
        InvalidInput: the plan's language has no words for such a document.
        KeyError: the plan has no such city.
        jinja2.UndefinedError: the draft or a line lacks data that the words ask for.
    """
    plan, words = frozen.plan, wording(frozen.plan.language).words
    sentences = _sentences(frozen, draft.kind)
    separator = words.separator
    agencies = separator.join(one_line(agency.name) for agency in plan.issuing_agencies)
    recipients: tuple[Recipient, ...]
    if draft.city and draft.kind not in FOR_THE_AGENCIES:
        city = plan.city(draft.city)
        addressee = f"{one_line(city.name)}{separator}{one_line(city.lead)}"
        recipients = city.recipients
    else:
        addressee = agencies
        recipients = tuple(Recipient(name=agency.name, email=agency.email) for agency in plan.issuing_agencies)
    facts = _facts(frozen, draft, lines, agencies)
    letter = Letter(
        agencies=agencies,
        heading=sentences.heading,
        subject=one_line(say(sentences.subject, facts)),
        number=one_line(plan.document_number),
        addressee=addressee,
        recipients=separator.join(one_line(recipient.name) for recipient in recipients),
        paragraphs=_said(sentences.paragraphs, facts),
        quote=_quoted(sentences.quote, draft),
        columns=(*words.columns, sentences.line_heading or words.line_heading),
        rows=_rows(frozen, draft, sentences, lines),
        tasks=_said(sentences.tasks, facts),
        issued_on=str(facts["issued_on"]),
    )
    shown: dict[str, Any] = {"letter": letter, "words": words, "language": plan.language}
    return RenderedDocument(
        key=draft.key,
        subject=letter.subject,
        text=LAYOUT.get_template("document.txt.j2").render(shown),
        html=LAYOUT.get_template("document.html.j2").render(shown),
        addressee=addressee,
        recipients=recipients,
    )


def _sentences(frozen: FrozenPlan, kind: str) -> Sentences:
    language = frozen.plan.language
    try:
        return wording(language).kinds[kind]
    except KeyError:
        raise InvalidInput(
            f"document of kind {kind!r}: there are no words for it in {language}; known are "
            f"{', '.join(sorted(wording(language).kinds))}"
        ) from None


def _facts(frozen: FrozenPlan, draft: DocumentDraft, lines: Sequence[NoticeLine], agencies: str) -> dict[str, object]:
    """What the sentences of the document as a whole may speak of."""
    plan, written = frozen.plan, wording(frozen.plan.language).dates.written
    return {
        **dict.fromkeys(_ABSENT_UNLESS_SAID),
        **_data(frozen, draft, draft.data),
        "title": one_line(plan.title).removeprefix("《").removesuffix("》"),
        "number": one_line(plan.document_number),
        "province": one_line(plan.province),
        "agencies": agencies,
        "city": one_line(plan.city(draft.city).name) if draft.city else "",
        "lead": one_line(plan.city(draft.city).lead) if draft.city else "",
        "count": len({line.site_id for line in lines}),
        "starts_on": written(plan.starts_on),
        "ends_on": written(plan.ends_on),
        "phases": [
            {"title": one_line(phase.title), "starts_on": written(phase.starts_on), "ends_on": written(phase.ends_on)}
            for phase in plan.phases
        ],
        "issued_on": written(local_date(frozen.calendar, draft.issued_at)),
    }


def _data(frozen: FrozenPlan, draft: DocumentDraft, data: dict[str, Any]) -> dict[str, object]:
    """The data of a draft or a line in the language's own words: deadlines as days, texts on one line."""
    dates = wording(frozen.plan.language).dates
    said: dict[str, object] = {}
    for name, value in data.items():
        if name in _DEADLINES and value is not None:
            day = _due_day(frozen, value)
            said[name] = dates.until(day)
            if name == "due":
                said["due_on"] = dates.written(day)
                late = (local_date(frozen.calendar, draft.issued_at) - day).days
                said["days_late"], said["days_left"] = max(0, late), max(0, -late)
        else:
            said[name] = one_line(value) if isinstance(value, str) else value
    return said


def _due_day(frozen: FrozenPlan, due: str) -> date:
    """A deadline stands in data as its last day (`2021-08-31`) or as the instant that ends it."""
    return date.fromisoformat(due) if len(due) == 10 else last_day_of(frozen.calendar, datetime.fromisoformat(due))


def _rows(
    frozen: FrozenPlan, draft: DocumentDraft, sentences: Sentences, lines: Sequence[NoticeLine]
) -> tuple[tuple[str, ...], ...]:
    if sentences.line is None:
        return ()
    catalogue: Wording = wording(frozen.plan.language)
    levels = {level.id: one_line(level.title) for level in frozen.plan.verification.levels}
    titles = {entry.id: one_line(entry.title) for entry in frozen.plan.catalogue}
    rows = []
    for number, line in enumerate(lines, 1):
        facts = dict.fromkeys(_ABSENT_UNLESS_SAID) | _data(frozen, draft, line.data)
        facts["level"] = levels.get(str(facts["level"]), facts["level"])
        if line.data.get("reason"):
            facts["reason"] = one_line(catalogue.reason(line.data["reason"]))
        facts["requirements"] = [titles.get(one, one) for one in line.data.get("failed_requirements", ())]
        due_on = str(facts["due_on"] or catalogue.words.none)
        texts = (line.site_id, line.name, line.county, due_on, say(sentences.line, facts))
        rows.append((str(number), *(one_line(text) for text in texts)))
    return tuple(rows)


def _said(sentences: Sequence[str], facts: dict[str, object]) -> tuple[str, ...]:
    """The sentences that have something to say."""
    return tuple(text for text in (say(sentence, facts) for sentence in sentences) if text)


def _quoted(quote: str | None, draft: DocumentDraft) -> tuple[str, ...]:
    """A cited text keeps its lines, each marked as cited, so that it cannot pass for the document's own words."""
    if quote is None:
        return ()
    texts = {name: value for name, value in draft.data.items() if isinstance(value, str)}
    said = say(quote, dict.fromkeys(_ABSENT_UNLESS_SAID) | texts)
    return tuple(line for line in (one_line(part) for part in said.splitlines()) if line)
