"""The pages, asked over a socket as a browser asks."""

from __future__ import annotations

import re
from collections import deque
from itertools import pairwise
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
from lxml import html

PAGES = ("/", "/meetings", "/meetings?month=2025-11", "/topics", "/topic/pspo", "/search", "/search?q=PSPO", "/late?days=365",
         "/status", "/about", "/history", "/history/items", "/history/changes", "/history/documents/1",
         "/history/what-was-said", "/history?sql=select+1")  # fmt: skip


def _row(site: httpx.Client, sql: str) -> list[object]:
    rows = site.get("/history.json", params={"sql": sql}).json()["rows"]
    assert rows
    return list(rows[0])


def _text(page: httpx.Response) -> str:
    return " ".join(html.fromstring(page.content).text_content().split())


def test_every_link_leads_somewhere(site: httpx.Client) -> None:
    """From the first page on, every address of ours that any page names is answered, and answered well."""
    base = str(site.base_url)
    seen: set[str] = {"/"}
    waiting = deque(["/"])
    while waiting and len(seen) < 700:
        path = waiting.popleft()
        answer = site.get(path)
        assert answer.status_code == 200, path
        if "html" not in answer.headers["content-type"]:
            continue
        for link in html.fromstring(answer.content).xpath("//a/@href | //link/@href"):
            target = urljoin(str(answer.url), link)
            parts = urlsplit(target)
            if not target.startswith(base) or parts.path.endswith((".json", ".csv")) or "_sort" in parts.query:
                continue
            shape = f"{parts.path}?{parts.query}" if parts.query else parts.path
            if shape not in seen and not re.match(r"/history/.*\?", shape):
                seen.add(shape)
                waiting.append(shape)
    assert {"/late", "/status", "/about", "/history", "/topic/pspo", "/meetings.ics"} <= seen
    assert len([path for path in seen if path.startswith("/item/")]) > 20


@pytest.mark.parametrize("path", PAGES)
def test_headings_go_down_one_at_a_time(site: httpx.Client, path: str) -> None:
    page = html.fromstring(site.get(path).content)
    levels = [int(each.tag[1]) for each in page.xpath("//h1|//h2|//h3|//h4|//h5|//h6")]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert page.get("lang") == "en-GB" and page.xpath("//main") and page.xpath("//a[@class='skip']/@href") == ["#main"]
    assert all(table.xpath("caption") for table in page.xpath("//table"))
    assert all(cell.get("scope") for cell in page.xpath("//th"))
    assert not page.xpath("//script") and not page.xpath("//@style") and not page.xpath("//@onclick")
    assert page.xpath("//title/text()")[0].endswith("Councilwatch")


def test_whats_new_tells_the_story_by_meeting(site: httpx.Client) -> None:
    page = html.fromstring(site.get("/?kind=minutes").content)
    cards = [" ".join(card.text_content().split()) for card in page.xpath("//section[@class='card']")]
    drafted = next(card for card in cards if "Draft minutes published" in card)
    assert "Safer Stockton Partnership, 26 November 2025" in drafted
    assert "SSP/46/25 Operation Shield Update" in drafted and "SSP/53/25 PSPO Update" in drafted
    assert not any("Agenda published" in card for card in cards)


@pytest.mark.parametrize(
    ("query", "shown", "left_out"),
    [
        ("committee=Cabinet", "Cabinet, 11 December 2025", "Safer Stockton Partnership, 26"),
        ("kind=meeting.cancelled", "Meeting cancelled", "Meeting moved"),
        ("topic=pspo", "Operation Shield Update", "Winter gritting"),
        ("council=stockton-on-tees", "Meeting cancelled", "Nothing was seen"),
        ("committee=Licensing+Committee&kind=minutes", "Nothing was seen that fits", "Draft minutes published Safer"),
    ],
)
def test_whats_new_can_be_filtered(site: httpx.Client, query: str, shown: str, left_out: str) -> None:
    text = _text(site.get(f"/?{query}"))
    assert shown in text and left_out not in text.split("Feed of")[1]


