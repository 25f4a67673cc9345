"""The channel file (TOML, `HUNDRED_DAYS_CHANNELS_FILE`): where documents go besides the outbox and the mail.

    [channels.henan-duty]
    type = "wecom"                      # one of activities.channels.registry
    url_env = "DUTY_ROBOT"              # or `url`, or `url_file`: the address holds the robot's token
    rate = "20/minute"                  # also /second, /hour, /day; robots have a rate by themselves

    [channels.ledger-office]
    type = "webhook"
    url = "https://office.example.org/documents"
    secret_file = "office.secret"       # or `secret`, or `secret_env`; a webhook must have one

    [channels.e-mail]
    rate = "60/minute"                  # the mail and the outbox may have a rate, and nothing else

Names of files are relative to the channel file. What a file or a variable holds is read once, when the worker starts.
"""

import difflib
import os
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from schemas.errors import InvalidInput
from schemas.offices import MAIL, OUTBOX

PLAIN = (OUTBOX, MAIL)
"""The channels that need no entry and accept only a rate."""

_KEYS = ("type", "url", "url_file", "url_env", "secret", "secret_file", "secret_env", "rate")

_UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")

_HARMLESS = re.compile(r"[\w .,-]{1,64}")
"""An unknown name that a message may repeat: no address matches."""


_RATE_LIKE = re.compile(r"[\w ./-]{1,20}")

_LOCAL = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRules:
    """What the channel file may set for a channel of one type.

    `rate` is the platform's own limit, messages in so many seconds. `check_secret` raises ValueError, without the
    secret, for one that can not be used. `no_secret` says why the type has none. `plain_http`: its address has no token
    that would travel in the clear.
    """

    rate: tuple[int, int] | None = None
    needs_secret: bool = False
    check_secret: Callable[[str], object] | None = None
    no_secret: str | None = None
    plain_http: bool = False


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """One named channel; `interval` is the shortest time between two documents."""

    name: str
    type: str
    url: str = field(default="", repr=False)
    secret: str | None = field(default=None, repr=False)
    interval: timedelta | None = None


