"""One item with its whole text, ``mgAi.aspx?ID=``, and why an item is restricted. The markup was not captured."""

from __future__ import annotations

from demo.council import Item
from demo.pages.asked import Answer, Asked, NotThere
from demo.pages.meeting import item_body
from demo.pages.template import actions, changed_on, labelled, link, page
from demo.pages.word import entities
from demo.pages.wording import long_date

# What the paragraphs of Schedule 12A to the Local Government Act 1972 are about, in a few words.
_SCHEDULE_12A = {
    1: "Information relating to any individual",
    2: "Information which is likely to reveal the identity of an individual",
    3: "Information relating to the financial or business affairs of any particular person",
    5: "Information in respect of which a claim to legal professional privilege could be maintained",
    7: "Information relating to action taken in connection with the prevention, investigation or prosecution of crime",
}


def _item(asked: Asked, *names: str) -> Item:
    item = asked.state.items.get(asked.number(*names))
    if item is None or not asked.state.meetings[item.meeting].agenda:
        raise NotThere
    return item


def item_page(asked: Asked) -> Answer:
    item = _item(asked, "id", "aiid")
    state = asked.state
    meeting = state.meetings[item.meeting]
    name = state.committees[meeting.committee].name
    to = f"ieListDocuments.aspx?CId={meeting.committee}&amp;MId={meeting.id}#AI{item.id}"
    words = f"{entities(name)} - {long_date(meeting.starts, state.council, asked.language)}"
    return page(
        asked,
        heading="Agenda item",
        subtitle=entities(item.title),
        title=f"Agenda item - {item.title}",
        modified=changed_on(state, item.changed),
        links=actions([f"		<li>{link(to, words)}</li>"]),
        content=item_body(asked, item, whole=True),
    )


def reasons_page(asked: Asked) -> Answer:
    item = _item(asked, "oid", "id")
    if not item.restricted:
        raise NotThere
    reason = _SCHEDULE_12A.get(item.paragraph, "The public is excluded")
    said_of = f"Paragraph {item.paragraph} of Part 1 of Schedule 12A to the Local Government Act 1972: {reason}"
    content = labelled("Reason", entities(said_of if item.paragraph else reason))
    return page(asked, heading="Reasons restricted", subtitle=entities(item.title), content=content)