@pytest.mark.parametrize("path", ["/?council=nowhere", "/?committee=nobody", "/?kind=nothing", "/?topic=psop", "/topic/psop",
                                  "/meeting/99999", "/item/0", "/document/99999999999999999", "/change/99999", "/proof/99999",
                                  "/nothing", "/meeting/1x", "/topic/psop.atom", "/search.atom",
                                  "/dates.ics?topic=psop"])  # fmt: skip
def test_what_is_not_there_is_said_in_a_sentence(site: httpx.Client, path: str) -> None:
    answer = site.get(path)
    assert answer.status_code == 404
    assert "Traceback" not in answer.text and len(html.fromstring(answer.content).xpath("//p[@class='lead']")) == 1


@pytest.mark.parametrize("path", ["/meeting/3?at=yesterday", "/meetings?month=2025-13", "/search?q=a&since=soon"])
def test_what_is_not_understood_is_said(site: httpx.Client, path: str) -> None:
    answer = site.get(path)
    assert answer.status_code == 400 and "Write it like" in answer.text


def test_older_changes_are_reached_page_by_page(site: httpx.Client, told: Path) -> None:
    from web.pages import whats_new

    shown: list[str] = []
    path, original = "/", whats_new.PAGE
    try:
        whats_new.PAGE = 10  # type: ignore[misc]
        for _ in range(20):
            page = html.fromstring(site.get(path).content)
            shown += page.xpath("//ul[@class='things']/li/a/@href")
            following = page.xpath("//a[@rel='next']/@href")
            if not following:
                break
            path = following[0]
    finally:
        whats_new.PAGE = original  # type: ignore[misc]
    (count,) = _row(site, "select count(*) from changes where coalesce(item, document) is not null")
    assert len(shown) == count


def test_a_meeting_shows_what_the_council_decided_and_when_it_was_seen(site: httpx.Client) -> None:
    (number,) = _row(site, "select meeting from items where number = 'SSP/46/25'")
    text = _text(site.get(f"/meeting/{number}"))
    assert "Wednesday 26 November 2025, 9.00 am" in text
    assert "due to expire in April 2026" in text
    assert "PSPO Update Restricted (by its words)" in text
    assert re.search(
        r"Read \d+ \w+ 202\d at \d\d:\d\d:\d\d GMT from a page whose bytes have the SHA-256 [0-9a-f]{64}", text
    )


def test_a_meeting_can_be_seen_as_it_stood(site: httpx.Client) -> None:
    (number,) = _row(site, "select meeting from items where number = 'SSP/46/25'")
    before = _text(site.get(f"/meeting/{number}?at=2025-11-17"))
    assert "As it stood on 17 November 2025 at 23:59:59 GMT" in before and "No items stood on the page then" in before
    agenda = _text(site.get(f"/meeting/{number}?at=2025-11-26T09:00"))
    assert "SSP/46/25 Operation Shield Update" in agenda and "April 2026" not in agenda
    assert "April 2026" in _text(site.get(f"/meeting/{number}?at=2025-12-31"))
    early = site.get(f"/meeting/{number}?at=2020-01-01")
    assert early.status_code == 404 and "was not known" in early.text


def test_words_that_came_and_went_are_marked(site: httpx.Client) -> None:
    (number,) = _row(site, "select id from changes where kind = 'document.replaced' order by id limit 1")
    page = html.fromstring(site.get(f"/change/{number}").content)
    assert page.xpath("//div[@class='difference']//del") and page.xpath("//div[@class='difference']//ins")


def test_the_proof_is_the_page_as_served(site: httpx.Client) -> None:
    import hashlib

    (version, sha256) = _row(
        site,
        "select v.id, p.sha256 from versions v join captures p on p.id = v.capture where v.entity = 'meeting' limit 1",
    )
    assert sha256 in site.get(f"/proof/{version}").text
    saved = site.get(f"/proof/{version}.txt")
    assert hashlib.sha256(saved.content).hexdigest() == sha256
    assert saved.headers["content-type"].startswith("text/plain")
    assert saved.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in saved.headers["content-security-policy"]


def test_a_topic_tells_stages_dates_and_mentions(site: httpx.Client) -> None:
    text = _text(site.get("/topic/pspo"))
    assert "Consultation open as told on 14 January 2026" in text
    assert "16 February 2026 Closes" in text and "April 2026 Expires" in text
    assert "November 2025" in text
    page = html.fromstring(site.get("/topic/pspo").content)
    assert page.xpath("//*[local-name()='svg' and @class='chart']") and page.xpath(
        "//table/caption[.='Mentions by month']"
    )


