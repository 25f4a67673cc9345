"""The text of a fault, and the error that carries all faults."""

import pytest

from intake.files.faults import Fault, FaultList, told
from schemas.errors import InvalidInput

IN_PLAN = Fault("plan.yaml", "five", "a whole number", path="clauses.deployment.amount", line=9)
IN_TABLE = Fault("sites.csv", "", "a value", row=7, column="纬度")


def test_a_fault_says_file_place_value_and_expectation() -> None:
    assert str(IN_PLAN) == "plan.yaml: line 9, clauses.deployment.amount: `five`, expected a whole number"
    assert str(IN_TABLE) == "sites.csv: row 7, column 纬度: nothing there, expected a value"
    assert Fault("plan.yaml", "", "text").where == "the whole file"


def test_a_value_cannot_forge_lines_or_colours_in_a_message() -> None:
    forged = str(Fault("a.csv", "x\n\x1b[31mfine" + "y" * 500, "text", row=2))
    assert "\n" not in forged and "\x1b" not in forged and len(forged) < 250


def test_one_error_carries_every_fault() -> None:
    faults = FaultList.of([IN_PLAN, IN_TABLE])
    with pytest.raises(InvalidInput) as caught:
        raise faults.invalid()
    assert caught.value.args == (faults,)
    assert str(caught.value).splitlines() == [str(IN_PLAN), str(IN_TABLE)]


@pytest.mark.parametrize(("count", "lines"), [(0, 0), (20, 20), (21, 21), (400, 21)])
def test_first_twenty_are_told_and_others_listed(count: int, lines: int) -> None:
    found = [(f"s{n}", Fault("r.csv", f"s{n} name", "one", row=n)) for n in range(count)]
    faults = list(told(found, "these too"))
    assert len(faults) == lines and faults[:20] == [fault for _, fault in found[:20]]
    if count > 20:
        assert faults[20] == Fault("r.csv", ", ".join(one for one, _ in found[20:]), "these too")
