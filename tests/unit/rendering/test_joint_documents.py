"""A joint document bears the names of all its agencies, in either language, and one of the others a single name."""

import pytest

from rendering.composing import compose
from rendering.specimens import draft, frozen_plan, lines, whole_progress
from schemas.documents.document import DocumentState
from schemas.documents.signatures import Signatures
from schemas.ladder import Instrument, Rung
from schemas.options.joint import SigningRule
from schemas.plan import FrozenPlan
from tests.unit.rendering.test_ladder_documents import DAY


def joint(language: str) -> FrozenPlan:
    frozen = frozen_plan(language)
    ladder = tuple(
        Rung(rung=place, instrument=one, after=DAY)
        for place, one in enumerate((Instrument.SUPERVISION_ORDER, Instrument.CIRCULAR), 2)
    )
    said = {"ladder": ladder, "signing": SigningRule(instruments=(Instrument.CIRCULAR,))}
    return frozen.model_copy(update={"plan": frozen.plan.model_copy(update=said)})


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize(("kind", "rung", "issuers"), [("circular", 3, 2), ("supervision_order", 2, 1)])
def test_joint_instrument_bears_every_name(language: str, kind: str, rung: int, issuers: int) -> None:
    plan = joint(language)
    rendered = compose(plan, draft(kind, rung=rung, number="1号"), lines(kind))
    names = [agency.name for agency in plan.plan.issuing_agencies][:issuers]
    assert rendered.letter is not None and list(rendered.letter["issuers"]) == names
    head, foot = rendered.text.splitlines()[0], rendered.text.rstrip().splitlines()[-2]
    assert all(name in head and name in foot for name in names)
    assert rendered.html.count('<p class="agencies">') == issuers


@pytest.mark.parametrize(("language", "said"), [("zh-CN", "待省公安厅联署"), ("en", "waits for the signature of")])
def test_joint_draft_says_whose_signature_it_waits_for(language: str, said: str) -> None:
    plan = joint(language)
    land, police = (agency.name for agency in plan.plan.issuing_agencies)
    signed = Signatures(
        agencies=(land, police), due=draft("circular").issued_at, signed={land: draft("circular").issued_at}
    )
    progress = whole_progress().model_copy(update={"joint": signed})
    waiting = draft("circular", rung=3, state=DocumentState.DRAFTED, progress=progress)
    text = compose(plan, waiting, lines("circular")).text
    assert said in text and police in text.split(said)[0] + text.split(said)[1]


@pytest.mark.parametrize("about", ["plan_issue", "amendment"])
@pytest.mark.parametrize("kind", ["signature_request", "signature_overdue"])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_signatures_under_plan_or_amendment_are_named(language: str, kind: str, about: str) -> None:
    plan = joint(language)
    missing = plan.plan.issuing_agencies[1].name
    name = "9号补充" if about == "amendment" else None
    data = {"document": about, "amendment": 1, "name": name, "agencies": [missing], "due": "2021-09-03T16:00:00Z"}
    rendered = compose(plan, draft(kind, city="", data=data | {"step": 1}))
    assert missing in rendered.text and (name or plan.plan.title) in rendered.subject
    assert rendered.addressee == (missing if kind == "signature_request" else plan.plan.issuing_agencies[0].name)
