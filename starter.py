"""The command line of hundred-days: assembles commands/, nothing else. Ends with its true exit code (runtime.exit)."""

from cyclopts import App

from commands.accepting import accepting
from commands.amending import amending
from commands.authority import authority_app
from commands.city import city
from commands.correcting import correcting
from commands.deferring import deferring
from commands.documents import documents_app
from commands.offline import offline
from commands.patrolling import patrolling
from commands.programme import programme
from commands.province import province
from commands.rehearsal import rehearsal
from commands.restoration import restoration_app
from commands.signing import signing
from commands.spot_checks import spot_checks
from commands.supervisor import supervisor
from commands.surveys import surveys
from runtime.exit import run_app

app = App(
    name="starter.py",
    help="Hundred-day remediation campaigns: check and start them, deploy, report, verify, and see where they stand.",
    help_epilogue="Exit codes: 0 done, 1 refused or invalid, 2 wrong usage, 3 a server is unreachable.",
    help_format="plaintext",
    version="0.1.0",
    suppress_keyboard_interrupt=False,
)
OFFICES = (
    province,
    surveys,
    amending,
    city,
    correcting,
    supervisor,
    spot_checks,
    accepting,
    signing,
    authority_app,
    documents_app,
    deferring,
    restoration_app,
    patrolling,
    offline,
    rehearsal,
)
for office in OFFICES:
    for name in office:  # each by its name: what is mistyped is compared with all of them
        if not name.startswith("-"):
            app.command(office[name], name=name)
app.command(programme)


if __name__ == "__main__":
    run_app(app)
