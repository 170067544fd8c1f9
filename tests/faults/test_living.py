"""Months of the daemon, in minutes: its config changes, disks fill, names vanish, clocks jump, and it is told to stop."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from demo import behaviour as site
from demo.behaviour import Behaviour, Fault
from demo.story import Story
from tests.faults.living import Living, Until
from tests.faults.mail_server import MailServer
from tests.faults.processes import Launcher
from tests.faults.town import RESIDENTS, Watcher, added, event, items_of, town

Lives = Callable[..., Living]


@pytest.fixture
def lives(watch: Callable[..., Watcher], launcher: Launcher, until: Until) -> Lives:
    """Makes a daemon that watches a story; it has not begun yet."""
    return lambda story, *args, **more: Living(watch(story, *args, **more), launcher, until)


def edit(living: Living, old: str, new: str) -> str:
    """Puts words of the config in others' place, all at once, as editors do; returns what it was."""
    config = living.watcher.config
    was = config.read_text("utf-8")
    assert old in was
    beside = config.with_suffix(".new")
    beside.write_text(was.replace(old, new, 1), "utf-8")
    beside.replace(config)
    return was


# -- its config -------------------------------------------------------------------------------------------------------

BROKEN = {
    "syntax": ("[service]", "[service", "not TOML"),
    "an unknown key": ("[service]", "[service]\ncontcat = 1", "contcat"),
    "an unknown topic": ('topic = "pspo"', 'topic = "psbo"', "psbo"),
    "a missing secret": ('to = ["json://', 'to = ["${NOT_THERE}", "json://', "NOT_THERE"),
    "an address that cannot be read": ('to = ["json://', 'to = ["jsno://', "jsno"),
    "another database": ("[service]", '[service]\ndatabase = "other.db"', "database"),
}


def test_a_config_that_is_wrong_is_refused_once_and_the_old_one_goes_on(lives: Lives) -> None:
    living = lives(town(added(24)))
    living.begin()
    for number, (old, new, named) in enumerate(BROKEN.values(), 1):
        good = edit(living, old, new)
        living.until(lambda n=number: len(living.log("the changed config is refused")) == n, "the refusal")  # type: ignore[misc]
        living.look()
        refused = living.log("the changed config is refused")
        assert len(refused) == number and named in refused[-1]["reason"]
        (told,) = living.told()
        assert "Trouble: councilwatch.toml, refused" in told
        living.watcher.config.write_text(good)
        living.until(lambda n=number: len(living.log("the config is taken over")) == n, "the good one again")  # type: ignore[misc]
        living.look()
        (told,) = living.told()
        assert "Works again: councilwatch.toml" in told
    edit(living, 'topic = "pspo"', 'topic = "psbo"')
    living.until(lambda: len(living.log("the changed config is refused")) == len(BROKEN) + 1, "the last refusal")
    living.look(hours=25)
    assert len(living.watcher.hook.take()) == 1, "what the old config watches is told all the while"
    living.process.signal(1)  # SIGHUP
    living.look()
    assert len(living.log("the changed config is refused")) == len(BROKEN) + 1
    assert len(living.told()) == 1


def test_a_secret_that_comes_later_is_all_that_a_refused_config_needs(lives: Lives) -> None:
    living = lives(town(added(24)))
    secret = living.watcher.folder / "late"
    living.begin(environ={"LATE_FILE": str(secret)})
    hook = f"json://127.0.0.1:{living.watcher.hook.port}/"
    edit(living, f'"{hook}"', '"${LATE}"')
    living.until(lambda: living.log("the changed config is refused"), "the refusal")
    secret.write_text(hook)
    living.until(lambda: living.log("the config is taken over"), "the config with its secret")
    living.look(hours=25)
    assert len(living.watcher.hook.take()) == 1


def test_a_changed_config_is_taken_over_and_who_is_taken_out_is_forgotten(lives: Lives) -> None:
    living = lives(town(added(24), added(48, items_of(700, 1)[0] | {"id": 70098, "title": "Another PSPO"})))
    living.begin()
    living.watcher.hook.status = 500
    living.look(hours=25)
    assert living.watcher.one("SELECT count(*) FROM deliveries WHERE state = 'waiting'") == 1
    edit(living, 'name = "residents"', 'name = "neighbours"')
    living.until(lambda: living.log("the config is taken over"), "the new config")
    living.look()
    (cancelled, _) = living.watcher.rows("SELECT state, label, address FROM deliveries ORDER BY id")
    assert cancelled == {"state": "cancelled", "label": "erased", "address": "erased 1"}
    living.watcher.hook.status = 200
    assert living.watcher.rows("SELECT name FROM subscribers ORDER BY id") == [
        {"name": "removed subscriber 1"},
        {"name": "neighbours"},
    ]
    living.look(hours=1)
    told = living.watcher.hook.take()
    assert ["Town Centre PSPO" in each for each in told] == [True], "who is new hears in one summary what stands there"
    living.look(hours=24)
    (told_later,) = living.watcher.hook.take()
    assert "Another PSPO" in told_later and "Town Centre" not in told_later.partition("Before")[0]
    living.watcher.sound()


# -- its disk ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own, of 64 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("a disk to fill needs the right to mount one; RLIMIT_FSIZE stands for it in test_machine_faults.py")
    yield folder
    while not subprocess.run(["umount", "--lazy", str(folder)], capture_output=True, check=False).returncode:
        pass


def long_agenda() -> Story:
    """More on the morrow than a page or two of the database: an item on the subject, and three megabytes beside it."""
    long = [{"id": 80050 + n, "number": f"{n}.", "title": f"Long {n}", "text": "x y z " * 80_000} for n in range(5, 11)]
    return town(added(24), event(24, "A long agenda", meeting=[{"id": 800, "item": long}]))


