"""The channels of a document: chosen by each recipient, for each kind."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from rules.documents.delivery import planned_deliveries
from schemas.offices import MAIL, OUTBOX, Recipient

OFFICE = Recipient(name="专班办公室", email="office@city.example")
DUTY = Recipient(name="值班室")
GROUP = Recipient(name="工作群", channels={"city-group": ()})
CIRCULARS = Recipient(name="督查室", email="watch@city.example", channels={"e-mail": ("circular",), "city-group": ()})

KINDS = ("circular", "briefing", "reminder")
CHANNELS = ("e-mail", "outbox", "city-group", "ledger")


def planned(kind: str, *recipients: Recipient, mail: bool = True) -> dict[str, list[str]]:
    return {one.channel: [to.name for to in one.recipients] for one in planned_deliveries(kind, recipients, mail=mail)}


def test_default_recipient_gets_mail_if_address_and_server_exist() -> None:
    assert planned("reminder", OFFICE, DUTY) == {"outbox": ["专班办公室", "值班室"], "e-mail": ["专班办公室"]}
    assert planned("reminder", OFFICE, DUTY, mail=False) == {"outbox": ["专班办公室", "值班室"]}


def test_explicit_channels_deliver_only_their_kinds() -> None:
    assert planned("reminder", GROUP, CIRCULARS) == {
        "outbox": ["工作群", "督查室"],
        "city-group": ["工作群", "督查室"],
    }
    assert planned("circular", CIRCULARS)["e-mail"] == ["督查室"]


def test_explicit_mail_planned_even_without_server() -> None:
    assert planned("circular", CIRCULARS, mail=False)["e-mail"] == ["督查室"]


def test_a_document_to_nobody_is_in_the_outbox_all_the_same() -> None:
    assert planned("briefing") == {"outbox": []}


@st.composite
def recipients(draw: st.DrawFn) -> Recipient:
    kinds = st.lists(st.sampled_from(KINDS), max_size=2).map(tuple)
    channels = draw(st.dictionaries(st.sampled_from(CHANNELS), kinds, max_size=3))
    addresses = ["a@city.example", "b@city.example"] if MAIL in channels else [None, "a@city.example"]
    return Recipient(name=draw(st.sampled_from("ABCDEF")), email=draw(st.sampled_from(addresses)), channels=channels)


def test_explicit_mail_without_address_is_plan_fault() -> None:
    with pytest.raises(ValidationError, match="there is no email address"):
        Recipient(name="督查室", channels={"e-mail": ()})


@given(kind=st.sampled_from(KINDS), everybody=st.lists(recipients(), max_size=6), mail=st.booleans())
def test_channels_unique_ordered_and_only_as_chosen(kind: str, everybody: list[Recipient], mail: bool) -> None:
    deliveries = planned_deliveries(kind, everybody, mail=mail)

    names = [one.channel for one in deliveries]
    assert names == [OUTBOX, *sorted(set(names) - {OUTBOX}, key=lambda name: (name != MAIL, name))]
    assert deliveries[0].recipients == tuple(everybody)
    for one in deliveries[1:]:
        assert one.recipients
        for to in one.recipients:
            kinds = to.channels.get(one.channel)
            assert to.email is not None or one.channel != MAIL
            assert (kinds is not None and (kinds == () or kind in kinds)) or (
                to.channels == {} and mail and one.channel == MAIL
            )
    reached = {to for one in deliveries for to in map(repr, one.recipients)}
    assert reached == set(map(repr, everybody))
