"""What nobody may read, asked for in every way that we could think of."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from lxml import html

from web.guard import PUBLIC_TABLES, guard

SECRET = "the-secret-room"
WITHDRAWN = "xylophonic"
PRIVATE = ("subscribers", "watches", "subscriptions", "alerts", "messages", "message_alerts", "deliveries",
           "settings_of_record", "hosts", "backfills", "pages", "_sqlite_migrations")  # fmt: skip

ATTACKS = [
    "select * from subscribers",
    "select count(*) from subscribers",
    "select max(rowid) from deliveries",
    "select 1 from messages",
    "select SUBJECT from MESSAGES",
    "select [subject] from [messages]",
    "select subject from main.messages",
    'select "main"."messages"."subject" from "main"."messages"',
    "with m as (select * from messages) select * from m",
    "with recursive m(s) as (select subject from messages union select s from m) select * from m",
    "select (select body from messages limit 1)",
    "select 1 where exists (select 1 from settings_of_record where value like 't%')",
    "select i.title from items i join alerts a on a.item = i.id",
    "select i.title from items i left join deliveries d using (id)",
    "select title from items union all select label from deliveries",
    "select title from items order by (select value from settings_of_record limit 1)",
    "select group_concat(value) over () from settings_of_record",
    "select * from (select * from (select * from watches))",
    "select json_group_array(name) from watches",
    "select count(*) from items where title in (select name from subscribers)",
    "select * from items_fts_data",
    "select * from documents_fts",
    "select * from documents_fts where documents_fts match 'xylophonic'",
    "select rowid from documents_fts('xylophonic')",
    "select highlight(documents_fts, 1, '', '') from documents_fts where documents_fts match 'gritters'",
    "select * from documents_fts_data",
    "select * from documents_fts_docsize",
    "select * from documents_fts_idx",
    "select * from sqlite_temp_master",
    "select * from temp.sqlite_temp_schema",
    "select * from sqlite_dbpage",
    "select * from dbstat",
    "select * from sqlite_stmt",
    "select * from bytecode('select 1')",
    "select * from tables_used('select 1')",
    "select * from fts5vocab",
    "select * from pragma_database_list",
    "select file from pragma_database_list()",
    "select * from pragma_table_list",
    "select * from pragma_function_list",
    "select load_extension('/tmp/x.so')",
    "select fts3_tokenizer('simple')",
    "select zeroblob(1000000000)",
    "select randomblob(1000000000)",
    "explain select * from messages",
    "explain query plan select * from deliveries",
    "select writefile('/tmp/x', 'y')",
    "select readfile('/etc/passwd')",
]  # fmt: skip
REFUSED_OUTRIGHT = [
    "delete from items",
    "update items set title = 'x'",
    "insert into watches values (1, 2, 3, 4, 5, 6, 7)",
    "attach database '/tmp/x.db' as x",
    "vacuum into '/tmp/x.db'",
    "pragma query_only = off",
    "pragma writable_schema = on",
    "create temp view mine as select * from messages",
    "drop view temp.documents",
    "select 1; select * from messages",
    "with x as (select 1) delete from items",
    "replace into items (id) values (1)",
    "begin immediate",
    "reindex",
    "analyze",
]


@pytest.mark.parametrize("sql", ATTACKS)
def test_free_hand_sql_reads_nothing_private(site: httpx.Client, sql: str) -> None:
    for shape in ("json", "csv"):
        answer = site.get(f"/history.{shape}", params={"sql": sql})
        assert SECRET not in answer.text and "were named" not in answer.text
        assert "Private Resident" not in answer.text and "Traceback" not in answer.text
        if "explain" not in sql and shape == "json":
            assert answer.status_code == 400, answer.text[:300]


@pytest.mark.parametrize("sql", REFUSED_OUTRIGHT)
def test_nothing_can_be_written(site: httpx.Client, sql: str) -> None:
    assert site.get("/history.json", params={"sql": sql}).status_code == 400
    assert site.get("/history.json", params={"sql": "select count(*) from items"}).json()["rows"][0][0] > 20


@pytest.fixture
def guarded(told: Path) -> Iterator[sqlite3.Connection]:
    """A connection as free-hand SQL gets it, without Datasette's own checks before it."""
    conn = sqlite3.connect(f"file:{told}?mode=ro", uri=True)
    guard(conn, told, show_withdrawn_documents=False)
    yield conn
    conn.close()


