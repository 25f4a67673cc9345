"""The result of a command for its sender: the verdict, and the state of its subject."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from rich.text import Text

from commands.common.flags import Sending
from commands.common.modes_view import mode_answer
from commands.common.site_words import case_words, deferral_words
from commands.common.tables import console, facts, print_json
from schemas.answers import Answer
from schemas.command import Command
from schemas.documents.commands import Approve, Reject
from schemas.errors import Refused
from schemas.options.joint import Countersign, SignPlan
from schemas.options.sign_off import SIGN_OFF
from schemas.options.spot_checks import DrawSpotCheck
from services.common.document_names import called
from services.common.sending import Sent, name_of
from services.common.subjects import Subject
from services.common.text import amount, deadline, local

_LABELS = (
    ("stage", "stage"),
    ("state", "state"),
    ("deployment", "deployment"),
    ("phase", "phase"),
    ("level", "awaits level"),
    ("round", "round"),
)
"""The printed fields of a view, in this order, with their labels."""


def tell(sent: Sent, sending: Sending) -> int:
    """Print a command's result; returns 0. If it was refused, raises Refused with the subject before the reason."""
    subject, command = sent.subject, sent.command
    if sent.refusal is not None:
        if sending.json:
            refused = {"command_id": command.command_id, "verdict": "refused", "reason": sent.refusal, "state": {}}
            print_json(refused)
        reason = f"{name_of(command)} at {subject.label}: {_once_named(subject, sent.refusal)}{sent.hint}"
        raise Refused(reason).printed(sending.json)
    if sent.answer is None:
        tell_kept(subject, command, sending.json, None if sending.signal else sending.wait)
    else:
        tell_judged(subject, command, sent.answer, sending.json)
    return 0


def _once_named(subject: Subject, reason: str) -> str:
    """The reason without the document's name, which the label already has."""
    if subject.document is None:
        return reason
    for name in (subject.document.number, subject.document.key):
        if name and reason.startswith(f"{name} "):
            return f"it {reason.removeprefix(f'{name} ')}"
    return reason


def tell_judged(subject: Subject, command: Command, answer: Answer, as_json: bool) -> None:
    """Print an accepted or repeated command, what its sender should know, and the new state."""
    if as_json:
        print_json(answer.model_dump(mode="json"))
        return
    out = console()
    line = f"{answer.verdict}: {name_of(command)} at {subject.label}"
    if answer.verdict == "duplicate":
        signs = isinstance(command, SignPlan | Countersign)
        line += ": its agency has signed already" if signs else " was given before and counts once"
    out.print(Text(line, style="bold"))
    follows = _what_follows(subject, command)
    if answer.reason:
        out.print(answer.reason)
    for warning in answer.warnings:
        out.print(Text(f"warning: {warning}", style="yellow"))
    out.print(facts([*_state(subject, answer.state), ("what follows", follows), ("command id", answer.command_id)]))


def _what_follows(subject: Subject, command: Command) -> str | None:
    """The consequence of a decision on a draft, or of an order to draw a sample."""
    if isinstance(command, DrawSpotCheck):
        seed = "the plan's seed" if command.seed is None else f"seed {command.seed}"
        return (
            f"the sample is drawn, with {seed}, from the sites that are struck off now; how many it has: starter.py "
            f"spot-check {subject.campaign_id} {command.check}"
        )
    if isinstance(command, Approve | Countersign):
        return "it goes out at the next dispatch hour, with what is still overdue" + (
            ", if nobody else has still to approve or sign it"
        )
    if not isinstance(command, Reject):
        return None
    listed = subject.document is not None and subject.document.sites
    return "it does not go out" + ("; its sites stay on the rung before, with a fresh grace" if listed else "")


def still_to_do(outstanding: Mapping[str, float], evidence_missing: Mapping[str, Sequence[str]]) -> str:
    """The open part of each requirement: its quantity, and the missing phases of evidence."""

    def left(name: str, quantity: float) -> str:
        much = f"{name} {amount(quantity)}" if quantity else name
        lacks = ", ".join(evidence_missing.get(name, ()))
        return f"{much} (evidence: {lacks})" if lacks else much

    return ", ".join(left(*one) for one in outstanding.items())


def tell_kept(subject: Subject, command: Command, as_json: bool, waited: float | None) -> None:
    """Print that a command was sent as a signal; `waited` are the seconds without an answer, None with --no-wait."""
    reason = "sent as a signal" if waited is None else f"no answer within {waited:g} s: no worker runs, or it is busy"
    if as_json:
        kept = {"command_id": command.command_id, "verdict": "kept", "reason": reason, "state": {}}
        print_json(kept)
        return
    out = console()
    out.print(Text(f"kept, not yet judged: {name_of(command)} at {subject.label} ({reason})", style="bold"))
    out.print("It is judged as soon as a worker runs, and counts once however often it arrives.")
    out.print(f"What became of it: starter.py {_where_to_look(subject)}")
    out.print(facts([("command id", command.command_id), ("at", local(command.effective_at, subject.zone))]))


def _where_to_look(subject: Subject) -> str:
    if subject.document is not None:
        of_every_city = subject.document.number == subject.frozen.plan.document_number
        return f"documents {subject.campaign_id} '{called(subject.document)}'" + (
            f" --unit {subject.city}" if of_every_city and subject.city else ""
        )
    return f"ledger {subject.label}"


def _state(subject: Subject, view: dict[str, Any]) -> Iterator[tuple[str, object]]:
    if subject.document is not None:  # the view is of its city, or of its delivery
        yield from view.get("channels", {}).items()
        yield "see", f"starter.py {_where_to_look(subject)}"
        return
    for field, words in _LABELS:
        yield words, view.get(field)
    if view.get("due") is not None and view.get("deployment") != "approved":
        yield "due", deadline(datetime.fromisoformat(view["due"]), subject.zone)
    for flag in ("overdue", "suspended", "opened", "settled"):
        if view.get(flag):
            yield flag, "yes"
    if view.get("pending"):
        yield "to inspect", ", ".join(view["pending"])
    yield from mode_answer(view)
    outstanding: dict[str, float] = view.get("outstanding", {})
    if outstanding:
        yield "still to do", still_to_do(outstanding, view.get("evidence_missing", {}))
    yield from deferral_words(view.get("deferrals"), subject.zone)
    yield from case_words(view.get("case"), subject.zone)
    for number, agencies in view.get("unsigned", {}).items():
        if agencies:
            yield "still to sign", f"{number}: {', '.join(agencies)}"
    unsigned = [department for department, at in view.get("signatures", {}).items() if at is None]
    if unsigned and view.get("level") == SIGN_OFF:
        yield "still to sign", ", ".join(unsigned)
