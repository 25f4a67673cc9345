"""The number of messages that a worker process has taken up, in a shared file, so that the sender can limit its rate.

Without it signals pile up in front of a slow worker and are handled several at a time, which favours the slow one.
"""

import itertools
import mmap
import struct
from pathlib import Path
from typing import Any

import temporalio.client
from temporalio.worker import (
    ExecuteWorkflowInput,
    HandleSignalInput,
    HandleUpdateInput,
    Interceptor,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
)

PROGRESS_FILE = "progress"
"""Name of the file in the folder of the machine under test."""

_NUMBER = struct.Struct("<q")


class Progress:
    """The shared number; one process writes it, another reads it."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(_NUMBER.pack(0))
        with path.open("r+b") as file:
            self._shared = mmap.mmap(file.fileno(), _NUMBER.size)

    def read(self) -> int:
        return int(_NUMBER.unpack_from(self._shared)[0])

    def write(self, taken: int) -> None:
        _NUMBER.pack_into(self._shared, 0, taken)


class CountingInterceptor(temporalio.client.Interceptor, Interceptor):
    """Counts starts, signals and updates as the worker's workflows take them up; the same in every variant.

    The client carries it, since a worker takes over the interceptors of its client and `worker.serving` has no
    parameter for others.
    """

    def __init__(self, progress: Progress) -> None:
        # `next` of a count is atomic, and workflows run in several threads.
        numbers = itertools.count(1)

        def taken() -> None:
            progress.write(next(numbers))

        class Counting(WorkflowInboundInterceptor):
            async def execute_workflow(self, input: ExecuteWorkflowInput) -> Any:
                taken()
                return await super().execute_workflow(input)

            async def handle_signal(self, input: HandleSignalInput) -> None:
                taken()
                await super().handle_signal(input)

            async def handle_update_handler(self, input: HandleUpdateInput) -> Any:
                taken()
                return await super().handle_update_handler(input)

        self._counting = Counting

    def workflow_interceptor_class(self, input: WorkflowInterceptorClassInput) -> type[WorkflowInboundInterceptor]:
        return self._counting
