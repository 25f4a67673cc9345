"""Properties: texts of people cannot break the structure of a page, a text or a message."""

import string
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activities.channels.letters import letter, mail_addresses
from activities.channels.protocol import PdfResult
from rendering.composing import compose
from rendering.letter import one_line
from rendering.specimens import DATA, draft, frozen_plan, lines
from schemas.documents.document import RenderedDocument
from schemas.offices import Agency, City, Recipient
from schemas.plan import FrozenPlan
from tests.support.budget import examples
from tests.support.document_samples import document
from tests.unit.rendering.test_composing import Tags

FRAGMENTS = st.sampled_from(
    ["<script>", "</td>", "</body>", "<!--", "]]>", "&lt;", '"', "'", "\r\n", "\n\n", "\r\nBcc: x@evil.example",
     "\u2028", "\x85", "\u202e", "\x00", "{{ 7 * 7 }}", "{% endif %}", "{#", " | ", "> ",
     "=?utf-8?b?PGI+?=", "<a href=x>", "文"]
)  # fmt: skip
HOSTILE = st.lists(FRAGMENTS | st.text(max_size=6), min_size=1, max_size=6).map("".join)
SAID = HOSTILE.filter(lambda text: one_line(text) != "")


def evil_plan(name: str, lead: str, agency: str, title: str) -> FrozenPlan:
    honest = frozen_plan("en")
    city: City = honest.plan.cities[0].model_copy(
        update={"name": name, "lead": lead, "recipients": (Recipient(name=lead, email="office@city.example"),)}
    )
    said = {"cities": (city,), "issuing_agencies": (Agency(name=agency),), "title": title, "document_number": title}
    return honest.model_copy(update={"plan": honest.plan.model_copy(update=said)})


def rendered(kind: str, plan: FrozenPlan, name: str, number: str) -> RenderedDocument:
    data = {key: name if key in ("opinion", "reason") else value for key, value in DATA[kind].items()}
    named = lines(kind, count=2, name=name, county=name, **({"data": data} if kind in ("carry_over",) else {}))
    specimen = draft(kind, number=number)
    return compose(plan, specimen, named)


@pytest.mark.parametrize("kind", ("supervision_order", "carry_over", "plan_issue", "document_receipt_overdue"))
@settings(max_examples=examples(60), deadline=None)
@given(texts=st.tuples(SAID, SAID, SAID, SAID))
def test_user_text_adds_no_html_element_or_text_line(kind: str, texts: tuple[str, str, str, str]) -> None:
    evil = rendered(kind, evil_plan(*texts), texts[0], texts[1])
    honest = rendered(kind, evil_plan("a", "b", "c", "d"), "e", "f")

    assert Tags(evil.html).tags == Tags(honest.html).tags
    assert evil.text.count("\n") == honest.text.count("\n")
    assert not set(evil.text) & {"\x00", "\u202e", "\u2028", "\x85", "\r"}
    assert evil.html.count("</body>") == 1


@settings(max_examples=examples(100), deadline=None)
@given(subject=HOSTILE, name=SAID, number=SAID, why=HOSTILE, pdf=st.none() | st.binary(max_size=40))
def test_user_text_adds_no_header_recipient_or_part(
    subject: str, name: str, number: str, why: str, pdf: bytes | None
) -> None:
    to = mail_addresses((Recipient(name=name, email="office@city.example"),))
    sheet = PdfResult(pdf=pdf, why_not=None if pdf is not None else why)

    sent = bytes(letter(document(subject=subject, number=number), sheet, "a@b.example", to, frozen_plan().plan.zone))

    message = message_from_bytes(sent, policy=SMTP)
    assert isinstance(message, EmailMessage)
    assert set(message.keys()) == {
        "Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type",
    }  # fmt: skip
    assert [address.addr_spec for address in message["To"].addresses] == ["office@city.example"]
    assert len(list(message.iter_attachments())) == (pdf is not None)
    assert all(byte in string.printable.encode() for byte in sent)


@given(text=st.text())
def test_one_line_is_one_line_and_stays_as_it_is(text: str) -> None:
    once = one_line(text)

    assert len(once.splitlines()) <= 1 and one_line(once) == once
