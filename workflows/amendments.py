"""Signals an amendment to the cities of a campaign. A lost city gets it when the daily recovery restarts it."""

from temporalio import workflow
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from rules.city.amendment import amend_city_command
    from rules.effects import AmendCities
    from rules.terms.plan import city_terms
    from schemas import commands as cmd
    from schemas.actor import ENGINE
    from schemas.campaign import CampaignTerms
    from schemas.streams import city_stream


async def amend_cities(terms: CampaignTerms, effect: AmendCities) -> None:
    """Signal every city that runs. Cities that the amendment adds start with it; cities that it removes are stopped."""
    for city in terms.cities:
        if city.code in effect.added:
            continue
        stream = city_stream(terms.campaign_id, city.code)
        told: cmd.Command = amend_city_command(
            city_terms(terms, city, effect.at), effect.amendment, effect.document, effect.title, effect.at
        )
        name = "amend_city"
        if city.code in effect.removed:
            name, why = "stop", f"{city.name} was taken out of the campaign by {effect.document}"
            told = cmd.Stop(command_id=f"{stream}:removed", actor=ENGINE, effective_at=effect.at, reason=why)
        try:
            await workflow.get_external_workflow_handle(stream).signal(name, told)
        except ApplicationError as gone:
            workflow.logger.info("city %s is settled or lost: %s", city.code, gone)
