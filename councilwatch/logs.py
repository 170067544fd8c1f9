"""Logs that an operator can follow: plain on a terminal, one JSON object a line elsewhere, on standard error.

All rooms log to one logger, "councilwatch": what happened, and its particulars as `extra`.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Mapping
from datetime import UTC, datetime

LEVEL = "COUNCILWATCH_LOG"  # "debug" shows every request

_OF_EVERY_RECORD = frozenset(vars(logging.makeLogRecord({})))


def configure_logs(environ: Mapping[str, str], *, daemon: bool = False) -> None:
    """Commands log warnings, the daemon logs what it does; COUNCILWATCH_LOG names another level."""
    said = environ.get(LEVEL, "").strip().upper()
    level = logging.getLevelNamesMapping().get(said, logging.INFO if daemon else logging.WARNING)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Plain() if sys.stderr.isatty() else _Json())
    log = logging.getLogger("councilwatch")
    log.handlers = [handler]
    log.setLevel(level)
    log.propagate = False


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        said = {**_particulars(record), "event": record.getMessage(), "level": record.levelname.lower()}
        said["timestamp"] = _moment(record)
        if record.exc_info:
            said["exception"] = self.formatException(record.exc_info)
        return json.dumps(said, default=repr)


class _Plain(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        with_what = "".join(f"  {name}={value!r}" for name, value in _particulars(record).items())
        line = f"{_moment(record)}  {record.levelname.lower():7}  {record.getMessage()}{with_what}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


def _particulars(record: logging.LogRecord) -> dict[str, object]:
    return {name: value for name, value in vars(record).items() if name not in _OF_EVERY_RECORD}


def _moment(record: logging.LogRecord) -> str:
    return f"{datetime.fromtimestamp(record.created, UTC):%Y-%m-%dT%H:%M:%S.%fZ}"
