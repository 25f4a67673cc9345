"""The command line of hundred-days: assembles commands/, nothing else. Ends with its true exit code (runtime.exit)."""

from importlib.metadata import version

from cyclopts import App

from commands.amendments.cli import amending
from commands.authority.cli import authority_app
from commands.campaign.cli import campaigns
from commands.city.cli import cities
from commands.city.counties_cli import counties
from commands.documents.cli import documents_app
from commands.ledger.cli import ledgers
from commands.offline.cli import offline
from commands.patrol.cli import patrolling
from commands.patrol.group_cli import joint_group_app
from commands.programme.cli import programme
from commands.simulation.cli import rehearsal
from commands.site.acceptance_cli import accepting
from commands.site.cli import sites
from commands.site.extensions_cli import deferring
from commands.site.grading_cli import grading_app
from commands.site.modes_cli import restoration_app
from commands.site.responsible_cli import responsible_app
from commands.spot_checks.cli import spot_checks
from commands.surveys.cli import surveys
from commands.sweep.cli import sweep
from runtime.exit import run_app

app = App(
    name="starter.py",
    help="Hundred-day remediation campaigns: check and start them, deploy, report, verify, and see where they stand.",
    help_epilogue="Exit codes: 0 done, 1 refused or invalid, 2 wrong usage, 3 a server is unreachable.",
    help_format="plaintext",
    version=lambda: version("hundred-days"),
    suppress_keyboard_interrupt=False,
)
SUBJECTS = (
    campaigns,
    surveys,
    sweep,
    amending,
    cities,
    counties,
    sites,
    accepting,
    deferring,
    responsible_app,
    grading_app,
    restoration_app,
    spot_checks,
    patrolling,
    joint_group_app,
    documents_app,
    ledgers,
    authority_app,
    offline,
    rehearsal,
)
for subject in SUBJECTS:
    for name in subject:  # each by its name: what is mistyped is compared with all of them
        if not name.startswith("-"):
            app.command(subject[name], name=name)
app.command(programme)


if __name__ == "__main__":
    run_app(app)
