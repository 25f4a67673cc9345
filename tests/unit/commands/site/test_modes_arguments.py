"""Modes, amounts and the chapters of an opinion, as people type them."""

from decimal import Decimal

import pytest

from commands.site.arguments import booking, funding, restoration
from services.city.chapters import read_chapters


def test_a_mode_is_named_in_chinese_or_english() -> None:
    assert restoration("市场化修复") is restoration("market") is restoration("Market")
    assert funding("耕地占补平衡") is funding("land-balance") is funding("land balance") is funding("占补平衡")
    with pytest.raises(ValueError, match=r"natural \(自然恢复\), engineering"):
        restoration("造林")


def test_a_booking_has_one_amount() -> None:
    assert booking("1,250,000.50", None, None, None) == {"unit": "cny", "amount": Decimal("1250000.50")}
    assert booking(None, None, "-45", None)["amount"] == -45
    assert booking(None, None, None, "1,200") == {"unit": "t", "amount": Decimal(1200)}
    for several in ((None, None, None, None), ("1", "1", None, None)):
        with pytest.raises(ValueError, match="say one of"):
            booking(*several)
    with pytest.raises(ValueError, match="--ha: expected a number"):
        booking(None, "两公顷", None, None)


def test_chapters_split_at_headings_and_numbering_stripped() -> None:
    text = "# 一、资金来源\n企业自筹。\n二次投入。\n\n## （二）修复模式\n市场化。\n### 3. 保障措施\n专班。"
    assert read_chapters(text) == [
        {"title": "资金来源", "text": "企业自筹。\n二次投入。"},
        {"title": "修复模式", "text": "市场化。"},
        {"title": "保障措施", "text": "专班。"},
    ]


@pytest.mark.parametrize("text", ["没有标题的文字\n# 资金来源\n财政", "没有标题", ""])
def test_text_without_a_heading_is_no_chapter(text: str) -> None:
    with pytest.raises(ValueError, match="heading such as"):
        read_chapters(text)
