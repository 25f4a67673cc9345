"""A variant's worker as a process of its own: `python -m bench.process VARIANT TEMPORAL POSTGRES FOLDER [PROFILE]`.

Prints `ready` when it serves and ends in order on SIGTERM. With PROFILE it profiles every thread of its Python code
by CPU time and writes the statistics there.
"""

import asyncio
import contextlib
import os
import signal
import sys
from pathlib import Path

from bench.profiling import profiled_threads
from runtime.settings import Settings


def _serving(
    variant: str, temporal: str, postgres: str, settings: Settings
) -> contextlib.AbstractAsyncContextManager[None]:
    if variant == "dbos":
        from bench.dbos_app import serving_dbos  # its import starts threads

        return serving_dbos(postgres)
    from bench.temporal_worker import serving_engine, serving_naive, serving_skeleton

    serving = {"skeleton": serving_skeleton, "naive": serving_naive, "engine": serving_engine}[variant]
    return serving(temporal, postgres, settings)


async def _serve(variant: str, temporal: str, postgres: str, folder: Path) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with _serving(variant, temporal, postgres, Settings(data_dir=folder)):
        print("ready", flush=True)
        await stop.wait()


def main(arguments: list[str]) -> None:
    """Serve until SIGTERM or SIGINT."""
    variant, temporal, postgres, folder, *profile = arguments
    with profiled_threads(Path(profile[0])) if profile else contextlib.nullcontext():
        asyncio.run(_serve(variant, temporal, postgres, Path(folder)))
    sys.stdout.flush()
    # The native threads of the SDK may abort an interpreter that shuts down; everything is closed here.
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
