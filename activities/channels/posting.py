"""One HTTP exchange with a robot or a webhook. Its address is a secret (it holds a token) and is never shown.

`runtime.logging` keeps the HTTP library from logging it.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import httpx2

from schemas.errors import DeliveryDeferred, DeliveryRefused

PATIENCE_SECONDS = 30.0
"""Timeout of the whole exchange: shorter than that of the activity attempt."""

_SAID = 300
"""Characters of an answer that are kept."""

_NOT_TAKEN = {400, 413, 415, 422}
"""Statuses that refuse the message itself; every other error is about the server, its load or our settings."""

_TOKEN = 6
_TOKEN_IN_PATH = 16
"""Shorter parts of an address are words like `webhook`, not tokens; hiding them would make messages unreadable."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The response. `content` is the JSON object, empty if there was none; `text` is for people."""

    status: int
    content: Mapping[str, Any]
    text: str
    retry_after: float | None

    @property
    def succeeded(self) -> bool:
        return 200 <= self.status < 300


class Address:
    """The address of a channel. `secret` is known here only to be hidden as well."""

    def __init__(
        self, channel: str, url: str, secret: str | None = None, patience_seconds: float = PATIENCE_SECONDS
    ) -> None:
        self.channel = channel
        self._url = url
        self._hidden = _secrets_of(url, secret)
        self._patience = patience_seconds

    async def post(
        self, content: bytes, *, headers: Mapping[str, str] | None = None, query: Mapping[str, str] | None = None
    ) -> Answer:
        """Post JSON, and read the response of any status.

        Raises:
            DeliveryDeferred: no response in time.
        """
        url = httpx2.URL(self._url).copy_merge_params(dict(query or {}))
        headers = {"Content-Type": "application/json; charset=utf-8", **(headers or {})}
        try:
            async with asyncio.timeout(self._patience), httpx2.AsyncClient(timeout=self._patience) as client:
                response = await client.post(url, content=content, headers=headers)
        except TimeoutError:
            raise self.deferred(f"no answer within {self._patience:g} s") from None
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
            # Without its cause, whose text may contain the address.
            raise self.deferred(f"{type(error).__name__}: {error}") from None
        return self._read(response)

    def _read(self, response: httpx2.Response) -> Answer:
        try:
            content = json.loads(response.content)
        except ValueError:
            content = None
        return Answer(
            status=response.status_code,
            content=content if isinstance(content, dict) else {},
            text=self.hide(response.text),
            retry_after=_seconds(response.headers.get("Retry-After")),
        )

    def verdict(self, answer: Answer) -> DeliveryDeferred | DeliveryRefused:
        """The error for a response without success, by its HTTP status alone."""
        reason = f"HTTP {answer.status} {answer.text}".strip()
        if answer.status in _NOT_TAKEN:
            return self.refused(reason)
        return self.deferred(reason, answer.retry_after)

    def deferred(self, reason: str, retry_after: float | None = None) -> DeliveryDeferred:
        return DeliveryDeferred(f"{self.channel}: did not take it: {self.hide(reason)}; it is tried again", retry_after)

    def refused(self, reason: str) -> DeliveryRefused:
        return DeliveryRefused(f"{self.channel}: refuses: {self.hide(reason)}")

    def hide(self, text: str) -> str:
        """The text on one line of bounded length, with secrets hidden."""
        for secret in self._hidden:
            text = text.replace(secret, "***")
        text = " ".join(text.split())
        return text if len(text) <= _SAID else text[: _SAID - 1] + "…"


def _secrets_of(url: str, secret: str | None) -> list[str]:
    """The address, its parts that may be tokens, and the secret; longest first, so that no part of one remains."""
    parts = urlsplit(url)
    found = {url, parts.query, parts.username or "", parts.password or "", secret or ""}
    found |= {value for _, value in parse_qsl(parts.query)}
    found |= {part for part in parts.path.split("/") if len(part) >= _TOKEN_IN_PATH}
    found |= {unquote(part) for part in found}
    return sorted((part for part in found if len(part) >= _TOKEN), key=len, reverse=True)


def _seconds(header: str | None) -> float | None:
    """`Retry-After` in seconds; None for its other form, a date."""
    return float(header) if header is not None and header.isdecimal() else None