@pytest.mark.parametrize("sql", ATTACKS + REFUSED_OUTRIGHT)
def test_the_connection_itself_refuses(guarded: sqlite3.Connection, sql: str) -> None:
    """The authorizer holds without any look at the words of the query."""
    try:
        rows = guarded.execute(sql).fetchall()
    except (sqlite3.Error, sqlite3.Warning):
        return
    assert sql == "begin immediate" or SECRET not in repr(rows)
    assert rows == [] or "explain" in sql, rows


@pytest.mark.parametrize("table", PRIVATE)
def test_private_tables_are_not_public(site: httpx.Client, guarded: sqlite3.Connection, table: str) -> None:
    assert table not in PUBLIC_TABLES
    for path in (f"/history/{table}", f"/history/{table}.json", f"/history/{table}.csv", f"/history/{table}/1",
                 f"/history/{table}.csv?_stream=on", f"/history/{table}.json?_shape=array&_nocol=id"):  # fmt: skip
        answer = site.get(path)
        assert answer.status_code in (403, 404) and SECRET not in answer.text
    with pytest.raises(sqlite3.DatabaseError):
        guarded.execute(f"select count(*) from {table}")
    assert f"/history/{table}" not in site.get("/history").text


@pytest.mark.parametrize(
    "query",
    [
        "_where=id+in+(select+id+from+messages)",
        "_where=1)+union+select+subject+from+messages--",
        "_where=exists(select+1+from+settings_of_record+where+value+like+'the%25')",
        "_search=x&_searchmode=raw",
        "_sort=(select+value+from+settings_of_record)",
        "_facet=(select+value+from+settings_of_record)",
        "_facet=title&_facet_size=max",
        "_facet_array=votes",
        '_through={"table":"alerts","column":"item","value":"1"}',
        '_through={"table":"messages","column":"subject","value":"x"}',
        "_fts_table=documents_fts&_fts_pk=id&_search=xylophonic",
        "_fts_table=messages&_search=x",
        "_col=subject",
        "_extra=private",
        "_labels=on&_shape=object",
        "_next=x'y",
    ],
)
def test_browsing_reads_nothing_private(site: httpx.Client, query: str) -> None:
    for table in ("items", "documents", "changes", "councils"):
        for shape in ("", ".json", ".csv"):
            answer = site.get(f"/history/{table}{shape}?{query}")
            assert SECRET not in answer.text and "were named" not in answer.text and "Private" not in answer.text
            assert answer.status_code < 500, answer.text


def test_every_table_is_either_public_or_refused(told: Path, guarded: sqlite3.Connection) -> None:
    plain = sqlite3.connect(told)
    tables = [name for (name,) in plain.execute("select name from sqlite_master where type = 'table'")]
    shadows = {"items_fts_idx", "items_fts_docsize", "items_fts_config"}  # the index reads these for itself
    for table in tables:
        if table in PUBLIC_TABLES | shadows:
            guarded.execute(f"select count(*) from {table}").fetchone()
        else:
            with pytest.raises(sqlite3.DatabaseError):
                guarded.execute(f"select count(*) from {table}")
    plain.close()


@pytest.mark.parametrize(
    "sql",
    [
        "select * from documents",
        "select text from documents where withdrawn_at is not null",
        "select text from main.documents",
        "select count(*) from main.documents where text like '%xylophonic%'",
        "select before, after from main.changes",
        "with documents as (select text from main.documents) select * from documents",
        "select content from main.versions where entity = 'document'",
        "select * from versions",
        "select * from changes",
        "select shown_documents_text(id) from main.documents",
        "select shown_changes_before(id), shown_changes_after(id) from main.changes",
        "select shown_versions_content(id) from main.versions",
        "select d.text from documents d join changes x on x.document = d.id",
        "select body from captures",
        "select hex(body) from main.captures",
        "select max(length(text)) filter (where withdrawn_at is not null) from main.documents",
    ],
)
def test_what_a_council_withdrew_is_not_read(guarded: sqlite3.Connection, sql: str) -> None:
    rows = guarded.execute(sql).fetchall()
    assert WITHDRAWN not in repr(rows)
    if "count(*)" in sql:
        assert rows == [(0,)]
    if "body" in sql:
        assert {row[0] for row in rows} <= {None, ""}


