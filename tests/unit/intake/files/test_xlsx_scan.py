"""Cells of an XLSX sheet that look empty: which are errors, and which formulas have no result."""

import io
import zipfile

import pytest

from intake.files.xlsx_scan import hidden_cells

pytestmark = pytest.mark.unit

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def book(rows: str, target: str = "worksheets/first.xml", calculated: str = "") -> bytes:
    """A workbook whose second sheet, 台账, has these rows."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        sheets = '<sheet name="说明" r:id="r1"/><sheet name="台账" r:id="r2"/>'
        head = f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">'
        archive.writestr("xl/workbook.xml", f"{head}<sheets>{sheets}</sheets>{calculated}</workbook>")
        relations = f'<Relationship Id="r1" Target="x.xml"/><Relationship Id="r2" Target="{target}"/>'
        archive.writestr("xl/_rels/workbook.xml.rels", f"<Relationships>{relations}</Relationships>")
        xml = f'<x:worksheet xmlns:x="{MAIN}" xmlns="{MAIN}"><sheetData>{rows}</sheetData></x:worksheet>'
        archive.writestr("xl/worksheets/first.xml", xml)
    return made.getvalue()


@pytest.mark.parametrize(
    ("cell", "hidden"),
    [
        ("<c r='C2' t='e'><v>#N/A</v></c>", "#N/A"),
        ('<x:c r="C2" t="e"><x:f>1/0</x:f><x:v>#DIV/0!</x:v></x:c>', "#DIV/0!"),
        ('<c r="C2"><f>A1*2</f></c>', "=A1*2"),
        ('<c r="C2"><f>A1&amp;B1</f><v/></c>', "=A1&B1"),
        ('<c r="C2"><f t="shared" si="0"/><v></v></c>', "="),
        ('<c r="C2"><f>A1*2</f><v>4</v></c>', None),
        ('<c r="C2"><f>A1*2</f><v>0</v></c>', None),
        ('<c r="C2" t="str"><f>IF(A1="","",A1)</f><v></v></c>', None),
        ('<c r="C2" t="inlineStr"><is><t>t="e"</t></is></c>', None),
        ('<c r="C2"><v>4</v></c>', None),
    ],
)
def test_cell_is_hidden_only_without_a_result(cell: str, hidden: str | None) -> None:
    expected = {} if hidden is None else {(1, 2): hidden}
    assert hidden_cells(book(f'<row r="2">{cell}</row>'), "台账") == expected


def test_cells_without_references_follow_each_other() -> None:
    rows = '<row><c t="e"><v>#REF!</v></c></row><row r="5"><c r="B5"/><c t="e"><v>#N/A</v></c></row>'
    assert hidden_cells(book(rows, "/xl/worksheets/first.xml"), "台账") == {(0, 0): "#REF!", (4, 2): "#N/A"}


def test_column_letters_are_counted() -> None:
    cells = "".join(f'<c r="{letters}1" t="e"><v>#N/A</v></c>' for letters in ("Z", "AA", "XFD"))
    assert set(hidden_cells(book(f'<row r="1">{cells}</row>'), "台账") or ()) == {(0, 25), (0, 26), (0, 16383)}


def test_zero_before_the_first_calculation_is_no_result() -> None:
    rows = '<row r="1"><c r="A1"><f>1+1</f><v>0</v></c><c r="B1"><f>1+1</f><v>2</v></c></row>'
    assert hidden_cells(book(rows, calculated='<calcPr fullCalcOnLoad="1"/>'), "台账") == {(0, 0): "=1+1"}


def test_other_formats_cannot_tell() -> None:
    assert hidden_cells(b"\xd0\xcf\x11\xe0", "台账") is None
    assert hidden_cells(book("<row/>"), "没有") is None
