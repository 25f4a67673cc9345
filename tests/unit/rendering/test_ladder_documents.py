"""Documents of the ladder: numbers, drafts, copies, requests, and references to other documents."""

from datetime import UTC, datetime
from typing import Any

import pytest

from activities.channels.pdf import TypstRenderer
from activities.documents.rendering import composed
from rendering.composing import compose, lists_sites, source_of_lines
from rendering.specimens import DATA, draft, frozen_plan, lines, whole_progress
from rendering.wording import wording
from schemas.calendar import Clause, DayUnit
from schemas.documents.document import DocumentState, Progress
from schemas.ladder import Behaviour, Conduct, Instrument, Rung
from schemas.offices import AddresseeLevel, Recipient
from schemas.plan import FrozenPlan, Templates

NUMBER = "豫自然资督〔2021〕12号"
DAY = Clause(amount=1, unit=DayUnit.WORKING_DAYS)


def laddered(language: str = "zh-CN", **changes: Any) -> FrozenPlan:
    """A plan whose supervision order goes to the government, with a copy to the deputy head in charge."""
    frozen = frozen_plan(language)
    deputy = Recipient(name="分管副市长办公室", email="deputy@city.example")
    city = frozen.plan.cities[0].model_copy(update={"deputy_head": deputy})
    rung = Rung(
        rung=2,
        instrument=Instrument.SUPERVISION_ORDER,
        after=DAY,
        issuer=frozen.plan.issuing_agencies[1].name,
        addressee=AddresseeLevel.GOVERNMENT,
        copies=(AddresseeLevel.DEPUTY_HEAD,),
    )
    said = {"cities": (city,), "ladder": (rung,)} | changes
    return frozen.model_copy(update={"plan": frozen.plan.model_copy(update=said)})


def test_document_shows_its_number_and_cites_plan_number() -> None:
    rendered = compose(frozen_plan(), draft("supervision_order", number=NUMBER), lines("supervision_order"))

    assert f"文号：{NUMBER}\n" in rendered.text and "方案文号：豫自然资发〔2021〕1号\n" in rendered.text
    assert f'<p class="number">{NUMBER}</p>' in rendered.html
    assert rendered.letter is not None and rendered.letter["number"] == NUMBER


def test_plan_issue_document_bears_plan_number() -> None:
    rendered = compose(frozen_plan(), draft("plan_issue"))

    assert rendered.text.startswith("省自然资源厅、省公安厅\n文号：豫自然资发〔2021〕1号\n")
    assert "方案文号" not in rendered.text


@pytest.mark.parametrize(("language", "said"), [("zh-CN", "草案"), ("en", "DRAFT")])
def test_a_draft_says_that_it_is_one_and_has_no_number(language: str, said: str) -> None:
    waiting = draft("circular", number=None, state=DocumentState.DRAFTED, progress=whole_progress())

    rendered = compose(frozen_plan(language), waiting, lines("circular"))

    assert said in rendered.text and said in rendered.html
    assert "厅务会" in rendered.text  # its approver
    assert rendered.letter is not None and rendered.letter["draft"] and not rendered.letter["number"]
    assert len(rendered.letter["requests"]) == 1


def test_older_campaign_document_omits_number() -> None:
    rendered = compose(frozen_plan("en"), draft("circular"), lines("circular"))

    assert "\nNumber:" not in rendered.text and "DRAFT" not in rendered.text
    assert "Please" not in rendered.text


def test_document_states_receipt_reply_and_publication_dates() -> None:
    rendered = compose(frozen_plan("en"), draft("circular", progress=whole_progress()), lines("circular"))

    assert "Please sign the receipt of this document by the end of 6 September 2021" in rendered.text
    assert "Please reply in writing by the end of 6 September 2021." in rendered.text
    assert "This document will be published on 10 September 2021." in rendered.text


def test_what_has_no_deadline_is_not_asked_for() -> None:
    only_reply = Progress(reply_due=datetime(2021, 9, 6, 16, tzinfo=UTC))

    rendered = compose(frozen_plan(), draft("circular", progress=only_reply), lines("circular"))

    assert "请于2021年9月6日24时前书面回复。" in rendered.text
    assert "签收" not in rendered.text and "公布" not in rendered.text


def test_instrument_has_its_issuer_addressee_level_and_copies() -> None:
    rendered = compose(laddered(), draft("supervision_order", rung=2), lines("supervision_order"))

    assert rendered.text.startswith("省公安厅\n")
    assert rendered.addressee == "市人民政府"
    assert "抄送：分管副市长办公室\n" in rendered.text
    assert [one.name for one in rendered.recipients] == ["市人民政府", "分管副市长办公室"]
    assert rendered.letter is not None and rendered.letter["cc"] == ["deputy@city.example"]


@pytest.mark.parametrize("kind", ("approval_request", "approval_overdue"))
def test_followup_document_has_issuer_of_its_instrument(kind: str) -> None:
    rendered = compose(laddered(), draft(kind, rung=2), lines(kind))

    assert rendered.letter is not None and rendered.letter["issuers"] == ["省公安厅"]


def test_who_is_addressed_anyway_gets_no_copy_beside() -> None:
    frozen = laddered()
    same = frozen.plan.cities[0].model_copy(update={"deputy_head": Recipient(name="市人民政府")})

    rendered = compose(laddered(cities=(same,)), draft("supervision_order", rung=2), lines("supervision_order"))

    assert "抄送" not in rendered.text and len(rendered.recipients) == 1


