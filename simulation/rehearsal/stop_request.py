"""How SIGINT (Ctrl-C) and SIGTERM stop a rehearsal: the first signal ends it in order, the second one at once."""

import asyncio
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class StopRequest:
    """`requested` is set by the first signal, `by` is that signal."""

    def __init__(self) -> None:
        self.requested = asyncio.Event()
        self.by: signal.Signals | None = None

    @contextmanager
    def listening(self, before_the_end: Callable[[], None]) -> Iterator[None]:
        """Listen inside the block; the second signal calls `before_the_end` and ends the process at once.

        An ignored SIGINT (a background job of a shell) stays ignored. Only the main thread can listen.
        """
        if threading.current_thread() is not threading.main_thread():
            yield
            return

        def told(number: signal.Signals) -> None:
            if self.by is not None:
                before_the_end()
                os._exit(exit_code(number))
            self.by = number
            self.requested.set()

        heard = [n for n in (signal.SIGINT, signal.SIGTERM) if signal.getsignal(n) is not signal.SIG_IGN]
        loop = asyncio.get_running_loop()
        for number in heard:
            loop.add_signal_handler(number, told, number)
        try:
            yield
        finally:
            for number in heard:
                loop.remove_signal_handler(number)


def exit_code(number: signal.Signals) -> int:
    """What a shell reports for a program that this signal ended: 130 for SIGINT, 143 for SIGTERM."""
    return 128 + number
