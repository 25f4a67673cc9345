"""One log for our code and for temporalio's: structlog on standard error, quiet by default.

Call `configure_logging` from a `main`, never at import: the workflow sandbox would run it again.
"""

import logging
import sys

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from runtime.settings import Settings

_TEMPORAL_CONTEXTS = ("temporal_workflow", "temporal_activity")
_LOGS_ADDRESSES = ("httpx2", "httpcore2")
"""They log the address of each request, and the address of a robot contains its token."""

_CONTEXT_FIELDS = ("workflow_id", "run_id", "workflow_type", "activity_type", "activity_id", "attempt", "task_queue")


def configure_logging(settings: Settings) -> None:
    """Send structlog and standard logging to standard error, by the settings' level and format.

    Records of temporalio carry the workflow and activity they belong to as fields of their own (`workflow_id`,
    `run_id`, `activity_type`, ...). May be called again; the last call holds.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.ExtraAdder(allow=_TEMPORAL_CONTEXTS),
        lift_temporal_context,
    ]
    for_people = settings.log_format == "console" or (settings.log_format == "auto" and sys.stderr.isatty())
    rendering: list[Processor] = (
        [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
        if for_people
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.PositionalArgumentsFormatter(), *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendering],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level)
    keep_addresses_out()
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        # Not cached, so that a later call also changes loggers made before it.
        cache_logger_on_first_use=False,
    )


def keep_addresses_out() -> None:
    """Keep the HTTP library from logging the addresses of channels, at any level."""
    for library in _LOGS_ADDRESSES:
        logging.getLogger(library).setLevel(max(logging.WARNING, logging.getLogger().level))


def lift_temporal_context(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Turn temporalio's `extra` dictionaries into fields, and drop the copy it appends to the message."""
    for name in _TEMPORAL_CONTEXTS:
        context = event.pop(name, None)
        if isinstance(context, dict):
            message, mark, _ = str(event["event"]).rpartition(" ({'")
            if mark:
                event["event"] = message
            event.update({field: context[field] for field in _CONTEXT_FIELDS if context.get(field) is not None})
    return event
