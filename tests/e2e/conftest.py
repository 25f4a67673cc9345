"""A command line on a database and a task queue of its own, and what a test itself reads and writes there."""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest

from runtime.embedded.servers import EmbeddedServers
from storage.connections import Pool
from storage.migrate import create_database, migrate
from storage.pool import open_pool
from tests.support.command_line import CommandLine


@pytest.fixture(scope="module")
async def shell(embedded: EmbeddedServers) -> AsyncIterator[CommandLine]:
    """On a database and a task queue of its own."""
    name = f"command_line_{uuid4().hex[:8]}"
    url = await create_database(embedded.postgres_url, name)
    folder = Path(tempfile.mkdtemp(prefix="hundred-days-shell-"))
    # Without COLUMNS nothing is folded, so that a sentence can be looked for.
    left_out = ("TEMPORAL_", "HUNDRED_DAYS_", "COLUMNS")
    bare = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    yield CommandLine(
        folder,
        {
            **bare,
            "TEMPORAL_ADDRESS": embedded.temporal_address,
            "HUNDRED_DAYS_POSTGRES_URL": url,
            "HUNDRED_DAYS_DATA_DIR": str(folder / "var"),
            "HUNDRED_DAYS_TASK_QUEUE": name,
            "HUNDRED_DAYS_DELIVERY_QUEUE": f"{name}-delivery",
        },
    )
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
async def pool(shell: CommandLine) -> AsyncIterator[Pool]:
    """What a test itself writes and reads."""
    url = shell.environment["HUNDRED_DAYS_POSTGRES_URL"]
    await migrate(url)
    opened = await open_pool(url)
    yield opened
    await opened.close()
