"""Postgres URLs: naming a server without its password, and the same server's other databases."""

from urllib.parse import parse_qs, quote, unquote, urlsplit, urlunsplit


def address_of(url: str) -> str:
    """Host and port, or the socket folder, and the database; never the user's password."""
    parts = urlsplit(url)
    asked = parse_qs(parts.query)
    host = parts.hostname or asked.get("host", ["localhost"])[0]
    database = unquote(parts.path.lstrip("/")) or "postgres"
    if host.startswith("/"):
        return f"socket {host}, database {database}"
    port = parts.port or asked.get("port", ["5432"])[0]
    return f"{host}:{port}, database {database}"


def database_of(url: str) -> str:
    """The database that a URL names."""
    return unquote(urlsplit(url).path.lstrip("/"))


def with_database(url: str, name: str) -> str:
    """The same server and user, another database."""
    parts = urlsplit(url)
    changed = urlunsplit(parts._replace(path="/" + quote(name, safe="")))
    # urlunsplit drops the empty authority of `postgresql:///name?host=...`.
    return changed if "://" in changed else changed.replace(":/", ":///", 1)
