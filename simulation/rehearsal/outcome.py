"""What a rehearsed campaign came to, read from its Postgres."""

from simulation.outcome.load import LoadCounter
from simulation.outcome.sections import Outcome, Signatures
from storage.campaigns import read_plan
from storage.connections import Pool
from storage.documents import all_documents
from storage.modes import read_mode_sums
from storage.progress import read_all_progress
from storage.status import count_signatures


async def read_outcome(pool: Pool, campaign_id: str, loads: LoadCounter) -> Outcome:
    """The outcome of a campaign; `loads` has the entries of its ledger."""
    plan = (await read_plan(pool, campaign_id)).plan
    signatures = await count_signatures(pool, campaign_id)
    return Outcome(
        plan=plan,
        progress=await read_all_progress(pool, plan),
        modes=(await read_mode_sums(pool, campaign_id))[0] if plan.modes is not None else None,
        signatures={city: Signatures(*counts) for city, counts in signatures.items()},
        documents=await all_documents(pool, campaign_id),
        offices=loads.offices(),
    )
