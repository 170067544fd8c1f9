"""The council's own template around ``#modgov``, and the frame inside it that all kinds of page share.

As on captured sites the left menu is printed twice, once for small screens, and one of its links has a raw ``&``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from demo.council import SiteState
from demo.pages.asked import TOKEN, Answer, Asked
from demo.pages.word import LF, attribute, entities
from demo.pages.wording import said

_MENU = (
    ("mgCalendarMonthView.aspx?GL=1&amp;bcr=1", "calendar of meetings", "Calendar"),
    ("mgListCommittees.aspx?bcr=1", "committee structure", "Committees"),
    ("ieListMeetings.aspx?CId=686&info=1&MD=Constitution", "constitution", "Constitution"),
    ("mgConsultationListDisplay.aspx?bcr=1", "list of consultations", "Consultations"),
    ("mgDelegatedDecisions.aspx?bcr=1&amp;DM=0&amp;DS=2&amp;K=0&amp;DR=&amp;V=0", "register of decisions", "Decisions"),
    ("mgPlansHome.aspx?bcr=1", "Forward Plans", "Forward plans"),
    ("ieDocHome.aspx?bcr=1", "committee meetings", "Meetings"),
    ("ieDocSearch.aspx?bcr=1", "free text search", "Search documents"),
    ("mgWhatsNew.aspx?bcr=1", "what's new", "What's New"),
)
_SUBJECTS = ("Government, politics and public administration", "Local government", "Council meetings")

_SETTINGS_SCRIPT = """<script type="text/javascript">
	if(window.$ModernGov === undefined)
	{
		Object.defineProperty(window, "$ModernGov", { value: {} });
		Object.defineProperty($ModernGov, "Settings", {value: {} });
Object.defineProperty($ModernGov.Settings, "RequiredLanguage", { value: -1 });

	}
</script>
"""

_FOOTER = """<div class="mgFooter" >

	<p>&nbsp;</p>

<input type="hidden" value="false" id="hidIsExtLinkNewWindow" name="hidIsExtLinkNewWindow"><!--no trailing slash-->

    <script type="text/javascript" src="jquery-ui/js/jquery-3.5.1.min.js"></script>
    <script type="text/javascript" src="mgAjaxScripts.js"></script>
    <script type="text/javascript">
        mgJQuery(document).ready(CommonAjaxInit);
    </script>
</div>
"""


def _menu() -> str:
    rows = "\n".join(f'<li><a href="{to}" title="Link to {about}">{words}</a></li>' for to, about, words in _MENU)
    return f'<div class="menu"><ul class="menu-list">\n{rows}</ul></div>'


def actions(rows: Sequence[str]) -> str:
    """``div.mgLinks`` with its list of links; the list is empty where there are none."""
    return '	<div class="mgLinks" >\n\n\n<ul  class="mgActionList" >\n\n' + "\n".join(rows) + "\n\n</ul>\n</div>\n"


def labelled(label: str, value: str) -> str:
    """``<p>`` with a label; ``value`` is HTML."""
    return f'<p><span  class="mgLabel" >{label}: </span>{value}</p>\n'


def link(to: str, words: str, title: str = "") -> str:
    """A link with moderngov's odd blanks; ``to`` and ``words`` are HTML already, ``title`` is not."""
    about = f' title="{attribute(title)}"' if title else ""
    return f'<a  href="{to}" {about}>{words}</a>'


def page(
    asked: Asked,
    *,
    heading: str,
    content: str,
    links: str = "",
    subtitle: str = "",
    subtitle_is_link: bool = False,
    title: str = "",
    day: date | None = None,
    modified: date | None = None,
    created: date | None = None,
    banner: str | None = None,
    form: str = "",
) -> Answer:
    """A whole page.

    ``heading`` is the h1's English text. ``subtitle`` is HTML for the h2, ``title`` the text for <title> and DC.title,
    ``day`` for DC.date, which on pages that are not meetings is the day of the fetch. ``form`` opens a form around
    links and content.
    """
    state, words = asked.state, said(heading, asked.language)
    title = title or words
    if asked.behaviour.plain_heading:
        head = f"<h1>{words}</h1>\n"
    else:
        head = f'<div class="mgHeader"><h1  class="mgMainTitleTxt" >{words}</h1></div>\n'
    if subtitle:
        indent = "				" if subtitle_is_link else "	    "
        head += f'			<div class="mgSubTitle" >	\n{indent}<h2 class="mgSubTitleTxt">{subtitle}</h2>\n'
        head += f"{indent}</div>\n"
    inside = (
        head
        + f"			{state.council.banner if banner is None else banner}\n"
        + _SETTINGS_SCRIPT
        + form
        + links
        + f'<div class="mgContent" >\n{content}<div class="mgHelpLine" >	\n</div>	\n</div>\n'
        + ("</form>\n" if form else "")
        + _FOOTER
    )
    whole = f"""<!DOCTYPE html>


<html lang="{asked.language}">
	<head>
		<meta charset="{asked.behaviour.charset}">
		<meta name="viewport" content="width=device-width, initial-scale=1">
{_meta(title, day or state.today, modified, created)}
<link type="text/css" href="jquery-ui/css/Smoothness/jquery-ui-1.13.2.custom.min.css" rel="stylesheet" />
		<title>{entities(title)} - {entities(state.council.name)}</title>
		<link href="sitespecific/ssMgStyles.css" rel="stylesheet" type="text/css" />
		<script>window.visitor="{TOKEN}";</script>
	</head>
	<body class="council">
		<a class="skip" href="#mgMainContent">Skip to main content</a>
		<header id="page-header"><h1 class="site-name"><a href="/">{entities(state.council.name)}</a></h1></header>
		<div class="mobile-only">
{_menu()}
		</div>
		<div role="main">
			<a class="is-hidden" name="mgMainContent"></a>
			<nav aria-label="Breadcrumb" class="breadcrumb"><ul><li><a href="/">Home</a></li><li>{words}</li></ul></nav>
			<div id="modgov">{inside}</div>
		</div>
		<nav class="desktop-only" id="side-nav">
{_menu()}
		</nav>
		<footer id="page-footer">
			<small>{entities(state.council.name)}, a council that exists on this machine only.</small>
			<input type="hidden" name="visit" value="{TOKEN}">
		</footer>
	</body>
</html>"""
    return Answer(whole.replace("\n", "\r\n").replace(LF, "\n"))


def _meta(title: str, day: date, modified: date | None, created: date | None) -> str:
    rows = [
        f'<meta name="DC.title"  content="{entities(title)}"/>',
        f'<meta name="DC.description"  content="All published information for {entities(title)}"/>',
        f'<meta name="DC.date" scheme="W3CDTF"  content="{day.isoformat()}"/>',
    ]
    if modified:
        rows.append(f'<meta name="DC.date.modified" scheme="W3CDTF"  content="{modified.isoformat()}"/>')
    if created:
        rows.append(f'<meta name="DC.date.created" scheme="W3CDTF"  content="{created.isoformat()}"/>')
    rows += [f'<meta name="DC.subject" scheme="eGMS.IPSV"  content="{subject}"/>' for subject in _SUBJECTS]
    return "\n".join(rows) + "\n"


def changed_on(state: SiteState, *moments: object) -> date | None:
    """The council's day of the latest of some moments, for DC.date.modified."""
    known = [moment for moment in moments if isinstance(moment, datetime)]
    return max(known).astimezone(state.zone).date() if known else None
