"""What a message tells, gathered from the history: the news, its proof, and what stands around it."""

from __future__ import annotations

from datetime import date

import pytest

from notifiers import digests, outbox
from notifiers.background import where_to_answer
from notifiers.bulletin import Earlier, Trouble
from notifiers.messages import render
from notifiers.stories import bulletin

PSPO = '[[watch]]\nname = "PSPO consultations"\ntopic = "pspo"'
PARKS = '[[watch]]\nname = "Parks"\nany = ["park"]'
MINUTES = (
    "The Council had only had one Public Spaces Protection Order (PSPO), which is due to expire in April 2026.\n"
    "A public consultation was scheduled to take place on the proposed revised PSPOs following this meeting.\n"
    "Members AGREED to note the report."
)


def told(book, people, changes) -> int:
    outbox.tell_changes(book.db, changes, people, book.now)
    return book.rows("select max(id) as id from messages")[0]["id"]


@pytest.fixture
def shield(book, configure, configured):
    """The meeting that started it: the news is in the minutes of an item whose title does not say so."""
    residents = ("residents", ["PSPO consultations"], "")
    people = configure(PSPO, residents)
    council = book.council()
    meeting = book.meeting(council)
    update = book.item(meeting, "PSPO Update", "SSP/53/25", restricted=1, restricted_by="words")
    news = book.item(meeting, "Operation Shield Update", "SSP/46/25")
    told(book, people, [book.change("item.added", "item", number) for number in (update, news)])
    book.db.execute("update messages set body = '{}'")
    book.later(days=12)
    message = told(book, people, [book.rewrite(news, "minutes", MINUTES, "minutes.drafted")])
    return book, message, configured(PSPO, residents)


def test_the_alert_that_started_it(shield) -> None:
    book, message, settings = shield
    (story,) = bulletin(book.db, message, settings, book.now).stories
    assert (story.number, story.title) == ("SSP/46/25", "Operation Shield Update")
    assert story.kinds == ("minutes.drafted",)
    assert (story.stage, story.stage_as_of, story.stage_is_old) == ("consultation planned", date(2025, 11, 26), False)
    assert [(d.kind, d.date, d.precision) for d in story.dates] == [("expires", "2026-04", "month")]
    assert story.restricted_neighbours == ('SSP/53/25 "PSPO Update"',)
    assert story.earlier[0] == Earlier(date(2025, 11, 18), '"PSPO Update" put on the agenda of this meeting')
    assert set(story.words) == {"Public Spaces Protection Order", "PSPO", "PSPOs"}
    assert story.quotes[0].sentence.startswith("A public consultation was scheduled")
    assert {quote.sentence[start:end] for quote in story.quotes for start, end in quote.spans} == set(story.words)
    assert (story.contact, story.topic) == ("John Devine, Democratic Services", "PSPO")
    assert [link.label for link in story.links] == ["the item", "the meeting"]


def test_it_can_be_rendered(shield) -> None:
    book, message, settings = shield
    rendered = render(bulletin(book.db, message, settings, book.now))
    assert "consultation planned" in rendered.subject
    assert "SSP/53/25" in rendered.text


def test_a_stage_told_more_than_a_fortnight_ago_says_so(shield) -> None:
    book, message, settings = shield
    (story,) = bulletin(book.db, message, settings, book.later(days=15)).stories
    assert story.stage_is_old


def test_several_changes_of_one_item_are_one_story_and_its_paper_belongs_to_it(book, configure, configured) -> None:
    people = configure(PSPO, ("residents", ["PSPO consultations"], ""))
    meeting = book.meeting(book.council())
    item = book.item(meeting, "PSPO Update", "1")
    paper = book.document("PSPO report", meeting=meeting, item=item, text="The PSPO is due to expire in April 2026.")
    changes = [
        book.change("document.added", "document", paper),
        book.change("item.added", "item", item),
        book.rewrite(item, "minutes", "The PSPO was noted.", "minutes.drafted"),
    ]
    message = told(book, people, changes)
    (story,) = bulletin(book.db, message, configured(PSPO, ("residents", ["PSPO consultations"], "")), book.now).stories
    assert story.kinds == ("minutes.drafted", "item.added", "document.added")
    assert story.document == "PSPO report"
    assert ("expires", "2026-04") in [(d.kind, d.date) for d in story.dates]
    assert sorted(story.change_ids) == [change.id for change in changes]


def test_the_weightiest_story_comes_first(book, configure, configured) -> None:
    residents = ("residents", ["PSPO consultations"], "")
    people = configure(PSPO, residents)
    meeting = book.meeting(book.council())
    texts = {
        "Signs": "The PSPO signs were noted.",
        "Later": "A public consultation on the proposed PSPO will be held in the new year.",
        "Open": "A public consultation on the proposed PSPO is open. It closes on 12 January 2026.",
    }
    changes = [book.change("item.added", "item", book.item(meeting, title, text=text)) for title, text in texts.items()]
    stories = bulletin(book.db, told(book, people, changes), configured(PSPO, residents), book.now).stories
    assert [story.title for story in stories] == ["Open", "Later", "Signs"]


