"""The PDF of a document, read back."""

import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from activities.channels import pdf as pdf_module
from activities.channels.pdf import CHINESE, KEPT_SHEETS, Typefaces, TypstRenderer, find_typefaces
from rendering.composing import compose
from rendering.specimens import DATA, draft, frozen_plan, lines, variants
from rendering.wording import wording
from tests.support.budget import examples

NUMBER = "豫自然资督〔2021〕12号"
PRESS = TypstRenderer()
NO_CHINESE = TypstRenderer(lambda: find_typefaces((), system=False))


def letter_of(
    kind: str = "supervision_order", language: str = "zh-CN", count: int = 2, **changes: Any
) -> dict[str, Any]:
    rendered = compose(frozen_plan(language), draft(kind, number=NUMBER), lines(kind, count=count))
    assert rendered.letter is not None
    return rendered.letter | changes


def pressed(letter: dict[str, Any], press: TypstRenderer = PRESS) -> PdfReader:
    sheet = press.render(letter, letter["language"])
    assert sheet.pdf is not None, sheet.why_not
    return PdfReader(io.BytesIO(sheet.pdf))


def squeezed(text: str) -> str:
    return "".join(text.replace("\u200b", "").split())


def said_by(reader: PdfReader) -> str:
    return squeezed("".join(page.extract_text() for page in reader.pages))


@pytest.mark.parametrize("language", ("zh-CN", "en"))
@pytest.mark.parametrize("kind", DATA)
def test_pdf_of_every_document_kind_contains_whole_letter(kind: str, language: str) -> None:
    specimen, its_lines = variants(kind)[0]
    letter = compose(frozen_plan(language), specimen, its_lines).letter
    assert letter is not None

    reader = pressed(letter)

    said = said_by(reader)
    for text in (letter["number"], letter["subject"], letter["heading"], letter["addressee"], letter["issued_on"]):
        assert squeezed(text) in said
    for many in ("issuers", "paragraphs", "quote", "tasks", "requests"):
        assert all(squeezed(text) in said for text in letter[many])
    for table in letter["tables"]:
        assert all(squeezed(cell) in said for row in (table["columns"], *table["rows"]) for cell in row)
    assert squeezed(letter["labels"]["seal"]) in said
    assert reader.metadata is not None and reader.metadata.title == letter["subject"]


def test_every_font_is_embedded_and_cut_down_to_what_is_shown() -> None:
    pages: list[Any] = list(pressed(letter_of()).pages)
    fonts = [font.get_object() for page in pages for font in page["/Resources"]["/Font"].values()]

    names = set()
    for font in fonts:
        (descendant,) = [one.get_object() for one in font["/DescendantFonts"]]
        descriptor = descendant["/FontDescriptor"]
        assert "/FontFile3" in descriptor or "/FontFile2" in descriptor
        names.add(descriptor["/FontName"])
    assert any("NotoSerifSC" in name for name in names)
    assert all(name[7] == "+" for name in names)  # the mark of a subset: /ABCDEF+Name
    sheet = PRESS.render(letter_of(), "zh-CN")
    assert sheet.pdf is not None and len(sheet.pdf) < 200_000


def test_pdf_bytes_depend_on_letter_only() -> None:
    first = PRESS.render(letter_of(), "zh-CN")

    assert first.pdf is not None
    assert TypstRenderer().render(letter_of(), "zh-CN") == first
    assert PRESS.render(letter_of(number="豫自然资督〔2021〕13号"), "zh-CN") != first


def test_pdf_concurrent_threads_get_their_own_documents() -> None:
    press = TypstRenderer()
    letters = [letter_of(number=f"豫自然资督〔2021〕{n}号") for n in range(KEPT_SHEETS + 8)]
    with ThreadPoolExecutor(4) as pool:
        sheets = list(pool.map(lambda letter: press.render(letter, "zh-CN"), letters))

    assert sheets == [PRESS.render(letter, "zh-CN") for letter in letters]
    assert len({sheet.pdf for sheet in sheets}) == len(letters)


def test_pdf_long_table_repeats_header_and_numbers_pages() -> None:
    reader = pressed(letter_of(count=60))

    texts = [squeezed(page.extract_text()) for page in reader.pages]
    assert len(texts) >= 3
    assert all("点位编号" in text for text in texts[:-1])
    assert all(f"—{number}—" in text for number, text in enumerate(texts, 1))


