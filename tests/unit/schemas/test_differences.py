"""What differs is said with its path and both values, completely counted and bounded in length."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from schemas.differences import differences, differing_fields, differing_sites
from schemas.register import Site

ENTRY = st.fixed_dictionaries({"id": st.sampled_from("abcd"), "value": st.integers(0, 2)})
DATA = st.recursive(
    st.none() | st.booleans() | st.integers(0, 3) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("xyz"), inner) | st.lists(ENTRY, max_size=4)
    ),
    max_leaves=12,
)


def without_empty(data: Any) -> Any:
    """Data in which a field that holds nothing is the same as one that is missing, as in the models."""
    if isinstance(data, dict):
        return {name: held for name, one in data.items() if (held := without_empty(one)) not in (None, {}, [])}
    return [without_empty(one) for one in data] if isinstance(data, list) else data


@given(DATA)
def test_same_data_has_no_differences(data: Any) -> None:
    assert list(differences(data, json.loads(json.dumps(data)))) == []


@given(DATA, DATA)
def test_other_data_has_a_difference(kept: Any, brought: Any) -> None:
    if without_empty(kept) != without_empty(brought):
        assert list(differences({"of": kept}, {"of": brought}))


def test_fields_are_named_by_ids_with_both_values() -> None:
    kept = {"starts_on": "2021-07-17", "cities": [{"code": "410400", "lead": "甲"}, {"code": "410181", "lead": "丙"}]}
    brought = {
        "starts_on": "2021-07-18",
        "cities": [{"code": "410400", "lead": "乙"}, {"code": "410181", "lead": "丙"}],
    }
    assert differing_fields("plan", kept, brought) == (
        "the plan differs in 2 fields: starts_on (kept: 2021-07-17, this one: 2021-07-18); "
        "cities[410400].lead (kept: 甲, this one: 乙)"
    )


def test_entries_in_another_order_differ() -> None:
    entries = [{"id": "a"}, {"id": "b"}]
    assert "order" in differing_fields("plan", {"levels": entries}, {"levels": entries[::-1]})


def test_long_lists_and_values_are_bounded_and_counted() -> None:
    said = differing_fields("plan", {str(n): "x" * 500 for n in range(300)}, {})
    assert len(said) < 2000 and said.startswith("the plan differs in 300 fields: ") and said.endswith("and 290 more")


def site(number: int, area: float = 1.0) -> Site:
    return Site(id=f"P{number}", name="井", city="410400", county="410421", type="adit", area_ha=area)


def test_sites_are_told_as_removed_new_and_changed() -> None:
    assert differing_sites("register", [site(1), site(2), site(3)], [site(2, 2.5), site(3), site(4)]) == (
        "the register differs in 3 sites: P1 is not in this one; P4 is new in this one; "
        "P2 differs: area_ha (kept: 1.0, this one: 2.5)"
    )
