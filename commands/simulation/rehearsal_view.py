"""One rehearsal with its live display, and its result."""

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from shlex import quote

from rich.console import Console, Group
from rich.text import Text

from commands.common.page import Page
from commands.common.tables import facts
from commands.simulation.outcome_view import outcome_data, outcome_tables
from runtime.logging import configure_logging
from runtime.settings import ENV_PREFIX, Settings
from schemas.status import CampaignStatus
from services.campaign.checking import Sound
from services.common.text import counted
from simulation.behaviour.temperament import Temperament
from simulation.rehearsal.live_board import LiveBoard
from simulation.rehearsal.session import RehearsalSummary, run_rehearsal
from simulation.rehearsal.stop_request import exit_code


async def rehearsed(
    sound: Sound, people: Temperament, seed: int, day_seconds: float, out: Path, *, as_json: bool
) -> tuple[Page, int]:
    """Rehearse a checked campaign with a live display, on standard error if JSON is printed.

    Returns its page and the exit code: 0, or that of the signal which stopped it.
    """
    settings = Settings.from_environment()
    configure_logging(settings)
    console = Console(stderr=as_json)

    def tell_servers(temporal_address: str, postgres_url: str) -> None:
        # Unfolded lines: they are copied into another terminal.
        for line in _how_to_join(sound.frozen.plan.id, temporal_address, postgres_url):
            console.print(line, markup=False, highlight=False, soft_wrap=True)

    with LiveBoard(sound.frozen.plan, console) as board:
        summary = await run_rehearsal(
            sound.frozen,
            sound.sites,
            sound.rejected,
            people,
            seed,
            day_seconds,
            out,
            settings,
            board.show,
            tell_servers,
            sound.surveys,
        )
    return _page(summary, sound), 0 if summary.stopped_by is None else exit_code(summary.stopped_by)


def _how_to_join(campaign_id: str, temporal_address: str, postgres_url: str) -> Iterable[str]:
    """The command lines for another terminal, to look and act during the rehearsal."""
    yield "While it runs, another terminal can look and act with:"
    yield f"export TEMPORAL_ADDRESS={temporal_address} {ENV_PREFIX}POSTGRES_URL={quote(postgres_url)}"
    yield f"starter.py documents {campaign_id} --state open"


def _took(summary: RehearsalSummary) -> str:
    waited = summary.tally.waited_seconds
    said = f"{summary.seconds:.0f} s"
    return f"{said}; for {waited:.0f} s of them the clock waited for the engine" if waited >= 1 else said


def _how_far(status: CampaignStatus) -> str:
    return f"; stopped on day {status.day} of {status.days}, before the campaign ended"


def _page(summary: RehearsalSummary, sound: Sound) -> Page:
    stages, proved, tally = summary.status.sites.by_stage, summary.proved, summary.tally
    shown = Group(
        Text(
            f"{summary.campaign_id}: of {counted(summary.status.sites.total, 'site')} {stages['closed']:,} are closed "
            f"and {stages['carried_over']:,} carried over"
            f"{_how_far(summary.status) if summary.stopped_by is not None else ''}",
            style="bold",
        ),
        facts(
            [
                (
                    "commands",
                    f"{tally.sent:,} sent, {tally.turned_down:,} turned down at once; "
                    f"{summary.status.refused:,} refused in the ledger",
                ),
                ("documents", ", ".join(f"{n:,} {state}" for state, n in summary.status.documents.items())),
                (
                    "ledger",
                    f"holds: {counted(proved.entries, 'entry', 'entries')} in {counted(proved.streams, 'chain')}, "
                    f"{counted(proved.anchors, 'anchor')}",
                ),
                (
                    "left out",
                    f"{counted(len(sound.rejected), 'bad row')}, see {sound.bad_file}" if sound.rejected else None,
                ),
                ("took", _took(summary)),
                *(("written", path) for path in summary.files),
            ]
        ),
        *outcome_tables(summary.outcome),
    )
    data = {
        "campaign_id": summary.campaign_id,
        "stopped": summary.stopped_by is not None,
        "seconds": round(summary.seconds, 1),
        "status": summary.status.model_dump(mode="json"),
        "commands": {**asdict(tally), "refused": summary.status.refused},
        "ledger": proved._asdict(),
        "outcome": outcome_data(summary.outcome),
        "rejected_rows": len(sound.rejected),
        "files": [str(path) for path in summary.files],
    }
    return Page(data, shown)
