"""Composes a document's text from its plan, its draft and its lines; a pure function, without I/O and clock."""

from collections.abc import Mapping, Sequence

from rendering.facts import Facts, related_kind
from rendering.letter import Letter, letter_json, one_line
from rendering.sandbox import LAYOUT_BUDGET, PAGES, ROW_BUDGET, TEXTS, render_sentence, rendered
from rendering.tables import tables
from rendering.wording import TEMPLATES, Requests, Sentences, Wording, wording_of
from rules.documents.addressing import (
    ABOUT_ANOTHER,
    FOR_THE_DEPARTMENT,
    FOR_THE_ENTERPRISES,
    FOR_THE_LEADS,
    FOR_THE_SIGNERS,
    TO_CITIES,
    Addressing,
    addressing,
    for_cities,
    instrument_of,
    is_joint,
    kind_spoken_of,
    leading,
    owing,
    signers,
)
from schemas.documents.delivery import NoticeLine
from schemas.documents.document import DocumentState, RenderedDocument
from schemas.errors import InvalidInput
from schemas.ledger import DocumentDraft
from schemas.offices import Recipient
from schemas.plan import FrozenPlan, Plan

DEFAULT_TEXT = (TEMPLATES / "document.txt.j2").read_text(encoding="utf-8")
DEFAULT_PAGE = (TEMPLATES / "document.html.j2").read_text(encoding="utf-8")

_LISTS_ANOTHERS_SITES = ABOUT_ANOTHER - {"approval_overdue", "signature_overdue"}


def lists_sites(frozen: FrozenPlan, draft: DocumentDraft) -> bool:
    """Whether this document has a table of sites. A document about another one has that one's table, if it has any.

    Raises:
        InvalidInput: the catalogue of the plan's language lacks the kind of document.
    """
    words = wording_of(frozen.plan.language, frozen.plan.templates)
    if _sentences(words, frozen, draft.kind).line is None:
        return False
    other = related_kind(draft) if draft.kind in _LISTS_ANOTHERS_SITES else None
    return other is None or (other in words.kinds and words.kinds[other].line is not None)


def source_of_lines(draft: DocumentDraft) -> DocumentDraft:
    """The draft whose notices give the lines: this one, or the one that it is about."""
    if draft.kind not in _LISTS_ANOTHERS_SITES:
        return draft
    return draft.model_copy(update={"key": str(draft.data["key"]), "kind": related_kind(draft)})


def compose(frozen: FrozenPlan, draft: DocumentDraft, lines: Sequence[NoticeLine] = ()) -> RenderedDocument:
    """The document's text in the plan's language; the same arguments always give the same text.

    Raises:
        InvalidInput: the catalogue of the plan's language lacks the kind of document.
        KeyError: the plan has no such city.
        jinja2.UndefinedError: the draft or a line lacks data that a sentence uses.
    """
    plan, own = frozen.plan, frozen.plan.templates
    to = addressing_of(plan, draft, lines)
    copies = _copies(to)
    letter = letter_of(frozen, draft, lines)
    words = wording_of(plan.language, own).words
    shown = {"letter": letter, "words": words, "language": plan.language}
    most = layout_budget(letter)
    return RenderedDocument(
        key=draft.key,
        subject=letter.subject,
        text=rendered((own and own.text) or DEFAULT_TEXT, TEXTS, shown, most),
        html=rendered((own and own.html) or DEFAULT_PAGE, PAGES, shown, most),
        addressee=letter.addressee,
        recipients=(*to.recipients, *copies),
        letter=letter_json(
            letter, draft, plan.language, words.model_dump(), [copy.email for copy in copies if copy.email is not None]
        ),
    )


def layout_budget(letter: Letter) -> int:
    """The budget of a layout for this letter."""
    return LAYOUT_BUDGET + ROW_BUDGET * sum(len(table.rows) for table in letter.tables)


def addressing_of(plan: Plan, draft: DocumentDraft, lines: Sequence[NoticeLine]) -> Addressing:
    """The addressees; some kinds go to those that their data or lines name.

    These are agencies that have to sign, a department that is called, lead governments, and enterprises that owe.
    """
    if draft.kind in FOR_THE_SIGNERS:
        return signers(plan, draft.kind, draft.data["agencies"])
    if draft.kind in FOR_THE_DEPARTMENT:
        department = Recipient(name=str(draft.data["department"]))
        return Addressing((department.name,), (department,))
    if draft.kind in FOR_THE_LEADS and draft.rung == 0:
        leads = [str(lead) for line in lines if (lead := line.data.get("lead_government"))]
        if leads:
            return leading(plan, leads)
    if draft.kind in TO_CITIES:
        return for_cities(plan, draft.data["cities"], draft.kind, draft.rung)
    if draft.kind in FOR_THE_ENTERPRISES and lines:
        return owing(str(line.data["enterprise"]) for line in lines)
    return addressing(plan, draft.city, draft.kind, draft.rung, draft.progress)


