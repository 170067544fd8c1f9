"""The log of polls after months: a row a day, and the same sums."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from history.database import write_txn
from history.keep_sources import keep_poll, keep_source
from history.thinning import KEPT_WHOLE, thin_polls
from tests.history.keeping import Site

NOW = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
LONG_AGO = NOW - KEPT_WHOLE
SUMS = "sum(requests), sum(bytes), sum(pages_read), sum(pages_changed), sum(pages_suspect), sum(changes), max(id)"


def polls(site: Site, what: str = "source, started_at, ended_at, requests, outcome", where: str = "1") -> list[tuple]:  # type: ignore[type-arg]
    return site.db.conn.execute(f"SELECT {what} FROM polls WHERE {where} ORDER BY id").fetchall()


def keep(site: Site, at: datetime, outcome: str = "ok", source: int | None = None, requests: int = 3) -> None:
    ends = at + timedelta(minutes=1)
    keep_poll(
        site.db,
        source or site.source,
        started_at=at,
        ended_at=ends,
        outcome=outcome,
        requests=requests,
        fetched_bytes=9,
        pages_read=1,
        pages_changed=1,
        pages_suspect=2,
        changes=4,
    )


def test_a_day_long_past_is_one_row_with_the_day_s_sums_and_its_last_trouble(site: Site) -> None:
    day = LONG_AGO - timedelta(days=3)
    with write_txn(site.db):
        for hour, outcome in enumerate(("ok", "failing", "http://site/a: status 500", "ok")):
            keep(site, day + timedelta(hours=hour), outcome)
        assert thin_polls(site.db, NOW) == 3
    assert polls(site) == [
        (1, "2026-03-30T12:00:00+00:00", "2026-03-30T15:01:00+00:00", 12, "http://site/a: status 500")
    ]
    assert polls(site, "id, " + SUMS.partition(", max")[0]) == [(4, 12, 36, 4, 4, 8, 16)]


def test_what_is_younger_stays_whole_until_its_day_comes_and_nothing_is_thinned_twice(site: Site) -> None:
    with write_txn(site.db):
        for hours in range(0, 72, 6):
            keep(site, LONG_AGO + timedelta(hours=hours))
        assert thin_polls(site.db, NOW) == 0
        assert thin_polls(site.db, NOW + timedelta(days=1)) == 1
        assert thin_polls(site.db, NOW + timedelta(days=1, hours=11)) == 0
        assert thin_polls(site.db, NOW + timedelta(days=2)) == 3
        assert thin_polls(site.db, NOW + timedelta(days=400)) == 4 - 1 + 2 - 1
    assert len(polls(site)) == 4


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 200 * 24), st.booleans(), st.sampled_from(["ok", "failing"])), max_size=40),
    st.lists(st.integers(0, 20), min_size=1, max_size=5),
)
def test_no_request_and_no_change_is_lost_of_any_source(
    site: Site, polled: list[tuple[int, bool, str]], steps: list[int]
) -> None:
    with write_txn(site.db):
        site.db.conn.execute("DELETE FROM polls")
        site.db.conn.execute("DELETE FROM settings_of_record WHERE name LIKE 'polls%'")
        other = keep_source(site.db, "http://other", [("other", "Other", "http://other", None)], NOW).id
        for hours, elsewhere, outcome in sorted(polled):
            keep(site, NOW - timedelta(hours=hours), outcome, other if elsewhere else None, requests=hours)
        day = "source, substr(started_at, 1, 10)"
        before = polls(site, f"{day}, {SUMS}, sum(outcome <> 'ok') > 0", "1 GROUP BY 1, 2")
        now = NOW
        for step in steps:
            now += timedelta(days=step)
            thin_polls(site.db, now)
        assert polls(site, f"{day}, {SUMS}, sum(outcome <> 'ok') > 0", "1 GROUP BY 1, 2") == before
        old = f"started_at < '{(now - KEPT_WHOLE).date()}'"
        assert all(count == 1 for (count,) in polls(site, "count(*)", f"{old} GROUP BY {day}"))
