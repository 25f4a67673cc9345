"""Documents are counted in the week they were issued in."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from reports.documents.by_week import MAX_COLUMNS, DocumentsOnDay, by_week

START, END = date(2021, 7, 17), date(2021, 10, 31)
issued = st.lists(
    st.builds(
        DocumentsOnDay,
        st.sampled_from(["reminder", "circular"]),
        st.integers(0, 3),
        st.integers(-30, 900).map(lambda n: START + timedelta(days=n)),
        st.integers(1, 9),
    )
)


def test_weeks_begin_on_the_campaign_s_own_weekday() -> None:
    table = by_week([DocumentsOnDay("reminder", 1, START + timedelta(days=7), 2)], START, END)
    assert (table.days, len(table.starts), table.starts[1]) == (7, 16, date(2021, 7, 24))
    assert table.rows[0].counts[:3] == (0, 2, 0)


def test_rows_climb_the_ladder() -> None:
    documents = [DocumentsOnDay("circular", 3, START, 1), DocumentsOnDay("plan_issue", 0, START, 1)]
    assert [row.rung for row in by_week(documents, START, END).rows] == [0, 3]


@given(issued)
def test_no_document_is_lost_and_the_table_stays_narrow(documents: list[DocumentsOnDay]) -> None:
    table = by_week(documents, START, END)
    assert sum(table.totals) == sum(row.total for row in table.rows) == sum(entry.count for entry in documents)
    assert len(table.starts) <= MAX_COLUMNS
