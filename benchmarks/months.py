"""A council of thirty committees for weeks, at a pretended clock: requests a day, and how soon each agenda is seen.

    python benchmarks/months.py [--days 30] [--html] [--busy] [--minutes 10]

The daemon's part is played by a tick every few minutes of pretended time that polls what is due. Prints a line a day and
the figures at the end; ends with 1 where an agenda in its fortnight was seen later than two hours after it came out, or
where a day took more than 350 requests.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from config.addresses import resolve
from config.settings import load
from councilwatch.logs import configure_logs
from councilwatch.poll import Poller
from demo.behaviour import Behaviour
from demo.site import Site
from demo.story import Story, build_story
from history.database import connect, take_clock
from history.deep_check import deep_check
from scraper.fetch import Fetcher
from tests.faults.town import Hook

START = datetime(2025, 9, 1, 8, 0)  # noqa: DTZ001  local, as all times in a storyline
FORTNIGHT = timedelta(days=14)
BUDGET = 350
CONFIG = """
[service]
contact = "tests@example.org"
[politeness]
seconds_between_requests = 0
requests_per_day = 0
[[council]]
slug = "busy"
name = "Busy"
base_url = "{base_url}"
[[watch]]
name = "PSPO consultations"
topic = "pspo"
[[subscriber]]
name = "residents"
to = ["json://127.0.0.1:{hook}/"]
watches = ["PSPO consultations"]
"""


@dataclass(frozen=True, slots=True)
class Month:
    """What was measured. `lags`: from an agenda's coming out to its being seen, of meetings in their fortnight.

    `alerts` counts each message by its subject; `expected` is how many there must be at least and at most (what came
    out in the last two hours may still be told).
    """

    requests: dict[str, int]
    lags: tuple[timedelta, ...]
    unseen: int
    alerts: Counter[str]
    expected: tuple[int, int]
    unsound: tuple[str, ...]
    states: frozenset[str]
    cpu_s: float
    peak_mib: float

    @property
    def told_once(self) -> bool:
        """Each alert came, and came once."""
        return self.expected[0] <= self.alerts.total() <= self.expected[1] and set(self.alerts.values()) <= {1}


def busy_council(days: int, every: int) -> Story:
    """Thirty committees that each meet every `every` days; agendas eight days ahead, minutes ten days after.

    Every third agenda has an item on a PSPO.
    """
    standing: list[dict[str, Any]] = []
    events: list[dict[str, Any]] = []
    number = 0
    for committee in range(30):
        for turn in range(-(240 // every), (days + 70) // every + 2):
            number += 1
            meeting = 5000 + number
            day = committee * every // 30 + turn * every
            starts = (START + timedelta(days=day)).replace(hour=10 + committee % 9, minute=0)
            title = "Town Centre PSPO" if number % 3 == 0 else "Cycle parking"
            items = [
                {"id": meeting * 10 + n, "number": f"{n}.", "title": f"{title} {meeting}" if n == 2 else f"Matter {n}"}
                for n in range(1, 5)
            ]
            told = [{"id": item["id"], "minutes": f"The report on matter {item['id']} was noted."} for item in items]
            agenda_at = starts - timedelta(days=8, minutes=number * 7 % 600)
            minutes_at = starts + timedelta(days=10, minutes=number * 11 % 600)
            approved_at = starts + timedelta(days=every + 1, minutes=number * 13 % 600)
            row: dict[str, Any] = {"id": meeting, "committee": committee + 1, "starts": starts}
            if agenda_at <= START:
                row |= {"agenda": True, "item": items}
            elif day < days + 20:
                events.append({"at": agenda_at, "what": f"agenda {meeting}",
                               "meeting": [{"id": meeting, "agenda": True, "item": items}]})  # fmt: skip
            if minutes_at <= START:
                row |= {"minutes": True, "draft": approved_at > START}
                row["item"] = [{**item, **minutes} for item, minutes in zip(items, told, strict=True)]
            elif minutes_at <= START + timedelta(days=days):
                events.append({"at": minutes_at, "what": f"minutes {meeting}", "item": told,
                               "meeting": [{"id": meeting, "minutes": True, "draft": True}]})  # fmt: skip
            if START < approved_at <= START + timedelta(days=days):
                events.append({"at": approved_at, "what": f"approved {meeting}",
                               "meeting": [{"id": meeting, "draft": False}]})  # fmt: skip
            standing.append(row)
    return build_story(
        {
            "council": {"name": "Busy Council", "starts": START, "ends": START + timedelta(days=days)},
            "committee": [{"id": n + 1, "name": f"Committee No. {n + 1}"} for n in range(30)],
            "meeting": standing,
            "event": events,
        },
        "busy",
    )


def live(folder: Path, days: int, behaviour: Behaviour, every: int, tick: timedelta) -> Month:
    """Lives through so many days."""
    story = busy_council(days, every)
    now = [story.starts]
    hook = Hook()
    configure_logs({})
    begun = time.process_time()
    requests: dict[str, int] = {}
    states: set[str] = set()
    with Site(story, lambda: now[0], behaviour=behaviour) as site:
        config = folder / "councilwatch.toml"
        config.write_text(CONFIG.format(base_url=site.base_url, hook=hook.port))
        settings = load(config)
        with closing(connect(settings.service.database)) as db:
            take_clock(db, pretended=True)
        stop = threading.Event()
        with Fetcher(settings.service.contact, lambda: now[0], stop=stop) as fetcher:
            poller = Poller(settings, resolve(settings, {}), fetcher, lambda: now[0], stop)
            poller.poll()  # the first reading of everything is a day of its own
            site.forget_requests()
            hook.posts.clear()  # the summary of what stood there
            for day in range(days):
                ends = story.starts + timedelta(days=day + 1)
                while now[0] < ends:
                    now[0] += tick
                    states |= {each.state for each in poller.poll().sources}
                requests[f"{ends:%a %d %b}"] = len(site.requests)
                kinds = Counter(request.path.rpartition("/")[2] for request in site.requests)
                told = ", ".join(f"{kind} {count}" for kind, count in kinds.most_common(4))
                if __name__ == "__main__":
                    print(f"{ends:%a %d %b}: {len(site.requests)} requests ({told})", flush=True)
                site.forget_requests()
    with closing(connect(settings.service.database, read_only=True)) as db:
        seen = dict(
            db.conn.execute(
                "SELECT m.meeting_id, c.seen_at FROM changes c JOIN meetings m ON m.id = c.meeting"
                " WHERE c.kind = 'agenda.published'"
            )
        )
        unsound = tuple(deep_check(db))
    lags, unseen, least, most = [], 0, 0, 0
    for at, meeting, about in _agendas(story):
        most += about and at <= now[0]
        if at <= now[0] - timedelta(hours=2):
            least += about
            if str(meeting) not in map(str, seen):
                unseen += 1
            else:
                lags.append(datetime.fromisoformat(seen[meeting]) - at)
    alerts = Counter(body["title"] for path, body in hook.posts if path == "/" and "PSPO" in body["title"])
    hook.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    cpu = time.process_time() - begun
    return Month(requests, tuple(lags), unseen, alerts, (least, most), unsound, frozenset(states), cpu, peak)


def _agendas(story: Story) -> Iterator[tuple[datetime, int, bool]]:
    for event in story.events:
        if event.what.startswith("agenda"):
            yield event.at, int(event.what.split()[1]), any("PSPO" in str(p.fields.get("title")) for p in event.patches)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--html", action="store_true", help="no web service")
    parser.add_argument("--busy", action="store_true", help="committees meet every 35 days instead of every 60")
    parser.add_argument("--minutes", type=int, default=10, help="between ticks")
    asked = parser.parse_args()
    with TemporaryDirectory() as folder:
        month = live(
            Path(folder),
            asked.days,
            Behaviour(web_service=not asked.html),
            35 if asked.busy else 60,
            timedelta(minutes=asked.minutes),
        )
    counts = sorted(month.requests.values())
    print(
        f"requests a day: median {statistics.median(counts):.0f}, least {counts[0]}, most {counts[-1]}\n"
        f"agendas seen: {len(month.lags)}, unseen {month.unseen}, after {statistics.median(month.lags)} in the middle"
        f" and {max(month.lags)} at most\n"
        f"alerts: {month.alerts.total()} of {month.expected[0]} to {month.expected[1]}; states {sorted(month.states)};"
        f" {month.cpu_s:.0f} s of CPU with the council's own server, {month.peak_mib:.0f} MiB at most"
    )
    late = month.unseen or max(month.lags) > timedelta(hours=2)
    wrong = not month.told_once
    return int(bool(late or wrong or counts[-1] > BUDGET or month.unsound))


if __name__ == "__main__":
    sys.exit(main())
