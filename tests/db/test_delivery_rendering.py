"""Documents whose lines are read from their notices."""

from datetime import UTC, datetime
from typing import Any

import pytest

from activities.documents.rendering import Renderer
from rendering.specimens import DATA, draft, frozen_plan
from schemas.canonical import canonical_json
from schemas.clock import Clock
from schemas.errors import NotFound
from schemas.register import Site
from storage.campaigns import create_campaign
from storage.connections import Pool

FROZEN = frozen_plan("en")
SITES = [
    Site(id="PDS-001", name="North <adit>", city="410400", county="Ye", type="adit"),
    Site(id="PDS-002", name="South adit", city="410400", county="Lushan", type="adit"),
    Site(id="PDS-003", name="Shaft", city="410400", county="Ye", type="shaft"),
]


@pytest.fixture
async def campaign(pool: Pool) -> str:
    await create_campaign(pool, FROZEN, SITES, Clock())
    return FROZEN.plan.id


async def notice(pool: Pool, site: str, document_key: str | None, **changes: Any) -> None:
    said: dict[str, Any] = {
        "kind": "reminder_letter",
        "rung": 1,
        "at": datetime(2021, 9, 1, tzinfo=UTC),
        "data": {"due": "2021-08-31", "round": 2},
    } | changes
    await pool.execute(
        "insert into notice (campaign_id, key, city, site_id, kind, rung, at, data, document_key) "
        "values ($1, $2, '410400', $3, $4, $5, $6, $7, $8)",
        FROZEN.plan.id, f"{site}:{said['kind']}:{said['rung']}:{said['data']['round']}", site, said["kind"],
        said["rung"], said["at"], canonical_json(said["data"]), document_key,
    )  # fmt: skip


LETTER = draft("reminder_letter", sites=("PDS-001", "PDS-002"), rung=1)


async def test_a_listing_shows_the_sites_of_its_own_notices_by_county(pool: Pool, campaign: str) -> None:
    for site in ("PDS-001", "PDS-002"):
        await notice(pool, site, LETTER.key)
    await notice(pool, "PDS-003", "another document")

    rendered = await Renderer(pool).render(FROZEN, LETTER)

    assert rendered.subject == "Pingdingshan: 2 sites overdue"
    assert "1 | PDS-002 | South adit | Lushan | 31 August 2021 | round 2, 3 days overdue" in rendered.text
    assert "2 | PDS-001 | North <adit> | Ye | " in rendered.text
    assert "North &lt;adit&gt;" in rendered.html
    assert "PDS-003" not in rendered.text
    assert rendered == await Renderer(pool).render(FROZEN, LETTER)


async def test_ungathered_notices_listed_once_per_site_of_same_rung(pool: Pool, campaign: str) -> None:
    for site in ("PDS-001", "PDS-002", "PDS-003"):
        await notice(pool, site, None)
    await notice(pool, "PDS-001", None, at=datetime(2021, 9, 4, tzinfo=UTC), data={"due": "2021-08-31", "round": 9})
    await notice(pool, "PDS-002", None, rung=2)

    rendered = await Renderer(pool).render(FROZEN, LETTER)

    assert rendered.text.count("PDS-") == 2
    assert "PDS-003" not in rendered.text and "round 9" not in rendered.text


async def test_a_listing_never_names_a_site_without_saying_why(pool: Pool, campaign: str) -> None:
    await notice(pool, "PDS-001", LETTER.key)

    with pytest.raises(NotFound, match=r"no reminder_letter notice of PDS-002 \(1 of 2 sites\)"):
        await Renderer(pool).render(FROZEN, LETTER)


async def test_a_document_that_lists_nothing_needs_no_notice(pool: Pool, campaign: str) -> None:
    rendered = await Renderer(pool).render(FROZEN, draft("plan_issue"))

    assert rendered.subject == "Work Plan for the Hundred Days: the plan is issued"


async def test_a_city_that_the_plan_does_not_have_is_named(pool: Pool, campaign: str) -> None:
    with pytest.raises(NotFound, match="henan-2021 has no city 999999"):
        await Renderer(pool).render(FROZEN, draft("plan_issue", city="999999"))


@pytest.mark.parametrize("kind", ("approval_request", "publication", "lifting"))
async def test_a_document_about_another_lists_the_sites_of_that_one(pool: Pool, campaign: str, kind: str) -> None:
    for site in ("PDS-001", "PDS-002"):
        await notice(pool, site, LETTER.key)
    await notice(pool, "PDS-003", "another document")
    named = "document" if kind == "approval_request" else "kind"
    data = DATA[kind] | {"key": LETTER.key, named: "reminder_letter"}

    rendered = await Renderer(pool).render(FROZEN, draft(kind, data=data))
    only_one = await Renderer(pool).render(FROZEN, draft(kind, data=data, sites=("PDS-002",)))

    assert "PDS-001" in rendered.text and "PDS-002" in rendered.text and "PDS-003" not in rendered.text
    assert "PDS-001" not in only_one.text and "PDS-002" in only_one.text


async def test_document_about_siteless_document_needs_no_notice(pool: Pool, campaign: str) -> None:
    about = draft("approval_request", data=DATA["approval_request"] | {"document": "no_receipt", "count": 0})

    assert "PDS-" not in (await Renderer(pool).render(FROZEN, about)).text


async def test_approved_draft_lists_only_sites_still_concerned(pool: Pool, campaign: str) -> None:
    for site in ("PDS-001", "PDS-002"):
        await notice(pool, site, LETTER.key)

    rendered = await Renderer(pool).render(FROZEN, LETTER.model_copy(update={"sites": ("PDS-002",)}))

    assert "PDS-001" not in rendered.text and rendered.subject == "Pingdingshan: 1 site overdue"