def test_search_marks_the_words_and_narrows(site: httpx.Client) -> None:
    page = html.fromstring(site.get("/search", params={"q": "pspo expire"}).content)
    assert "PSPO" in page.xpath("//ol[@class='hits']//mark/text()")
    assert len(page.xpath("//ol[@class='hits']/li")) == 2
    narrowed = html.fromstring(site.get("/search", params={"q": "pspo expire", "year": 2025}).content)
    assert len(narrowed.xpath("//ol[@class='hits']/li/h2")) == 1
    for words in ('"', "(", "a OR", "-", "*", "NEAR(", "title:x", "'; drop table items; --", "\x00\x01", "é" * 600):
        assert site.get("/search", params={"q": words}).status_code == 200


def test_late_and_quiet_has_times_and_hashes_to_cite(site: httpx.Client) -> None:
    page = html.fromstring(site.get("/late?days=365").content)
    rows = {
        region.get("aria-label"): [" ".join(" ".join(row.itertext()).split()) for row in region.xpath(".//tbody/tr")]
        for region in page.xpath("//div[@class='wide']")
    }
    (late,) = rows["Late agendas"]
    # seen on Thursday 4 December for Monday 8 December: one clear working day, of the five asked for in England
    assert re.search(r"4 December 2025 at .* Place Select Committee, 8 December 2025 .* 1 5 [0-9a-f]{12} · cite", late)
    assert any("A late paper" in row or "Place Select Committee" in row for row in rows["Papers of the last day"])
    assert len(rows["Amended afterwards"]) == 1
    assert any("Cabinet" in row for row in rows["Days between agenda and meeting"])


def test_a_consultation_has_a_page(site: httpx.Client) -> None:
    (number,) = _row(site, "select id from notices")
    text = _text(site.get(f"/notice/{number}"))
    assert "Have your say on the PSPOs" in text and "16 February 2026" in text and "Consultation opened" in text
    assert "All replies are read." in text
    assert "Have your say on the PSPOs" in _text(site.get("/?kind=consultation"))
    assert "Have your say on the PSPOs" in _text(site.get("/topic/pspo"))


@pytest.mark.parametrize("said", ["SSP/46/25", "ssp/46/25"])
def test_a_reference_leads_to_its_item(site: httpx.Client, said: str) -> None:
    answer = site.get("/search", params={"q": said}, follow_redirects=True)
    assert answer.status_code == 200 and "Operation Shield Update" in html.fromstring(answer.content).xpath(
        "string(//h1)"
    )
    assert site.get("/search", params={"q": "ABC/1/25"}).status_code == 200
    (url,) = _row(site, "select url from meetings where starts_at like '2025-11-26%'")
    assert "/meeting/" in str(site.get("/search", params={"q": url}, follow_redirects=True).url)


def test_status_tells_counts_and_no_more(site: httpx.Client) -> None:
    text = _text(site.get("/status"))
    assert "The site can be read." in text
    assert re.search(r"Sent\s*1\s*Waiting\s*1\s*Failed for good\s*1", text)
    assert "the-secret-room" not in site.get("/status").text


def test_pages_are_asked_again_only_when_they_changed(site: httpx.Client) -> None:
    first = site.get("/status")
    assert site.get("/status", headers={"if-none-match": first.headers["etag"]}).status_code == 304
    assert site.get("/topics", headers={"if-none-match": first.headers["etag"]}).status_code == 200
    assert site.head("/").status_code == 200


def test_a_service_behind_a_path_links_below_it(serve, told: Path) -> None:  # type: ignore[no-untyped-def]
    client = serve(told, history_url="https://example.org/council/")
    page = html.fromstring(client.get("/").content)
    assert client.get("/").status_code == 200
    ours = [link for link in page.xpath("//a/@href") if not link.startswith("#")]
    assert ours and all(link.startswith("/council/") for link in ours)
    assert client.get("/history/items").status_code == 200
    assert "https://example.org/council/change/" in client.get("/changes.atom").text
