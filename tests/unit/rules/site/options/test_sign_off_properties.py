"""Random signatures, refusals and missing answers: no site is struck off without every department's signature."""

import json
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.site.aggregate import SiteAggregate
from schemas.actor import Actor, Role, Units
from schemas.options.sign_off import SignOffTerms
from tests.support.budget import examples
from tests.support.sample_terms import CITY, COUNTY, SiteLife, all_work, on, passed, working
from tests.support.signed_site import BUILDER, ENTERPRISE, signed

DEPARTMENTS = ("land", "water", "forest")
PEOPLE = ("ann", "bo", "cy", BUILDER.id, CITY.id)
UNITS = Units(city=(CITY.unit,), county=(COUNTY.unit,), enterprise=(ENTERPRISE,), department=DEPARTMENTS)

WORDS = st.lists(
    st.tuples(st.sampled_from(DEPARTMENTS), st.sampled_from(PEOPLE), st.booleans() | st.just(True), st.integers(0, 60)),
    max_size=14,
)
"""Department, person, whether it agrees, and the hours since the decision before."""


@settings(max_examples=examples(150), deadline=None)
@given(st.integers(1, 3), WORDS)
def test_closed_site_has_signature_of_each_department(many: int, words: list[tuple[str, str, bool, int]]) -> None:
    asking = SignOffTerms(due=working(2), upward=working(1), departments=DEPARTMENTS[:many], rungs=(1, 2, 3))
    site = SiteLife(sign_off=asking, units=UNITS, max_rounds=2)
    now = on(7, 20)
    for department, person, agrees, hours in words:
        now += timedelta(hours=hours, minutes=1)
        _work_and_judge(site, now)
        by = Actor(id=person, role=Role.DEPARTMENT, unit=department)
        site.at(now, signed(now, by, passed=agrees, opinion=None if agrees else "重做"))
    site.quiet_until(now + timedelta(days=10))

    asked = [place for place, entry in enumerate(site.entries) if entry.kind == "sign_off_requested"]
    since = site.entries[asked[-1] :] if asked else []
    signatures = {
        json.loads(entry.data)["department"]: json.loads(entry.actor)["id"]
        for entry in since
        if entry.kind == "signed_off"
    }
    everybody = set(signatures) == set(DEPARTMENTS[:many])
    assert (site.state.stage == "closed") is everybody
    assert len(set(signatures.values())) == len(signatures), "nobody signs for two"
    assert not {BUILDER.id, CITY.id} & set(signatures.values()), "who built or judged does not sign"
    steps = [json.loads(entry.data)["step"] for entry in since if entry.kind == "sign_off_overdue"]
    assert steps == list(range(1, len(steps) + 1))
    assert len(steps) <= len(asking.rungs)

    again = SiteAggregate(site.core.terms)
    again.restore(site.entries)
    assert again.state == site.state


def _work_and_judge(site: SiteLife, now: datetime) -> None:
    """Do returned work again and pass it at once."""
    if site.state.stage == "rectifying":
        site.at(now, *all_work(now, by=BUILDER))
    for level, by in (("county", COUNTY), ("city", CITY)):
        if site.state.level == level:
            site.at(now, passed(now, level, by=by))
