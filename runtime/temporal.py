"""One way to connect to Temporal for worker and starter: pydantic converter, a bounded wait, a clear error."""

import asyncio

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.envconfig import ClientConnectConfig

from runtime.addresses import TemporalAddress, find_temporal
from runtime.settings import Settings
from schemas.errors import Unreachable

CONNECT_SECONDS = 5.0
"""The whole attempt: look-up, connection, first answer."""


async def connect_temporal(settings: Settings, address: str | None = None) -> Client:
    """Connect with the pydantic data converter, within `CONNECT_SECONDS`.

    Args:
        settings: Says where the embedded pair's data folder is; the rest comes from `TEMPORAL_*`.
        address: `host:port` of a server we started ourselves; then no variable and no file is asked.

    Raises:
        Unreachable: nothing that speaks Temporal answered; names the address and where it came from.
        InvalidInput: the Temporal configuration does not hold.
    """
    if address is None:
        temporal = find_temporal(settings)
    else:
        temporal = TemporalAddress(ClientConnectConfig(target_host=address), "the embedded pair")
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            return await Client.connect(**temporal.connect, data_converter=pydantic_data_converter)
    except TimeoutError:
        reason = f"no answer within {CONNECT_SECONDS:g} s"
    except (RuntimeError, ValueError, OSError) as error:
        reason = _first_words(error)
    raise Unreachable(
        f"Temporal does not answer at {temporal.host} (from {temporal.source}): {reason}; "
        "start it with `make up` or set TEMPORAL_ADDRESS"
    )


def _first_words(error: Exception) -> str:
    """The SDK nests the reason in Rust debug text; the operator needs its human part."""
    text = " ".join(str(error).split())
    for known, words in (
        ("Connection refused", "connection refused"),
        ("dns error", "the host name is unknown"),
        ("certificate", "the certificate was not accepted"),
    ):
        if known in text:
            return words
    return text[:200]
