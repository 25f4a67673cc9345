"""What a rehearsal reads from Postgres and writes there, beside the engine: new documents, and the rows of surveys."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from rules.ledger_state import actor_json
from schemas.documents.document import DocumentState
from schemas.ledger import DocumentDraft
from schemas.options.surveys import PlannedSurvey
from schemas.options.sweep import IssuePatches, ReportClue, clue_of
from simulation.behaviour.actions import Action
from simulation.people.sweepers import survey_of
from storage.connections import Pool
from storage.documents import new_documents
from storage.surveys import add_survey
from storage.sweep import add_patches

READ_SECONDS = 0.1
"""Real time between two reads of new documents."""
_BACK = timedelta(days=7)
"""A read goes back so far behind the newest document, for cities that are later than others."""


class NewDocuments:
    """Returns each draft and each issued document once; the simulated people act on them."""

    def __init__(self, pool: Pool, campaign_id: str, started_at: datetime) -> None:
        """No document is older than `started_at`, the start of the campaign."""
        self._pool = pool
        self._campaign_id = campaign_id
        self._newest = started_at
        self._known: dict[tuple[str, DocumentState], datetime] = {}

    async def read_new(self) -> Sequence[DocumentDraft]:
        """What was drafted or issued since the last read, in the order of issue."""
        since = self._newest - _BACK
        self._known = {name: at for name, at in self._known.items() if at >= since}
        found = await new_documents(self._pool, self._campaign_id, since, self._known)
        for document in found:
            self._known[document.key, document.state] = document.issued_at
            self._newest = max(self._newest, document.issued_at)
        return found


class SurveyRegistration:
    """Adds the sites of a survey to the register before the first city is notified of it."""

    def __init__(self, pool: Pool, campaign_id: str, surveys: Sequence[PlannedSurvey]) -> None:
        self._pool = pool
        self._campaign_id = campaign_id
        self._planned = surveys
        self._surveys = {one.survey.id: one.survey for one in surveys}

    async def register(self, action: Action) -> None:
        """Add the survey that `action` names; any other action, and a survey that was added, change nothing."""
        command = action.command
        if isinstance(command, IssuePatches):
            found = [one.patch for one in self._planned if one.patch is not None and one.patch.batch == command.batch]
            await add_patches(self._pool, self._campaign_id, found, actor_json(command.actor), action.sent_at)
        elif isinstance(command, ReportClue):
            clue = clue_of(command, action.subject)
            await add_patches(self._pool, self._campaign_id, [clue], actor_json(command.actor), action.sent_at)
        elif (name := survey_of(command)) is not None:
            survey = self._surveys[name]
            await add_survey(self._pool, self._campaign_id, survey, actor_json(command.actor), action.sent_at)
