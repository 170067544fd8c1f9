"""Forward plans, ``mgPlansHome`` -> ``mgListPlans`` -> ``mgListPlanItems``, and the history of an issue over meetings.

Known from text and reports only: the labels are theirs, the markup is what the rest of the site would make one expect.
"""

from __future__ import annotations

from demo.council import Issue, Item
from demo.pages import files
from demo.pages.asked import Answer, Asked, NotThere
from demo.pages.committees import committee_of
from demo.pages.template import actions, changed_on, labelled, link, page
from demo.pages.word import entities, word_para
from demo.pages.wording import short_date, slashed


def plans_home(asked: Asked) -> Answer:
    owners = sorted({plan.committee for plan in asked.state.plans.values()})
    rows = []
    for number in owners:
        name = asked.state.committees[number].name
        rows.append(
            link(f"mgListPlans.aspx?RPId={number}&amp;RD=0", entities(name), f"Link to forward plans for {name}")
        )
    content = _list(rows) if rows else "<p>There are no forward plans.</p>\n"
    return page(asked, heading="Forward plans", content=content)


def plan_list(asked: Asked) -> Answer:
    committee = committee_of(asked, "rpid", "rp")
    rows = []
    for plan in sorted(asked.state.plans.values(), key=lambda row: (row.starts, row.id), reverse=True):
        if plan.committee == committee.id:
            to = f"mgListPlanItems.aspx?PlanId={plan.id}&amp;RP={committee.id}"
            rows.append(link(to, f"{entities(plan.title)}, {short_date(plan.starts)}", f"Link to {plan.title}"))
    subtitle = f"{entities(committee.name)}, {asked.state.today.year}"
    return page(asked, heading="Browse forward plans", subtitle=subtitle, content=_list(rows))


def plan_page(asked: Asked) -> Answer:
    plan = asked.state.plans.get(asked.number("planid"))
    if plan is None:
        raise NotThere
    issues = [issue for issue in asked.state.issues.values() if issue.plan == plan.id]
    rows = "".join(_entry(issue) for issue in issues) or "<p>There are no items in this plan.</p>\n"
    return page(
        asked,
        heading="Forward plan",
        subtitle=entities(plan.title),
        title=f"Forward plan - {plan.title}",
        modified=changed_on(asked.state, plan.changed, *(issue.changed for issue in issues)),
        content=rows,
    )


def _entry(issue: Issue) -> str:
    to = f"mgIssueHistoryHome.aspx?IId={issue.id}&amp;PlanId={issue.plan}"
    title = link(to, entities(issue.title), f"Link to issue details for {issue.title}")
    return f'<p  class="mgPlanItemTitle" >{title}</p>\n{_facts(issue)}{word_para(issue.text)}'


def _facts(issue: Issue) -> str:
    made = labelled("Decision type", "Key" if issue.key else "Non-key")
    made += labelled("Decision status", "For Determination") if issue.due else ""
    made += labelled("Wards affected", entities(issue.wards))
    if issue.first_published:
        made += labelled("Notice of proposed decision first published", entities(slashed(issue.first_published)))
    if issue.due:
        by = f" by {issue.maker}" if issue.maker else ""
        made += labelled("Decision due", entities(f"{issue.due}{by}"))
    return made


def _issue(asked: Asked) -> Issue:
    found = asked.state.issues.get(asked.number("iid"))
    if found is None:
        raise NotThere
    return found


def issue_history(asked: Asked) -> Answer:
    """``mgIssueHistoryHome.aspx?IId=``: what ties one subject together over meetings, plans and decisions."""
    issue, state = _issue(asked), asked.state
    rows = [
        f"{link(to, entities(words))} {entities(f'{item.number} {item.title}'.strip())}"
        for words, to, item in _meetings_of(asked, issue)
    ]
    decisions = [
        f"{link(f'ieDecisionDetails.aspx?ID={row.id}', entities(row.title))} {entities(slashed(row.published))}"
        for row in state.decisions.values()
        if row.issue == issue.id
    ]
    content = _facts(issue) + word_para(issue.text)
    content += f'<h2 class="mgSectionTitle">Agenda items</h2>\n{_list(rows)}' if rows else ""
    content += f'<h2 class="mgSectionTitle">Decisions</h2>\n{_list(decisions)}' if decisions else ""
    more = link(f"ieIssueDetails.aspx?IId={issue.id}&amp;Opt=3&amp;PlanId=0", "Meetings at which this issue was raised")
    return page(
        asked,
        heading="Issue details",
        subtitle=entities(issue.title),
        title=f"Issue details - {issue.title}",
        modified=changed_on(state, issue.changed),
        links=actions([f"		<li>{more}</li>"]),
        content=content,
    )


def issue_meetings(asked: Asked) -> Answer:
    """``ieIssueDetails.aspx?IId=&Opt=3``: the meetings at which the issue was an item."""
    issue = _issue(asked)
    made = ""
    for words, to, item in _meetings_of(asked, issue):
        number = entities(item.number.rstrip("."))
        made += f"<p>Meeting: {link(to, entities(words))} &#40;Item {number}&#41;</p>\n"
        papers = asked.state.documents_of("item", item.id)
        size = f' <span  class="mgFileSize" >PDF {files.size(papers[0])}</span>' if papers else ""
        title = entities(item.title)
        shown = f'<a  href="{files.address(papers[0])}" >{title}{size}</a>' if papers else title
        made += f'<p  class="mgAiTitleTxt" >{number} {shown}</p>\n'
    return page(asked, heading="Issue - meetings", subtitle=entities(issue.title), content=made)


def _meetings_of(asked: Asked, issue: Issue) -> list[tuple[str, str, Item]]:
    found = []
    for item in asked.state.items.values():
        meeting = asked.state.meetings[item.meeting]
        if item.issue == issue.id and meeting.agenda:
            words = f"{slashed(meeting.starts)} - {asked.state.committees[meeting.committee].name}"
            to = f"ieListDocuments.aspx?CId={meeting.committee}&amp;MId={meeting.id}#AI{item.id}"
            found.append((meeting.starts, words, to, item))
    return [row[1:] for row in sorted(found, key=lambda row: (row[0], row[3].id), reverse=True)]


def _list(rows: list[str]) -> str:
    return '\n<ul  class="mgBulletList" >\n' + "".join(f"			<li>{row}</li>\n" for row in rows) + "\n</ul>\n"
