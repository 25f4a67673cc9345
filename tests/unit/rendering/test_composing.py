"""The texts of documents in both languages."""

from datetime import date
from html.parser import HTMLParser

import jinja2
import pytest

from activities.channels.letters import letter
from activities.channels.protocol import PdfResult
from rendering.composing import compose, lists_sites
from rendering.specimens import ABOUT_ANOTHER, DATA, DUE, WITH_SITES, draft, frozen_plan, lines
from rendering.wording import wording
from schemas.errors import InvalidInput
from schemas.ladder import Instrument
from tests.support.document_samples import document  # fmt: skip

LANGUAGES = ("zh-CN", "en")
ISSUED_ON = date(2021, 9, 3)
TABLES_OF_THEIR_OWN = (
    "patrol_overdue", "meeting_minutes", "group_overdue", "document_receipt_overdue", "reply_overdue",
    "lifting_overdue", "briefing", "target_change", "year_task", "year_report", "programme_report",
    "phase_summary", "gate_overdue", "patch_check", "patches_overdue",
    "call_overdue", "county_receipt_overdue", "county_deployment_overdue", "county_decision_overdue",
    "high_hazard_list",
)  # fmt: skip
HOSTILE = "<script>alert(1)</script>\r\nBcc: everybody@evil.example\u2028| 9 | & {{ 7 * 7 }}"


