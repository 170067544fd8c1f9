"""What lists of meetings tell: the baseline, announcements, withdrawals."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from history.database import write_txn
from history.keep_lists import keep_listed
from tests.history.keeping import EVENING, Site, item, listed, meeting


def kinds(kept: object) -> list[str]:
    return [change.kind for change in kept.changes]  # type: ignore[attr-defined]


def test_the_first_list_is_the_baseline_and_a_later_one_announces(site: Site) -> None:
    first = site.lists(listed(1, 2, 3, agenda_out=True))
    assert (first.new, first.differing, first.changes) == ((), (), ())
    assert {row["agenda_state"] for row in site.rows("SELECT agenda_state FROM meetings")} == {"published"}
    later = site.lists(listed(1, 2, 3, 4, agenda_out=True))
    assert (later.new, kinds(later)) == ((4,), ["meeting.announced"])
    assert site.rows("SELECT agenda_state FROM meetings WHERE meeting_id = 4") == [{"agenda_state": "none"}]
    assert site.lists(listed(1, 2, 3, 4, agenda_out=True)).changes == ()


def test_an_empty_first_list_is_a_baseline_too(site: Site) -> None:
    site.lists(listed())
    assert site.lists(listed(1)).new == (1,)


def test_what_the_list_says_anew_of_a_known_meeting_is_asked_of_its_page_until_it_is_read(site: Site) -> None:
    site.lists(listed(1, 2))
    for _ in range(2):
        assert site.lists(listed(1, 2, agenda_out=True)).differing == (1, 2)
    site.reads(meeting(item(1), starts_at=EVENING + timedelta(days=1)))
    assert site.lists(listed(1, 2, agenda_out=True)).differing == (2,)


def test_a_baseline_meeting_that_its_list_calls_cancelled_since_is_news_at_its_first_reading(site: Site) -> None:
    site.lists(listed(1, 2))
    site.lists(listed(1, 2, status="cancelled"))
    record = meeting(item(1), status="cancelled", starts_at=EVENING + timedelta(days=1))
    assert site.reads(record) == ["meeting.cancelled"]
    assert site.last.baseline


def test_where_only_the_page_of_a_baseline_meeting_names_another_time_nothing_is_told(site: Site) -> None:
    site.lists(listed(1, 2))
    site.lists(listed(1, 2, agenda_out=True))
    assert site.reads(meeting(item(1), starts_at=EVENING)) == []


def test_the_lists_own_word_where_the_page_cannot_be_read(site: Site) -> None:
    site.lists(listed(1, 2))
    moved = replace(listed(1).meetings[0], starts_at=EVENING)
    with write_txn(site.db):
        kept = keep_listed(site.db, site.source, moved, None, site.now)
    assert [(change.kind, change.field) for change in kept.changes] == [("meeting.moved", "starts_at")]


def test_one_meeting_gone_from_the_list_and_back(site: Site) -> None:
    site.lists(listed(1, 2, 3, 4))
    missed = site.lists(listed(1, 2, 3))
    assert (kinds(missed), missed.pending_losses) == ([], True)
    assert kinds(site.lists(listed(1, 2, 3))) == ["meeting.withdrawn"]
    assert site.reads(meeting(meeting_id=4, starts_at=EVENING + timedelta(days=4))) == []  # its page still answers
    assert site.lists(listed(1, 2, 3, 4)).differing == (4,)
    assert site.reads(meeting(meeting_id=4, starts_at=EVENING + timedelta(days=4))) == ["meeting.reinstated"]


def test_a_list_that_lost_most_of_its_rows_waits_six_hours(site: Site) -> None:
    site.lists(listed(1, 2, 3, 4))
    told = [kinds(site.lists(listed(1))) for _ in range(7)]
    assert told == [[], [], [], [], [], [], ["meeting.withdrawn"] * 3]


def test_only_the_span_of_the_list_is_judged_and_a_wider_one_is_no_news(site: Site) -> None:
    day = EVENING.date()
    window = {"covers_from": day, "covers_to": day + timedelta(days=5)}
    site.lists(replace(listed(2, 3), **window))
    assert (
        site.lists(replace(listed(), covers_from=date(2020, 1, 1), covers_to=date(2020, 12, 31))).pending_losses
        is False
    )
    assert site.lists(replace(listed(-30, 2, 3, 300), covers_from=None, covers_to=None)).new == ()
    assert site.lists(listed(-30, 2, 3, 4, 300)).new == (4,)


def test_a_list_of_the_whole_site_is_the_baseline_of_every_committee(site: Site) -> None:
    whole = replace(listed(1, 2), committee_id=None)
    site.lists(whole)
    other = replace(listed(9).meetings[0], committee_id=8, committee_name="Planning")
    assert site.lists(replace(whole, meetings=(*whole.meetings, other))).new == (9,)


def test_a_meeting_that_no_list_named_is_not_missed_by_one(site: Site) -> None:
    site.reads(meeting(item(1), meeting_id=50))
    for _ in range(8):
        assert site.lists(listed(1, 2)).changes == ()
