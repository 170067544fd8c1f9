"""Search in documents, ``ieSearchResults2.aspx?SS=&DT=3&PG=``: ten hits a page, parted by ``<hr />`` (Kirklees).

``SS`` takes words, ``"a phrase"``, and ``OR`` between them.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from demo.council import Item
from demo.pages import files
from demo.pages.asked import Answer, Asked
from demo.pages.template import page
from demo.pages.word import entities, paragraphs
from demo.pages.wording import slashed

HITS = 10


def search_form(asked: Asked) -> Answer:
    content = '<p><label for="SS">Search for: </label><input type="text" name="SS" id="SS" /></p>\n'
    form = '	<form method="get"  action="ieSearchResults2.aspx"  id="FormSearch">\n'
    return page(asked, heading="Search documents", content=content, form=form)


def search_results(asked: Asked) -> Answer:
    sought = asked.query.get("ss", "").strip()
    terms = [part.strip().strip('"').lower() for part in re.split(r"\bOR\b", sought) if part.strip().strip('"')]
    hits = [item for item in asked.state.items.values() if _holds(asked, item, terms)]
    hits.sort(key=lambda item: (asked.state.meetings[item.meeting].starts, -item.position), reverse=True)
    if not hits:
        content = (
            '		<p class="mgErrorTxt" >No results found for your query '
            f'<span  class="mgMainTxtBold" >{entities(sought)}.  </span>\n'
            "		Try generalising your search.</p>\n"
        )
        return page(asked, heading="Search results", title=f"Search results for {sought}", content=content)
    number = max(1, asked.number("pg"))
    first = (number - 1) * HITS
    shown = hits[first : first + HITS]
    last = first + len(shown)
    bold = f'<span  class="mgMainTxtBold" >{entities(sought)}</span>'
    content = f"	    <p>Results {first + 1} to {last} for your search '{bold}'.</p>\n"
    if last < len(hits):
        to = f"ieSearchResults2.aspx?SS={quote(sought)}&amp;DT=3&amp;CA=false&amp;SB=true&amp;PG={number + 1}"
        content += f'        <p>Result Pages:  <a  href="{to}"  title="Next page of search results">Next</a></p>\n'
    content += "".join(_hit(asked, item, terms, first + place) for place, item in enumerate(shown, 1))
    return page(asked, heading="Search results", title=f"Search results for {sought}", content=content)


def _holds(asked: Asked, item: Item, terms: list[str]) -> bool:
    if not asked.state.items_of(item.meeting):
        return False
    papers = " ".join(paper.text for paper in asked.state.documents_of("item", item.id))
    text = f"{item.title} {item.text} {item.decision} {item.minutes} {papers}".lower()
    return any(term in text for term in terms)


def _hit(asked: Asked, item: Item, terms: list[str], place: int) -> str:
    meeting = asked.state.meetings[item.meeting]
    heading = f"{slashed(meeting.starts)} - {asked.state.committees[meeting.committee].name}"
    to = f"ieListDocuments.aspx?CId={meeting.committee}&amp;MID={meeting.id}"
    rows = [row for row in paragraphs(f"{item.text}\n\n{item.decision}\n\n{item.minutes}") if row]
    best = next((row for row in rows if any(term in row.lower() for term in terms)), rows[0] if rows else "")
    snippet = re.sub(
        "|".join(re.escape(entities(term)) for term in terms),
        lambda found: f"<strong>{found.group()}</strong>",
        entities(best),
        flags=re.IGNORECASE,
    )
    attached = ""
    for at, paper in enumerate(asked.state.documents_of("item", item.id), 1):
        fragment = quote(f'"{" ".join(terms)}"')
        size = f'<span  class="mgFileSize" ><img src="mgimages/logo-pdf-1.gif" alt="" /> PDF {files.size(paper)}</span>'
        attached += (
            f'			<li><a  href="mgConvert2PDF.aspx?ID={paper.id}&amp;ISATT=1#search={fragment}"  >'
            f"{entities(paper.title)} ({place}.{at}) {size}  </a></li>\n"
        )
    listed = f'\n<ul  class="mgBulletList" >\n{attached}\n</ul>\n' if attached else ""
    return (
        '	<hr />\n	<p  class="mgAiTitleTxt" >\n		<!--3-->\n'
        '		<img src="mgimages/3.gif" alt="Excellent match" height="15" />\n'
        f'		Meeting: <a  class="mgAiTitleLnk"   href="{to}"  >{entities(heading)} ({place})</a>\n    </p>\n'
        f'	<p  class="mgAiTitleTxt" >{entities(item.number)} <a  class="mgAiTitleLnk"   href="{to}#AI{item.id}"  >'
        f'{entities(item.title)}</a></p>\n			\n<div class="mgWordPara"><p>{snippet}</p></div>\n{listed}'
    )
