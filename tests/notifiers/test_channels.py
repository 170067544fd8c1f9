"""Hooks and Slack through Apprise, against a real web server on this machine."""

from __future__ import annotations

import json
import logging
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from pydantic import SecretStr

from config.addresses import Address
from notifiers.bulletin import Rendered
from notifiers.channels import form_for, retry_after, send, slack_payload
from notifiers.sending import Letter

RENDERED = Rendered(
    subject="[Stockton-on-Tees] PSPO: consultation planned. <!channel>",
    text="Draft minutes published\n\n<!channel> & <b>",
    html="<p>Draft minutes</p>",
    slack="*Draft minutes* &lt;!channel&gt;\n\n<https://example.org/item|the item>",
    markdown="# Draft minutes \\<!channel\\>",
    line="PSPO: consultation planned https://example.org/item",
)
NOW = datetime(2025, 11, 27, 9, tzinfo=UTC)
LETTER = Letter(RENDERED, "abc.def", None, NOW, "us@example.org")


@dataclass
class Hook:
    """A web server's side: what it answers, and what it was sent."""

    status: int = 200
    answer: bytes = b"ok"
    headers: dict[str, str] = field(default_factory=dict)
    hangs: threading.Event | None = None
    taken: list[tuple[str, bytes]] = field(default_factory=list)
    port: int = 0

    def payload(self) -> Any:
        return json.loads(self.taken[-1][1])


@pytest.fixture
def hook() -> Iterator[Hook]:
    hook = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            hook.taken.append((self.path, self.rfile.read(int(self.headers.get("Content-Length", 0)))))
            if hook.hangs is not None:
                hook.hangs.wait(10)
                return
            self.send_response(hook.status)
            for name, value in hook.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(hook.answer)))
            self.end_headers()
            self.wfile.write(hook.answer)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hook.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield hook
    if hook.hangs is not None:
        hook.hangs.set()
    server.shutdown()
    server.server_close()
    thread.join(5)


def address(url: str, scheme: str = "json") -> Address:
    return Address(SecretStr(url), f"{scheme} hook at 127.0.0.1", scheme)


def json_hook(hook: Hook) -> Address:
    return address(f"json://127.0.0.1:{hook.port}/s3cret-path")


@pytest.fixture
def slack(hook: Hook, monkeypatch: pytest.MonkeyPatch) -> Address:
    from apprise.plugins.slack import NotifySlack

    monkeypatch.setattr(NotifySlack, "webhook_url", f"http://127.0.0.1:{hook.port}/services")
    return address("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ", "slack")


def test_a_hook_gets_subject_and_text(hook: Hook) -> None:
    assert send(json_hook(hook), LETTER).state == "sent"
    sent = hook.payload()
    assert (sent["title"], sent["message"].strip()) == (RENDERED.subject, RENDERED.text)


@pytest.mark.parametrize("scheme", ["xml", "form"])
def test_other_hooks_get_them_too(hook: Hook, scheme: str) -> None:
    assert send(address(f"{scheme}://127.0.0.1:{hook.port}/", scheme), LETTER).state == "sent"
    assert b"Draft" in hook.taken[-1][1]


def test_slack_gets_our_mrkdwn_and_calls_nobody(hook: Hook, slack: Address) -> None:
    assert send(slack, LETTER).state == "sent"
    sent = hook.payload()
    (block,) = sent["blocks"]
    assert block["text"] == {"type": "mrkdwn", "text": RENDERED.slack, "verbatim": True}
    assert sent["text"].endswith("&lt;!channel&gt;")
    assert (sent["unfurl_links"], sent["unfurl_media"]) == (False, False)
    assert b"<!channel>" not in hook.taken[-1][1]


def test_slack_that_does_not_say_ok_has_not_taken_it(hook: Hook, slack: Address) -> None:
    hook.answer = b"no_team"
    assert send(slack, LETTER).state == "failed"


@pytest.mark.parametrize(
    ("status", "state", "about"),
    [(500, "failed", "message"), (503, "failed", "address"), (404, "failed", "address"), (410, "refused", "address")],
)
def test_what_a_hook_answers(hook: Hook, status: int, state: str, about: str) -> None:
    hook.status = status
    outcome = send(json_hook(hook), LETTER)
    assert (outcome.state, outcome.about) == (state, about)
    assert str(status) in outcome.detail
    assert len(hook.taken) == 1


