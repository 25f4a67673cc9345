"""A register keeps its digest through releases: running campaigns are known by it."""

from schemas.register import Site
from storage.campaigns import register_digest
from tests.support.plans import site

BEFORE = "a24b7610cff0bd6b939b0d1a9bd281de7a5d19df47f90e54d651004c158eeff0"
"""What the release before the column of newly found sites made of these two."""


def test_a_register_without_newly_found_sites_keeps_its_digest() -> None:
    assert register_digest([site(1), site(2)]) == BEFORE
    assert "newly_found" not in site(1).model_dump(mode="json")


def test_newly_found_flag_changes_digest_and_round_trips() -> None:
    found = site(2).model_copy(update={"newly_found": True})
    assert register_digest([site(1), found]) != BEFORE
    assert Site.model_validate_json(found.model_dump_json()) == found
