"""A council of thirty committees for months, at a pretended clock: requests a day, delays, alerts, memory, growth.

    python -m benchmarks.months [--days 365] [--html] [--busy] [--minutes 5]
    python -m benchmarks.months --polls 100000

The daemon's own tick runs at a moved clock; ticks at which nothing is due are left out, but for one an hour. The council's
server is a process of its own, and is what counts the requests. Its story says what a resident had to be told. Once a
quarter the site is down for a night, and once the daemon is killed for a day. Prints a line a month and the figures at the
end; ends with 1 where an agenda in its fortnight was seen later than two hours after it came out, a day took more than 350
requests, an alert was lost or doubled, or the history is unsound.
"""

from __future__ import annotations

import argparse
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.busy_council import FORTNIGHT, BusyCouncil, Kind, Told, busy_council
from benchmarks.clocked_site import ClockedSite
from benchmarks.many_polls import MEMORY, flat, resident
from config.settings import load
from councilwatch.daemon import Daemon
from councilwatch.program import Program
from councilwatch.signals import Signals
from demo.behaviour import Behaviour
from history.database import connect, moment
from history.deep_check import deep_check
from tests.faults.town import Hook

BUDGET: Final = 350
PROMISE: Final = timedelta(hours=2)
MONTH: Final = 30  # days
LONGEST_STEP: Final = timedelta(hours=1)
DOWN: Final = (40, 91)  # the site is down in the night of this day, and every so many days
KILLED: Final = (70, 91)  # the daemon is killed on this day, and every so many days
DOWN_FOR, KILLED_FOR = timedelta(hours=9), timedelta(hours=26)
RECOVERED: Final = timedelta(hours=12)  # a host that failed all night is asked again by then
TOLD_BY: Final = timedelta(days=3)  # whatever came out, a look has seen it by then
CONFIG = """
[service]
contact = "tests@example.org"
[politeness]
seconds_between_requests = 0
requests_per_day = {budget}
[operator]
to = ["json://127.0.0.1:{hook}/operator"]
[[council]]
slug = "busy"
name = "Busy"
nation = "England"
base_url = "{base_url}"
[[watch]]
name = "PSPO consultations"
topic = "pspo"
[[subscriber]]
name = "residents"
to = ["json://127.0.0.1:{hook}/"]
watches = ["PSPO consultations"]
"""
BEGINNINGS: Final[dict[Kind, str]] = {
    "agenda": "On the agenda",
    "late paper": "New paper",
    "minutes": "Draft minutes published",
    "cancelled": "Meeting cancelled",
}
_OWN = re.compile(r"\bMId=(\d+)")


@dataclass
class Months:
    """What was measured. `lags`: from an agenda's coming out in its fortnight to its being seen, where the site was up
    and the daemon alive; `other_lags`: of all the others. `lost` and `doubled` are told by their kind and meeting."""

    requests: dict[str, int] = field(default_factory=dict)
    lags: list[timedelta] = field(default_factory=list)
    other_lags: list[timedelta] = field(default_factory=list)
    unseen: list[int] = field(default_factory=list)
    due: int = 0  # how many alerts there had to be
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)
    troubles: int = 0  # messages to the operator
    outages: int = 0  # of each of which it hears twice
    unsound: tuple[str, ...] = ()
    states: set[str] = field(default_factory=set)
    ticks: int = 0
    failed_ticks: int = 0
    months: list[str] = field(default_factory=list)

    @property
    def told_once(self) -> bool:
        """Each alert came, and came once, and none came that there was no reason for."""
        return not (self.lost or self.doubled or self.unexpected)

    @property
    def well(self) -> bool:
        return (
            self.told_once
            and not (self.unseen or self.unsound or self.failed_ticks)
            and max(self.lags, default=timedelta()) <= PROMISE
            and max(self.requests.values()) <= BUDGET
        )


