"""What every tier may ask for: real servers, one pair per test process, started by the first test that needs them."""

import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import hypothesis  # noqa: F401 - early: its plugin imports it at the end, after servers, where Python 3.11 can not parse it
import pytest
from temporalio.client import Client

from runtime.embedded.servers import EmbeddedServers
from runtime.settings import Settings
from runtime.temporal import connect_temporal
from tests.support.budget import register_profiles
from tests.support.memory import use_memory

register_profiles()
use_memory()

TIERS = ("unit", "db", "workflow", "replay", "e2e")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The folder says the tier: `-m unit` runs tests/unit."""
    here = Path(__file__).parent
    for item in items:
        tier = item.path.relative_to(here).parts[0]
        if tier in TIERS:
            item.add_marker(tier)


@pytest.fixture(scope="session")
async def embedded() -> AsyncIterator[EmbeddedServers]:
    """Both servers with sharp timers; everything of theirs is removed at the end."""
    # Not pytest's own folder: the path must fit a unix socket, and that folder is closed to Postgres' user.
    folder = Path(tempfile.mkdtemp(prefix="hundred-days-"))
    try:
        async with EmbeddedServers(folder, compressed=True, ephemeral=True) as servers:
            yield servers
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
async def temporal_client(embedded: EmbeddedServers) -> Client:
    """A client as worker and starter have it."""
    return await connect_temporal(Settings(), embedded.temporal_address)


@pytest.fixture(scope="session")
def postgres_url(embedded: EmbeddedServers) -> str:
    """Superuser on the maintenance database; tests make databases of their own."""
    return embedded.postgres_url
