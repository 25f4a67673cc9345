"""The servers of one command line, as its environment names them."""

import contextlib
import logging
from collections.abc import AsyncIterator

from commands.common.arguments import Misused
from runtime.settings import Settings
from services.common.connection import Servers, open_servers
from services.common.send_options import UnknownActor


@contextlib.asynccontextmanager
async def connected() -> AsyncIterator[Servers]:
    """The servers of the environment's settings. Misused if a command without an actor is sent."""
    settings = Settings.from_environment()
    # structlog would take a third of a short command's time; warnings of libraries need no structure.
    logging.basicConfig(level=settings.log_level, format="%(levelname)s %(name)s: %(message)s")
    try:
        async with open_servers(settings) as servers:
            yield servers
    except UnknownActor as error:
        raise Misused(str(error)) from None
