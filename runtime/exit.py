"""How the programs of this project end: with flushed streams and their own exit code.

A Python process that used temporalio can crash while the interpreter shuts down, after its work is done
(temporalio/sdk-python issue 300), and would then report 134 or 139. So it leaves by `os._exit`: exit hooks do not run,
and whatever was started must be stopped before `main` returns.
"""

import contextlib
import json
import os
import select
import sys
import traceback
from collections.abc import Callable, Sequence
from typing import NoReturn

from cyclopts import App, CycloptsError

from schemas.errors import HundredDaysError

MISUSED = 2
"""A command line that can not be understood."""

CRASHED = 70
"""A defect of the program, with a traceback on standard error (EX_SOFTWARE); never for an error of the user."""

INTERRUPTED = 130
READER_GONE = 141
"""What a shell reports for a program that SIGPIPE ended, as in `... | head`."""


def run_to_exit(main: Callable[[], int]) -> NoReturn:
    """Run `main` and end the process with its exit code, or with the code of what it raised.

    A `HundredDaysError` becomes `error: ...` on standard error and its `exit_code`, also when it is the only leaf of
    an exception group; Ctrl-C gives 130; a closed pipe ends quietly with 141; anything else is a crash, 70.
    """
    code = outcome_of(main)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            code = code or READER_GONE
    os._exit(code)


def run_app(app: App) -> NoReturn:
    """Run the command line of this process and exit with the code of `call`."""
    run_to_exit(lambda: call(app))


def call(app: App, arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its code; one that can not be understood returns `MISUSED` and says why.

    With `--json` an error is a JSON object on standard output too, `{"error": ..., "exit_code": ...}`, unless the
    command has printed its own object before it failed (`HundredDaysError.is_printed`).

    Args:
        app: The program.
        arguments: What follows the program's name; those of this process by default.
    """
    as_json = "--json" in (sys.argv[1:] if arguments is None else arguments)
    try:
        return app(arguments, result_action="return_value", exit_on_error=False, print_error=False) or 0
    except CycloptsError as error:
        if as_json:
            _print_error(str(error), MISUSED)
        _say(f"error: {error}")
        return MISUSED
    except Exception as error:
        cause = _only_leaf(error)
        if as_json and isinstance(cause, HundredDaysError):
            if not cause.is_printed:
                _print_error(str(cause), cause.exit_code)
        elif as_json and not isinstance(cause, BrokenPipeError):
            _print_error(f"a defect of the program: {cause!r}", CRASHED)
        raise


def outcome_of(main: Callable[[], int]) -> int:
    """The exit code of `main`, or of what it raised, which is written to standard error (`run_to_exit`)."""
    try:
        return main()
    except SystemExit as wish:
        if isinstance(wish.code, str):
            _say(wish.code)
            return 1
        return wish.code or 0
    except KeyboardInterrupt:
        return INTERRUPTED
    except BaseException as error:
        cause = _only_leaf(error)
        if isinstance(cause, BrokenPipeError) and _reader_is_gone():
            return READER_GONE
        if isinstance(cause, HundredDaysError):
            _say(f"error: {cause}")
            return cause.exit_code
        traceback.print_exception(error)
        return CRASHED


def _print_error(text: str, code: int) -> None:
    with contextlib.suppress(OSError):
        sys.stdout.write(f"{json.dumps({'error': text, 'exit_code': code}, ensure_ascii=False)}\n")


def _say(text: str) -> None:
    with contextlib.suppress(OSError):
        sys.stderr.write(f"{text}\n")


def _only_leaf(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    return error


def _reader_is_gone() -> bool:
    """Whether standard output is broken, and not a connection to a server."""
    poll = select.poll()
    poll.register(1, select.POLLOUT)
    return any(events & (select.POLLERR | select.POLLNVAL) for _, events in poll.poll(0))
