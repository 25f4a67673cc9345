"""Where the pages of a document's PDF end."""

from typing import Any

import pytest

from tests.unit.activities.channels.test_pdf import letter_of, pressed, squeezed


def test_pdf_line_spacing_reduced_only_where_it_saves_a_page() -> None:
    asked = ["请市人民政府于2021年8月25日24时前签收本文书。", "请于2021年8月31日24时前书面回复。"]
    short, long_ = letter_of("plan_issue"), letter_of(count=60)
    order = letter_of(count=1, copies="分管副市长办公室", requests=asked)

    assert [len(pressed(letter).pages) for letter in (short, order)] == [1, 1]
    loose = _gap_above_the_heading(short)
    assert _gap_above_the_heading(order) < loose == _gap_above_the_heading(long_)


def _gap_above_the_heading(letter: dict[str, Any]) -> int:
    """From the number of a document down to what kind of document it is, in points."""
    stands: dict[str, float] = {}

    def note(text: str, at: list[float], *_: Any) -> None:
        stands.setdefault(squeezed(text), at[5])

    pressed(letter).pages[0].extract_text(visitor_text=note)
    return round(stands[squeezed(letter["number"])] - stands[squeezed(letter["heading"])])


@pytest.mark.parametrize("language", ("zh-CN", "en"))
def test_pdf_list_intro_and_signature_kept_with_adjacent_text(language: str) -> None:
    for count in range(1, 18):
        for plan_number in ("", "12"):
            letter = letter_of(language=language, count=count, plan_number=plan_number)
            pages = [page.extract_text() for page in pressed(letter).pages]
            for page in pages:
                *_, last, _number = (squeezed(line) for line in page.splitlines() if line.strip())
                assert last != squeezed(letter["labels"]["tasks"])
            end = squeezed(pages[-1])
            assert not end.startswith(squeezed(letter["issuers"][0])) or squeezed(letter["heading"]) in end


def test_a_column_s_head_takes_two_lines_at_most() -> None:
    said = pressed(letter_of()).pages[0].extract_text()

    assert "所在县（市、 区）" in said  # a space stands where a cell goes on in its next line
