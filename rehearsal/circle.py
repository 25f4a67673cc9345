"""A circle of simulated people, who do what one part of a plan asks for."""

from collections.abc import Iterable
from datetime import datetime

from rehearsal.actions import Action, Reply
from schemas.ledger import DocumentDraft
from schemas.site import Site


class Circle:
    """Each hears what is public and what it was answered; what it does depends on that and on the seed only.

    A circle overrides what it listens to. Everything returned is sent at its time, unless the campaign is over by then.
    """

    def on_plan_issued(self, issued_at: datetime) -> Iterable[Action]:
        """The plan went out."""
        return ()

    def on_opened(self, site: Site, approved_at: datetime) -> Iterable[Action]:
        """A site opened: its city's deployment was approved at that time."""
        return ()

    def on_reply(self, action: Action, reply: Reply) -> Iterable[Action]:
        """The answer to an update of anybody; `action.step` says whose it was."""
        return ()

    def on_document(self, document: DocumentDraft) -> Iterable[Action]:
        """A document was issued or laid before its approver, also after the campaign's end."""
        return ()