def test_amended_text_shows_only_the_paragraphs_that_changed(book, configure, configured) -> None:
    residents = ("residents", ["PSPO consultations"], "")
    people = configure(PSPO, residents)
    item = book.item(book.meeting(book.council()), "Centre", text="Tea at ten.\nThe PSPO ends in May 2026.")
    change = book.rewrite(item, "text", "Tea at ten.\nThe PSPO ends in June 2026.", "item.amended")
    (story,) = bulletin(book.db, told(book, people, [change]), configured(PSPO, residents), book.now).stories
    assert (story.before, story.after) == ("The PSPO ends in May 2026.", "The PSPO ends in June 2026.")


def test_a_summary_has_no_kinds_and_a_flood_says_that_it_was_held_back(book, configure, configured) -> None:
    residents = ("residents", ["PSPO consultations"], "")
    people = configure(PSPO, residents)
    council = book.council()
    meeting = book.meeting(council, baseline=1)
    book.item(meeting, "PSPO Update")
    outbox.tell_standing(book.db, meeting, people, book.now)
    (summary,) = digests.close_summaries(book.db, people, book.now)
    gathered = bulletin(book.db, summary, configured(PSPO, residents), book.now)
    assert (gathered.kind, gathered.held_back) == ("summary", False)
    assert [story.kinds for story in gathered.stories] == [()]
    for number in range(201):
        other = book.meeting(council, f"Committee {number}")
        told(book, people, [book.change("item.added", "item", book.item(other, "PSPO"))])
    (digest,) = digests.close_digests(book.db, people, book.now)
    gathered = bulletin(book.db, digest, configured(PSPO, residents), book.now)
    assert gathered.held_back
    assert len(gathered.stories) == 2


def test_a_cancelled_meeting_is_a_story_without_an_item(book, configure, configured) -> None:
    residents = ("residents", ["PSPO consultations"], "")
    people = configure(PSPO, residents)
    meeting = book.meeting(book.council(), status="cancelled")
    book.item(meeting, "PSPO Update")
    message = told(book, people, [book.change("meeting.cancelled", "meeting", meeting)])
    gathered = bulletin(book.db, message, configured(PSPO, residents), book.now)
    (story,) = gathered.stories
    assert (story.title, story.status, story.kinds) == ("", "cancelled", ("meeting.cancelled",))
    assert [quote.sentence for quote in story.quotes] == ["PSPO Update"]
    assert "ancelled" in render(gathered).subject


def test_a_consultation_is_told_with_its_address(book, configure, configured) -> None:
    residents = ("residents", ["PSPO consultations"], "")
    people = configure(PSPO, residents)
    notice = book.notice(book.council(), "consultation", "PSPO survey", text="Have your say.", due="2026-01-12")
    message = told(book, people, [book.change("consultation.opened", "notice", notice)])
    (story,) = bulletin(book.db, message, configured(PSPO, residents), book.now).stories
    assert (story.title, story.respond_at) == ("PSPO survey", "https://example.gov.uk/notice")
    assert ("closes", "2026-01-12") in [(d.kind, d.date) for d in story.dates]
    assert story.starts_at is None


def test_a_watch_of_own_words_has_no_stage(book, configure, configured) -> None:
    people = configure(PARKS, ("residents", ["Parks"], ""))
    item = book.item(book.meeting(book.council()), "Parks", text="A consultation on the park opens on 1 December 2025.")
    message = told(book, people, [book.change("item.added", "item", item)])
    gathered = bulletin(book.db, message, configured(PARKS, ("residents", ["Parks"], "")), book.now)
    assert (gathered.stories[0].stage, gathered.stories[0].topic) == (None, None)
    assert render(gathered).subject


def test_the_operator_reads_what_is_wrong(book, configure, configured) -> None:
    residents = ("residents", ["PSPO consultations"], "")
    people = configure(PSPO, residents)
    trouble = Trouble("https://x.example", "failing", book.now, "it answers 500", "wait")
    message = outbox.tell_operator(book.db, "trouble", [trouble], people, book.now)
    assert bulletin(book.db, message, configured(PSPO, residents), book.now).trouble == (trouble,)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (
            "The consultation is at https://haveyoursay.example.gov.uk/pspo. It closes soon.",
            "https://haveyoursay.example.gov.uk/pspo",
        ),
        ("Send comments to asb@example.gov.uk, please.", "asb@example.gov.uk"),
        ("The agenda is at https://example.gov.uk/agenda.", None),
        ("Respond by post.", None),
        ("See www.a.example (plans). Take part in the survey: www.b.example/survey", "www.b.example/survey"),
    ],
)
def test_where_to_answer(text: str, address: str | None) -> None:
    assert where_to_answer(["Nothing here.", text]) == address
