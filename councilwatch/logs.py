"""Logs that an operator can follow: plain on a terminal, one JSON object a line elsewhere, on standard error."""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping

import structlog

LEVEL = "COUNCILWATCH_LOG"  # "debug" shows every request


def configure_logs(environ: Mapping[str, str], *, daemon: bool = False) -> None:
    """Commands log warnings, the daemon logs what it does; COUNCILWATCH_LOG names another level."""
    said = environ.get(LEVEL, "").strip().upper()
    level = logging.getLevelNamesMapping().get(said, logging.INFO if daemon else logging.WARNING)
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer() if sys.stderr.isatty() else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
