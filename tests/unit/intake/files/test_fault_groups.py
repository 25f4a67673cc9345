"""Equal faults of many rows are one line; no fault is lost from the count."""

from hypothesis import given
from hypothesis import strategies as st

from intake.files.fault_groups import FaultGroups
from intake.files.faults import Fault

FAULTS = st.lists(
    st.builds(
        Fault,
        file=st.just("r.csv"),
        value=st.integers(0, 60).map(str),
        expected=st.sampled_from(["a city", "a number"]),
        row=st.integers(2, 500),
        column=st.sampled_from(["市代码", "面积"]),
    ),
    max_size=300,
)


def city(row: int, value: str = "41040") -> Fault:
    return Fault("r.csv", value, "a city of the plan", row=row, column="市代码")


def test_same_value_in_many_rows_is_one_line() -> None:
    (group,) = FaultGroups.of([city(row) for row in range(2, 802)]).listed
    assert (group.first.column, group.first.value, group.where) == ("市代码", "41040", "800 rows, first 2, 3, 4")


def test_groups_stand_in_the_order_of_their_first_row() -> None:
    groups = FaultGroups.of([city(9, "b"), city(3, "a"), city(4, "b"), city(5, "a")]).listed
    assert [(group.first.value, group.where) for group in groups] == [("a", "3, 5"), ("b", "4, 9")]


def test_many_values_of_one_cause_are_bounded_and_counted() -> None:
    groups = FaultGroups.of([city(row, f"x{row % 500}") for row in range(1002, 2002)])
    assert len(groups.listed) == 20
    assert groups.more == ("column 市代码: and 480 more values in 960 rows, expected a city of the plan",)


@given(FAULTS)
def test_every_fault_is_counted_once(faults: list[Fault]) -> None:
    groups = FaultGroups.of(faults)
    unlisted = sum(int(more.split(" in ")[1].split()[0].replace(",", "")) for more in groups.more)
    assert sum(group.count for group in groups.listed) + unlisted == len(faults)
    firsts = [min(group.rows) for group in groups.listed]
    assert firsts == sorted(firsts)
