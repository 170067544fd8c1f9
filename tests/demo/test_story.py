"""The storyline as a file, and the council's state as a function of time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from demo.council import SiteState
from demo.story import Story, StoryError, parse_story, state_at
from demo.synthetic import many

SSP, JANUARY = 3241, 3242

SMALL = """
[council]
starts = 2025-07-01T08:00:00

[[committee]]
id = 1
name = "Cabinet"
[[committee.meeting]]
id = 10
starts = 2025-07-20T10:00:00

[[event]]
at = 2025-07-02T09:00:00
what = "An agenda"
[[event.meeting]]
id = 10
agenda = true
item = [{ id = 100, title = "Budget", document = [{ id = 1000, title = "Report" }] }, { id = 101, title = "Roads" }]

[[event]]
at = 2025-07-03T09:00:00
what = "An item goes"
item = [{ id = 100, gone = true }]
"""


def local(story: Story, text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=story.base.zone)


def at(story: Story, text: str) -> SiteState:
    return state_at(story, local(story, text))


def test_events_come_in_order_and_every_one_alters_something(story: Story) -> None:
    moments = [event.at for event in story.events]
    assert moments == sorted(moments)
    assert story.starts < moments[0]
    assert moments[-1] < story.ends
    for event in story.events:
        before, after = state_at(story, event.at - timedelta(seconds=1)), state_at(story, event.at)
        assert after.revision == before.revision + 1
        kinds = ("council", "meetings", "items", "documents", "issues", "decisions", "consultations")
        assert any(getattr(before, kind) != getattr(after, kind) for kind in kinds), event.what


def test_it_tells_of_about_eight_weeks_around_the_meeting(story: Story) -> None:
    assert timedelta(weeks=8) <= story.ends - story.starts <= timedelta(weeks=9)
    assert story.starts < local(story, str(story.base.meetings[SSP].starts)) < story.ends


def test_agenda_then_draft_minutes_then_approved(story: Story) -> None:
    assert at(story, "2025-11-18T10:29").items_of(SSP) == ()
    agenda = at(story, "2025-11-18T10:30")
    assert [item.number for item in agenda.items_of(SSP)] == [f"{n}." for n in range(1, 14)]
    assert not agenda.meetings[SSP].minutes

    draft = at(story, "2025-12-03T14:30")
    assert [item.number for item in draft.items_of(SSP)] == [f"SSP/{n}/25" for n in range(42, 55)]
    assert draft.meetings[SSP].draft
    assert [item.id for item in draft.items_of(SSP)] == [item.id for item in agenda.items_of(SSP)]
    assert not any(item.restricted for item in draft.items_of(SSP)), "only their words tell"

    approved = at(story, "2026-01-15T12:00").meetings[SSP]
    assert approved.minutes
    assert not approved.draft


def test_the_news_is_in_minutes_whose_title_does_not_tell(story: Story) -> None:
    item = next(item for item in at(story, "2025-12-03T14:30").items_of(SSP) if item.number == "SSP/46/25")
    assert item.title == "Operation Shield Update"
    for words in ("PSPO", "Public Spaces Protection Order", "2023", "expire in April 2026", "public consultation"):
        assert words in item.minutes


def test_a_meeting_is_announced_another_moved_another_cancelled(story: Story) -> None:
    assert 3171 not in at(story, "2025-11-17T14:09").meetings
    assert 3171 in at(story, "2025-11-17T14:10").meetings
    before, after = at(story, "2025-11-20T14:04").meetings[3160], at(story, "2025-11-20T14:05").meetings[3160]
    assert (before.starts, before.venue) != (after.starts, after.venue)
    assert not at(story, "2025-12-10T10:59").meetings[3161].cancelled
    assert at(story, "2025-12-10T11:00").meetings[3161].cancelled


def test_a_late_paper_and_a_replaced_document(story: Story) -> None:
    assert at(story, "2025-11-24T16:39").documents_of("meeting", SSP) == ()
    assert [paper.id for paper in at(story, "2025-11-24T16:40").documents_of("meeting", SSP)] == [23550]
    before, after = at(story, "2025-11-25T11:19").documents[61203], at(story, "2025-11-25T11:20").documents[61203]
    assert (before.title, before.file) == (after.title, after.file)
    assert before.text != after.text
    assert after.size == "821 KB"


def test_maintenance_lasts_an_hour_and_changes_nothing(story: Story) -> None:
    before, during, after = (at(story, f"2025-12-09T{time}") for time in ("07:59", "08:30", "09:00"))
    assert (before.council.maintenance, during.council.maintenance, after.council.maintenance) == (False, True, False)
    assert before.items == during.items == after.items


def test_january_opens_the_consultation_and_is_renumbered(story: Story) -> None:
    agenda = at(story, "2026-01-06T10:00")
    item = next(item for item in agenda.items_of(JANUARY) if "consultation" in item.title)
    for words in ("5 January 2026", "16 February 2026", "https://www.stockton.example/consultations/pspo"):
        assert words in item.text
    later = at(story, "2026-01-08T09:45")
    assert [row.number for row in later.items_of(JANUARY)] == ["1.", "2.", "3.", "4.", "5.", "6."]
    assert [row.id for row in later.items_of(JANUARY)][3:] == [34006, 34004, 34005]


def test_decision_plan_and_consultation(story: Story) -> None:
    assert 4131 in at(story, "2025-12-12T16:15").decisions
    assert at(story, "2025-12-19T11:59").issues[7120].plan == 0
    assert at(story, "2025-12-19T12:00").issues[7120].plan == 402
    assert 318 in at(story, "2026-01-05T09:00").consultations


def test_a_council_in_a_few_lines() -> None:
    small = parse_story(SMALL)
    assert small.starts == datetime(2025, 7, 1, 7, tzinfo=UTC), "08:00 in summer"
    later = state_at(small, small.events[0].at)
    assert [item.title for item in later.items_of(10)] == ["Budget", "Roads"]
    assert [paper.title for paper in later.documents_of("item", 100)] == ["Report"]
    last = state_at(small, small.ends)
    assert [item.title for item in last.items_of(10)] == ["Roads"]
    assert not last.documents, "what belonged to it went with it"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (('name = "Cabinet"', 'nmae = "Cabinet"'), "storyline: committee 1: nmae is no field; did you mean name?"),
        (('name = "Cabinet"', ""), "storyline: committee 1: needs name"),
        (("agenda = true", 'agenda = "yes"'), "An agenda: meeting 10: agenda must be bool, not 'yes'"),
        (("[[committee.meeting]]", "[[meting]]"), "storyline: meting is no kind of thing; did you mean meeting?"),
        (("id = 1\n", ""), "storyline: a committee without id"),
        (("starts = 2025-07-01T08:00:00", ""), "storyline: [council] needs starts"),
        (("at = 2025-07-02T09:00:00", ""), "storyline: event 1: needs at"),
        (("id = 101,", "id = 101, meeting = 99,"), "item 101 belongs to meeting 99, which is not there"),
        (("[council]", "[council"), "storyline: not TOML"),
    ],
)
def test_a_wrong_storyline_is_told_in_one_line(change: tuple[str, str], message: str) -> None:
    assert change[0] in SMALL
    with pytest.raises(StoryError) as told:
        parse_story(SMALL.replace(*change))
    assert message in str(told.value)
    assert "\n" not in str(told.value)


def test_a_council_made_by_rule_is_the_same_every_time() -> None:
    one, again, other = many(3, 6), many(3, 6), many(3, 6, number=1)
    assert one.base.items == again.base.items
    assert one.base.items != other.base.items
    assert len(one.base.meetings) == 6
    assert len(one.base.committees) == 3
