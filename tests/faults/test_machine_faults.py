"""What machines do to a program: signals, full and read-only disks, two of it at once, and input that means harm."""

from __future__ import annotations

import re
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from demo.behaviour import Behaviour, Fault
from tests.faults.processes import Launcher
from tests.faults.town import PSPO_ITEM, Watcher, added, event, items_of, town

Watch = Callable[..., Watcher]
Until = Callable[[Callable[[], object], str], None]


def now(watcher: Watcher) -> dict[str, str]:
    return {"COUNCILWATCH_NOW": watcher.now.isoformat()}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_in_mid_poll_ends_it_soon_and_the_next_poll_goes_on(
    watch: Watch, launcher: Launcher, until: Until, number: signal.Signals
) -> None:
    watcher = watch(town(added(24)))
    watcher.poll()
    watcher.later(hours=25)
    watcher.site.forget_requests()
    watcher.strikes(Fault("drip", r"MeetingId=800|MId=800", pause=0.5))
    process = launcher.start(watcher.config, "poll", "--all", environ=now(watcher))
    until(lambda: any("800" in request.query for request in watcher.site.requests), "the page that drips")
    process.signal(number)
    assert process.wait(10) in (0, 1, 130)
    assert "Traceback" not in process.err
    assert watcher.kinds() == ["item.added"], "what was read before is kept"
    watcher.sound()
    watcher.strikes(None)
    watcher.later(hours=1)
    watcher.poll(everything=False)
    assert watcher.kinds() == ["item.added"]
    assert len(watcher.hook.take()) == 1
    assert watcher.state == "ok"


@pytest.mark.parametrize("room", [200, 500])
def test_a_full_disk_is_one_clear_line_and_nothing_half_written(watch: Watch, launcher: Launcher, room: int) -> None:
    """RLIMIT_FSIZE stands for the full disk: no file may grow beyond it, and SQLite is told of an I/O error."""
    items = [{**each, "text": "Long. " + "x y z " * 8_000} for each in items_of(701)]
    out = event(24, "A long agenda", meeting=[{"id": 701, "agenda": True, "item": items}])
    watcher = watch(town(added(24), out))
    watcher.poll()
    before = watcher.standing()
    watcher.later(hours=25)

    process = launcher.run(watcher.config, "poll", "--all", environ=now(watcher), limit=room * 1024)
    assert process.wait() == 2
    said = [line for line in process.err.splitlines() if line.startswith("councilwatch:")]
    assert len(said) == 1 and re.fullmatch(r"councilwatch: .*councilwatch\.db: the disk .*", said[0])
    assert "Traceback" not in process.err
    watcher.sound()
    after = {(row["meeting_id"], row["item_id"]) for row in watcher.standing()}
    assert {(row["meeting_id"], row["item_id"]) for row in before} <= after | {(701, None)}
    assert watcher.poll().failed == ()
    watcher.sound()
    assert sorted(kind for kind in watcher.kinds() if kind != "document.added") == [
        "agenda.published",
        *["item.added"] * 7,
    ]
    assert len(watcher.hook.take()) == 1


@pytest.mark.parametrize("what", ["folder", "file"])
def test_a_database_that_may_not_be_written_to_is_one_clear_line(watch: Watch, launcher: Launcher, what: str) -> None:
    watcher = watch(town())
    watcher.poll()
    with TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(watcher.config, folder)
        shutil.copy(watcher.database, folder)
        watcher.config = folder / watcher.config.name
        (folder / watcher.database.name).chmod(0o444)
        folder.chmod(0o555 if what == "folder" else 0o777)
        process = launcher.run(watcher.config, "poll", environ=now(watcher), powerless=True)
        folder.chmod(0o700)
    assert process.wait() == 2 and process.err.count("\n") == 1
    assert "may not be" in process.err and "councilwatch.db" in process.err


@pytest.mark.parametrize("content", [b"not a database at all" * 100, b"", None], ids=["other", "empty", "folder"])
def test_a_database_that_is_none(watch: Watch, launcher: Launcher, content: bytes | None) -> None:
    watcher = watch(town())
    if content is None:
        watcher.database.mkdir()
    else:
        watcher.database.write_bytes(content)
    process = launcher.run(watcher.config, "poll", environ=now(watcher))
    if content == b"":
        assert process.wait() == 0, "an empty file is begun"
    else:
        assert process.wait() == 2 and process.err.count("\n") == 1 and "councilwatch.db" in process.err


def test_two_polls_at_once_tell_everything_once(watch: Watch, launcher: Launcher) -> None:
    watcher = watch(town(added(24)))
    watcher.poll()
    watcher.later(hours=25)
    several = [launcher.start(watcher.config, "poll", "--all", environ=now(watcher)) for _ in range(3)]
    for process in several:
        assert (process.wait(120), process.err) == (0, "")
    assert watcher.kinds() == ["item.added"]
    assert len(watcher.hook.take()) == 1
    assert watcher.site.most_in_flight() == 1
    watcher.sound()


