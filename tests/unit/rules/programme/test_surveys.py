"""What the rows of a survey change in the stock."""

from decimal import Decimal

from rules.programme.surveys import changes, merged
from tests.support.programme_years import stock_of

NEW, LARGER, SAME, HELD = stock_of([1.0, 2.0, 3.0, 4.0], "north")


def test_rows_are_new_measured_known_or_blocked() -> None:
    waiting = {LARGER.id: LARGER.model_copy(update={"area_ha": Decimal("1.5")}), SAME.id: SAME}
    other = HELD.model_copy(update={"area_ha": Decimal(9)})
    merge = merged(waiting, {HELD.id: other}, [NEW, LARGER, SAME, HELD])
    assert (merge.new, merge.known, merge.blocked) == ((NEW,), (SAME,), (HELD,))
    changed, added, before, after = changes(merge)
    assert [one.id for one in changed] == [NEW.id, LARGER.id]
    assert [one.area_ha for one in (added, before, after)] == [Decimal(1), Decimal("1.5"), Decimal(2)]


def test_a_held_site_that_is_as_known_is_no_fault() -> None:
    assert merged({}, {HELD.id: HELD}, [HELD]).known == (HELD,)
