"""A register as a whole: what tells one from another."""

import hashlib
from collections.abc import Sequence

from schemas.canonical import canonical_json
from schemas.site import Site


def register_digest(sites: Sequence[Site]) -> str:
    """SHA-256 (hex) over the canonical JSON of each site, a line each, sorted by id: order in the file is no matter."""
    digest = hashlib.sha256()
    for site in sorted(sites, key=lambda site: site.id):
        digest.update(canonical_json(site.model_dump(mode="json")).encode() + b"\n")
    return digest.hexdigest()