def test_copies_stand_at_the_foot_of_the_last_page_only() -> None:
    reader = pressed(letter_of(copies="分管副市长办公室", count=30))

    *before, last = [squeezed(page.extract_text()) for page in reader.pages]
    assert "抄送：分管副市长办公室" in last and not any("抄送" in text for text in before)


def test_the_signature_never_stands_on_a_page_of_its_own() -> None:
    for count in range(1, 30):
        last = squeezed(pressed(letter_of(count=count)).pages[-1].extract_text())
        assert "（印章）" in last and "方案文号" in last


def test_a_draft_says_so_where_its_number_would_stand() -> None:
    said = said_by(pressed(letter_of(draft=True, number="")))

    assert "草案（未经批准，未编文号）" in said and NUMBER not in said


@pytest.mark.parametrize("language", ("zh-CN", "en"))
def test_pdf_without_font_omitted_with_reason_in_plan_language(language: str) -> None:
    sheet = NO_CHINESE.render(letter_of(language=language), language)

    assert sheet.pdf is None
    assert sheet.why_not == wording(language).why_no_pdf["no_font"]
    assert "pylopdf-fonts-zh-cn" in sheet.why_not


def test_a_letter_without_chinese_needs_no_chinese_font() -> None:
    plain = letter_of("deployment_approved", "en", number="LAND 12 (2021)", plan_number="LAND 1 (2021)")

    assert "Approval" in said_by(pressed(plain, NO_CHINESE))


def test_a_document_issued_before_letters_were_kept_says_so() -> None:
    assert PRESS.render(None, "en").why_not == wording("en").why_no_pdf["no_letter"]


def test_pdf_layout_failure_omits_pdf_and_keeps_document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_module, "_LAYOUT", b"#panic()")

    assert TypstRenderer().render(letter_of(), "en").why_not == wording("en").why_no_pdf["failed"]
    assert TypstRenderer().render({"language": "en"}, "en").why_not == wording("en").why_no_pdf["failed"]


def test_a_machine_without_typst_says_so() -> None:
    def find() -> Typefaces:
        raise ImportError("no wheel")

    assert TypstRenderer(find).render(letter_of(), "zh-CN").why_not == wording("zh-CN").why_no_pdf["no_typst"]


def test_pdf_system_font_used_when_package_is_missing(tmp_path: Path) -> None:
    packaged = find_typefaces()
    paths = {font.path for font in packaged.fonts.fonts() if font.family == "Noto Sans SC"}
    (sans,) = [Path(path) for path in paths if path]
    (tmp_path / sans.name).write_bytes(sans.read_bytes())

    found = find_typefaces((tmp_path,), system=False)

    assert packaged.chinese and packaged.families[0] == CHINESE[0]
    assert found.chinese and found.families[0] == "Noto Sans SC"
    assert said_by(pressed(letter_of(), TypstRenderer(lambda: found))) == said_by(pressed(letter_of()))


HOSTILE = st.text(st.sampled_from(list("#*_$<>@`[]{}()=-+/\\\"'~;:%&|!?.,aZ07 硐口")), min_size=1, max_size=60).map(
    lambda text: " ".join(text.split())
)


@settings(max_examples=examples(60), deadline=None)
@given(texts=st.tuples(HOSTILE, HOSTILE, HOSTILE))
def test_pdf_user_text_shown_and_never_parsed_as_markup(texts: tuple[str, str, str]) -> None:
    title, name, task = texts
    letter = letter_of(subject=title, paragraphs=[name], tasks=[task], issuers=[name])
    letter["tables"][0]["rows"][0][2] = name

    reader = pressed(letter)

    said = said_by(reader)
    assert squeezed(title) in said and said.count(squeezed(name)) >= 3 and squeezed(task) in said
    assert not any("/Annots" in page for page in reader.pages)


@pytest.mark.parametrize(
    "text",
    [
        '#read("/etc/passwd")',
        '#import "@preview/x:1.0.0": *',
        '") #panic("x',
        "\\u{41}",
        '#image("/x.png")',
        "$x^2$",
        "= a",
    ],
)
def test_typst_code_in_a_text_is_text(text: str) -> None:
    assert squeezed(text) in said_by(pressed(letter_of(subject=text, paragraphs=[text])))


def test_pdf_layout_cannot_read_files_outside_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_module, "_LAYOUT", b'#read("/../../../../etc/hostname")')

    assert TypstRenderer().render(letter_of(), "en").pdf is None
