"""The page uses one language only, and shows unknown names unchanged."""

from datetime import UTC, datetime

import pytest

from rendering.wording import wording
from reports.page import percent, phase_title, progress, rungs
from reports.words.catalogue import Words
from schemas.ladder import Instrument
from schemas.status import STAGES
from tests.support.lived_campaign import a_plan


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_stage_and_instrument_has_its_word(language: str) -> None:
    words = Words("en" if language == "en" else "zh-CN")
    for stage in STAGES:
        assert words.named("stage", stage) != stage
    for instrument in Instrument:
        assert words.named("kind", instrument) != instrument


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_kind_of_document_has_a_name_of_its_own_in_lists(language: str) -> None:
    names = [Words("en" if language == "en" else "zh-CN").named("kind", kind) for kind in wording(language).kinds]
    assert len(set(names)) == len(names)
    assert not set(names) & set(wording(language).kinds)


def test_a_kind_of_a_later_release_is_shown_as_it_is_written() -> None:
    assert Words("zh-CN").named("kind", "of_tomorrow") == "of_tomorrow"


def test_the_day_is_said_before_during_and_after_the_campaign() -> None:
    plan, words = a_plan().plan, Words("zh-CN")

    def said(day: int, instant: datetime) -> str:
        return progress(plan, day, 107, instant, words)

    assert said(0, datetime(2021, 7, 1, tzinfo=UTC)) == "尚未开始（共 107 天）"
    assert said(100, datetime(2021, 10, 24, 1, tzinfo=UTC)) == "第 100 天 / 共 107 天"
    assert said(107, datetime(2021, 10, 31, 16, tzinfo=UTC)) == "已结束（共 107 天）"


def test_phase_title_from_plan_and_closed_campaign_from_words() -> None:
    assert phase_title(a_plan().plan, "works", Words("zh-CN")) == "集中整治"
    assert phase_title(a_plan().plan, "stopped", Words("zh-CN")) == "已终止"


def test_a_share_is_whole_only_when_nothing_is_missing() -> None:
    assert [percent(1999, 2000), percent(99_999, 100_000), percent(3, 3), percent(0, 0)] == [
        "99.9%",
        "99.9%",
        "100.0%",
        "—",
    ]


def test_rungs_are_written_with_their_sites() -> None:
    assert rungs({"1": 4, "2": 1200}) == "1×4 2×1,200" and rungs({}) == "—"
