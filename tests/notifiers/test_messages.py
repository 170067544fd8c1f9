"""Messages as a reader sees them: the seed's alert word for word, every kind, and councils' text that stays text."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from history.changes import KINDS
from notifiers.bulletin import Bulletin, Earlier, Link, Quiet, Quote, Rendered, Story, ToldDate, Trouble
from notifiers.calling import HEADLINES, clock_time, short_council
from notifiers.messages import render

LONDON = ZoneInfo("Europe/London")
ITEM = "https://example.gov.uk/mgAi.aspx?ID=38112"
REPORT = "https://example.gov.uk/documents/s112217/A%20report%20with%20a%20rather%20long%20name%20of%20its%20own.pdf"


def quote(sentence: str, *words: str, field: str = "minutes") -> Quote:
    return Quote(sentence, tuple((sentence.index(word), sentence.index(word) + len(word)) for word in words), field)


SEED = Story(
    kinds=("minutes.drafted",),
    watches=("PSPO consultations",),
    words=("PSPO", "PSPOs", "Public Spaces Protection Order"),
    council="Stockton-on-Tees Borough Council",
    council_slug="stockton-on-tees",
    committee="Safer Stockton Partnership",
    starts_at=datetime(2025, 11, 26, 9, tzinfo=LONDON),
    meeting_url="https://example.gov.uk/ieListDocuments.aspx?MId=10223",
    topic="PSPO",
    number="SSP/46/25",
    title="Operation Shield Update",
    quotes=(
        quote("A public consultation was scheduled to take place on the proposed revised PSPOs.", "PSPOs"),
        quote("the Council had only had one order in place and it is due to expire in April 2026."),
    ),
    stage="consultation planned",
    stage_as_of=date(2025, 11, 26),
    dates=(ToldDate("expires", "2026-04", "month", "it is due to expire in April 2026."),),
    restricted_neighbours=("SSP/53/25 “PSPO Update”",),
    earlier=(Earlier(date(2025, 11, 18), "“PSPO Update” put on the agenda of this meeting"),),
    contact="Democratic Services",
    links=(Link("the item", ITEM), Link("the report", REPORT)),
)
ALERT = Bulletin(
    "alert", "residents", datetime(2025, 12, 4, 10, tzinfo=UTC), stories=(SEED,), operator_contact="us@example.org"
)
OPEN = replace(
    SEED,
    kinds=("item.amended",),
    number="12",
    title="Town Centre Order",
    committee="Cabinet",
    starts_at=datetime(2026, 2, 3, 18, tzinfo=LONDON),
    stage="consultation open",
    stage_as_of=date(2026, 1, 10),
    dates=(ToldDate("closes", "2026-02-16", "day", ""),),
    respond_at="https://haveyoursay.example.gov.uk/pspo",
    venue="Town Hall",
    before="It runs for four weeks and closes on 2 February 2026.",
    after="It runs for six weeks and closes on 16 February 2026.",
    restricted_neighbours=(),
    earlier=(),
)
JANUARY = datetime(2026, 1, 12, 10, tzinfo=UTC)


def alert(story: Story, now: datetime = ALERT.now, **more: object) -> Rendered:
    return render(replace(ALERT, stories=(story,), now=now, **more))


def flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def test_the_seeds_alert_in_plain_mail() -> None:
    rendered = render(ALERT)
    assert rendered.subject == (
        "[Stockton-on-Tees] PSPO: consultation planned. Operation Shield Update, Safer Stockton Partnership 26 Nov"
    )
    assert rendered.text == (
        """\
Draft minutes published for item SSP/46/25, Operation Shield Update
Safer Stockton Partnership, Wednesday 26 November 2025, 9.00 am

  “… A public consultation was scheduled to take place on the proposed revised PSPOs.”

  “… the Council had only had one order in place and it is due to expire in April 2026.”

Stage       consultation planned, as told on 26 November
Key date    April 2026, the present order expires
You can     write to Democratic Services (the contact on the page); the
            consultation is not open yet
Also        SSP/53/25 “PSPO Update” in the same meeting is restricted
Before      18 November: “PSPO Update” put on the agenda of this meeting
Read        the item: https://example.gov.uk/mgAi.aspx?ID=38112
            the report:
            """
        + REPORT
        + """
Why you     your watch “PSPO consultations” matched PSPO, PSPOs and Public
            Spaces Protection Order in the minutes

