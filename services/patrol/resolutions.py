"""Resolutions of a joint meeting as people type them."""

import re
from datetime import date
from typing import Any

_TYPED = re.compile(r"(?P<unit>[^:：]+)[:：](?P<what>.*?)(?:\s+by\s+(?P<due>\S+))?", re.DOTALL)


def read_resolution(text: str) -> dict[str, Any]:
    """`OFFICE: WHAT` or `OFFICE: WHAT by 2024-10-20`; ValueError says what was expected."""
    found = _TYPED.fullmatch(text.strip())
    if found is None or not found["unit"].strip() or not found["what"].strip():
        raise ValueError(f"--resolved: expected 'OFFICE: WHAT' or 'OFFICE: WHAT by 2024-10-20', not {text!r}")
    try:
        due = date.fromisoformat(found["due"]) if found["due"] is not None else None
    except ValueError:
        raise ValueError(f"--resolved: expected a day such as 2024-10-20 after `by`, not {found['due']!r}") from None
    return {"unit": found["unit"].strip(), "what": found["what"].strip(), "due": due}