def on_disk(living: Living, disk: Path) -> None:
    edit(living, "[service]", f'[service]\ndatabase = "{disk}/councilwatch.db"')
    living.watcher.database = disk / "councilwatch.db"


def test_a_disk_that_fills_up_is_told_while_there_is_room_and_nothing_is_lost(lives: Lives, disk: Path) -> None:
    living = lives(long_agenda())
    on_disk(living, disk)
    living.begin()
    assert living.run("health").wait() == 0
    ballast = disk / "ballast"
    ballast.write_bytes(bytes(shutil.disk_usage(disk).free - 8_000_000))
    living.look(minutes=1)
    (told,) = living.told()
    assert "the disk, nearly full" in told
    assert living.run("health").wait() == 1

    with ballast.open("ab", buffering=0) as file, pytest.raises(OSError, match="space"):
        while True:
            file.write(bytes(4096))
    living.look(hours=25)
    living.look()
    errors = [said for said in living.log("") if said["level"] == "error"]
    assert len(errors) == 1 and "the disk is nearly full: 0 MB free; make room" in errors[0]["reason"]
    health = living.run("health")
    assert health.wait() == 1 and health.out.count("\n") == 1 and "make room" in health.out
    assert living.watcher.hook.take() == [] and living.told() == []

    ballast.unlink()
    living.until(lambda: living.log("works again"), "the next try")
    living.look()
    assert living.watcher.kinds() == ["item.added"] * 7
    assert len(living.watcher.hook.take()) == 1
    assert living.run("health").wait() == 0
    living.look(hours=1, minutes=30)
    (told,) = living.told()
    assert "Works again: the disk" in told
    living.watcher.sound()


def test_a_disk_that_turns_read_only_is_one_line_and_it_goes_on_when_it_can_be_written_to(
    lives: Lives, disk: Path
) -> None:
    living = lives(town(added(24)))
    on_disk(living, disk)
    living.begin()
    for step in (["--bind", str(disk), str(disk)], ["-o", "remount,bind,ro", str(disk)]):
        subprocess.run(["mount", *step], check=True)
    living.look(hours=25)
    living.look()
    (error,) = [said for said in living.log("") if said["level"] == "error"]
    assert "check who owns it and whether the disk is read-only" in error["reason"]
    assert living.run("health").wait() == 1
    subprocess.run(["umount", str(disk)], check=True)
    living.until(lambda: living.log("works again"), "the next try")
    living.look()
    assert living.watcher.kinds() == ["item.added"] and len(living.watcher.hook.take()) == 1
    assert living.run("health").wait() == 0
    living.watcher.sound()


# -- names and clocks -------------------------------------------------------------------------------------------------


def test_a_name_that_is_looked_up_in_vain_is_trouble_told_once_and_over_when_it_is_back(
    lives: Lives, tmp_path: Path
) -> None:
    if subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False).returncode:
        pytest.skip("a resolver of its own for one process needs the right to mount")
    living = lives(town(added(24)))
    hosts, resolver = tmp_path / "hosts", tmp_path / "resolv.conf"
    known = "127.0.0.1 localhost council.test\n"
    hosts.write_text(known)
    resolver.write_text("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
    edit(living, "http://127.0.0.1:", "http://council.test:")
    edit(living, "seconds_between_requests = 0", "seconds_between_requests = 0.01")
    edit(living, "requests_per_day = 0", "requests_per_day = 9999")
    living.begin(mounts=[["--bind", str(hosts), "/etc/hosts"], ["--bind", str(resolver), "/etc/resolv.conf"]])
    assert living.watcher.state == "ok"
    hosts.write_text("127.0.0.1 localhost\n")
    for _ in range(6):
        living.look(hours=4)
    assert living.watcher.state == "failing"
    assert "cannot be looked up" in living.watcher.one("SELECT last_error FROM sources")
    (told,) = living.told()
    assert "council.test" in told and "failing" in told
    assert living.watcher.kinds() == [] and living.watcher.hook.take() == []
    hosts.write_text(known)
    living.look(hours=13)
    assert living.watcher.state == "ok"
    (told,) = living.told()
    assert "Works again" in told
    assert living.watcher.kinds() == ["item.added"] and len(living.watcher.hook.take()) == 1
    living.watcher.sound()


@pytest.mark.parametrize("days", [31, 1])
def test_a_clock_that_jumps_ahead_and_back_loses_nothing_and_tells_nothing_twice(lives: Lives, days: int) -> None:
    living = lives(town(added(30), added(24 * 60, items_of(701, 1)[0] | {"id": 70199})))
    story_goes_on = living.watcher.now
    living.watcher.site.clock = lambda: min(living.watcher.now, story_goes_on)  # only the daemon's clock is wrong
    living.begin()
    living.look(days=days)
    living.look(hours=3)
    living.watcher.now = story_goes_on
    living.look(minutes=10)
    assert len(living.log("the clock was set back")) == 1
    (told,) = living.told()
    assert "the clock, set back" in told
    assert living.run("health").wait() == 0
    story_goes_on = living.watcher.now
    for _ in range(8):
        story_goes_on = living.watcher.now + living.watcher.story.ends.resolution
        living.watcher.site.clock = lambda: living.watcher.now
        living.look(hours=6)
    assert living.watcher.kinds() == ["item.added"]
    alerts = [told for told in living.watcher.hook.take() if "still looking" not in told]
    assert len(alerts) == 1
    assert living.watcher.state == "ok"
    assert ["Works again: the clock" in each for each in living.told()] == [True]
    living.watcher.sound()


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
