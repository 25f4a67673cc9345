"""A command about a document that is not in the city's state: another exception than for other refusals."""

from datetime import timedelta

import pytest

from rules.command_results import CommandResult, Received
from rules.documents.rules import document_named
from schemas import commands as cmd
from schemas.answers import Verdict
from schemas.errors import NoOpenDocument, Refused
from tests.support.escalating_city import REGISTRY, EscalatingCity, frozen, working
from tests.unit.rules.city.test_documents import CIRCULAR, DUE


def test_unknown_document_distinguished_from_disallowed_command() -> None:
    city = EscalatingCity(frozen("2021-07-19", "2021-12-31", ladder=[{**CIRCULAR, "after": working(1)}]), DUE)
    city.live(city.issued_at + timedelta(days=60))
    drafted = city.newest("circular")
    for document, kind in (("999号", NoOpenDocument), (drafted, Refused)):
        command = cmd.SignReceipt(command_id=document, actor=REGISTRY, effective_at=city.now, document=document)
        refused = city.desk.refusal(command, city.now)
        judged = city.desk.advance([Received(command, city.now)], city.now).result_of(document)
        assert type(refused) is kind and judged == CommandResult(Verdict.REFUSED, str(refused), kind)


def test_it_says_what_is_open_instead() -> None:
    with pytest.raises(NoOpenDocument, match="no open document '999号'; open are: none"):
        document_named({}, "henan", "999号")
