"""Memory over many polls: the daemon's poll at a moved clock, over and over, for one small site where nothing changes.

In one poll of four a page is asked for, and is as it was; in the others nothing is due.
"""

from __future__ import annotations

import threading
import time
from contextlib import ExitStack, closing
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.busy_council import START
from config.addresses import resolve
from config.settings import load
from councilwatch.logs import configure_logs
from councilwatch.poll import Poller
from demo.site import Site
from demo.story import build_story
from history.database import connect, take_clock
from scraper.fetch import Fetcher

MEMORY: Final = "/dev/shm" if Path("/dev/shm").is_dir() else None  # the disk's own time is not what is asked
TENTHS: Final = 10
GROWTH_MIB: Final = 10.0  # from the first tenth to the last: more is a leak
CONFIG: Final = """
[service]
contact = "tests@example.org"
[politeness]
seconds_between_requests = 0
requests_per_day = 0
[[council]]
slug = "still"
name = "Still"
nation = "England"
base_url = "{base_url}"
[timetable]
lists_webservice = "1d"
"""
_WAITS: Final = (
    "far fortnight agenda_expected agenda_due papers_awaited morning minutes_awaited out_of_hours approval_awaited"
)


def flat(polls: int) -> int:
    """Prints the memory after each tenth of so many polls of one page; 1 where it grew."""
    story = build_story(
        {
            "council": {"name": "Still Council", "starts": START, "ends": START + timedelta(days=1)},
            "committee": [{"id": 1, "name": "Cabinet"}],
            "meeting": [{"id": 1, "committee": 1, "starts": START + timedelta(days=10)}],
        },
        "still",
    )
    now, sizes, begun = story.starts, [], time.monotonic()
    with ExitStack() as stack:
        site = stack.enter_context(Site(story, lambda: story.starts))
        folder = stack.enter_context(TemporaryDirectory(dir=MEMORY))
        config = Path(folder) / "councilwatch.toml"
        every_so_often = "".join(f'{name} = "4m"\n' for name in _WAITS.split())
        config.write_text(CONFIG.format(base_url=site.base_url) + every_so_often)
        settings = load(config)
        configure_logs({})
        with closing(connect(settings.service.database)) as db:
            take_clock(db, pretended=True)
        stop = threading.Event()
        fetcher = stack.enter_context(Fetcher(settings.service.contact, lambda: now, stop=stop))
        poller = Poller(settings, resolve(settings, {}), fetcher, lambda: now, stop)
        for poll in range(1, polls + 1):
            now += timedelta(seconds=62)
            poller.poll()
            site.forget_requests()
            if poll % max(1, polls // TENTHS) == 0:
                sizes.append(resident())
                print(f"{poll} polls: {sizes[-1]:.1f} MiB, {time.monotonic() - begun:.0f} s", flush=True)
    return int(sizes[-1] - sizes[0] > GROWTH_MIB)


def resident() -> float:
    """MiB of this process now."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    raise OSError("/proc/self/status says nothing of VmRSS")
