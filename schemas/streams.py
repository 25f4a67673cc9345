"""The names of streams: the workflow id and the ledger stream of each subject. This module loads no rules."""


def campaign_stream(campaign_id: str) -> str:
    """The workflow id and ledger stream of a campaign."""
    return f"campaign/{campaign_id}"


def city_stream(campaign_id: str, code: str) -> str:
    """The workflow id and ledger stream of a city."""
    return f"city/{campaign_id}/{code}"


def site_stream(campaign_id: str, site_id: str) -> str:
    """The workflow id and ledger stream of a site."""
    return f"site/{campaign_id}/{site_id}"


def spot_check_stream(campaign_id: str, check: str) -> str:
    """The workflow id and ledger stream of a spot check."""
    return f"spot-check/{campaign_id}/{check}"


def programme_stream(programme_id: str) -> str:
    """The workflow id and ledger stream of a programme."""
    return f"programme/{programme_id}"


def delivery_stream(key: str) -> str:
    """The workflow id of a document's delivery: a second start finds the first."""
    return f"delivery/{key}"
