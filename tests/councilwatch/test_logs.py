"""What an operator reads: one JSON object a line, or plain lines on a terminal."""

from __future__ import annotations

import io
import json
import logging
import sys
from datetime import datetime
from typing import Any

import pytest

from councilwatch.logs import configure_logs

LOG = logging.getLogger("councilwatch")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def logged(stream: io.StringIO, monkeypatch: pytest.MonkeyPatch, **environ: str) -> list[str]:
    monkeypatch.setattr(sys, "stderr", stream)
    configure_logs(environ)
    LOG.debug("fetched", extra={"url": "http://example.org"})
    LOG.warning("refused", extra={"reason": "line\nbreak", "seconds": 0.5, "name of": {1}})
    LOG.error("a mistake", exc_info=ValueError("wrong"))
    return stream.getvalue().splitlines()


def test_elsewhere_than_on_a_terminal_each_event_is_one_json_object(monkeypatch: pytest.MonkeyPatch) -> None:
    warned, failed = (json.loads(line) for line in logged(io.StringIO(), monkeypatch))
    assert datetime.fromisoformat(warned.pop("timestamp")).tzinfo is not None
    expected: dict[str, Any] = {"reason": "line\nbreak", "seconds": 0.5, "name of": "{1}"}
    assert warned == {"event": "refused", "level": "warning", **expected}
    assert (failed["event"], failed["level"]) == ("a mistake", "error")
    assert failed["exception"].endswith("ValueError: wrong")


def test_on_a_terminal_a_value_cannot_break_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    _, said, *more = logged(Terminal(), monkeypatch, COUNCILWATCH_LOG=" debug ")
    assert said.endswith(r"reason='line\nbreak'  seconds=0.5  name of={1}")
    assert more[-1] == "ValueError: wrong"


def test_a_command_set_up_twice_says_each_thing_once(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    logged(stream, monkeypatch)
    stream.truncate(0)
    assert len(logged(stream, monkeypatch)) == 2
