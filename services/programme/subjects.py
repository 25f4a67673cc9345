"""A programme as a subject: its record and letterhead stand for a campaign's, its stream is its own."""

from dataclasses import dataclass

from schemas.errors import NotFound
from schemas.programme import FrozenProgramme
from schemas.streams import programme_stream
from services.common.subjects import Subject, campaign_subject
from storage.campaigns import CampaignRecord
from storage.connections import Pool
from storage.programmes import find_programme, is_programme, read_programme


@dataclass(frozen=True)
class ProgrammeSubject(Subject):
    """A started programme."""

    programme: FrozenProgramme | None = None

    @property
    def kept(self) -> FrozenProgramme:
        """The programme as it was started."""
        assert self.programme is not None
        return self.programme

    @property
    def stream(self) -> str:
        if self.document is not None:
            return super().stream
        return programme_stream(self.campaign_id)

    @property
    def why_gone(self) -> str | None:
        return f"programme {self.campaign_id} has ended, or its workflow does not run on this Temporal server"


async def programme_subject(pool: Pool, programme_id: str) -> ProgrammeSubject:
    """A programme; NotFound lists the known ones."""
    known, frozen = await find_programme(pool, programme_id), await read_programme(pool, programme_id)
    record = CampaignRecord(
        campaign_id=known.programme_id,
        document_number=known.document_number,
        title=known.title,
        digest=frozen.digest,
        register_digest="",
        clock=known.clock,
        started=True,
        seq=0,
        state="programme",
        issued_at=None,
        closed_at=None,
    )
    return ProgrammeSubject(record, frozen.letterhead, programme_id, programme=frozen)


async def issuer_subject(pool: Pool, name: str) -> Subject:
    """A programme of this id, else a campaign; NotFound lists the known ones of both."""
    if await is_programme(pool, name):
        return await programme_subject(pool, name)
    try:
        return await campaign_subject(pool, name)
    except NotFound as unknown:
        raise NotFound(f"{unknown}; and no programme has this id") from None