def test_429_says_when_to_come_back(hook: Hook) -> None:
    hook.status, hook.headers = 429, {"Retry-After": "1800"}
    outcome = send(json_hook(hook), LETTER)
    assert (outcome.state, outcome.retry_after) == ("failed", timedelta(minutes=30))


def test_a_hook_that_hangs_may_have_taken_it(hook: Hook) -> None:
    hook.hangs = threading.Event()
    outcome = send(json_hook(hook), LETTER, read_seconds=0.2)
    assert outcome.state == "unknown"


def test_hooks_that_hang_do_not_delay_one_that_works(hook: Hook) -> None:
    with closing(socket.create_server(("127.0.0.1", 0), backlog=50)) as mute, ThreadPoolExecutor(24) as pool:
        hanging = address(f"json://127.0.0.1:{mute.getsockname()[1]}/")
        futures = [pool.submit(send, hanging, LETTER, read_seconds=2, whole_seconds=5) for _ in range(20)]
        assert send(json_hook(hook), LETTER, whole_seconds=1.5).state == "sent"
        assert not any(future.done() for future in futures)
        assert {future.result().state for future in futures} == {"unknown"}


def test_nobody_there_is_a_failure() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    outcome = send(address(f"json://127.0.0.1:{port}/s3cret-path"), LETTER)
    assert (outcome.state, outcome.about) == ("failed", "address")


def test_no_secret_is_logged_or_told(hook: Hook, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for status in (200, 500):
        hook.status = status
        outcome = send(address(f"json://user:pa55word@127.0.0.1:{hook.port}/s3cret-path"), LETTER)
        assert "s3cret" not in outcome.detail
    assert "s3cret" not in caplog.text
    assert "pa55word" not in caplog.text


def test_an_address_that_apprise_cannot_read_is_a_failure_without_words_of_it() -> None:
    outcome = send(address("json://:s3cret:bad:/::", "json"), LETTER)
    assert outcome.state == "failed"
    assert "s3cret" not in outcome.detail


def test_slack_sections_keep_within_its_limits() -> None:
    long = "\n\n".join(f"*Item {number}* " + "word " * 100 for number in range(80))
    payload = slack_payload(replace(RENDERED, slack=long))
    blocks: Any = payload["blocks"]
    assert len(blocks) <= 50
    assert all(len(block["text"]["text"]) <= 3_000 for block in blocks)
    one: Any = slack_payload(replace(RENDERED, slack="<https://example.org/" + "a" * 5_000 + "|x>"))["blocks"]
    assert "<" not in one[0]["text"]["text"]


@pytest.mark.parametrize(
    ("scheme", "formats", "most", "form"),
    [
        ("discord", ("text", "markdown"), 2_000, ("markdown", RENDERED.markdown)),
        ("json", ("text", "markdown", "html"), 32_768, ("text", RENDERED.text)),
        ("ntfy", ("text", "markdown"), 7_800, ("text", RENDERED.line)),
        ("sms", ("text",), 160, ("text", RENDERED.line)),
        ("tgram", ("html", "markdown"), 4_096, ("markdown", RENDERED.markdown)),
    ],
)
def test_each_service_gets_the_form_that_suits_it(
    scheme: str, formats: tuple[str, ...], most: int, form: tuple[str, str]
) -> None:
    assert form_for(scheme, formats, most, RENDERED) == form


def test_what_is_too_long_is_cut_between_lines() -> None:
    _, body = form_for("teams", ("text",), 1_600, replace(RENDERED, text="A line of words.\n" * 500))
    assert len(body) <= 1_600
    assert body.endswith("A line of words.…\n…")


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("120", timedelta(minutes=2)),
        ("Thu, 27 Nov 2025 10:00:00 GMT", timedelta(hours=1)),
        ("Thu, 27 Nov 2025 08:00:00 GMT", timedelta(0)),
        ("99999999", timedelta(days=1)),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_read_in_both_forms(said: str | None, wait: timedelta | None) -> None:
    assert retry_after(said, NOW) == wait
