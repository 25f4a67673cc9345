"""Two spellings of one id."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.identity import Spellings, folded, plain, same_number

VARIANTS = [
    "A-001", "A－001", "Ａ－００１", "a-001", "A—001", "A–001", "A−001", "A‐001", "\u200bA-001\ufeff", "A-\u00ad001 ",
]  # fmt: skip


@pytest.mark.parametrize("text", VARIANTS)
def test_spellings_of_one_id_fold_alike(text: str) -> None:
    assert folded(text) == "a-001"


@pytest.mark.parametrize("dash", "‐‑‒–—―⁃−⎯─━ー﹘﹣－")
def test_dash_of_any_kind_is_one(dash: str) -> None:
    assert folded(f"A{dash}1") == "a-1" and plain(f"Ａ {dash} 1") == "A - 1"


def test_different_ids_stay_different() -> None:
    ids = ["A-001", "A-0010", "A001", "B-001", "É-001", "E-001", "鲁山-001", "鲁山-O01", "鲁山_001", "S-003", "S-003B"]
    assert len({folded(one) for one in ids}) == len(ids)


@given(st.text(max_size=40))
def test_folding_is_idempotent_and_blind_to_width_and_case(text: str) -> None:
    assert folded(folded(text)) == folded(text)
    assert folded(unicodedata.normalize("NFKC", text)) == folded(text)
    assert folded(f"\u200b{text}\ufe0f \u3000") == folded(text)


@given(st.text(alphabet=st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=40))
def test_full_width_text_folds_as_ascii(text: str) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) for c in text)
    assert folded(wide) == folded(text)


@pytest.mark.parametrize(
    "typed",
    ["豫公督[2021]12号", "豫公督〔2021〕 12 号", "豫公督（２０２１）12号", "豫公督【2021】12号", "豫公督<2021>12号"],
)
def test_number_is_one_with_brackets_of_any_kind(typed: str) -> None:
    assert same_number("豫公督〔2021〕12号", typed)
    assert not same_number("豫公督〔2021〕13号", typed) and not same_number("豫公督2021〕12号", typed)


def test_first_spelling_of_an_office_is_kept() -> None:
    names = Spellings(["平顶山市公安局（示例）", "Duty desk"])
    assert names.known("平顶山市公安局(示例)") == "平顶山市公安局（示例）"
    assert names.known("duty  desk") == "Duty desk"
    assert names.known("Night desk") == "Night desk"
    assert names.note("Night desk") == "Night desk" and names.known("NIGHT DESK") == "Night desk"
