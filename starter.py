"""The command line of hundred-days: assembles commands/, nothing else. Ends with its true exit code (runtime.exit)."""

from cyclopts import App

from commands.city import city
from commands.documents import documents_app
from commands.province import province
from commands.rehearsal import rehearsal
from commands.supervisor import supervisor
from runtime.exit import run_app

app = App(
    name="starter.py",
    help="Hundred-day remediation campaigns: check and start them, deploy, report, verify, and see where they stand.",
    help_epilogue="Exit codes: 0 done, 1 refused or invalid, 2 wrong usage, 3 a server is unreachable.",
    help_format="plaintext",
    version="0.1.0",
    suppress_keyboard_interrupt=False,
)
for office in (province, city, supervisor, documents_app, rehearsal):
    app.command(office, name="*")


if __name__ == "__main__":
    run_app(app)
