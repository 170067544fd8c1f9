"""What the history answers, of a small one kept as polls keep it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from history.between import between
from history.canned import CANNED
from history.chronicle import Filters, change, changes, changes_of, kinds_named
from history.condition import polls_by_day, sending, sources
from history.database import connect
from history.finding import Thing, find
from history.moments import as_it_stands, as_it_stood, version_at, versions_of
from history.punctuality import amended_afterwards, days_ahead, last_day_papers, late_agendas
from history.questions import NotFoundError, items_of, meeting
from history.timelines import key_dates, mentions_by_month, timeline
from tests.history.small_history import (
    AGENDA,
    AMENDED,
    BASE,
    CANCELLED,
    DRAFT,
    GONE,
    LATE_PAPER,
    NOW,
    SAID,
    STARTS,
    build,
)


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    path: Path = tmp_path_factory.mktemp("small") / "small.db"
    build(path).close()
    opened = connect(path, read_only=True)
    yield opened
    opened.close()


def _kinds(db: Database, **filters: object) -> list[str]:
    return [told.kind for told in changes(db, Filters(**filters))]  # type: ignore[arg-type]


def test_changes_come_newest_first_with_the_proof_of_each(db: Database) -> None:
    found = changes(db, Filters())
    assert [told.seen_at for told in found] == sorted((told.seen_at for told in found), reverse=True)
    amended = next(told for told in found if told.kind == "minutes.amended")
    assert (amended.number, amended.committee, amended.seen_at) == ("SSP/46/25", "Safer Stockton Partnership", AMENDED)
    assert amended.sha256 and amended.captured_url and amended.captured_at == AMENDED
    assert "April" in (amended.before or "") and "May" in (amended.after or "")
    assert change(db, amended.id) == amended


def test_changes_are_filtered_by_each_of_the_filters_and_by_all_together(db: Database) -> None:
    assert _kinds(db, kinds=("minutes",)) == ["minutes.amended", "minutes.drafted"]
    both = ["minutes.amended", "decision.published", "minutes.drafted"]
    assert sorted(_kinds(db, kinds=("minutes.*", "decision.published"))) == sorted(both)
    assert set(_kinds(db, committees=("cabinet",))) == {"meeting.announced", "meeting.cancelled"}
    assert _kinds(db, councils=("stockton-on-tees",), since=CANCELLED) == ["meeting.cancelled"]
    assert _kinds(db, until=AGENDA) == []
    assert _kinds(db, councils=("Stockton-on-Tees",), committees=("Safer",), kinds=("document",), since=LATE_PAPER) == [
        "document.added"
    ]


def test_changes_on_a_topic_are_those_of_things_that_speak_of_it_and_of_their_meetings(db: Database) -> None:
    found = changes(db, Filters(topic="pspo"))
    assert {told.number for told in found if told.item} == {"SSP/46/25", "SSP/53/25"}
    assert "agenda.published" in {told.kind for told in found}
    assert changes(db, Filters(topic="cctv")) == ()


def test_pages_of_changes_follow_each_other_without_gap_or_overlap(db: Database) -> None:
    every = [told.id for told in changes(db, Filters())]
    paged: list[int] = []
    while page := changes(db, Filters(limit=3, before=paged[-1] if paged else None)):
        paged += [told.id for told in page]
    assert paged == every


def test_what_a_filter_names_in_vain_is_told_with_the_nearest(db: Database) -> None:
    with pytest.raises(NotFoundError, match=r"did you mean .stockton-on-tees"):
        changes(db, Filters(councils=("stocton",)))
    with pytest.raises(NotFoundError, match=r"did you mean .Cabinet"):
        changes(db, Filters(committees=("Cabinett",)))
    with pytest.raises(NotFoundError, match=r"did you mean .minutes"):
        kinds_named(["minuts"])


def test_a_meeting_is_shown_as_it_stood_at_each_moment(db: Database) -> None:
    number = find(db, "SSP/46/25").id
    of = as_it_stands(db, 1)
    with pytest.raises(NotFoundError, match="first seen"):
        as_it_stood(db, of.meeting.id, AGENDA - timedelta(seconds=1))
    moments = {at: as_it_stood(db, of.meeting.id, at) for at in (AGENDA, LATE_PAPER, DRAFT, AMENDED, NOW)}
    texts = [next(i for i in standing.items if i.id == number).minutes for standing in moments.values()]
    assert texts[:2] == [None, None] and texts[2] == SAID and "May 2026" in (texts[3] or "")
    assert [len(standing.documents) for standing in moments.values()] == [0, 1, 1, 1, 1]
    assert [len(standing.items) for standing in moments.values()] == [4, 4, 4, 4, 3]
    assert [standing.meeting.minutes_state for standing in moments.values()] == [
        "none",
        "none",
        "draft",
        "draft",
        "draft",
    ]
    proof = moments[DRAFT].proofs["item", number]
    assert proof.fetched_at == DRAFT and proof.sha256 and proof.url


def test_now_shows_what_was_withdrawn_as_withdrawn(db: Database) -> None:
    withdrawn = [item for item in items_of(db, 1) if item.withdrawn_at]
    assert [item.number for item in withdrawn] == ["SSP/54/25"]
    assert next(item.title for item in items_of(db, 1)) == "Operation Shield Update"
    assert items_of(db, 1)[1].documents[0].document_id == "s47"
    assert meeting(db, 1).starts_at == STARTS


def test_versions_tell_the_life_of_a_thing(db: Database) -> None:
    number = find(db, "SSP/46/25").id
    minutes = [version.content["minutes"] for version in versions_of(db, "item", number)]
    assert minutes[0] is None and minutes[-1] != SAID and SAID in minutes
    assert version_at(db, "item", number, AGENDA - timedelta(days=1)) is None


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("meeting:1", "meeting"),
        ("1", "meeting"),
        ("item:2", "item"),
        ("ssp/46/25", "item"),
        (f"{BASE}/ieListDocuments.aspx?CId=1&MId=5001", "meeting"),
        (f"{BASE}/ielistdocuments.aspx?cid=1&mid=5001#AI7046", "item"),
        (f"{BASE}/mgAi.aspx?ID=7053", "item"),
        (f"{BASE}/documents/s47/r.pdf", "document"),
        ("change:1", "change"),
    ],
)
def test_things_are_found_by_id_reference_and_address(db: Database, said: str, kind: str) -> None:
    assert find(db, said).kind == kind


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("meeting:99", "the nearest is meeting:2"),
        ("SSP/64/25", "did you mean .SSP/46/25|did you mean .SSP/"),
        ("https://elsewhere.example/mgAi.aspx?ID=1", "not a site of this history"),
        (f"{BASE}/mgAi.aspx?ID=1", "not in this history"),
        ("", "no item is numbered"),
        ("meeting:999999999999999999", "the nearest"),
    ],
)
def test_what_is_not_found_is_told_in_one_line(db: Database, said: str, told: str) -> None:
    with pytest.raises(NotFoundError, match=told) as raised:
        find(db, said)
    assert "\n" not in str(raised.value)


@given(said=st.text(max_size=40))
def test_whatever_is_typed_is_found_or_not_found(db: Database, said: str) -> None:
    with suppress(NotFoundError):
        assert isinstance(find(db, said), Thing)


def test_a_timeline_tells_what_was_said_decided_and_due_in_order(db: Database) -> None:
    steps = timeline(db, "pspo", ("PSPO", "public spaces protection order"))
    assert [step.day for step in steps] == sorted(step.day for step in steps)
    told = {(step.kind, step.what, step.number) for step in steps}
    assert ("said", "consultation planned", "SSP/46/25") in told
    assert ("said", "mentioned", "SSP/53/25") in told
    assert ("decided", "decided", "SSP/46/25") in told
    assert ("due", "expires", "SSP/46/25") in told
    assert ("changed", "minutes.drafted", "SSP/46/25") in told
    assert next(step for step in steps if step.number == "SSP/53/25").restricted
    assert next(step.day for step in steps if step.what == "expires") == "2026-04"


def test_a_timeline_finds_the_terms_of_a_topic_of_which_nothing_is_recorded(db: Database) -> None:
    assert {step.number for step in timeline(db, "roads", ("road safety",))} == {"SSP/47/25"}
    assert timeline(db, "cctv", ()) == ()


def test_key_dates_are_those_to_come_and_a_month_counts_until_it_is_over(db: Database) -> None:
    assert [told.date for told in key_dates(db, date(2026, 4, 30))] == ["2026-04"]
    assert key_dates(db, date(2026, 5, 1)) == ()
    assert key_dates(db, date(2026, 1, 1), topics=("cctv",)) == ()


def test_mentions_are_counted_by_month(db: Database) -> None:
    assert mentions_by_month(db, "pspo") == (("2025-11", 2),)
    assert mentions_by_month(db, "cctv") == ()


def test_late_and_quiet(db: Database) -> None:
    def days(published: date, of: date, _nation: str | None) -> int:
        return (of - published).days - 1

    late = late_agendas(db, AGENDA, NOW, days, lambda *_: 8)
    assert [(told.committee, told.clear_days, told.asked) for told in late] == [("Safer Stockton Partnership", 7, 8)]
    assert late[0].sha256
    assert late_agendas(db, AGENDA, NOW, days, lambda *_: 7) == ()
    assert [told.title for told in last_day_papers(db, AGENDA, NOW)] == ["Late paper on dogs"]
    assert [told.kind for told in amended_afterwards(db, AGENDA, NOW)] == ["minutes.amended"]
    assert [(told.committee, told.median_days) for told in days_ahead(db, AGENDA, NOW)] == [
        ("Safer Stockton Partnership", 7.9)
    ]


def test_the_condition_of_sources_polls_and_deliveries(db: Database) -> None:
    (source,) = sources(db)
    assert (source.councils, source.state, source.meetings) == (("Stockton-on-Tees",), "ok", 2)
    assert [(day.day, day.polls, day.failed) for day in polls_by_day(db, AGENDA)] == [("2025-12-16", 1, 0)]
    assert sending(db, NOW).waiting == 0


def test_what_lies_between_two_moments(db: Database) -> None:
    number = find(db, "SSP/46/25").id
    last = between(db, "item", number, None, NOW)
    assert [(one.field, last.until) for one in last.differences] == [("minutes", AMENDED)]
    whole = between(db, "item", number, AGENDA, NOW)
    assert {one.field: one.before for one in whole.differences} == {"minutes": None, "decision": None}
    of_meeting = between(db, "meeting", 1, AGENDA, NOW)
    assert ("item", "", None) in {(one.kind, one.field, one.after) for one in of_meeting.differences}
    assert ("document", "", None) in {(one.kind, one.field, one.before) for one in of_meeting.differences}
    assert between(db, "meeting", 1, None, AGENDA).differences == ()
    with pytest.raises(NotFoundError):
        between(db, "item", number, None, AGENDA - timedelta(days=1))


def test_the_changes_of_a_thing(db: Database) -> None:
    number = find(db, "SSP/46/25").id
    assert next(told.kind for told in changes_of(db, "item", number)) == "minutes.amended"
    assert set(changes_of(db, "item", number)) < set(changes_of(db, "meeting", 1))


@pytest.mark.parametrize(
    ("name", "holds"),
    [
        ("new-this-week", "meeting.cancelled"),
        ("about-to-decide", None),
        ("consultations", "2026-04|consultation planned"),
        ("orders-that-expire", "2026-04"),
        ("changed-minutes", "minutes.amended"),
        ("in-private", "PSPO Update"),
        ("late-agendas", None),
        ("last-day-papers", "Late paper on dogs"),
        ("what-was-said", None),
        ("cancelled-or-moved", "meeting.cancelled"),
    ],
)
def test_the_ten_questions_are_answered(db: Database, name: str, holds: str | None) -> None:
    canned = next(one for one in CANNED if one.name == name)
    found = db.conn.execute(canned.sql, dict.fromkeys(canned.parameters, "")).fetchall()
    if holds is None:
        assert found == []
    else:
        assert any(word in str(found) for word in holds.split("|"))
    named = dict.fromkeys(canned.parameters, "") | {"council": "nowhere"}
    assert db.conn.execute(canned.sql, named).fetchall() == []


def test_what_was_said_takes_any_words(db: Database) -> None:
    canned = next(one for one in CANNED if one.name == "what-was-said")
    for words, many in (("public consultation", 1), ('a "quoted', 0), ("nothing of it", 0)):
        assert len(db.conn.execute(canned.sql, {"council": "", "words": words}).fetchall()) == many


def test_moments_are_told_of_what_was_withdrawn(db: Database) -> None:
    withdrawn = next(told for told in changes(db, Filters(kinds=("item.withdrawn",))))
    assert withdrawn.withdrawn and withdrawn.seen_at >= GONE
