"""The site life as a plain program, for the naive design and for DBOS.

It does less than the engine's on purpose, so that the comparison does not favour the engine: no hash chain, no
authority, no deadlines, no idempotent commands, no notices.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

TABLES = """
create table plain_site (
    site_id text primary key,
    stage text not null,
    reports integer not null,
    verdicts integer not null,
    changed_at timestamptz not null
);
create table plain_ledger (
    site_id text not null,
    seq integer not null,
    kind text not null,
    at timestamptz not null,
    received_at timestamptz not null,
    actor text not null,
    data text not null,
    primary key (site_id, seq)
);
"""
"""The equivalents of the engine's tables `site` and `ledger`."""


@dataclass
class PlainSite:
    """A site that counts its messages; `take` returns the kind of event that a message causes."""

    site_id: str
    reports_needed: int
    verdicts_needed: int
    seq: int = 0
    stage: str = "registered"
    reports: int = 0
    verdicts: int = 0

    def open(self) -> str:
        self.seq, self.stage = 1, "rectifying"
        return "opened"

    def take(self, name: str) -> str:
        """Apply one message; returns the kind of its event."""
        self.seq += 1
        if name == "complete_task":
            self.reports += 1
            if self.reports >= self.reports_needed:
                self.stage = "verifying"
            return "task_reported"
        self.verdicts += 1
        if self.verdicts >= self.verdicts_needed:
            self.stage = "closed"
            return "closed"
        return "level_passed"

    @property
    def closed(self) -> bool:
        return self.stage == "closed"

    def row(self, at: datetime) -> tuple[Any, ...]:
        """The row of the table `plain_site`."""
        return (self.site_id, self.stage, self.reports, self.verdicts, at)
