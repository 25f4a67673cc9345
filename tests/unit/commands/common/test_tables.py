"""Tables at the width of the terminal: whatever is a number, a code or a day stands whole, or not in a column."""

from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console, RenderableType

from commands.common.tables import table

HEADS = ("code", "city", "planned", "lifted", "booked", "days", "reason")
PROSE = "开采面未复绿，排水沟没有完工，需重新整改"
ROW = ("410400", "平顶山市", "41,790,005.00", "", "2,000,001.50", "2021-07-17", PROSE)


def printed(shown: RenderableType, columns: int) -> list[str]:
    console = Console(width=columns, markup=False, highlight=False, emoji=False, file=StringIO())
    with console.capture() as capture:
        console.print(shown)
    lines = capture.get().splitlines()
    assert all(cell_len(line) <= columns for line in lines)
    return [line.rstrip() for line in lines]


def test_a_table_that_fits_keeps_its_empty_columns() -> None:
    lines = printed(table(HEADS, [ROW], right=["planned"]), 130)
    assert lines[0].split() == list(HEADS) and len(lines) == 3


def test_a_column_without_any_content_is_the_first_to_go() -> None:
    lines = printed(table(("code", "an empty column", "day"), [("410400", None, "2021-07-17")]), 22)
    assert lines[0].split() == ["code", "day"]
    assert lines[2].split() == ["410400", "2021-07-17"]


def test_prose_is_folded_but_not_into_scraps() -> None:
    lines = printed(table(HEADS, [ROW], right=["planned", "booked"]), 88)
    assert "lifted" not in lines[0] and "reason" in lines[0]
    assert all(whole in lines[2] for whole in ROW[:3])
    assert min(len(line.strip()) for line in lines[2:-1]) >= 8


def test_rows_that_do_not_fit_are_stacked_under_their_first_cell() -> None:
    other = ("410600", "鹤壁市", "7.00", None, "", "2021-07-18", "")
    assert printed(table(HEADS, [ROW, other], right=["planned", "booked"]), 60) == [
        "410400",
        "  city     平顶山市",
        "  planned  41,790,005.00",
        "  booked   2,000,001.50",
        "  days     2021-07-17",
        "  reason   开采面未复绿，排水沟没有完工，需重新整改",
        "410600",
        "  city     鹤壁市",
        "  planned  7.00",
        "  days     2021-07-18",
    ]


def test_stacked_row_headed_by_name_if_numeric_or_code_empty() -> None:
    heads, long = ("sites", "city", "area"), "1" * 20
    assert printed(table(heads, [("28", long, long)], right=["sites"]), 40)[0] == "sites 28"
    assert printed(table(heads, [("", "together", long * 2)]), 40)[0] == "together"


CELL = st.one_of(
    st.integers(0, 10**12).map(lambda n: f"{n:,}.00"),
    st.dates().map(str),
    st.sampled_from(["", "410400", "豫自然资督〔2021〕12号", "deployment_overdue", "平顶山市", "reg-2021-000017"]),
)


@given(rows=st.lists(st.tuples(*[CELL] * 7), min_size=1, max_size=4), columns=st.integers(44, 130))
def test_no_number_code_or_day_is_ever_cut(rows: list[tuple[str, ...]], columns: int) -> None:
    text = "\n".join(printed(table(HEADS, rows, right=["planned", "booked"]), columns))
    assert all(cell in text for row in rows for cell in row)


@pytest.mark.parametrize("columns", [20, 400])
def test_a_table_without_rows_is_its_heads(columns: int) -> None:
    assert "code" in printed(table(("code", "sites"), []), columns)[0]