def letter_of(frozen: FrozenPlan, draft: DocumentDraft, lines: Sequence[NoticeLine] = ()) -> Letter:
    """The document's content by parts; raises as `compose` does."""
    plan = frozen.plan
    words = wording_of(plan.language, plan.templates)
    sentences = _sentences(words, frozen, draft.kind)
    separator = words.words.separator
    to = addressing_of(plan, draft, lines)
    issuers = issuers_of(frozen, draft)
    facts = Facts(frozen, draft, lines, separator.join(issuers))
    number = draft.number or (plan.document_number if draft.kind == "plan_issue" else "")
    is_draft = draft.state is DocumentState.DRAFTED
    return Letter(
        issuers=issuers,
        agencies=separator.join(issuers),
        heading=one_line(render_sentence(sentences.heading, facts.whole)),
        sheet=sentences.sheet or "",
        subject=one_line(render_sentence(sentences.subject, facts.whole)),
        number="" if is_draft else one_line(number),
        plan_number="" if draft.kind == "plan_issue" else one_line(plan.document_number),
        draft=is_draft,
        addressee=separator.join(one_line(name) for name in to.addressee),
        copies=separator.join(one_line(copy.name) for copy in _copies(to)),
        recipients=separator.join(one_line(recipient.name) for recipient in to.recipients),
        paragraphs=_rendered(sentences.paragraphs, facts.whole),
        quote=_quote_lines(sentences.quote, facts),
        tables=tables(facts, sentences),
        tasks=_rendered(sentences.tasks, facts.whole),
        requests=_rendered(_requests_of(words.requests, draft), facts.of_requests()),
        issued_on=str(facts.whole["issued_on"]),
    )


def issuers_of(frozen: FrozenPlan, draft: DocumentDraft) -> tuple[str, ...]:
    """The issuers: all agencies, but one for an instrument that is not joint, and for documents about it."""
    agencies = [one_line(agency.name) for agency in frozen.plan.issuing_agencies]
    instrument = instrument_of(frozen.plan, kind_spoken_of(draft.kind, draft.data) or draft.kind, draft.rung)
    if instrument is None or is_joint(frozen.plan, str(getattr(instrument, "instrument", ""))):
        return tuple(agencies)
    return (one_line(instrument.issuer) if instrument.issuer else agencies[0],)


def _sentences(words: Wording, frozen: FrozenPlan, kind: str) -> Sentences:
    try:
        return words.kinds[kind]
    except KeyError:
        raise InvalidInput(
            f"document of kind {kind!r}: there are no words for it in {frozen.plan.language}; known are "
            f"{', '.join(sorted(words.kinds))}"
        ) from None


def _requests_of(requests: Requests, draft: DocumentDraft) -> list[str]:
    """The requests that this document makes of its addressees."""
    progress = draft.progress
    if draft.state is DocumentState.DRAFTED:
        return [requests.drafted]
    asked = (
        (progress.receipt_due, requests.receipt),
        (progress.reply_due, requests.reply),
        (progress.publishes_at, requests.publication),
    )
    return [sentence for when, sentence in asked if when is not None]


def _rendered(sentences: Sequence[str], facts: Mapping[str, object]) -> tuple[str, ...]:
    """The sentences that are not empty, each rendered on one line."""
    return tuple(text for text in (one_line(render_sentence(sentence, facts)) for sentence in sentences) if text)


def _quote_lines(quote: str | None, facts: Facts) -> tuple[str, ...]:
    """The lines of a cited text, each marked as cited, so that a reader can tell them from the document's own words."""
    if quote is None:
        return ()
    rendered = render_sentence(quote, facts.of_quote())
    return tuple(line for line in (one_line(part) for part in rendered.splitlines()) if line)


def _copies(to: Addressing) -> tuple[Recipient, ...]:
    """The recipients of copies that are not addressees."""
    return tuple(copy for copy in to.copies if copy not in to.recipients)