@pytest.mark.parametrize("kind", ("document_receipt_overdue", "reply_overdue", "lifting_overdue"))
def test_overdue_documents_named_with_numbers_and_debtors(kind: str) -> None:
    text = compose(frozen_plan("en"), draft(kind, rung=1)).text

    row = "1 | 豫自然资督〔2021〕12号 | Supervision order | 1 September 2021 | the end of 31 August 2021 | 专班办公室"
    assert row in text
    assert "2 | none | Document on a missing deployment | 30 August 2021 |" in text
    assert not any(identifier in text for identifier in ("supervision_order", "no_deployment"))


def test_conduct_document_named_by_instrument_of_plan() -> None:
    behaviour = Behaviour(no_deployment=Conduct(instrument=Instrument.CIRCULAR))

    text = compose(laddered(behaviour=behaviour), draft("document_receipt_overdue")).text

    assert "| 无 | 通报 |" in text


@pytest.mark.parametrize("instrument", Instrument)
@pytest.mark.parametrize("kind", ("no_receipt", "no_deployment", "bottom_of_ranking"))
@pytest.mark.parametrize("language", ("zh-CN", "en"))
def test_conduct_document_uses_name_and_act_of_its_instrument(language: str, kind: str, instrument: str) -> None:
    rendered = compose(frozen_plan(language), draft(kind, data=DATA[kind] | {"instrument": instrument}))

    sentences = wording(language).kinds[instrument]
    assert sentences.act is not None
    assert f"\n{sentences.name or sentences.heading}\n" in rendered.text
    assert sentences.act in rendered.text


@pytest.mark.parametrize("kind", ("approval_request", "publication", "lifting"))
def test_a_document_about_another_lists_its_sites_if_it_has_any(kind: str) -> None:
    frozen = frozen_plan()
    named = "document" if kind == "approval_request" else "kind"
    about_conduct = draft(kind, data=DATA[kind] | {named: "bottom_of_ranking", "count": 0})

    assert lists_sites(frozen, draft(kind)) and not lists_sites(frozen, about_conduct)
    source = source_of_lines(draft(kind))
    assert (source.key, source.kind) == (DATA[kind]["key"], DATA[kind][named])
    assert "PDS-" not in compose(frozen, about_conduct).text


def test_lifting_delists_listed_sites_and_lifts_instruments() -> None:
    listed = compose(frozen_plan(), draft("lifting", number=NUMBER), lines("lifting"))
    ordered = compose(frozen_plan(), draft("lifting", data=DATA["lifting"] | {"kind": "circular", "reason": None}))

    assert listed.subject == "关于对平顶山市2个点位摘牌的通知" and "自2021年10月11日起予以摘牌" in listed.text
    assert ordered.subject == "关于解除平顶山市通报的通知" and "所提要求已经办结" in ordered.text


def test_publication_addressed_to_public_without_requests() -> None:
    rendered = compose(frozen_plan("en"), draft("publication"), lines("publication"))

    assert rendered.addressee == "The public"
    assert "You are asked to" not in rendered.text


def test_briefing_ranks_baseline_and_counts_new_sites_apart() -> None:
    rendered = compose(frozen_plan("en"), draft("briefing", number=NUMBER))

    assert "As of 18:00 on 3 September 2021" in rendered.text
    baseline, newly_found = rendered.text.split("2. Newly found sites")
    assert "1 | 平顶山市 | 83.25 | 30 | 12 | 4 | 131/240\nnone | 鹤壁市 | none | 0 | 0 | 0 | 0/0\n" in baseline
    assert "\n平顶山市 | 2 | 0 | 1 | 0/0\nTotal | 2 | 0 | 1 | 0/0\n" in newly_found
    assert "鹤壁市" not in newly_found
    assert "At the bottom this week: 平顶山市." in baseline and "hundred-days/ranking/2" in baseline
    assert "1 | 新华区 | 80.00 |" in baseline and "none | 石龙区 | nothing done yet |" in baseline


def test_a_briefing_says_who_suspended_sites_in_each_city() -> None:
    rendered = compose(frozen_plan("en"), draft("briefing"))
    assert rendered.letter is not None
    stood = rendered.letter["tables"][-1]
    assert stood["title"].startswith("Suspensions")
    assert stood["rows"] == [["平顶山市", "3", "12.5", "1", "4"]], "no row for a city where nothing stood still"


def test_a_briefing_without_newly_found_sites_has_one_table() -> None:
    nothing = {name: 0 for name in DATA["briefing"]["total_newly_found"]}
    cities = [city | {"newly_found": nothing, "suspensions": None} for city in DATA["briefing"]["cities"]]
    data = DATA["briefing"] | {"cities": cities, "below": [], "total_newly_found": nothing}

    rendered = compose(frozen_plan(), draft("briefing", data=data))

    assert rendered.letter is not None and len(rendered.letter["tables"]) == 1


def test_template_failure_at_issue_does_not_block_document() -> None:
    own = Templates(wording={"circular": {"subject": "{{ 1 / (count - 3) }}"}})
    frozen = frozen_plan("en", templates=own)

    assert composed(frozen, draft("circular"), lines("circular", count=2)).subject == "-1.0"
    fallen_back = composed(frozen, draft("circular"), lines("circular", count=3))
    house = composed(frozen_plan("en"), draft("circular"), lines("circular", count=3))
    assert house.letter is not None and "template_fault" not in house.letter
    kept = {**house.letter, "template_fault": "ZeroDivisionError: division by zero"}
    assert fallen_back == house.model_copy(update={"letter": kept})
    assert TypstRenderer().render(fallen_back.letter, "en").pdf is not None
