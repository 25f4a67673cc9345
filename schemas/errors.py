"""The one tree of exceptions; each docstring is the message template's meaning."""


class HundredDaysError(Exception):
    """Base of everything this project raises on purpose; `exit_code` is what a command ends with."""

    exit_code = 1


class Refused(HundredDaysError):
    """A command that the rules do not allow: says the stage, the command and what would be allowed."""


class NoOpenDocument(Refused):
    """A command about a document that its desk does not keep (any more): names those that are open.

    Postgres still knows the story of a document that was settled.
    """


class TooEarly(Refused):
    """A command that its subject will allow by itself in a moment: says what is still under way."""


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
    """A document that could not go out now but may later: names the channel and what it said. It is tried again.

    `retry_after` are the seconds after which the channel wants to be asked again, where it said so.
    """

    def __init__(self, said: str, retry_after: float | None = None) -> None:
        super().__init__(said)
        self.retry_after = retry_after


class DeliveryRefused(HundredDaysError):
    """A document that a channel will never take: names the channel, the addresses and what was said."""