DEEP = "<div>" * 60_000
POISON = {
    "deep": lambda page: page.replace(b'<div id="modgov"', DEEP.encode() + b'<div id="modgov"'),
    "wide": lambda page: page.replace(b"</table>", b"<tr><td>x</td></tr>" * 80_000 + b"</table>"),
    "entities": lambda page: page.replace(b"Matter", b"&#x110000;&#0;&bogus;&#xD800;" * 2_000 + b"Matter"),
    "controls": lambda page: page.replace(b"Matter", b"\x1b[31m\x00\x07Matter"),
    "attributes": lambda page: page.replace(b"<table", b"<table " + b"a=b " * 200_000, 1),
    "comment": lambda page: page.replace(b'<div id="modgov"', b"<!--" * 50_000 + b'<div id="modgov"'),
}


@pytest.mark.parametrize("poison", POISON)
@pytest.mark.parametrize("web_service", [True, False])
def test_a_poisoned_page_harms_nothing_but_itself(
    watch: Watch, monkeypatch: pytest.MonkeyPatch, poison: str, web_service: bool
) -> None:
    from dataclasses import replace

    watcher = watch(town(added(24)), Behaviour(web_service=web_service))
    watcher.poll()
    whole = watcher.site._sent

    def sent(behaviour: Any, shown: Any, status: int = 200, request: Any = None) -> Any:
        sending = whole(behaviour, shown, status, request)
        if request is not None and "800" in request.query and "listdocuments" in request.path.lower():
            return replace(sending, body=POISON[poison](sending.body))
        return sending

    monkeypatch.setattr(watcher.site, "_sent", sent)
    watcher.later(hours=25)
    begun = time.process_time()
    watcher.poll()
    assert time.process_time() - begun < 20
    assert [kind for kind in watcher.kinds() if kind != "item.amended"] == ["item.added"]
    assert len(watcher.hook.take()) == 1
    monkeypatch.undo()
    watcher.later(hours=1)
    watcher.poll()
    watcher.later(hours=1)
    watcher.poll()
    assert watcher.state == "ok"
    assert "\x1b" not in str(watcher.standing()) and "\x00" not in str(watcher.standing())
    watcher.sound()


@pytest.mark.parametrize(
    "body",
    [
        b"%PDF-1.7\n" + b"1 0 obj\n<< /Kids [1 0 R] /Count 99999999 >>\nendobj\n" * 500 + b"trailer << /Root 1 0 R >>",
        b"%PDF-1.4 \x00\xff" * 10_000,
        b"PK\x03\x04" + b"\x00" * 4_000,
        b"",
    ],
    ids=["circular", "noise", "half a docx", "empty"],
)
def test_a_poisoned_document_harms_nothing_but_itself(
    watch: Watch, monkeypatch: pytest.MonkeyPatch, body: bytes
) -> None:
    from dataclasses import replace

    paper = event(24, "A late paper", document=[{"id": 9100, "item": 70003, "title": "Report", "text": "Words."}])
    watcher = watch(town(added(24), paper))
    watcher.poll()
    whole = watcher.site._sent

    def sent(behaviour: Any, shown: Any, status: int = 200, request: Any = None) -> Any:
        sending = whole(behaviour, shown, status, request)
        return replace(sending, body=body) if request is not None and "9100" in request.path else sending

    monkeypatch.setattr(watcher.site, "_sent", sent)
    watcher.later(hours=25)
    assert watcher.poll().failed == ()
    assert sorted(watcher.kinds()) == ["document.added", "item.added"]
    assert len(watcher.hook.take()) == 1
    assert watcher.one("SELECT text FROM documents WHERE document_id = 's9100'") is None
    watcher.sound()


@pytest.mark.parametrize("text", ["[service", "[service]\n", '[[council]]\nslug = "anytown"\n', "\x00\xff", ""])
def test_a_broken_config_is_one_line_and_touches_nothing(watch: Watch, launcher: Launcher, text: str) -> None:
    watcher = watch(town(added(24)))
    watcher.poll()
    good = watcher.config.read_text()
    before = watcher.database.stat().st_mtime_ns
    watcher.later(hours=25)
    watcher.config.write_bytes(text.encode("latin-1"))
    process = launcher.run(watcher.config, "poll", environ=now(watcher))
    assert process.wait() == 2 and process.out == ""
    assert process.err.count("\n") == 1 and "councilwatch.toml" in process.err
    assert watcher.database.stat().st_mtime_ns == before
    watcher.config.write_text(good)
    watcher.poll()
    assert len(watcher.hook.take()) == 1


def test_a_subscriber_who_is_taken_out_of_the_config_gets_nothing_more(watch: Watch) -> None:
    watcher = watch(town(added(24)))
    watcher.poll()
    watcher.hook.status = 500
    watcher.later(hours=25)
    watcher.poll()
    good = watcher.config.read_text()
    watcher.config.write_text(re.sub(r"\[\[subscriber\]\]\n(?:.+\n)*", "", good))
    watcher._settings = None
    watcher.hook.status = 200
    watcher.later(hours=3)
    watcher.poll()
    assert watcher.hook.take() == []
    assert PSPO_ITEM["title"] in str(watcher.standing())