def read_channels(
    path: Path, types: Mapping[str, ChannelRules], environment: Mapping[str, str] | None = None
) -> dict[str, ChannelSettings]:
    """The channels of a file by name, `outbox` and `e-mail` only where it sets their rate; `types` are those known.

    Raises:
        InvalidInput: with every fault of the file: where it is and what was expected. No value is repeated but that of
            a rate: an address or a secret may stand anywhere by mistake.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidInput(f"channel file {path}: cannot be read ({error.strerror})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidInput(f"channel file {path}: is no TOML ({error})") from None
    reader = _Reader(path, types, os.environ if environment is None else environment)
    channels = reader.read(content)
    if reader.faults:
        raise InvalidInput(f"channel file {path} does not hold:\n" + "\n".join(f"  {one}" for one in reader.faults))
    return channels


def parse_rate(text: str) -> timedelta:
    """The interval of a rate like `20/minute`; ValueError says what was expected."""
    times, slash, unit = text.partition("/")
    if not slash or not times.strip().isdecimal() or int(times) < 1 or unit.strip() not in _UNITS:
        raise ValueError(f"expected a rate like 20/minute, by {', '.join(_UNITS)}")
    return _interval(int(times), _UNITS[unit.strip()])


def _interval(times: int, seconds: int) -> timedelta:
    """The interval, rounded up to a microsecond, so that no window has one message too many."""
    return timedelta(microseconds=-(-seconds * 1_000_000 // times))


def _shown(name: str) -> str:
    """A key of the file as a message may show it."""
    return name if _HARMLESS.fullmatch(name) else f"(a name of {len(name)} characters that looks like an address)"


def _perhaps(word: str, known: Iterable[str]) -> str:
    """A suggestion of the known word that is most like `word`."""
    near = difflib.get_close_matches(word, known, n=1)
    return f"; perhaps {near[0]}" if near else ""


class _Reader:
    """Reads one file and collects all faults instead of stopping at the first."""

    def __init__(self, path: Path, types: Mapping[str, ChannelRules], environment: Mapping[str, str]) -> None:
        self._folder = path.parent
        self._types = types
        self._environment = environment
        self.faults: list[str] = []

    def read(self, content: Mapping[str, Any]) -> dict[str, ChannelSettings]:
        for key in sorted(set(content) - {"channels"}):
            self._fault(_shown(key), f"there is only the table [channels.NAME]{_perhaps(key, ['channels'])}")
        tables = content.get("channels", {})
        if not isinstance(tables, dict):
            self._fault("channels", "expected tables [channels.NAME]")
            return {}
        read = {}
        for name, table in tables.items():
            where = f"channels.{_shown(name)}"
            if not _NAME.fullmatch(name):
                self._fault(where, "expected a name of letters, digits and . _ -, as plans may use it")
            if not isinstance(table, dict):
                self._fault(where, f"expected a table [{where}]")
                continue
            read[name] = self._channel(name, where, table)
        return read

    def _channel(self, name: str, where: str, table: Mapping[str, Any]) -> ChannelSettings:
        known = ("rate",) if name in PLAIN else _KEYS
        for key in table:
            if key not in known:
                self._fault(f"{where}.{_shown(key)}", f"there is no such key here; known are {', '.join(known)}")
        if name in PLAIN:
            return ChannelSettings(name, name, interval=self._rate(where, table, None))
        type_ = table.get("type")
        if not isinstance(type_, str) or type_ not in self._types:
            near = _perhaps(type_, self._types) if isinstance(type_, str) else ""
            self._fault(f"{where}.type", f"expected one of {', '.join(self._types)}{near}")
            type_ = ""
        rules = self._types.get(type_, ChannelRules())
        url = self._hidden(where, table, "url", needed=True)
        if url is not None:
            self._check_url(f"{where}.url", rules, url)
        secret = self._hidden(where, table, "secret", needed=rules.needs_secret)
        if secret is not None:
            self._check_secret(f"{where}.secret", rules, secret)
        return ChannelSettings(name, type_, url or "", secret, self._rate(where, table, rules.rate))

    def _rate(self, where: str, table: Mapping[str, Any], usual: tuple[int, int] | None) -> timedelta | None:
        if "rate" not in table:
            return None if usual is None else _interval(*usual)
        try:
            return parse_rate(str(table["rate"]))
        except ValueError as error:
            given = str(table["rate"])
            said = f" = {given!r}" if _RATE_LIKE.fullmatch(given) else ""
            self._fault(f"{where}.rate{said}", str(error))
            return None

    def _hidden(self, where: str, table: Mapping[str, Any], key: str, *, needed: bool) -> str | None:
        """The value of `key`, `key_file` or `key_env`, without the blanks and line ends around it."""
        given = [one for one in (key, f"{key}_file", f"{key}_env") if one in table]
        if len(given) != 1:
            if given or needed:
                expected = f"expected one of {key}, {key}_file and {key}_env"
                self._fault(f"{where}.{key}", f"{expected}, and found {' and '.join(given) or 'none of them'}")
            return None
        [source] = given
        value = table[source]
        if not isinstance(value, str) or not value.strip():
            self._fault(f"{where}.{source}", "expected a text that is not empty")
            return None
        if source.endswith("_file"):
            return self._from_file(f"{where}.{source}", value)
        if source.endswith("_env"):
            return self._from_environment(f"{where}.{source}", value)
        return value.strip()

    def _from_file(self, where: str, name: str) -> str | None:
        try:
            text = (self._folder / name).read_text(encoding="utf-8").strip()
        except (OSError, ValueError) as error:  # ValueError: the name has a NUL character
            reason = getattr(error, "strerror", None) or "not UTF-8"
            self._fault(where, f"the file cannot be read ({reason}); its name is relative to the channel file")
            return None
        if not text:
            self._fault(where, "the file is empty")
        return text or None

    def _from_environment(self, where: str, variable: str) -> str | None:
        text = self._environment.get(variable, "").strip()
        if not text:
            self._fault(where, "there is no variable of this name in the environment, or it is empty")
        return text or None

    def _check_url(self, where: str, rules: ChannelRules, url: str) -> None:
        try:
            parts = urlsplit(url)
            host, _ = parts.hostname, parts.port
        except ValueError:
            host = None
            parts = urlsplit("")
        if parts.scheme not in ("http", "https") or not host:
            self._fault(where, "expected https://host/...")
        elif parts.scheme == "http" and not rules.plain_http and host not in _LOCAL:
            self._fault(where, "expected https: the token in a robot's address must not travel in the clear")

    def _check_secret(self, where: str, rules: ChannelRules, secret: str) -> None:
        if rules.no_secret is not None:
            self._fault(where, rules.no_secret)
        try:
            if rules.check_secret is not None:
                rules.check_secret(secret)
        except ValueError as error:
            self._fault(where, str(error))

    def _fault(self, where: str, expected: str) -> None:
        self.faults.append(f"{where}: {expected}")
