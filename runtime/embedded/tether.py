"""Execute another program that ends with the parent process; run as a script, never imported.

    python -I -S tether.py PARENT_PID SIGNAL USER PROGRAM [ARGUMENT...]

SIGNAL (a number) is what the program gets when the parent ends in any way, `kill -9` included. USER is a name to run
as, or `-` for no change. This is a program of its own because the same calls between fork and exec of a process with
threads may deadlock. Only Linux has such a tether; elsewhere the program is started without it.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def main(arguments: list[str]) -> None:
    """Change the user, request a signal at the death of the parent, execute the program."""
    parent, signal_number, user, *program = arguments
    if user != "-":
        import pwd

        entry = pwd.getpwnam(user)
        os.initgroups(user, entry.pw_gid)
        os.setgid(entry.pw_gid)
        os.setuid(entry.pw_uid)
    if sys.platform == "linux":
        # After the change of user, which would undo it.
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal_number), 0, 0, 0)
        if os.getppid() != int(parent):
            sys.exit("the parent ended before its child began")
    # The other user may not enter the working directory; all paths in the arguments are absolute.
    os.chdir("/")
    os.execv(program[0], program)


if __name__ == "__main__":
    main(sys.argv[1:])
