"""What providers do to a message on its way: every alert arrives, once, whatever becomes of the first tries."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.faults.mail_server import MailServer
from tests.faults.town import RESIDENTS, Watcher, added, town

Watch = Callable[..., Watcher]


MAIL = (
    RESIDENTS
    + """
[[subscriber]]
name = "readers"
to = ["mailto://127.0.0.1:{smtp}?from=us@example.org&to=one@example.org&mode=insecure",
      "mailto://127.0.0.1:{smtp}?from=us@example.org&to=two@example.org&mode=insecure"]
watches = ["PSPO consultations"]
"""
)


@pytest.fixture
def mail() -> Iterator[MailServer]:
    server = MailServer()
    yield server
    server.close()


@pytest.fixture
def watcher(watch: Watch, mail: MailServer) -> Watcher:
    """A watcher who has read the town, and sees the item that is added at the next poll."""
    watcher = watch(town(added(24)), subscribers=MAIL, smtp=mail.port)
    watcher.poll()
    assert watcher.hook.take() == [] and mail.took == []
    watcher.later(hours=25)
    return watcher


def _looks_often(watcher: Watcher, hours: int = 14) -> None:
    """Polls as the daemon would, until everything that waits was tried again."""
    for _ in range(hours):
        watcher.later(hours=1)
        watcher.poll(everything=False)


@pytest.mark.parametrize("status", [500, 502, 429, 503])
def test_a_hook_that_fails_and_then_works_gets_each_alert_once(watcher: Watcher, mail: MailServer, status: int) -> None:
    watcher.hook.status = status
    watcher.poll()
    assert watcher.hook.take() == []
    assert mail.counts() == {"one@example.org": 1, "two@example.org": 1}, "one bad address never delays another"
    _looks_often(watcher, 1)
    watcher.hook.status = 200
    _looks_often(watcher, 5)
    assert len(watcher.hook.take()) == 1
    _looks_often(watcher, 3)
    assert watcher.hook.take() == []
    assert mail.counts() == {"one@example.org": 1, "two@example.org": 1}
    assert watcher.hook.take("/operator") == []


def test_a_hook_that_refuses_the_summary_too_gets_it_later(watch: Watch) -> None:
    watcher = watch(town(added(0.01)))
    watcher.later(minutes=5)
    watcher.hook.status = 500
    watcher.poll()
    watcher.hook.status = 200
    _looks_often(watcher, 2)
    (summary,) = watcher.hook.take()
    assert "Town Centre PSPO" in summary


@pytest.mark.parametrize("mood", ["451", "451 data", "down"])
def test_a_mail_server_that_refuses_for_a_while_gets_each_alert_once(
    watcher: Watcher, mail: MailServer, mood: str
) -> None:
    mail.mood = mood
    watcher.poll()
    assert mail.took == [] and len(watcher.hook.take()) == 1
    _looks_often(watcher, 2)
    mail.mood = ""
    _looks_often(watcher)
    assert mail.counts() == {"one@example.org": 1, "two@example.org": 1}
    assert watcher.hook.take() == []


def test_a_mail_server_that_is_dead_for_days_gets_each_alert_once(watcher: Watcher, mail: MailServer) -> None:
    mail.mood = "down"
    watcher.poll()
    for _ in range(12):
        watcher.later(hours=8)
        watcher.poll(everything=False)
    mail.mood = ""
    for _ in range(4):
        watcher.later(hours=8)
        watcher.poll(everything=False)
    assert mail.counts() == {"one@example.org": 1, "two@example.org": 1}
    assert len(watcher.hook.take()) == 1


def test_a_mail_server_that_stays_dead_is_given_up_and_the_operator_told(watcher: Watcher, mail: MailServer) -> None:
    mail.mood = "down"
    watcher.poll()
    for _ in range(20):
        watcher.later(days=1)
        watcher.poll(everything=False)
    assert {row["state"] for row in watcher.rows("SELECT state FROM deliveries WHERE label LIKE 'mail%'")} == {"dead"}
    told = watcher.hook.take("/operator")
    assert told and all("given up" in each for each in told)
    mail.mood = ""
    watcher.later(days=1)
    watcher.poll()
    assert mail.took == []


def test_one_address_of_two_that_is_refused_for_good_does_not_touch_the_other(
    watcher: Watcher, mail: MailServer
) -> None:
    mail.moods = {"one@example.org": "550"}
    watcher.poll()
    _looks_often(watcher, 4)
    assert mail.counts() == {"two@example.org": 1}
    (told,) = watcher.hook.take("/operator")
    assert "refused" in told and "one@example.org" not in told
    assert len(watcher.hook.take()) == 1


def test_one_address_of_two_that_fails_for_a_while_does_not_touch_the_other(watcher: Watcher, mail: MailServer) -> None:
    mail.moods = {"one@example.org": "451"}
    watcher.poll()
    assert mail.counts() == {"two@example.org": 1}
    mail.moods = {}
    _looks_often(watcher)
    assert mail.counts() == {"one@example.org": 1, "two@example.org": 1}


def test_a_mail_server_that_dies_after_data_has_each_alert_at_most_twice_under_one_name(
    watcher: Watcher, mail: MailServer
) -> None:
    mail.moods = {"one@example.org": "dies"}
    watcher.poll()
    mail.moods = {}
    _looks_often(watcher)
    assert mail.counts()["two@example.org"] == 1
    assert mail.counts()["one@example.org"] in (1, 2)
    assert len({name for to, name in mail.took if to == "one@example.org"}) == 1


def test_a_mail_server_that_always_dies_after_data_gets_no_third_copy(watcher: Watcher, mail: MailServer) -> None:
    mail.mood = "dies"
    watcher.poll()
    _looks_often(watcher)
    assert set(mail.counts().values()) <= {1, 2} and len(mail.counts()) == 2


def test_a_mail_server_that_never_speaks_holds_nobody_else_up(
    watcher: Watcher, mail: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from notifiers import channels

    # half a minute's patience is too long for a test
    patience = {"connect_seconds": 0.5, "read_seconds": 0.5, "whole_seconds": 1.5}
    monkeypatch.setattr(channels.send, "__kwdefaults__", patience)
    mail.mood = "silent"
    watcher.poll()
    assert len(watcher.hook.take()) == 1
    mail.mood = ""
    _looks_often(watcher, 8)
    assert mail.counts() == {"one@example.org": 1, "two@example.org": 1}