def live(folder: Path, days: int, behaviour: Behaviour, every: int, tick: timedelta = timedelta(minutes=1)) -> Months:
    """Lives through so many days."""
    council = busy_council(days, every)
    found, hook = Months(), Hook()
    starts = council.story.starts
    ends = starts + timedelta(days=days)
    with ClockedSite(days, every, behaviour, starts) as site:
        config = folder / "councilwatch.toml"
        written = CONFIG.replace("{base_url}", site.base_url).replace("{hook}", str(hook.port))
        config.write_text(written.format(budget=0))
        settings = load(config)
        program = Program(config, {"COUNCILWATCH_LOG": "error"}, lambda: site.now, pretended=True)
        daemon = _begin(program)
        daemon._tick()
        site.counted()
        hook.posts.clear()  # the summary of what stood there
        gaps = list(_gaps(starts, days))
        found.outages = sum(kind == "down" for kind, _, _ in gaps)
        midnight = starts + timedelta(days=1)
        while site.now < ends:
            for kind, begins, over in gaps:
                if kind == "killed" and begins <= site.now < over:
                    found.failed_ticks += daemon._ticks.failed
                    site.now, daemon = over, _begin(program)
            site.fault(any(kind == "down" and begins <= site.now < over for kind, begins, over in gaps))
            daemon._tick()
            found.ticks += 1
            then = min(_next_tick(settings.service.database, site.now, tick), ends)
            while midnight <= then:
                if not found.requests:
                    # the first reading would have spent the first day's requests; the daemon takes the limit over
                    config.write_text(written.format(budget=BUDGET))
                found.requests[f"{midnight:%a %d %b %Y}"] = site.counted().total()
                if (midnight - starts).days % MONTH == 0 or midnight == ends:
                    found.months.append(_sizes(settings.service.database, (midnight - starts).days))
                    _say(found.months[-1])
                midnight += timedelta(days=1)
            site.now = then
        found.failed_ticks += daemon._ticks.failed
    _judge(found, council, settings.service.database, ends, gaps)
    _judge_alerts(found, council.told, hook, ends)
    hook.close()
    return found


def _begin(program: Program) -> Daemon:
    daemon = Daemon(program, load(program.config_path), Signals())
    daemon._open_history()
    return daemon


def _gaps(starts: datetime, days: int) -> Iterator[tuple[str, datetime, datetime]]:
    for kind, (first, every), lasts in (("down", DOWN, DOWN_FOR), ("killed", KILLED, KILLED_FOR)):
        for day in range(first, days - 2, every):
            begins = starts + timedelta(days=day, hours=15)  # stories begin at eight, so in the night
            yield kind, begins, begins + lasts