def test_what_stands_can_be_read_under_the_tables_own_names(site: httpx.Client) -> None:
    def one(sql: str) -> object:
        return site.get("/history.json", params={"sql": sql}).json()["rows"][0][0]

    assert "Recorded crime" in str(one("select text from documents where text like 'Recorded crime%'"))
    assert one("select count(*) from changes where after is not null") > 40  # type: ignore[operator]
    assert one("select count(*) from versions where json_extract(content, '$.title') is not null") > 20  # type: ignore[operator]
    assert one("select count(*) from items_fts where items_fts match 'pspo'") == 3
    row = site.get("/history/documents.json?_shape=array").json()[0]
    assert row["id"] and row["title"]
    assert site.get("/history/changes/1.json").json()["rows"][0]


def test_a_withdrawn_document_is_named_and_no_more(site: httpx.Client) -> None:
    number, meeting = site.get(
        "/history.json", params={"sql": "select id, meeting from documents where withdrawn_at is not null"}
    ).json()["rows"][0]
    change = site.get("/history.json", params={"sql": f"select max(id) from changes where document = {number}"}).json()
    page = site.get(f"/document/{number}")
    assert "Withdrawn." in page.text and "Winter gritting routes" in page.text
    for path in (f"/document/{number}", f"/meeting/{meeting}", f"/meeting/{meeting}?at=2026-01-16", "/", "/changes.atom",
                 f"/change/{change['rows'][0][0]}", "/search?q=xylophonic", f"/history/documents/{number}.json",
                 "/history/changes.json?_size=max", "/history/versions.csv?_stream=on", "/history/documents.csv?_stream=on",
                 "/history/documents?_search=xylophonic"):  # fmt: skip
        answer = site.get(path)
        assert answer.status_code == 200, path
        assert "gritters were named" not in answer.text, path
    assert "Nothing here has these words" in site.get("/search?q=xylophonic").text
    assert "<entry" not in site.get("/search.atom?q=xylophonic").text


def test_an_operator_may_show_what_was_withdrawn(serve: Callable[..., httpx.Client], told: Path) -> None:
    client = serve(told, show_withdrawn_documents=True)
    assert "gritters were named" in client.get("/search?q=xylophonic").text
    found = client.get(
        "/history.json", params={"sql": "select text from documents where text like '%xylophonic%'"}
    ).json()
    assert found["rows"] and client.get(f"/history.json?sql={ATTACKS[0]}").status_code == 400


def test_a_councils_markup_is_only_ever_text(site: httpx.Client) -> None:
    (number, meeting) = site.get(
        "/history.json", params={"sql": "select id, meeting from items where number = 'SSP/42/25'"}
    ).json()["rows"][0]
    for path in ("/", f"/item/{number}", f"/meeting/{meeting}", "/search?q=evacuation", f"/history/items/{number}"):
        answer = site.get(path)
        assert "<script" not in answer.text.lower(), path
        assert not html.fromstring(answer.content).xpath("//b"), path
    assert "<script>alert(1)</script>" in html.fromstring(site.get(f"/item/{number}").content).xpath("string(//h1)")
    for path in (f"/meeting/{meeting}", f"/item/{number + 1}", "/"):
        links = html.fromstring(site.get(path).content).xpath("//a/@href")
        assert not [link for link in links if link.lower().startswith("javascript")]


