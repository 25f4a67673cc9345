"""A plan that reaches a city only after an outage: nothing is due before anybody could know."""

from datetime import timedelta

from rules.calendar import clause_end
from rules.city.aggregate import CityAggregate
from tests.support.imagined_city import CityLife, city_terms
from tests.support.sample_terms import HENAN, deadline, on, working

ISSUED, HEARD = on(7, 19, 9), on(7, 29, 9)


def test_city_that_hears_late_of_the_plan_has_its_clauses_from_then() -> None:
    terms = city_terms(issued_at=ISSUED, receipt=working(1), deployment=working(5), receipt_due=deadline(7, 20),
                       deployment_due=deadline(7, 26))  # fmt: skip
    life = CityLife(CityAggregate(terms))
    life.at(HEARD)
    assert life.kinds()[0] == "plan_received"
    assert not {"receipt_overdue", "deployment_overdue"} & set(life.kinds())
    assert life.core.terms.receipt_due == clause_end(HENAN, HEARD, working(1))
    assert life.core.state.deployment_due == clause_end(HENAN, HEARD, working(5))
    again = CityAggregate(terms)
    again.restore(life.entries)
    assert again.state == life.core.state and again.terms == life.core.terms


def test_city_that_hears_in_time_has_the_days_of_the_plan() -> None:
    terms = city_terms(issued_at=ISSUED, receipt_due=deadline(7, 20), deployment_due=deadline(7, 26))
    life = CityLife(CityAggregate(terms))
    life.at(ISSUED + timedelta(minutes=5))
    assert life.core.terms.receipt_due == deadline(7, 20)
    assert life.core.state.deployment_due == deadline(7, 26)
