"""Committees: their list (``mgListCommittees``, ``mgCommitteeStructure``), that leading to meetings (``ieDocHome``),
and one of them (``mgCommitteeDetails``)."""

from __future__ import annotations

from demo.council import Committee
from demo.pages.asked import Answer, Asked, NotThere
from demo.pages.template import actions, labelled, link, page
from demo.pages.word import entities, word_para


def committee_of(asked: Asked, *names: str) -> Committee:
    """The committee that was asked for. Raises `NotThere`."""
    found = asked.state.committees.get(asked.number(*names))
    if found is None:
        raise NotThere
    return found


def committee_list(asked: Asked) -> Answer:
    # A council's banner, broken as one captured at Kingston: the link is never closed.
    banner = '<a href="ieDocSearch.aspx">Search for expired committees</b>'
    content = _lists(asked, "mgCommitteeDetails.aspx?ID=", "details for")
    return page(
        asked,
        heading="Committee structure",
        content=content,
        banner=banner,
        links='	<div class="mgLinks" >\n\n</div>\n',
    )


def meetings_home(asked: Asked) -> Answer:
    content = _lists(asked, "ieListMeetings.aspx?CommitteeId=", "meetings of")
    return page(asked, heading="Committee meetings", content=content)


def _lists(asked: Asked, to: str, about: str) -> str:
    categories: dict[str, list[Committee]] = {}
    for committee in sorted(asked.state.committees.values(), key=lambda row: row.name):
        if not committee.expired:
            categories.setdefault(committee.category, []).append(committee)
    made = ""
    for category, rows in categories.items():
        made += f'<h2 class="mgSectionTitle">{entities(category)}</h2>\n\n<ul  class="mgBulletList" >\n'
        for row in rows:
            shown = link(f"{to}{row.id}", entities(row.name), f"Link to {about} {row.name}")
            made += f"						<li>{shown}</li>\n"
        made += "\n</ul>\n"
    return made


def committee_page(asked: Asked) -> Answer:
    committee = committee_of(asked, "id", "cid", "committeeid")
    number, name, council = committee.id, committee.name, asked.state.council
    kind = 'rel="alternate" type="application/rss+xml" title="modern.gov - What\'s new"'
    feed = f'<link {kind}  href="mgRss.aspx?CID={number}"  /> \n\n'
    members = "".join(_member(number, place, member) for place, member in enumerate(committee.members, 1))
    mail = f'&nbsp;<a href="mailto:{council.email}">{council.email}</a>' if council.email else ""
    content = (
        feed
        + (
            f'<h2 class="mgSectionTitle">Purpose of committee</h2>\n		{word_para(committee.purpose)}'
            if committee.purpose
            else ""
        )
        + '<h2 class="mgSectionTitle">Membership<a name="#MEM"></a></h2>\n		\n\n'
        + f'<ul  class="mgBulletList" >\n{members}\n</ul>\n'
        + '<h2 class="mgSectionTitle">Contact information</h2>			\n\n'
        + labelled("Support officer", f"{entities(council.contact)}.  Email: {mail}")
    )
    browse = link(
        f"ieListMeetings.aspx?CommitteeId={number}",
        "Browse meetings and agendas for this committee",
        f"Link to meetings for {name}",
    )
    plans = [plan for plan in asked.state.plans.values() if plan.committee == number]
    rows = [f"			<li>{browse}</li>				"]
    if plans:
        rows.append(
            f"			<li>{link(f'mgListPlans.aspx?RPId={number}&amp;RD=0', 'View forward plans')}</li>	"
        )
    return page(
        asked,
        heading="Committee details",
        subtitle=entities(name),
        title=f"Committee details - {name}",
        links=actions(rows),
        content=content,
    )


def _member(number: int, place: int, name: str) -> str:
    shown = link(f"mgUserInfo.aspx?UID={number}{place}", entities(name), f"Link to user information for {name}")
    return f"\n							<li>{shown}&nbsp; {'&#40;Chair&#41;' if place == 1 else ''}&nbsp; </li>		\n"
