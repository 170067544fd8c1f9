"""Consultations, ``mgConsultationListDisplay`` and ``mgConsultationDisplay.aspx?ID=``. Their dates stand in prose only.

Known from reports only; what page they stand on depends on the day.
"""

from __future__ import annotations

from html import escape

from demo.council import Consultation
from demo.pages.asked import Answer, Asked, NotThere
from demo.pages.template import changed_on, link, page
from demo.pages.word import entities, word_para


def consultation_list(asked: Asked) -> Answer:
    today = asked.state.today
    rows = sorted(asked.state.consultations.values(), key=lambda row: (row.closes, row.id))
    groups = (
        ("Current consultations", [row for row in rows if row.opens <= today <= row.closes]),
        ("Planned consultations", [row for row in rows if today < row.opens]),
        ("Finished consultations", [row for row in rows if row.closes < today]),
    )
    content = "".join(
        f'<h2 class="mgSectionTitle">{words}</h2>\n\n<ul  class="mgBulletList" >\n{_rows(found)}\n</ul>\n'
        for words, found in groups
        if found
    )
    return page(asked, heading="Consultations", content=content or "<p>There are no consultations.</p>\n")


def _rows(found: list[Consultation]) -> str:
    made = ""
    for row in found:
        shown = link(f"mgConsultationDisplay.aspx?ID={row.id}", entities(row.title), f"Link to {row.title}")
        made += f"			<li>{shown}</li>\n"
    return made


def consultation_page(asked: Asked) -> Answer:
    row = asked.state.consultations.get(asked.number("id"))
    if row is None:
        raise NotThere
    opens, closes = f"{row.opens.day} {row.opens:%B %Y}", f"{row.closes.day} {row.closes:%B %Y}"
    prose = row.text or f"The consultation opens on {opens} and closes on {closes}."
    content = word_para(prose)
    if row.address:
        content += f"<p>{link(escape(row.address), 'Take part')}</p>\n"
    return page(
        asked,
        heading="Consultation",
        subtitle=entities(row.title),
        title=f"Consultation - {row.title}",
        modified=changed_on(asked.state, row.changed),
        content=content,
    )
