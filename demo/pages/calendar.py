"""The calendar of a month, ``mgCalendarMonthView.aspx?M=&DD=`` (``DD`` is the year). Its markup was not captured."""

from __future__ import annotations

import calendar
from datetime import date

from demo.council import Meeting
from demo.pages.asked import Answer, Asked, NotThere
from demo.pages.template import actions, link, page
from demo.pages.word import entities
from demo.pages.wording import clock_time, month, weekday

REACH = 18  # months before and after today to which links lead


def month_page(asked: Asked) -> Answer:
    today, language = asked.state.today, asked.language
    year, number = asked.number("dd") or today.year, asked.number("m") or today.month
    if not (1 <= number <= 12 and 1990 <= year <= 2100):
        raise NotThere
    wanted = asked.number("cid")
    days: dict[date, list[Meeting]] = {}
    for meeting in sorted(asked.state.meetings.values(), key=lambda row: (row.starts, row.id)):
        if wanted in (0, meeting.committee):
            days.setdefault(meeting.starts.date(), []).append(meeting)
    weeks = calendar.Calendar().monthdatescalendar(year, number)
    heads = "".join(f'<th scope="col">{weekday(day, language)}</th>' for day in weeks[0])
    rows = "".join(
        "<tr>" + "".join(_cell(asked, day, number, days.get(day, [])) for day in week) + "</tr>\n" for week in weeks
    )
    content = (
        '<table class="mgCalendarMonthGrid"  summary="Calendar of meetings">\n'
        f"<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}</tbody></table>\n"
    )
    steps = [_step(year, number, step) for step in (-1, 1) if abs(year * 12 + number + step - _months(today)) <= REACH]
    return page(
        asked,
        heading="Monthly meetings calendar",
        title=f"Monthly meetings calendar - {month(number)} {year}",
        subtitle=f"{month(number, language)} {year}",
        links=actions(steps),
        content=content,
    )


def _months(day: date) -> int:
    return day.year * 12 + day.month


def _step(year: int, number: int, step: int) -> str:
    at = year * 12 + number - 1 + step
    words = "Later" if step > 0 else "Earlier"
    to = f"mgCalendarMonthView.aspx?M={at % 12 + 1}&amp;DD={at // 12}&amp;CID=0&amp;OT=&amp;C=-1&amp;MR=0"
    return f"		<li>{link(to, words)}</li>"


def _cell(asked: Asked, day: date, number: int, meetings: list[Meeting]) -> str:
    label = f"{day.day} {month(day.month, asked.language)}" if day.month != number or day.day == 1 else str(day.day)
    rows = ""
    for meeting in meetings:
        name = asked.state.committees[meeting.committee].name
        to = f"ieListDocuments.aspx?CId={meeting.committee}&amp;MId={meeting.id}&amp;Ver=4"
        off = "CANCELLED - " if meeting.cancelled else ""
        time = entities(clock_time(meeting.starts, asked.state.council, asked.language))
        rows += f"<li>{time} {link(to, f'{off}{entities(name)}', f'Link to meeting of {name}')}</li>"
    listed = f'<ul  class="mgNonBulletList" >{rows}</ul>' if rows else ""
    return f'<td  class="mgCalendarWeekGrid" ><p>{label}</p>{listed}</td>'
