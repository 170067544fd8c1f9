from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Town


def test_it_shows_what_was_sent_by_label_only(town: Town) -> None:
    _polled(town, status=200)
    said = town.call("alerts")
    assert said.code == 0
    assert "sent 2025-12-04 09:00" in said.out
    assert "json hook at 127.0.0.1" in said.out
    assert "/residents" not in said.out  # the address itself is a secret


def test_what_failed_says_why_and_is_sent_on_demand(town: Town) -> None:
    _polled(town, status=500)
    waiting = json.loads(town.call("alerts", "--json").out)
    assert [(row["state"], row["attempts"]) for row in waiting] == [("waiting", 1)]
    assert "500" in waiting[0]["last_error"]
    assert waiting[0]["subscriber"] == "residents"

    failed = town.call("alerts", "--retry")
    assert (failed.code, failed.out) == (1, "messages: 1 waiting\n")
    assert failed.err.startswith("still waits: ")

    town.hook.status = 200
    sent = town.call("alerts", "--retry")
    assert (sent.code, sent.out) == (0, "messages: 1 sent\n")
    assert town.call("alerts", "--retry").out == "nothing waits\n"
    assert json.loads(town.call("alerts", "--json").out)[0]["state"] == "sent"


def test_csv_has_a_heading_and_the_newest_first(town: Town) -> None:
    _polled(town, status=200)
    town.call("notify")
    rows = list(csv.DictReader(io.StringIO(town.call("alerts", "--csv").out)))
    assert [row["kind"] for row in rows] == ["test", "test", "summary"]
    assert len(list(csv.DictReader(io.StringIO(town.call("alerts", "--csv", "--limit", "1").out)))) == 1


def test_json_and_csv_together_are_refused(town: Town) -> None:
    said = town.call("alerts", "--json", "--csv")
    assert (said.code, len(said.err.splitlines())) == (2, 1)


def _polled(town: Town, *, status: int) -> None:
    town.hook.status = status
    town.call("poll", "--all")
