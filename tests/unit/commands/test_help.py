"""Every command explains itself, with examples that its own parser understands."""

import re
import shlex
from pathlib import Path

import pytest
from rich.console import Console

from commands.common.help_groups import examples
from intake.plan.plan_file import read_plan
from rules.documents.addressing import unit_names
from starter import app

COMMANDS = sorted(name for name in app if not name.startswith("-"))
GROUPS = {"programme"}
"""Commands that have commands of their own."""
CONSOLE_WIDTH = 80
HENAN = Path(__file__).parents[3] / "examples/henan-2021/plan.yaml"


def help_of(*command: str) -> str:
    console = Console(width=CONSOLE_WIDTH, record=True, file=open("/dev/null", "w", encoding="utf-8"))  # noqa: SIM115
    with console.file:
        app.help_print([*command], console=console)
        return console.export_text()


def test_all_commands_of_the_contract_are_there() -> None:
    contract = {"check", "start", "deploy", "receipt", "complete", "verify", "extend", "suspend", "resume", "stop"}
    contract |= {"status", "overdue", "ledger", "refused", "verify-ledger", "report", "rehearse", "forecast"}
    contract |= {"documents", "approve", "reply", "lift", "resend", "briefing"}
    contract |= {"extension", "case", "correct", "regrade"}
    contract |= {"sign-plan", "countersign"}
    contract |= {"sign-off", "authority"}
    contract |= {"close-problem", "self-check", "opinion", "replace-expert"}
    contract |= {"mode", "book", "opinions"}
    contract |= {"survey", "amend", "export", "import", "programme", "patrol", "finding", "look-back"}
    contract |= {"meeting", "resolution", "refer-case", "receive-case"}
    contract |= {"spot-check", "take-sample", "inspect", "redraw"}
    contract |= {"call", "answer"}
    contract |= {"patches", "patch", "clue"}
    contract |= {"assign", "hand-over", "take-over", "replace-enterprise"}
    assert set(COMMANDS) == contract


def test_program_help_lists_all_commands_and_exit_codes() -> None:
    said = help_of()
    assert all(re.search(rf"│ {name} ", said) for name in COMMANDS)
    assert "3 a server is" in said


@pytest.mark.parametrize("command", COMMANDS)
def test_command_help_shows_purpose_and_fitting_examples(command: str) -> None:
    said = help_of(command)
    assert f"Usage: starter.py {command} " in said
    shown = said.partition("Examples:")[2]
    assert f"\n  starter.py {command}" in shown
    for line in shown.strip().splitlines():
        assert line.strip().startswith(("starter.py", "--")), f"broken anywhere: {line}"


@pytest.mark.parametrize("command", COMMANDS)
def test_the_examples_are_understood_as_they_stand(command: str) -> None:
    text = app[command].help_epilogue
    assert isinstance(text, str)
    for line in text.replace(" \\\n", " ").splitlines()[1:]:
        program, *words = shlex.split(line)
        assert program == "starter.py"
        found, _bound, _ignored = app.parse_args(words, exit_on_error=False, print_error=False)
        name = found.__name__.removesuffix("_").replace("_", "-")
        assert name == (words[1] if command in GROUPS else command)


def test_help_examples_use_offices_and_series_of_henan_plan() -> None:
    plan, faults = read_plan(HENAN)
    assert plan is not None and faults == []
    cities = {name for city in plan.cities for name in (city.code, city.name)}
    series = {agency.series for agency in plan.issuing_agencies}
    text = " ".join(str(app[command].help_epilogue) for command in COMMANDS)
    numbers = re.findall(r"'([^'\s\[]+)\[\d{4}\]\d+号'", text)
    assert len(numbers) >= 5 and set(numbers) <= series
    units = re.findall(r"--unit (\S+)", text)
    assert len(units) >= 4 and set(units) <= cities | unit_names(plan)
    lifters = set(re.findall(r":province:(\S+)", str(app["lift"].help_epilogue)))
    assert lifters and lifters <= {agency.name for agency in plan.issuing_agencies}
    approvers = set(re.findall(r":province:(\S+)", str(app["approve"].help_epilogue)))
    assert approvers and approvers <= {rung.approver.name for rung in plan.ladder if rung.approver is not None}


def test_help_examples_use_requirements_of_henan_catalogue() -> None:
    plan, _ = read_plan(HENAN)
    assert plan is not None
    text = " ".join(str(app[command].help_epilogue).replace("\\\n", " ") for command in COMMANDS)
    named = re.findall(r"complete \S+ (\w+)|--requirement (\w+)", text)
    assert len(named) >= 3
    assert {one for pair in named for one in pair if one} <= {entry.id for entry in plan.catalogue}


def test_a_long_example_goes_on_before_an_option() -> None:
    text = examples("starter.py verify 410400-002 city --fail 'two signs are missing' --requirement signs --as a:b:c")
    assert text.splitlines()[1:] == [
        "  starter.py verify 410400-002 city --fail 'two signs are missing' \\",
        "      --requirement signs --as a:b:c",
    ]
