"""The signatures of the agencies under a joint plan and under the amendment that waits for them."""

from reports.words.catalogue import Words
from schemas.local_time import last_day, local_day
from schemas.plan import Plan
from schemas.status import CampaignStatus


def signatures(plan: Plan, status: CampaignStatus, words: Words) -> tuple[tuple[str, str], ...]:
    """A label and a text for each; none in a plan that one agency issues."""
    found = []
    for one in status.signing:
        due, signed = last_day(one.signatures.due, plan.zone), one.signatures.signed
        parts = [
            words("signature", agency=agency, day=local_day(signed[agency], plan.zone))
            if agency in signed
            else words("signature_missing", agency=agency, day=due)
            for agency in one.signatures.agencies
        ]
        found.append((words("signatures", document=one.document), words.listed(parts)))
    return tuple(found)