class Tags(HTMLParser):
    """Counts the tags and keeps the text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.cells: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1] == "td" and data.strip():
            self.cells.append(data)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", DATA)
def test_every_kind_of_document_can_be_written_in_every_language(kind: str, language: str) -> None:
    rendered = compose(frozen_plan(language), draft(kind), lines(kind))

    catalogue = wording(language)
    plan = frozen_plan(language).plan
    for shown in (rendered.text, rendered.html):
        assert plan.document_number in shown
        assert all(agency.name in shown for agency in plan.issuing_agencies)
        assert catalogue.dates.written(ISSUED_ON) in shown
        assert rendered.subject in shown
        assert rendered.addressee in shown
        assert "{{" not in shown and "None" not in shown
    if kind in WITH_SITES or kind in ABOUT_ANOTHER:
        assert "PDS-001" in rendered.text and "PDS-002" in rendered.text and "鲁山县" in rendered.text
        assert Tags(rendered.html).tags.count("tr") == 3
    elif kind not in TABLES_OF_THEIR_OWN:
        assert "table" not in Tags(rendered.html).tags


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogues_cover_same_kinds_and_all_instruments(language: str) -> None:
    kinds = wording(language).kinds

    assert set(kinds) == set(DATA)
    assert {instrument.value for instrument in Instrument} <= set(kinds)
    listing = {kind for kind in kinds if lists_sites(frozen_plan(language), draft(kind))}
    assert listing == set(WITH_SITES) | set(ABOUT_ANOTHER)


def test_deadline_data_accepted_as_day_or_ending_instant() -> None:
    data = DATA["reminder"] | {"due": DUE}

    assert "31 August 2021" in compose(frozen_plan("en"), draft("reminder"), lines("reminder", data=data)).text


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("the campaign ended", "专项行动已结束；继续整治"),
        ("the campaign was stopped: 暴雨", "专项行动已终止：暴雨；继续整治"),
        ("矿权争议", "矿权争议；继续整治"),
    ],
)
def test_engine_reason_worded_in_plan_language(reason: str, said: str) -> None:
    rendered = compose(frozen_plan(), draft("carry_over"), lines("carry_over", data={"reason": reason}))

    assert said in rendered.text


def test_a_deadline_at_midnight_is_written_as_the_day_it_ends() -> None:
    chinese = compose(frozen_plan("zh-CN"), draft("rectification_notice"))
    english = compose(frozen_plan("en"), draft("rectification_notice"))

    assert "于2021年8月31日24时（30个自然日，clauses.rectification）前完成" in chinese.text
    assert "其中2个点位于2021年8月31日24时（10个自然日，variations[0].rectification）前完成" in chinese.text
    assert "by the end of 31 August 2021 (30 calendar days, clauses.rectification)" in english.text


def test_the_date_of_issue_is_that_of_the_campaign_zone() -> None:
    late = draft("deployment_approved", issued_at="2021-09-03T17:00:00Z")

    assert compose(frozen_plan("en"), late).text.endswith("\n4 September 2021\n")


def test_overdue_site_listed_with_delay_days_and_round() -> None:
    rendered = compose(frozen_plan("en"), draft("reminder_letter"), lines("reminder_letter"))

    assert "1 | PDS-001 | 一号硐口 | 鲁山县 | 31 August 2021 | round 2, 3 days overdue" in rendered.text
    assert rendered.subject == "Pingdingshan: 2 sites overdue"


def test_reminder_counts_days_from_its_issue_date() -> None:
    friday = draft("reminder", issued_at="2021-08-27T01:00:00Z")

    rendered = compose(frozen_plan("en"), friday, lines("reminder", count=1))

    assert DATA["reminder"]["days_before"] == 7
    assert "31 August 2021 (30 calendar days, clauses.rectification) | 4 days left: complete" in rendered.text


def test_one_site_is_spoken_of_in_the_singular() -> None:
    rendered = compose(frozen_plan("en"), draft("closure"), lines("closure", count=1))

    assert rendered.subject == "Pingdingshan: 1 site struck off"


def test_site_with_two_notices_has_two_lines_counted_once() -> None:
    twice = lines("acceptance_overdue", site_id="PDS-001")

    rendered = compose(frozen_plan("en"), draft("acceptance_overdue"), twice)

    assert rendered.subject == "Pingdingshan: acceptance of 1 site overdue"
    assert Tags(rendered.html).tags.count("tr") == 3


def test_a_rectification_opinion_names_the_work_to_do_again() -> None:
    rendered = compose(frozen_plan("en"), draft("rectification_opinion"), lines("rectification_opinion", count=1))

    assert "County acceptance failed, round 2 begins; to do again: Seal the adit; opinion: The seal is" in rendered.text


def test_opinion_without_requirements_asks_for_all() -> None:
    data = DATA["rectification_opinion"] | {"failed_requirements": [], "opinion": None}

    rendered = compose(
        frozen_plan("zh-CN"), draft("rectification_opinion"), lines("rectification_opinion", count=1, data=data)
    )

    assert "县级验收未通过，进入第2轮；返工：全部整治任务\n" in rendered.text


def test_city_documents_addressed_to_lead_and_recipients() -> None:
    frozen = frozen_plan("zh-CN")

    rendered = compose(frozen, draft("plan_issue"))

    assert rendered.addressee == "平顶山市、市人民政府"
    assert rendered.recipients == frozen.plan.cities[0].recipients


@pytest.mark.parametrize("kind", ("closing_report", "decision_overdue"))
def test_what_concerns_the_province_goes_to_the_issuing_agencies(kind: str) -> None:
    rendered = compose(frozen_plan("zh-CN"), draft(kind))

    assert rendered.addressee == "省自然资源厅、省公安厅"
    assert [recipient.email for recipient in rendered.recipients] == ["land@prov.example", None]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", WITH_SITES)
def test_markup_and_line_breaks_in_a_site_do_nothing(kind: str, language: str) -> None:
    data = {name: HOSTILE if name in ("opinion", "reason") else value for name, value in DATA[kind].items()}
    if "failed_requirements" in data:
        data["failed_requirements"] = [HOSTILE]
    honest = compose(frozen_plan(language), draft(kind), lines(kind, count=1))

    hostile = compose(frozen_plan(language), draft(kind), lines(kind, count=1, name=HOSTILE, county=HOSTILE, data=data))

    assert Tags(hostile.html).tags == Tags(honest.html).tags
    assert len(Tags(hostile.html).cells) == (7 if "responsible" in data else 6)
    assert hostile.text.count("\n") == honest.text.count("\n")
    assert "\u2028" not in hostile.text
    assert "{{ 7 * 7 }}" in hostile.text  # rendered as text, not evaluated


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", DATA)
def test_markup_and_line_breaks_in_a_plan_do_nothing(kind: str, language: str) -> None:
    honest = frozen_plan(language)
    plan = honest.plan
    city = plan.cities[0].model_copy(update={"name": HOSTILE, "lead": HOSTILE})
    agency = plan.issuing_agencies[0].model_copy(update={"name": HOSTILE})
    evil = honest.model_copy(
        update={
            "plan": plan.model_copy(
                update={
                    "title": HOSTILE,
                    "document_number": HOSTILE,
                    "cities": (city,),
                    "issuing_agencies": (agency, plan.issuing_agencies[1]),
                }
            )
        }
    )

    rendered = compose(evil, draft(kind), lines(kind))

    plain = compose(honest, draft(kind), lines(kind))
    assert Tags(rendered.html).tags == Tags(plain.html).tags
    assert rendered.text.count("\n") == plain.text.count("\n")
    assert "\n" not in rendered.subject and "\r" not in rendered.subject
    message = letter(
        document(subject=HOSTILE), PdfResult(), "hundred-days@province.example", (), frozen_plan().plan.zone
    )
    assert message["Bcc"] is None


def test_cited_reason_keeps_lines_with_quote_marks() -> None:
    rendered = compose(frozen_plan("en"), draft("deployment_returned"))

    assert "> 1. No sites named.\n> 2. No dates.\n" in rendered.text
    assert "<p>1. No sites named.</p><p>2. No dates.</p>" in rendered.html


@pytest.mark.parametrize("kind", ("plan_issue", "closing_report", "rectification_notice"))
def test_draft_with_missing_data_raises_error(kind: str) -> None:
    with pytest.raises(jinja2.UndefinedError):
        compose(frozen_plan(), draft(kind, data={}))


def test_a_kind_without_words_is_refused_with_the_known_kinds() -> None:
    with pytest.raises(InvalidInput, match=r"love_letter.*known are acceptance_overdue"):
        compose(frozen_plan(), draft("circular").model_copy(update={"kind": "love_letter"}))


@pytest.mark.parametrize("kind", ("receipt_overdue", "deployment_overdue", "decision_overdue", "deployment_returned"))
@pytest.mark.parametrize("language", LANGUAGES)
def test_desk_documents_can_be_written_without_a_deadline(kind: str, language: str) -> None:
    rendered = compose(frozen_plan(language), draft(kind, data={"reason": "It is incomplete."}))

    assert "None" not in rendered.text


def test_a_title_in_chinese_quotes_is_not_quoted_twice() -> None:
    rendered = compose(frozen_plan(title="《百日整治方案》"), draft("plan_issue"))

    assert rendered.subject == "关于印发《百日整治方案》的通知"


def test_the_same_draft_always_makes_the_same_document() -> None:
    first = compose(frozen_plan(), draft("reminder"), lines("reminder"))

    assert first == compose(frozen_plan(), draft("reminder"), lines("reminder"))
