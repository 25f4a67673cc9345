"""How a command finds its servers: the environment first, then the embedded pair that runs here, then the default.

The embedded pair is found by `servers.json` in the data folder, which its owner writes and removes.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from runtime.settings import ENV_PREFIX, Settings
from schemas.errors import InvalidInput, Unreachable

if TYPE_CHECKING:
    from temporalio.envconfig import ClientConnectConfig

DEFAULT_TEMPORAL_ADDRESS = "127.0.0.1:7233"
SERVERS_FILE = "servers.json"


class EmbeddedPair(BaseModel):
    """What the owner of a running embedded pair publishes in `servers.json`."""

    model_config = ConfigDict(frozen=True)

    temporal_address: str
    postgres_url: str = Field(repr=False)
    ui_url: str | None = None
    owner_pid: int


@dataclass(frozen=True)
class TemporalAddress:
    """The Temporal server to use, and where that address came from, for messages."""

    connect: "ClientConnectConfig"
    source: str

    @property
    def host(self) -> str:
        """`host:port`."""
        return self.connect["target_host"]


def published_pair(data_dir: Path) -> EmbeddedPair | None:
    """The content of `servers.json`, also if its owner has ended; None if it is missing or unreadable."""
    try:
        return EmbeddedPair.model_validate_json((data_dir / SERVERS_FILE).read_bytes())
    except (FileNotFoundError, NotADirectoryError, ValidationError):
        return None


def running_pair(data_dir: Path) -> EmbeddedPair | None:
    """The embedded pair that runs on this data folder; None if there is none or its owner has ended."""
    pair = published_pair(data_dir)
    return pair if pair is not None and process_lives(pair.owner_pid) else None


def process_lives(pid: int) -> bool:
    """Whether a process of this number exists, ours or another user's."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def find_temporal(settings: Settings) -> TemporalAddress:
    """The Temporal server by `TEMPORAL_*` variables or file, else by the embedded pair, else the default.

    Raises:
        InvalidInput: the Temporal configuration file or variables do not hold.
    """
    connect = _configured_temporal() if _may_configure_temporal() else cast("ClientConnectConfig", {})
    if "target_host" in connect:
        source = "TEMPORAL_ADDRESS" if os.environ.get("TEMPORAL_ADDRESS") else "the Temporal configuration file"
        return TemporalAddress(connect, source)
    pair = running_pair(settings.data_dir)
    if pair is not None:
        connect["target_host"] = pair.temporal_address
        return TemporalAddress(connect, str(settings.data_dir / SERVERS_FILE))
    connect["target_host"] = DEFAULT_TEMPORAL_ADDRESS
    return TemporalAddress(connect, "the default")


def _may_configure_temporal() -> bool:
    """Whether there is a variable or a file that the SDK may read."""
    home = Path(os.environ.get("HOME") or "~").expanduser()
    folders = (os.environ.get("XDG_CONFIG_HOME") or home / ".config", home / "Library" / "Application Support")
    named = any(variable.upper().startswith("TEMPORAL_") for variable in os.environ)
    return named or any((Path(folder) / "temporalio" / "temporal.toml").exists() for folder in folders)


def _configured_temporal() -> "ClientConnectConfig":
    # This import takes a third of a second, so it is done only if there is something to read.
    from temporalio.envconfig import ClientConfig

    try:
        return ClientConfig.load_client_connect_config(config_file_strict=True)
    except (RuntimeError, ValueError, OSError) as error:
        raise InvalidInput(
            f"the Temporal configuration (TEMPORAL_* variables or file) does not hold: {error}"
        ) from error


def find_postgres(settings: Settings) -> str:
    """The Postgres URL by `HUNDRED_DAYS_POSTGRES_URL`, else of the embedded pair.

    An outside Temporal without a Postgres URL is refused: its ledger must not be written to the embedded pair.

    Raises:
        Unreachable: no Postgres is known; says what to set or to start.
    """
    if settings.postgres_url is not None:
        return settings.postgres_url
    pair = running_pair(settings.data_dir)
    temporal = find_temporal(settings)
    if pair is not None and temporal.host == pair.temporal_address:
        return pair.postgres_url
    if temporal.source != "the default":
        raise Unreachable(
            f"Temporal is at {temporal.host} ({temporal.source}) but no Postgres is named: set {ENV_PREFIX}POSTGRES_URL"
        )
    raise Unreachable(
        f"no Postgres is known: no embedded pair runs on {settings.data_dir} (start it with `make up`) "
        f"and {ENV_PREFIX}POSTGRES_URL is not set"
    )