def _next_tick(database: Path, now: datetime, tick: timedelta) -> datetime:
    """The first tick at which something is due, at most an hour on."""
    with closing(connect(database, read_only=True)) as db:
        row = db.conn.execute(
            "SELECT min(max(coalesce(s.retry_at, ''), min(s.next_look_at, coalesce((SELECT min(m.next_look_at) FROM meetings m"
            " WHERE m.source = s.id AND m.withdrawn_at IS NULL), s.next_look_at)))) FROM sources s"
        ).fetchone()
    due = moment(row[0]) if row[0] else now
    ticks = max(1, -((now - due) // tick))
    return now + min(ticks * tick, LONGEST_STEP)


def _judge(
    found: Months, council: BusyCouncil, database: Path, ends: datetime, gaps: list[tuple[str, datetime, datetime]]
) -> None:
    with closing(connect(database, read_only=True)) as db:
        seen = {
            int(meeting): moment(at)
            for meeting, at in db.conn.execute(
                "SELECT m.meeting_id, c.seen_at FROM changes c JOIN meetings m ON m.id = c.meeting"
                " WHERE c.kind = 'agenda.published'"
            )
        }
        found.unsound = tuple(deep_check(db))
        found.states = {row[0] for row in db.conn.execute("SELECT state FROM sources")}
    for number, (at, starts) in council.agendas.items():
        if at > ends - PROMISE or (at < starts - FORTNIGHT and at > ends - TOLD_BY):
            continue
        if number not in seen:
            found.unseen.append(number)
            continue
        usual = at >= starts - FORTNIGHT and not any(
            begins - PROMISE <= at < over + RECOVERED for _, begins, over in gaps
        )
        (found.lags if usual else found.other_lags).append(seen[number] - at)


def _judge_alerts(found: Months, told: tuple[Told, ...], hook: Hook, ends: datetime) -> None:
    """Holds the messages against what the story says had to be told: by how they begin, and the meeting they link to."""
    got: Counter[str] = Counter()
    for path, body in hook.posts:
        if path == "/operator":
            found.troubles += 1
            continue
        meeting = _OWN.search(body["message"])
        kinds = [kind for kind, words in BEGINNINGS.items() if body["message"].startswith(words)]
        got[f"{kinds[0]} {meeting[1]}" if kinds and meeting else body["title"]] += 1
    must = {f"{each.kind} {each.meeting}" for each in told if each.at <= ends - TOLD_BY}
    may = {f"{each.kind} {each.meeting}" for each in told if each.at <= ends}
    found.due = len(must)
    found.lost = sorted(must - got.keys())
    found.doubled = sorted(name for name, times in got.items() if times > 1)
    found.unexpected = sorted(got.keys() - may)


def _sizes(database: Path, day: int) -> str:
    """The month's line: memory of this process, and how far the database has grown."""
    with closing(connect(database, read_only=True)) as db:
        tables = ("polls", "pages", "captures", "versions", "changes")
        rows = ", ".join(f"{db.conn.execute(f'SELECT count(*) FROM {name}').fetchone()[0]} {name}" for name in tables)
    size = sum(file.stat().st_size for file in database.parent.glob(f"{database.name}*")) / 2**20
    return f"day {day}: {resident():.0f} MiB resident; database {size:.1f} MiB: {rows}"


def _say(line: str) -> None:
    if __name__ == "__main__":
        print(line, flush=True)


def report(found: Months, cpu_s: float) -> Iterator[str]:
    counts = list(found.requests.values())
    weeks = [statistics.mean(counts[n : n + 7]) for n in range(0, max(1, len(counts) - 6))]
    lags = sorted(found.lags)
    yield (
        f"requests a day: {statistics.median(counts):.0f} in the middle, {max(weeks):.0f} in the busiest week,"
        f" {max(counts)} on the worst day, {min(counts)} on the quietest"
    )
    yield (
        f"agendas in their fortnight: {len(lags)} seen, after {lags[len(lags) // 2]} in the middle and {lags[-1]} at"
        f" most; {len(found.other_lags)} others (early, or the site down, or the daemon killed) after"
        f" {max(found.other_lags, default=timedelta())} at most; unseen: {len(found.unseen)}"
    )
    yield (
        f"alerts: {found.due} due; lost {len(found.lost)}, doubled {len(found.doubled)}, without a reason"
        f" {len(found.unexpected)}; the operator was told {found.troubles} times of {found.outages} outages"
    )
    yield (
        f"{found.ticks} ticks with something to do or at an hour, {found.failed_ticks} failed; state"
        f" {', '.join(sorted(found.states))}; unsound: {len(found.unsound)}; {cpu_s:.0f} s of CPU"
    )
    for name in ("unseen", "lost", "doubled", "unexpected", "unsound"):
        if told := getattr(found, name):
            yield f"{name}: {', '.join(map(str, told[:8]))}"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--html", action="store_true", help="no web service")
    parser.add_argument("--busy", action="store_true", help="committees meet every 35 days instead of every 45")
    parser.add_argument("--minutes", type=int, default=5, help="between ticks (5; the daemon's own are a minute apart)")
    parser.add_argument("--polls", type=int, help="only memory: so many polls of a site where nothing changes")
    asked = parser.parse_args()
    begun = time.process_time()
    if asked.polls:
        return flat(asked.polls)
    with TemporaryDirectory(dir=MEMORY) as folder:
        behaviour, every = Behaviour(web_service=not asked.html), 35 if asked.busy else 45
        found = live(Path(folder), asked.days, behaviour, every, timedelta(minutes=asked.minutes))
    for line in report(found, time.process_time() - begun):
        print(line)
    return int(not found.well)


if __name__ == "__main__":
    sys.exit(main())
