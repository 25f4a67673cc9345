"""The exceptions of the project; each docstring describes the message."""

from typing import Self


class HundredDaysError(Exception):
    """Base of everything this project raises on purpose; `exit_code` is what a command ends with."""

    exit_code = 1
    is_printed = False
    """Whether the command has printed the error as its JSON object already, or a result that has it."""

    def printed(self, as_json: bool = True) -> Self:
        """The same error, whose JSON is printed already if `as_json`."""
        self.is_printed = as_json
        return self


class Refused(HundredDaysError):
    """A command that the rules do not allow: says the stage, the command and what would be allowed."""


class NoOpenDocument(Refused):
    """A command about a document that is not in the city's state (any more): names the open documents.

    Postgres keeps every settled document.
    """


class TooEarly(Refused):
    """A command that will be allowed shortly without further action: says what is still under way."""


class InvalidInput(HundredDaysError):
    """A plan, register, mapping or argument that does not hold; the faults are listed completely."""


class NotFound(HundredDaysError):
    """A campaign, city, site or file that is not there; says what was looked for and where."""


class Unreachable(HundredDaysError):
    """A server that did not answer within seconds; names the address and what to start."""

    exit_code = 3


class LedgerBroken(HundredDaysError):
    """A ledger entry whose chain does not hold; names the first broken entry."""


class DeliveryDeferred(HundredDaysError):
    """A document that could not be sent now: names the channel and its answer. The delivery is retried.

    `retry_after` is the delay in seconds that the channel asks for, if it does.
    """

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class DeliveryRefused(HundredDaysError):
    """A document that a channel refuses for good: names the channel, the addresses and the answer."""
