"""Memory over many polls: the daemon's tick at a moved clock, over and over, for one small site where nothing changes."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.busy_council import START
from config.settings import load
from councilwatch.daemon import Daemon
from councilwatch.program import Program
from councilwatch.signals import Signals
from demo.site import Site
from demo.story import build_story

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
            "meeting": [{"id": 1, "committee": 1, "starts": START + timedelta(days=45)}],
        },
        "still",
    )
    now, sizes, begun = story.starts, [], time.monotonic()
    with Site(story, lambda: story.starts) as site, TemporaryDirectory(dir=MEMORY) as folder:
        config = Path(folder) / "councilwatch.toml"
        every_so_often = "".join(f'{name} = "4m"\n' for name in _WAITS.split())
        config.write_text(CONFIG.format(base_url=site.base_url) + every_so_often)
        program = Program(config, {"COUNCILWATCH_LOG": "error"}, lambda: now, pretended=True)
        daemon = Daemon(program, load(config), Signals())
        daemon._open_history()
        for poll in range(1, polls + 1):
            now += timedelta(seconds=62)
            daemon._tick()
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
