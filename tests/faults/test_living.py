"""The daemon is told to stop, works beside others, and tells the operator of trouble once, whatever starts anew."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from demo import behaviour as site
from demo.behaviour import Behaviour, Fault
from tests.faults.living import Lives
from tests.faults.mail_server import MailServer
from tests.faults.town import RESIDENTS, Watcher, added, event, town

# -- told to stop -----------------------------------------------------------------------------------------------------

MAIL = (
    RESIDENTS
    + """
[[subscriber]]
name = "readers"
to = ["mailto://127.0.0.1:{smtp}?from=us@example.org&to=one@example.org&mode=insecure"]
watches = ["PSPO consultations"]
"""
)


def test_sigterm_while_a_mail_server_says_nothing_ends_it_in_time_and_the_mail_is_sent_once(lives: Lives) -> None:
    mail = MailServer()
    living = lives(town(added(24)), subscribers=MAIL, smtp=mail.port)
    living.begin()
    mail.mood = "silent"
    living.later(hours=25)
    sending = "SELECT count(*) FROM deliveries WHERE state = 'sending' AND label LIKE 'mail%'"
    living.until(lambda: living.watcher.one(sending) == 1, "a mail on its way")
    living.end()
    mail.mood = ""
    living.later(hours=1)
    living.begin()
    living.look(hours=1)
    mail.close()
    assert mail.counts() == {"one@example.org": 1}
    assert len(living.watcher.hook.take()) == 1
    living.watcher.sound()


def test_sigterm_while_a_site_drips_ends_it_in_time_and_the_next_start_goes_on(lives: Lives) -> None:
    living = lives(town(added(24)))
    living.begin()
    living.watcher.site.forget_requests()
    living.watcher.strikes(Fault("drip", r"MeetingId=800|MId=800", pause=0.5))
    living.later(hours=25)
    asked = living.watcher.site
    living.until(lambda: any("800" in request.query for request in asked.requests), "the page that drips")
    living.end()
    living.watcher.strikes(None)
    living.begin()
    living.look(hours=2)
    assert living.watcher.kinds() == ["item.added"] and len(living.watcher.hook.take()) == 1
    assert living.watcher.state == "ok" and living.told() == []


# -- beside others ----------------------------------------------------------------------------------------------------


def test_a_poll_from_cron_beside_it_and_a_second_daemon(lives: Lives) -> None:
    living = lives(town(added(24)))
    living.begin()
    second = living.run("run")
    assert second.wait() == 2 and second.err.count("\n") == 1
    assert f"another daemon already runs on it (process {living.process.pid})" in second.err
    living.later(hours=25)
    polls = [living.run("poll"), living.run("poll", "--all")]
    assert [(poll.wait(), poll.err) for poll in polls] == [(0, "")] * 2
    living.look()
    assert living.watcher.kinds() == ["item.added"] and len(living.watcher.hook.take()) == 1
    assert living.watcher.site.most_in_flight() == 1
    assert [said for said in living.log("") if said["level"] in ("warning", "error")] == []


# -- what the operator hears ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("trouble", "state"),
    [
        (Behaviour(fault=Fault("challenge 403")), "blocked"),
        (Behaviour(robots=site.ROBOTS_DISALLOW_ALL), "disallowed"),
        (Behaviour(fault=Fault("maintenance")), "suspect"),
    ],
    ids=["blocked", "disallowed", "suspect"],
)
def test_trouble_is_told_once_at_its_beginning_and_once_at_its_end_whatever_starts_anew(
    lives: Lives, trouble: Behaviour, state: str
) -> None:
    living = lives(town())
    living.begin()
    living.watcher.site.behaviour = trouble
    for _ in range(3):
        for _ in range(4):
            living.look(hours=7)
        living.end(9 if state == "blocked" else 15)
        living.begin()
    assert living.watcher.state == state
    (told,) = living.told()
    assert state in told and living.watcher.site.base_url in told
    living.watcher.site.behaviour = Behaviour()
    for _ in range(3):
        living.look(hours=13)
    living.end()
    living.begin()
    assert living.watcher.state == "ok"
    (told,) = living.told()
    assert "Works again" in told
    living.look(hours=13)
    assert living.told() == [] and living.watcher.kinds() == []


def test_a_site_that_says_nothing_through_its_own_meetings_is_told_of_once_and_so_is_its_end(
    watch: Callable[..., Watcher],
) -> None:
    late = [{"id": 70101, "number": "1.", "title": "What was done since", "text": "To note."}]
    watcher = watch(town(added(24), event(24 * 45, "At last", meeting=[{"id": 701, "agenda": True, "item": late}])))
    for days in (0, 2, 20, 10, 6, 1, 1):  # the meeting of the 37th day is held, and nothing is said of it
        watcher.later(days=days)
        watcher.poll()
    (told,) = watcher.hook.take("/operator")
    assert "unusually quiet" in told and watcher.site.base_url in told
    for span in ({"days": 6}, {"hours": 2}, {"hours": 2}):
        watcher.later(**span)
        watcher.poll()
    (told,) = watcher.hook.take("/operator")
    assert "Works again" in told
    assert watcher.state == "ok"


def test_a_mistake_of_ours_over_one_site_stops_neither_the_others_nor_the_sending(
    watch: Callable[..., Watcher], monkeypatch: pytest.MonkeyPatch
) -> None:
    from councilwatch import poll
    from councilwatch.source_poll import SourcePoll

    other = watch(town())
    watcher = watch(town(added(24)))
    with watcher.config.open("a") as config:
        config.write(f'[[council]]\nslug = "othertown"\nname = "Othertown"\nbase_url = "{other.site.base_url}"\n')
    watcher.poll()
    whole = poll.poll_source

    def mistaken(source: SourcePoll) -> None:
        if source.site.base_url == other.site.base_url:
            raise ZeroDivisionError
        whole(source)

    monkeypatch.setattr(poll, "poll_source", mistaken)
    for hours in (25, 3, 3):
        watcher.later(hours=hours)
        (failed,) = watcher.poll().failed
        assert failed.base_url == other.site.base_url and "a mistake of ours" in str(failed.reason)
    assert watcher.kinds() == ["item.added"] and len(watcher.hook.take()) == 1
    (told,) = watcher.hook.take("/operator")
    assert "please report it" in told
