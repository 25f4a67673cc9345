"""The system user for a server that refuses to run as root."""

import fcntl
import os
import pwd
import subprocess

from schemas.errors import HundredDaysError


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
