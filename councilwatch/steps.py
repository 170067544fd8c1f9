"""The steps of one poll of a source, in their order: committees, lists, meetings with their new papers, notices, papers.

Everything that a poll learns of a meeting is one transaction: the record, its changes, the texts of new papers, the alerts
and the messages. The network is never waited for inside it.
"""

from __future__ import annotations

from councilwatch.lists import poll_committees, poll_lists, site_answers, wanted_committees
from councilwatch.meetings import keep_unchanged, poll_meetings
from councilwatch.notices import poll_notices
from councilwatch.papers import poll_papers
from councilwatch.source_poll import SourcePoll
from scraper.fetch import FetchError


def poll_source(poll: SourcePoll) -> None:
    """Polls. A refusal that ends it early is kept in `ended_by`; what was read before it is kept."""
    try:
        poll_committees(poll)
        wanted = wanted_committees(poll)
        differing = poll_lists(poll, wanted)
        poll_meetings(poll, wanted, differing)
        poll_notices(poll)
        poll_papers(poll)
        if poll.site.looks and not any(look.good for look in poll.site.looks):
            site_answers(poll)
    except FetchError as end:
        poll.ended_by = end
    finally:
        keep_unchanged(poll)