HOSTILE = (
    '"><script>alert(1)</script>',
    "' onmouseover='alert(1)",
    "</title><script>x</script>",
    "{{ 7*7 }}",
    "%0d%0aX-Bad: 1",
)


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("path", ["/?council=", "/?committee=", "/?topic=", "/search?q=", "/meetings?month=", "/meeting/3?at=",
                                  "/late?council=", "/history?sql=select+", "/history/items?title=", "/topic/pspo?council=",
                                  "/search.atom?q=", "/history/what-was-said?words="])  # fmt: skip
def test_what_a_visitor_types_is_only_ever_text(site: httpx.Client, path: str, value: str) -> None:
    answer = site.get(path + httpx.QueryParams({"v": value})["v"].replace("&", "%26").replace("#", "%23"))
    assert "<script" not in answer.text.lower()
    if "html" in answer.headers["content-type"]:
        assert not html.fromstring(answer.content).xpath("//@onmouseover")
    assert "49" not in answer.headers.get("x-bad", "") and "x-bad" not in answer.headers
    assert answer.status_code in (200, 400, 404)


@pytest.mark.parametrize("path", ["/", "/nothing", "/history", "/history/items", "/history.json?sql=select+1", "/history/alerts",
                                  "/changes.atom", "/meetings.ics", "/static/councilwatch.css", "/-/plugins", "/proof/1",
                                  "/search?q=x", "/history/items.csv?_stream=on"])  # fmt: skip
def test_every_answer_bears_the_same_headers(site: httpx.Client, path: str) -> None:
    headers = site.get(path).headers
    assert "noindex" in headers["x-robots-tag"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    policies = headers.get_list("content-security-policy")
    assert any("default-src 'none'" in policy for policy in policies)
    assert "unsafe" not in " ".join(policies) and "script-src" not in " ".join(policies)
    assert "set-cookie" not in headers and "server" not in headers


@pytest.mark.parametrize("path", ["/-/databases.json", "/-/databases", "/-/metadata.json", "/-/settings.json", "/-/plugins.json",
                                  "/-/versions.json", "/-/threads.json", "/-/actor.json", "/-/permissions", "/-/allow-debug",
                                  "/-/messages", "/-/auth-token", "/-/logout", "/-/patterns", "/-/", "/-"])  # fmt: skip
def test_datasettes_diagnostics_are_not_served(site: httpx.Client, path: str) -> None:
    assert site.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/history.db", "/told.db", "/static/../serve.py", "/static/%2e%2e/serve.py", "/_internal",
                                  "/_memory", "/history/-/query", "/static/..%2f..%2fetc/passwd",
                                  "/_internal/tables.json"])  # fmt: skip
def test_nothing_else_can_be_downloaded(site: httpx.Client, path: str) -> None:
    answer = site.get(path)
    assert answer.status_code in (403, 404) and b"SQLite format 3" not in answer.content
    assert b"import" not in answer.content


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_only_reading_is_possible(site: httpx.Client, method: str) -> None:
    for path in ("/", "/history", "/history/new-this-week"):
        assert site.request(method, path).status_code == 405


def test_a_query_without_end_is_ended(site: httpx.Client) -> None:
    endless = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n"
    answer = site.get("/history.json", params={"sql": endless})
    assert answer.status_code == 400
    many = "with recursive n(i) as (select 1 union all select i + 1 from n limit 5000) select i from n"
    assert len(site.get("/history.json", params={"sql": many}).json()["rows"]) == 1000


def test_a_query_cannot_take_all_memory(guarded: sqlite3.Connection) -> None:
    for sql in ("select length(printf('%.*c', 900000000, 'x'))", "select length(hex(printf('%.*c', 15000000, 'x')))"):
        try:
            assert (guarded.execute(sql).fetchone()[0] or 0) < 50_000_000
        except sqlite3.Error as error:
            assert "too big" in str(error)


def test_a_private_row_is_on_no_page(site: httpx.Client) -> None:
    for path in (
        "/",
        "/status",
        "/about",
        "/late",
        "/topics",
        "/history",
        "/history/polls",
        "/meetings.ics",
        "/dates.ics",
    ):
        text = site.get(path).text
        assert SECRET not in text and "Private Resident" not in text and "Private watch" not in text
