"""A list of meetings with nothing in it: no trouble for a committee that never met, no proof that all meetings are gone."""

from __future__ import annotations

from datetime import date

import pytest

from scraper.source import Site

PAGE = (
    b'<html><body><div id="modgov"><h1>Browse meetings</h1><h2 class="mgSubTitleTxt">Cabinet</h2><div class="mgContent">'
    b'<ul class="mgNonBulletTableList"></ul></div><div class="mgFooter"></div></div></body></html>'
)


@pytest.mark.parametrize(("meets", "state"), [(False, "read"), (True, "suspect")])
def test_an_empty_list(visit, make_answer, meets, state):
    answer = make_answer(PAGE, Content_Type="text/html")
    visit.server.answers = {f"/ieListMeetings.aspx?{asked}": answer for asked in ("CommitteeId=7", "CId=7&Year=0")}
    day = date(2026, 11, 20)
    site = Site(visit.server.url, visit.host(), lambda _url: None, day, transport="html", meets=lambda _number: meets)
    look = site.committee_meetings(7, day, day)
    assert (look.state, look.record is None) == (state, meets)
