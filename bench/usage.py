"""CPU seconds and memory of the processes of the bench."""

import os
from collections.abc import Iterator

import psutil  # type: ignore[import-untyped]  # it ships no types

_WHO = (("start-dev", "temporal"), ("bench.process", "worker"), ("postgres", "postgres"))


def _name(process: psutil.Process) -> str | None:
    command = " ".join(process.cmdline())
    return next((name for mark, name in _WHO if mark in command), None)


def _children() -> Iterator[tuple[str, psutil.Process]]:
    for process in psutil.Process(os.getpid()).children():
        name = _name(process)
        if name is not None:
            yield name, process


def cpu_seconds() -> dict[str, float]:
    """CPU seconds so far of `worker`, `temporal`, `postgres` (with its backends) and `load` (this process)."""
    times = psutil.Process(os.getpid()).cpu_times()
    spent = {"load": times.user + times.system, "worker": 0.0, "temporal": 0.0, "postgres": 0.0}
    for name, process in _children():
        own = process.cpu_times()
        spent[name] += own.user + own.system + own.children_user + own.children_system
        for backend in process.children(recursive=True):
            try:
                times = backend.cpu_times()
            except psutil.NoSuchProcess:
                continue  # it has ended since the list was made; its parent has its times now
            spent[name] += times.user + times.system
    return spent


def since(before: dict[str, float]) -> dict[str, float]:
    """CPU seconds since `before`."""
    return {name: round(now - before[name], 2) for name, now in cpu_seconds().items()}


def worker_megabytes() -> float:
    """Resident memory of the worker process in MiB."""
    return float(sum(process.memory_info().rss for name, process in _children() if name == "worker")) / 2**20
