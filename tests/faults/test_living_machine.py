"""What a machine does to a daemon in months: its disk fills or turns read-only, names vanish, its clock jumps."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.story import Story
from tests.faults.living import Lives, Living
from tests.faults.town import added, event, town


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
    living.edit("[service]", f'[service]\ndatabase = "{disk}/councilwatch.db"')
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
    living.edit("http://127.0.0.1:", "http://council.test:")
    living.edit("seconds_between_requests = 0", "seconds_between_requests = 0.01")
    living.edit("requests_per_day = 0", "requests_per_day = 9999")
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
    living = lives(town(added(30)))
    right = living.watcher.now
    living.watcher.site.clock = lambda: right  # only the daemon's clock is wrong
    living.begin()
    living.look(days=days)
    living.look(hours=3)
    living.watcher.site.clock = lambda: living.watcher.now
    living.watcher.now = right
    living.look(minutes=10)
    assert len(living.log("the clock was set back")) == 1
    (told,) = living.told()
    assert "the clock, set back" in told
    assert living.run("health").wait() == 0
    for _ in range(8):
        living.look(hours=6)
    assert living.watcher.kinds() == ["item.added"]
    alerts = [told for told in living.watcher.hook.take() if "still looking" not in told]
    assert len(alerts) == 1
    assert living.watcher.state == "ok"
    assert ["Works again: the clock" in each for each in living.told()] == [True]
    living.watcher.sound()
