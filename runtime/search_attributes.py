"""The search attributes of the workflows: one typed list for starts, queries and registration."""

from collections.abc import Sequence

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.client import Client
from temporalio.common import SearchAttributeKey
from temporalio.service import RPCError, RPCStatusCode

from schemas.errors import HundredDaysError

CAMPAIGN_ID = SearchAttributeKey.for_keyword("CampaignId")
CITY_CODE = SearchAttributeKey.for_keyword("CityCode")

SEARCH_ATTRIBUTES: Sequence[SearchAttributeKey[str]] = (CAMPAIGN_ID, CITY_CODE)


async def register_search_attributes(client: Client) -> None:
    """Register the search attributes in the namespace; a second call changes nothing, so each worker start calls it.

    Raises:
        HundredDaysError: the server refused, or knows one of the names with another type; says what to run.
    """
    try:
        known = await client.operator_service.list_search_attributes(
            ListSearchAttributesRequest(namespace=client.namespace)
        )
        missing = [key for key in SEARCH_ATTRIBUTES if key.name not in known.custom_attributes]
        if missing:
            await client.operator_service.add_search_attributes(
                AddSearchAttributesRequest(
                    namespace=client.namespace,
                    search_attributes={key.name: IndexedValueType.ValueType(key.indexed_value_type) for key in missing},
                )
            )
    except RPCError as error:
        if error.status == RPCStatusCode.ALREADY_EXISTS:  # another worker was faster
            return
        names = " ".join(f"--name {key.name} --type Keyword" for key in SEARCH_ATTRIBUTES)
        raise HundredDaysError(
            f"search attributes could not be registered in namespace {client.namespace!r} ({error.message}); "
            f"run: temporal operator search-attribute create --namespace {client.namespace} {names}"
        ) from error
    wrong = [
        key.name
        for key in SEARCH_ATTRIBUTES
        if known.custom_attributes.get(key.name, key.indexed_value_type) != key.indexed_value_type
    ]
    if wrong:
        raise HundredDaysError(
            f"namespace {client.namespace!r} knows {', '.join(wrong)} with another type than Keyword: "
            "use another namespace"
        )
