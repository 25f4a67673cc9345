"""Where the simulated people read of documents while the engine runs: a look into Postgres, a few times a second."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from schemas.documents.document import DocumentState
from schemas.ledger import DocumentDraft
from storage.connections import Pool
from storage.documents import new_documents

LOOK_SECONDS = 0.1
_BACK = timedelta(days=7)
"""A look goes back so far behind the newest document: a city that is later than that would be beyond help anyway."""


class NoticeBoard:
    """Each draft and each issued document is news once."""

    def __init__(self, pool: Pool, campaign_id: str, issued_at: datetime) -> None:
        """Nothing is older than the issue of the plan."""
        self._pool = pool
        self._campaign_id = campaign_id
        self._newest = issued_at
        self._known: dict[tuple[str, DocumentState], datetime] = {}

    async def look(self) -> Sequence[DocumentDraft]:
        """What became public since the last look, in the order of issue."""
        since = self._newest - _BACK
        self._known = {name: at for name, at in self._known.items() if at >= since}
        found = await new_documents(self._pool, self._campaign_id, since, self._known)
        for document in found:
            self._known[document.key, document.state] = document.issued_at
            self._newest = max(self._newest, document.issued_at)
        return found
