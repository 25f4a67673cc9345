"""What a move of files and a renaming of classes must leave as it is, byte for byte."""

import difflib
import re
from collections import Counter
from collections.abc import Iterable

import pytest

from tests.goldens.ledgers import CASES, first_difference, summary, unpacked
from tests.goldens.record import KEPT, kept
from tests.goldens.shapes import shapes
from tests.goldens.wire import names

pytestmark = pytest.mark.unit

AGAIN = "\nWhere this is meant: python -m tests.goldens.record, and say why."
SHOWN = 5


def difference(before: Iterable[str], after: Iterable[str]) -> str:
    """Only the lines that went and came."""
    lines = difflib.unified_diff(list(before), list(after), "kept", "found", lineterm="", n=1)
    return "\n".join(lines)


def test_models_have_the_fields_they_had() -> None:
    before, after = kept("shapes"), shapes()
    if before == after:
        return
    # A changed model changes the hash of every model around it: told is what changed by itself.
    gone, come = (
        [masked(one[key]) for key in one if key not in other] for one, other in ((before, after), (after, before))
    )
    both = Counter(gone) & Counter(come)
    gone, come = sorted((Counter(gone) - both).elements()), sorted((Counter(come) - both).elements())
    told = difference("\n".join(gone).split("\n"), "\n".join(come).split("\n"))
    pytest.fail((told or difference(flat(before), flat(after))) + AGAIN, pytrace=False)


def masked(lines: list[str]) -> str:
    return re.sub(r"#[0-9a-f]{12}", "#", "\n".join(lines))


@pytest.mark.parametrize("what", sorted(kept("wire")))
def test_names_on_the_wire_stay(what: str) -> None:
    before, after = flat(kept("wire")[what]), flat(names()[what])
    if before != after:
        pytest.fail(f"{what}:\n{difference(before, after)}{AGAIN}", pytrace=False)


def test_no_sort_of_name_is_left_out() -> None:
    assert names().keys() == kept("wire").keys()


def flat(said: object, under: str = "") -> list[str]:
    if isinstance(said, dict):
        return [line for key, value in said.items() for line in flat(value, f"{under}{key}: ")] or [under]
    if isinstance(said, list | tuple):
        return [f"{under}{' '.join(one) if isinstance(one, list | tuple) else one}" for one in said]
    return [f"{under}{said}"]


@pytest.mark.parametrize("case", sorted(kept("ledgers")))
def test_seeded_forecast_writes_its_ledger(case: str) -> None:
    before, ledger = kept("ledgers")[case], CASES[case]()
    after = summary(ledger)
    if before == after:
        return
    old, new = before["streams"], after["streams"]
    differing = [stream for stream in {**old, **new} if old.get(stream) != new.get(stream)]
    told = first_difference(unpacked((KEPT / f"{case}.jsonl.xz").read_bytes()), ledger, differing[:SHOWN])
    pytest.fail(f"{len(differing)} of {len(new)} streams differ: {differing[:20]}\n{told}{AGAIN}", pytrace=False)


def test_every_forecast_has_a_golden() -> None:
    assert CASES.keys() == kept("ledgers").keys()
