"""The settings of an operator, from the environment (`HUNDRED_DAYS_...`), in one frozen object that is passed on.

The connection to Temporal is not here: it follows the standard `TEMPORAL_*` variables (`runtime.addresses`).
"""

import difflib
import os
from collections.abc import Mapping
from email.errors import ObsoleteHeaderDefect
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from runtime.smtp_url import SmtpServer, parse_smtp_url
from schemas.errors import InvalidInput

ENV_PREFIX = "HUNDRED_DAYS_"


class Settings(BaseSettings):
    """The operator's choices; read them with `Settings.from_environment()`, which explains every fault."""

    model_config = SettingsConfigDict(env_prefix=ENV_PREFIX, frozen=True, extra="forbid")

    postgres_url: str | None = Field(default=None, repr=False)
    """`postgresql://...`; without it the embedded pair's Postgres is used."""

    data_dir: Path = Path("var")
    """Where the embedded pair keeps its data; relative to the working directory."""

    outbox_dir: Path = Field(default_factory=lambda data: data["data_dir"] / "outbox")
    """Where notices are written as files; by default `outbox` in `data_dir`."""

    outbox_only: bool = False
    """Documents go to the outbox only, whatever the plan names, so that a rehearsal reaches nobody."""

    smtp_url: str | None = Field(default=None, repr=False)
    """See `runtime.smtp_url`; without it notices go to the outbox folder only."""

    channels_file: Path | None = None
    """See `runtime.channel_settings`; without it documents go to the outbox and by mail only. Read by workers only."""

    mail_from: str = "hundred-days@localhost"
    """Sender address of notices, `office@example.org` or `Office <office@example.org>`."""

    task_queue: str = Field(default="hundred-days", min_length=1)
    delivery_queue: str = Field(default="hundred-days-delivery", min_length=1)

    workflow_slots: int = Field(default=40, ge=2)
    """Workflow tasks at once in one process; a task keeps its slot while it records in Postgres."""

    activity_slots: int = Field(default=50, ge=1)
    local_activity_slots: int = Field(default=100, ge=1)
    delivery_slots: int = Field(default=10, ge=1)

    cache_size: int = Field(default=2000, ge=0)
    """Workflows kept in the memory of one worker process."""

    actor: str | None = None
    """Who gives the commands of this shell, unless `--as` says otherwise."""

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] = "WARNING"
    log_format: Literal["auto", "json", "console"] = "auto"
    """`auto`: for people on a terminal, JSON lines otherwise."""

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper_case(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("postgres_url")
    @classmethod
    def _names_postgres(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("postgresql://", "postgres://")):
            raise ValueError("expected postgresql://user:password@host:port/database")
        return value

    @field_validator("smtp_url")
    @classmethod
    def _names_smtp(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                parse_smtp_url(value)
            except InvalidInput as error:
                raise ValueError(str(error)) from None
        return value

    @field_validator("mail_from")
    @classmethod
    def _names_sender(cls, value: str) -> str:
        message = EmailMessage()
        try:
            message["From"] = value  # as in each mail
            addresses = message["From"].addresses
            # An unquoted dot in the name is obsolete by RFC 5322, but accepted everywhere.
            sound = all(isinstance(defect, ObsoleteHeaderDefect) for defect in message["From"].defects)
        except (ValueError, IndexError):  # the standard library raises either
            sound = False
        if not sound or len(addresses) != 1 or not addresses[0].username or not addresses[0].domain:
            raise ValueError("expected an address such as office@example.org or Office <office@example.org>")
        return value

    @property
    def smtp(self) -> SmtpServer | None:
        """The mail server of `smtp_url`, None without one."""
        return None if self.smtp_url is None else parse_smtp_url(self.smtp_url)

    @classmethod
    def from_environment(cls, **chosen: Any) -> Self:
        """Read the process environment; what is `chosen` by flags goes before it.

        Raises:
            InvalidInput: a variable of our prefix that does not exist or does not hold; every fault in one message.
        """
        faults = _unknown_variables(os.environ, set(cls.model_fields))
        try:
            settings = cls(**chosen)
        except ValidationError as error:
            faults += [
                f"{ENV_PREFIX}{'.'.join(map(str, fault['loc'])).upper()}: {fault['msg'].removeprefix('Value error, ')}"
                for fault in error.errors(include_input=False)
                if fault["type"] != "default_factory_not_called"  # a default that needs the faulty setting
            ]
        if faults:
            raise InvalidInput("the environment does not hold:\n" + "\n".join(f"  {fault}" for fault in faults))
        return settings


def _unknown_variables(environment: Mapping[str, str], known: set[str]) -> list[str]:
    names = sorted(f"{ENV_PREFIX}{name.upper()}" for name in known)
    faults = []
    for variable in sorted(environment):
        if variable.upper().startswith(ENV_PREFIX) and variable.upper() not in names:
            close = difflib.get_close_matches(variable.upper(), names, n=1)
            hint = f"did you mean {close[0]}?" if close else f"known are {', '.join(names)}"
            faults.append(f"{variable}: there is no such setting; {hint}")
    return faults
