"""Entering what a survey found into the register of the engine, as whoever brings a survey does before telling it."""

from collections.abc import Sequence

from rules.aggregate import actor_json
from schemas.options.surveys import AddSurvey, PlannedSurvey
from simulation.behaviour.actions import Action
from storage.connections import Pool
from storage.surveys import add_survey


class Entry:
    """The first city that is told of a survey finds all of its sites entered; the others find them there."""

    def __init__(self, pool: Pool, campaign_id: str, surveys: Sequence[PlannedSurvey]) -> None:
        self._pool = pool
        self._campaign_id = campaign_id
        self._surveys = {one.survey.id: one.survey for one in surveys}

    async def before(self, action: Action) -> None:
        """Nothing happens before an action that tells of no survey."""
        command = action.command
        if isinstance(command, AddSurvey):
            survey = self._surveys[command.survey]
            await add_survey(self._pool, self._campaign_id, survey, actor_json(command.actor), action.sent_at)