-- \n\
Stages and dates are as the council told them, quoted and never guessed.
Sent by Councilwatch to residents. To change what you get, or to stop:
us@example.org
"""
    )


@pytest.mark.parametrize("form", ["html", "slack", "markdown"])
def test_the_seeds_alert_says_the_same_everywhere(form: str) -> None:
    written = getattr(render(ALERT), form)
    bare = flat(re.sub(r"[*_\\]", "", BeautifulSoup(written, "lxml").get_text(" ") if form == "html" else written))
    for said in (
        "Draft minutes published for item SSP/46/25, Operation Shield Update",
        "Safer Stockton Partnership, Wednesday 26 November 2025, 9.00 am",
        "it is due to expire in April 2026.",
        "consultation planned, as told on 26 November",
        "April 2026, the present order expires",
        "the consultation is not open yet",
        "SSP/53/25 “PSPO Update” in the same meeting is restricted",
        "your watch “PSPO consultations” matched",
        "in the minutes",
    ):
        assert said in bare
    assert ITEM in written
    assert REPORT in written


def test_the_words_that_matched_are_marked() -> None:
    html = BeautifulSoup(render(ALERT).html, "lxml")
    assert [mark.get_text() for mark in html.find_all("mark")] == ["PSPOs"]
    assert "revised *PSPOs*." in render(ALERT).slack


def test_a_line_for_a_push_service_says_the_news_and_where_to_read_it() -> None:
    assert render(ALERT).line == (
        "Stockton-on-Tees: PSPO: consultation planned. SSP/46/25 Operation Shield Update, "
        f"Safer Stockton Partnership 26 Nov {ITEM}"
    )


def test_a_stage_told_long_ago_says_so_with_the_councils_page() -> None:
    text = flat(alert(replace(SEED, stage_is_old=True), now=datetime(2026, 3, 1, tzinfo=UTC)).text)
    assert "it may have begun or ended since: see the council’s page: https://example.gov.uk/mgAi" in text
    assert "whether the consultation is open by now" in text
    assert "not open yet" not in text


def test_an_open_consultation_says_where_and_by_when() -> None:
    rendered = alert(OPEN, now=JANUARY)
    text = flat(rendered.text)
    assert "comment at https://haveyoursay.example.gov.uk/pspo by 16 February 2026 (35 days left)" in text
    assert "attend the meeting at Town Hall, Tuesday 3 February 2026, 6.00 pm (in 22 days)" in text
    assert "weeks and closes on [-2-] {+16+} February" in text
    html = BeautifulSoup(rendered.html, "lxml")
    assert [tag.get_text() for tag in html.find_all(["del", "ins"])] == ["four", "six", "2", "16"]


@pytest.mark.parametrize(
    ("now", "zone", "left"),
    [
        (datetime(2026, 2, 15, 23, 30, tzinfo=UTC), "Europe/London", "1 day left"),
        (datetime(2026, 2, 15, 23, 30, tzinfo=UTC), "Europe/Berlin", "today is the last day"),
        (datetime(2026, 2, 16, 23, 0, tzinfo=UTC), "Europe/London", "today is the last day"),
    ],
)
def test_days_left_are_the_readers(now: datetime, zone: str, left: str) -> None:
    assert left in flat(alert(OPEN, now=now, timezone=zone).text)


def test_after_the_closing_date_nobody_is_told_to_comment() -> None:
    text = flat(alert(OPEN, now=datetime(2026, 2, 20, tzinfo=UTC)).text)
    assert "the consultation closed on 16 February 2026" in text
    assert "days left" not in text
    assert "comment at" not in text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"stage": None, "dates": ()}, "attend the meeting at Town Hall, Tuesday 3 February 2026, 6.00 pm (in 22 days), or write before it to Democratic Services"),  # noqa: E501
        ({"stage": None, "dates": (), "restricted": True}, "attend the public part of the meeting"),
        ({"stage": "decided"}, "for the record of the decision, and whether it can still be called in"),
        ({"stage": "consultation closed", "dates": ()}, "comments are in; write to your councillors"),
        ({"stage": None, "dates": (), "status": "cancelled", "kinds": ("meeting.cancelled",)}, "when this will be heard instead"),
        ({"stage": "expiring", "dates": ()}, "what is to become of the order"),
        ({"stage": None, "dates": (), "contact": None, "starts_at": None}, "ask the council what happens next"),
        ({"stage": "consultation open", "dates": ()}, "the text gives no closing date, so do it soon"),
    ],
)  # fmt: skip
def test_every_alert_says_what_the_reader_can_do(changes: dict[str, object], said: str) -> None:
    assert said in flat(alert(replace(OPEN, **changes), now=JANUARY).text)


def test_news_that_outranks_a_stage_is_in_the_subject() -> None:
    subject = alert(replace(OPEN, kinds=("meeting.cancelled",), status="cancelled"), now=JANUARY).subject
    assert subject == "[Stockton-on-Tees] PSPO: meeting cancelled. Town Centre Order, Cabinet 3 Feb"


def test_a_meeting_that_moved_says_from_when_to_when() -> None:
    moved = replace(
        OPEN, kinds=("meeting.moved",), before="2026-02-03T18:00:00+00:00", after="2026-02-10T18:30:00+00:00"
    )
    text = flat(alert(moved, now=JANUARY).text)
    assert "From [-Tuesday 3 February 2026, 6.00 pm-] to {+Tuesday 10 February 2026, 6.30 pm+}" in text


def test_several_stories_of_one_meeting_are_one_message() -> None:
    rendered = render(replace(ALERT, now=JANUARY, stories=(OPEN, replace(OPEN, number="13", title="Cameras"))))
    assert rendered.subject.endswith("(and 1 more)")
    assert rendered.text.count("Cabinet, Tuesday 3 February 2026, 6.00 pm") == 1
    assert "item 12, Town Centre Order" in rendered.text
    assert "item 13, Cameras" in rendered.text


def test_a_digest_has_its_contents_first_and_counts_what_it_leaves_out() -> None:
    stories = tuple(
        replace(OPEN, number=str(n), committee=f"Committee {n % 3}", meeting_url=f"https://example.gov.uk/{n % 3}")
        for n in range(40)
    )
    digest = replace(ALERT, kind="digest", now=JANUARY, stories=stories, more=5, held_back=True)
    rendered = render(replace(digest, history_url="https://history.example.org"))
    assert rendered.subject.startswith("[Stockton-on-Tees] 45 matters: PSPO consultation open")
    assert "So many alerts came within one hour" in rendered.text
    assert rendered.text.count("Stage       ") == 20
    assert "And 25 more in the history: https://history.example.org" in rendered.text
    assert rendered.text.index("- Agenda text changed: item 0") < rendered.text.index("Stage       ")
    # each meeting once as a heading
    assert rendered.text.count("=" * 78) == 3
    assert len(rendered.slack) <= 38_000
    # Gmail cuts a mail at 102 KB
    assert len(rendered.html.encode()) < 100_000


def test_a_summary_says_that_it_stood_already() -> None:
    rendered = render(replace(ALERT, kind="summary", stories=(replace(SEED, kinds=()),)))
    assert rendered.subject == ("[Stockton-on-Tees] What is already there: 1 matter. PSPO consultation planned")
    assert "Item SSP/46/25, Operation Shield Update" in rendered.text


def test_proof_of_life() -> None:
    quiet = Quiet("PSPOs", 2400, 31, date(2026, 1, 14))
    rendered = render(Bulletin("proof of life", "residents", JANUARY, quiet=quiet))
    assert "Looked 2,400 times at 31 meetings; nothing on PSPOs; next meeting 14 January." in flat(rendered.text)


@pytest.mark.parametrize("kind", ["trouble", "recovery", "dead"])
def test_the_operator_reads_what_since_when_and_what_to_do(kind: str) -> None:
    told = Trouble("https://example.gov.uk", "blocked", datetime(2026, 1, 9, 3, tzinfo=UTC), "403", "ask the council")
    rendered = render(Bulletin(kind, "operator", JANUARY, trouble=(told,)))  # type: ignore[arg-type]
    assert "https://example.gov.uk, blocked" in rendered.subject
    assert re.search(r"Since +Friday 9 January 2026, 3.00 am", rendered.text)
    assert re.search(r"What to do +ask the council", rendered.text)


def test_a_test_message_says_that_it_is_one() -> None:
    rendered = render(Bulletin("test", "residents", JANUARY))
    assert rendered.subject == "[Councilwatch] Test message: this address works"
    assert "This is a test." in rendered.text


NASTY = "<b>*Free*</b>\r\nBcc: all@example.org <!channel> [x](http://evil) `c` ~s~ \u202eevil\x00\x07 @everyone"


def test_markup_and_mentions_in_a_title_stay_text() -> None:
    nasty = replace(SEED, title=NASTY, committee=NASTY, contact=NASTY, quotes=(quote(NASTY),), words=(NASTY,))
    rendered = alert(nasty)
    for form in ("subject", "text", "html", "slack", "markdown", "line"):
        written = getattr(rendered, form)
        assert not re.search("[\u202e\x00\x07\r]", written), form
    assert "\n" not in rendered.subject + rendered.line
    assert "<!channel>" not in rendered.slack
    assert "&lt;!channel&gt;" in rendered.slack
    assert not re.search(r"(?<![\u200b*])\*Free\*", rendered.slack)
    html = BeautifulSoup(rendered.html, "lxml")
    assert html.find("b") is None
    assert "<b>*Free*</b>" in html.get_text()
    assert "\\[x\\](http://evil)" in rendered.markdown
    assert "@everyone" not in rendered.markdown + rendered.slack


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//evil", "http:", ""])
def test_only_web_and_mail_addresses_become_links(url: str) -> None:
    rendered = alert(replace(SEED, links=(Link("the item", url),), meeting_url=url, respond_at=url))
    links = [a["href"] for a in BeautifulSoup(rendered.html, "lxml").find_all("a")]
    assert links == ["mailto:us@example.org"]


def test_an_address_cannot_break_out_of_its_link() -> None:
    url = 'https://example.org/a b"><script>|x>'
    rendered = alert(replace(SEED, links=(Link("the item", url),)))
    assert "<script" not in rendered.html
    assert "<https://example.org/a%20b%22%3E%3Cscript%3E%7Cx%3E|the item>" in rendered.slack


def test_mail_is_light_and_dark_without_outside_parts() -> None:
    html = render(ALERT).html
    assert "@media (prefers-color-scheme: dark)" in html
    assert 'style="' in html
    assert "http-equiv" not in html
    assert "<img" not in html
    assert "<link" not in html
    assert "max-width: 600px" in html


TEXT = st.text(max_size=60)


@given(TEXT, TEXT, TEXT, st.sampled_from(KINDS), st.text(min_size=1, max_size=900))
@settings(max_examples=50, deadline=None)
def test_whatever_a_council_writes(title: str, committee: str, number: str, kind: str, sentence: str) -> None:
    story = replace(
        SEED, title=title, committee=committee, number=number, kinds=(kind,), quotes=(Quote(sentence, ((0, 1),)),)
    )
    rendered = alert(replace(story, before=title, after=sentence))
    assert len(rendered.subject) <= 180
    assert len(rendered.line) <= 240
    for one_line in (rendered.subject, rendered.line):
        assert len(one_line.splitlines()) == 1
    rendered.text.encode()
    rendered.html.encode()
    assert "<!" not in rendered.slack
    for written in rendered.text.splitlines():
        assert len(written) <= 78 or " " not in written.strip() or "http" in written


def test_every_kind_of_change_has_its_headline() -> None:
    assert set(HEADLINES) == set(KINDS)


def test_calendar_files_for_the_meeting_and_the_closing_date() -> None:
    rendered = alert(OPEN, now=JANUARY)
    meeting, closing = (Calendar.from_ical(file.body).walk("VEVENT")[0] for file in rendered.attachments)
    assert meeting.decoded("dtstart") == datetime(2026, 2, 3, 18, tzinfo=UTC)
    assert str(meeting["location"]) == "Town Hall"
    assert closing.decoded("dtstart") == date(2026, 2, 16)
    assert str(closing["summary"]) == "Last day to comment: Town Centre Order"
    again = Calendar.from_ical(alert(OPEN, now=JANUARY + timedelta(days=1)).attachments[0].body).walk("VEVENT")[0]
    assert str(again["uid"]) == str(meeting["uid"])


@pytest.mark.parametrize(
    "story",
    [SEED, replace(OPEN, status="cancelled", dates=(ToldDate("closes", "2026-02", "month", ""),))],
    ids=["past", "cancelled, and a closing month"],
)
def test_no_calendar_file_for_what_is_past_or_not_known_to_the_day(story: Story) -> None:
    assert alert(story, now=JANUARY).attachments == ()


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Stockton-on-Tees Borough Council", "Stockton-on-Tees"),
        ("London Borough of Barnet", "Barnet"),
        ("Birmingham City Council", "Birmingham"),
        ("City of London", "City of London"),
        ("Gateshead Metropolitan Borough Council", "Gateshead"),
        ("Newport", "Newport"),
    ],
)
def test_councils_are_named_in_short(name: str, short: str) -> None:
    assert short_council(name) == short


def test_times_are_printed_as_a_newspaper_does() -> None:
    said = [clock_time(datetime(2026, 1, 1, hour, 30 * (hour % 2))) for hour in (0, 9, 12, 13, 23)]  # noqa: DTZ001
    assert said == ["12.00 am", "9.30 am", "12 noon", "1.30 pm", "11.30 pm"]
