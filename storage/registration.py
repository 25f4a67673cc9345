"""The columns of a site that is registered, and their values; its state follows with its first ledger entry."""

from typing import Any

from schemas.register import Site

REGISTERED = ("campaign_id", "site_id", "city", "county", "name", "record", "responsible_units", "responsible_people")


def registered_columns(campaign_id: str, site: Site) -> tuple[Any, ...]:
    """Before a site opens, who is responsible is what the register says, or else its county."""
    units = [site.responsible[0] if site.responsible else site.county]
    people = [site.responsible_person] if site.responsible_person is not None else []
    return campaign_id, site.id, site.city, site.county, site.name, site.model_dump_json(), units, people
