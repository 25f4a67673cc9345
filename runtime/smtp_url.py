"""The mail server as one value: `smtp://user:password@host:port?starttls` or `smtps://...` as one value."""

from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

from schemas.errors import InvalidInput


@dataclass(frozen=True)
class SmtpServer:
    """One mail server.

    `implicit_tls` encrypts from the first byte (smtps). `start_tls`: True demands STARTTLS, False never asks for it,
    None takes it if it is offered.
    """

    host: str
    port: int
    username: str | None
    password: str | None = field(repr=False)
    implicit_tls: bool
    start_tls: bool | None


_START_TLS: dict[str, bool | None] = {"always": True, "never": False, "auto": None}


def parse_smtp_url(url: str) -> SmtpServer:
    """Read an SMTP URL; the port defaults to 465 for smtps, 587 with `?starttls`, else 25.

    `?starttls` alone is `?starttls=always`; `=never` and `=auto` (the default) are the other choices.

    Raises:
        InvalidInput: not an smtp URL; the message never repeats the URL, which may hold a password.
    """
    expected = "expected smtp://[user:password@]host[:port][?starttls=always|auto|never] or smtps://..."
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
        options = parse_qs(parts.query, keep_blank_values=True)
    except ValueError as error:
        raise InvalidInput(f"smtp_url cannot be read ({error}): {expected}") from None
    if parts.scheme not in ("smtp", "smtps"):
        raise InvalidInput(f"smtp_url has the scheme {parts.scheme!r}: {expected}")
    if not host:
        raise InvalidInput(f"smtp_url names no host: {expected}")
    if parts.path not in ("", "/") or set(options) - {"starttls"}:
        raise InvalidInput(f"smtp_url has a path or an option that means nothing here: {expected}")
    implicit = parts.scheme == "smtps"
    choice = (options.get("starttls") or ["auto"])[-1] or "always"
    if choice not in _START_TLS:
        raise InvalidInput(f"smtp_url asks for starttls {choice!r}: {expected}")
    start = False if implicit and "starttls" not in options else _START_TLS[choice]
    if implicit and start:
        raise InvalidInput("smtp_url asks for smtps and starttls at once: take one of them")
    return SmtpServer(
        host=host,
        port=port or (465 if implicit else 587 if start else 25),
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        implicit_tls=implicit,
        start_tls=start,
    )
