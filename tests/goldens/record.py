"""Records the goldens anew: `python -m tests.goldens.record`. Only where the difference is meant and explained."""

import json
from pathlib import Path
from typing import Any

from tests.goldens.ledgers import CASES, packed, summary
from tests.goldens.shapes import shapes
from tests.goldens.wire import names

KEPT = Path(__file__).parent / "kept"


def kept(name: str) -> Any:
    """A golden file as it was recorded."""
    return json.loads((KEPT / f"{name}.json").read_text(encoding="utf-8"))


def record(folder: Path = KEPT) -> None:
    """Write all golden files."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    summaries = {}
    for case, lived in CASES.items():
        ledger = lived()
        summaries[case] = summary(ledger)
        (folder / f"{case}.jsonl.xz").write_bytes(packed(ledger))
    for name, golden in (("shapes", shapes()), ("wire", names()), ("ledgers", summaries)):
        text = json.dumps(golden, ensure_ascii=False, indent=1)
        (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    record()
