"""The chapters of an implementation opinion, as text: each under a heading `# 一、资金来源`."""

import re

_HEADING = re.compile(r"#{1,6}\s+(.+)")
_NUMBER = re.compile(r"(第?[一二三四五六七八九十百]+[章节、.．]|[（(][一二三四五六七八九十]+[)）]|\d+[、.．])\s*")
"""`一、`, `第一章`, `（一）`, `1.`: a chapter's number, which is not part of its title."""


def read_chapters(text: str) -> list[dict[str, str]]:
    """Title and text of each chapter, in order. ValueError for text before the first heading, and for no heading."""
    found: list[dict[str, str]] = []
    for line in text.splitlines():
        heading = _HEADING.fullmatch(line.strip())
        if heading is not None:
            found.append({"title": _NUMBER.sub("", heading[1].strip(), count=1).strip(), "text": ""})
        elif found:
            found[-1]["text"] += line + "\n"
        elif line.strip():
            raise ValueError(f"expected a heading such as `# 资金来源` before {line.strip()[:40]!r}")
    if not found:
        raise ValueError("expected chapters, each under a heading such as `# 资金来源`")
    return [{**chapter, "text": chapter["text"].strip()} for chapter in found]
