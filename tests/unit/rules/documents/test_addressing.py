"""Recipients: never a lower level than the rung before, overdue answers a level higher, copies only to others."""

from itertools import chain, combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.documents.addressing import LEVELS, addressing, at_level, level_of
from rules.terms.documents import document_terms, levels_of
from schemas.documents.document import Progress
from schemas.offices import AddresseeLevel, Recipient
from schemas.plan import Plan
from tests.support.budget import examples
from tests.support.escalating_city import APPROVER, days, frozen, working

bounded = settings(max_examples=examples(100), derandomize=True, deadline=None, database=None)

OFFICES = {"government": "市政府办公室", "deputy_head": "分管副市长", "head": "市长"}
EVERY: list[dict[str, str]] = [
    dict(chosen) for chosen in chain.from_iterable(combinations(OFFICES.items(), n) for n in range(4))
]


def plan(offices: dict[str, str], ladder: list[dict[str, Any]], **changes: Any) -> Plan:
    city: dict[str, Any] = {"code": "410400", "name": "平顶山市", "lead": "平顶山市人民政府"}
    city["recipients"] = [{"name": "局"}]
    city |= {office: {"name": named} for office, named in offices.items()}
    return frozen("2021-07-19", "2021-10-31", cities=[city], ladder=ladder, **changes).plan


def rung(number: int, instrument: str, **more: Any) -> dict[str, Any]:
    return {"rung": number, "instrument": instrument, "after": working(1), **more}


LADDERS = st.lists(st.sampled_from([None, *LEVELS]), min_size=1, max_size=6)
COPIES = st.lists(st.sampled_from(LEVELS), max_size=4)


@bounded
@given(st.sampled_from(EVERY), st.sampled_from(LEVELS), COPIES)
def test_copies_exclude_addressees_and_duplicates(
    offices: dict[str, str], level: AddresseeLevel, copies: list[AddresseeLevel]
) -> None:
    one = plan(offices, [rung(2, "supervision_order", addressee=level, copies=copies)])
    to = addressing(one, "410400", "supervision_order", 2, Progress())
    names = [recipient.name for recipient in (*to.recipients, *to.copies)]
    assert len(names) == len(set(names))
    wanted = {recipient.name for copy in copies for recipient in at_level(one.cities[0], copy)}
    assert {copy.name for copy in to.copies} == wanted - {recipient.name for recipient in to.recipients}


@bounded
@given(LADDERS)
def test_a_rung_is_never_addressed_lower_than_the_one_before(levels: list[AddresseeLevel | None]) -> None:
    highest, ladder = 0, []
    for number, level in enumerate(levels, start=1):
        said = level if level is not None and LEVELS.index(level) >= highest else None
        highest = LEVELS.index(said) if said is not None else highest
        ladder.append(rung(number, "circular", **({"addressee": said} if said else {})))
    one = plan(OFFICES, ladder)
    found = [LEVELS.index(level_of(one, "circular", number)) for number in range(1, len(levels) + 1)]
    assert found == sorted(found)
    assert found[-1] == highest
    assert [LEVELS.index(AddresseeLevel(terms.level)) for terms in document_terms(one).instruments] == found


@pytest.mark.parametrize("offices", EVERY, ids=lambda offices: "-".join(offices) or "none")
def test_unnamed_office_reached_through_office_below(offices: dict[str, str]) -> None:
    whose = plan(offices, []).cities[0]
    reached = [at_level(whose, level)[0].name for level in LEVELS]
    assert reached[0] == "局"
    assert reached[1] == offices.get("government", "平顶山市人民政府")
    assert reached[2] == offices.get("deputy_head", reached[1])
    assert reached[3] == offices.get("head", reached[2])
    assert levels_of(whose) == {level.value: (name,) for level, name in zip(LEVELS, reached, strict=True)}


def test_a_chase_goes_to_the_level_that_its_rung_names() -> None:
    one = plan(OFFICES, [])
    for kind in ("document_receipt_overdue", "reply_overdue", "lifting_overdue"):
        told = [addressing(one, "410400", kind, place, Progress()).addressee for place in (1, 2, 3)]
        assert told == [("市政府办公室",), ("分管副市长",), ("市长",)]


def test_a_lifting_goes_to_whom_the_listing_went() -> None:
    listed = rung(5, "listed_supervision", addressee="head", copies=["government"], lifting="sites_closed")
    one = plan(OFFICES, [listed])
    for kind in ("listed_supervision", "lifting"):
        to = addressing(one, "410400", kind, 5, Progress())
        assert (to.addressee, [copy.name for copy in to.copies]) == (("市长",), ["市政府办公室"])


def test_request_goes_to_approver_and_overdue_to_superior() -> None:
    silent = {"no_receipt": {"instrument": "interview", "approver": {"name": "处长", "superior": {"name": "厅长"}}}}
    one = plan(OFFICES, [rung(3, "circular", approver=APPROVER, after=days(1))], behaviour=silent)
    for approver, superior in (("厅长", "分管副省长"), ("处长", "厅长")):
        progress = Progress(approver=approver)
        assert addressing(one, "410400", "approval_request", 3, progress).addressee == (approver,)
        assert addressing(one, "410400", "approval_overdue", 1, progress).addressee == (superior,)


def test_approver_keeps_all_fields_of_a_recipient() -> None:
    said = {"name": "处长", "email": "chu@city.example", "channels": {"duty": ["approval_request"]}}
    conduct = {"no_receipt": {"instrument": "interview", "approver": said | {"superior": {"name": "厅长"}}}}
    one = plan(OFFICES, [], behaviour=conduct)
    to = addressing(one, "410400", "approval_request", 3, Progress(approver="处长"))
    assert to.recipients == (Recipient.model_validate(said),)
