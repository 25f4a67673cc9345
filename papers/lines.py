"""A text on one line, so that nothing in it can pass for more than it is."""

_LINE_BREAKING = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029], " ")
"""Control characters, line and paragraph separators."""

_TURNING = dict.fromkeys([0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
"""Marks that turn the direction of what follows: a name could show the words behind it backwards."""

_DROPPED: dict[int, str | None] = {**_LINE_BREAKING, **_TURNING}


def one_line(text: str) -> str:
    """The text on one line, without control characters: nothing in it can start a header or a row of its own."""
    return " ".join(text.translate(_DROPPED).split())
