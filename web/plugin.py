"""Our part of Datasette: which address is answered by which page, and what of Datasette's own is left out."""

from __future__ import annotations

import hashlib
import re
import sqlite3
import traceback
from collections.abc import Awaitable, Callable
from typing import Any, Final
from urllib.parse import parse_qsl

from datasette import hookimpl
from datasette.utils.asgi import Base400, Request, Response
from datasette.views.base import DatasetteError
from sqlite_utils import Database as History

from history.canned import CANNED
from history.database import HistoryError
from history.questions import NotFoundError
from web import feeds, words
from web.asked import Answer, Asked, Elsewhere, NotHereError, NotUnderstoodError, Sent, Shown
from web.browser import DATABASE, Browser
from web.guard import PUBLIC_TABLES, guard
from web.pages import (
    about,
    change,
    document,
    item,
    late,
    meeting,
    meetings,
    notice,
    proof,
    search,
    status,
    topic,
    whats_new,
)
from web.readers import TookTooLongError
from web.site import Site

Page = Callable[[History, Site, Asked], Answer]
_ID: Final = r"(?P<id>\d{1,18})"
_SLUG: Final = r"(?P<slug>[a-z0-9-]{1,80})"
_OF_NONSENSE: Final = (sqlite3.Error, LookupError, ValueError, AssertionError)
ROUTES: Final[tuple[tuple[str, Page], ...]] = (
    (r"/", whats_new.page),
    (rf"/meeting/{_ID}", meeting.page),
    (rf"/item/{_ID}", item.page),
    (rf"/document/{_ID}", document.page),
    (rf"/notice/{_ID}", notice.page),
    (rf"/change/{_ID}", change.page),
    (r"/meetings", meetings.page),
    (r"/topics", topic.all_topics),
    (rf"/topic/{_SLUG}", topic.page),
    (r"/search", search.page),
    (r"/late", late.page),
    (r"/status", status.page),
    (r"/about", about.page),
    (rf"/proof/{_ID}", proof.page),
    (rf"/proof/{_ID}\.txt", proof.body),
    (r"/changes\.atom", feeds.of_changes),
    (rf"/topic/{_SLUG}\.atom", feeds.of_topic),
    (r"/search\.atom", feeds.of_search),
    (r"/meetings\.ics", feeds.of_meetings),
    (r"/dates\.ics", feeds.of_dates),
)


@hookimpl  # type: ignore[untyped-decorator]
def register_routes(datasette: Any) -> list[tuple[str, Callable[..., Awaitable[Response]]]]:
    if not isinstance(datasette, Browser):
        return []
    return [(rf"^{pattern}$", _view(page)) for pattern, page in ROUTES]


@hookimpl  # type: ignore[untyped-decorator]
def prepare_connection(conn: Any, database: str, datasette: Any) -> None:
    if isinstance(datasette, Browser) and database == DATABASE:
        site = datasette.site
        guard(conn, site.database, show_withdrawn_documents=site.show_withdrawn_documents)


@hookimpl(tryfirst=True)  # type: ignore[untyped-decorator]
def permission_allowed(datasette: Any, action: str, resource: Any) -> bool | None:
    if not isinstance(datasette, Browser):
        return None
    if action == "view-table":
        database, table = resource
        return None if database == DATABASE and table in PUBLIC_TABLES else False
    return False if action in ("view-database-download", "permissions-debug", "debug-menu") else None


@hookimpl  # type: ignore[untyped-decorator]
def canned_queries(datasette: Any, database: str) -> dict[str, dict[str, object]]:
    """The questions that people ask, as they would phrase them."""
    if not isinstance(datasette, Browser) or database != DATABASE:
        return {}
    return {each.name: {"sql": each.sql, "title": each.question, "hide_sql": True} for each in CANNED}


@hookimpl  # type: ignore[untyped-decorator]
def prepare_jinja2_environment(env: Any, datasette: Any) -> None:
    if isinstance(datasette, Browser):
        words.teach(env, datasette.site)


@hookimpl  # type: ignore[untyped-decorator]
def handle_exception(datasette: Any, request: Request, exception: Exception) -> Callable[[], Awaitable[Response]]:
    """Instead of Datasette's own, which prints every missing page at length and with what stood in memory."""

    async def respond() -> Response:
        status, message, title = 500, "It was noted, and the operator can find it.", None
        if isinstance(exception, DatasetteError):
            # what it cannot do for a visitor it calls 500 where nobody said otherwise
            status, title = 400 if exception.status == 500 else exception.status, exception.title
            message = re.sub(r"<[^>]*>", " ", exception.message) if exception.message_is_html else exception.message
        elif isinstance(exception, Base400):
            status, message = exception.status, exception.args[0] if exception.args else ""
        elif isinstance(exception, _OF_NONSENSE):
            # Datasette's own pages meet arguments that nobody means with these
            status, message = 400, "That was not understood."
            datasette.log(f"{request.path}: {exception!r}"[:300])
        else:
            datasette.log("".join(traceback.format_exception(exception)))
        if request.path.endswith(".json"):
            return Response.json({"ok": False, "error": message, "status": status, "title": title}, status=status)
        template = datasette.jinja_env.get_template("error.html")
        return Response.html(
            await template.render_async({"status": status, "error": message, "title": title}), status=status
        )

    return respond


def _view(page: Page) -> Callable[..., Awaitable[Response]]:
    async def view(request: Request, datasette: Browser) -> Response:
        asked = Asked(
            request.path[len(datasette.site.prefix) :] if datasette.site.prefix else request.path,
            dict(request.url_vars),
            tuple(parse_qsl(request.query_string, max_num_fields=50)),
            f"{request.scheme}://{request.host}",
        )
        try:
            answer = await datasette.readers.ask(lambda db: page(db, datasette.site, asked))
        except (NotHereError, NotFoundError) as error:
            answer = _trouble(404, "Page not found", _sentence(str(error)))
        except NotUnderstoodError as error:
            answer = _trouble(400, "That was not understood", str(error))
        except TookTooLongError:
            answer = _trouble(
                503, "That took too long", "Ask for less at once: fewer words, one council, one committee."
            )
        except HistoryError as error:
            datasette.log(str(error))
            answer = _trouble(503, "The history cannot be read just now", "Try again in a few minutes.")
        except _OF_NONSENSE as error:
            raise RuntimeError(f"{request.path} could not be answered") from error
        return await _respond(datasette, request, answer)

    return view


async def _respond(datasette: Browser, request: Request, answer: Answer) -> Response:
    if isinstance(answer, Elsewhere):
        return Response.redirect(datasette.site.prefix + answer.path, status=302)
    headers: dict[str, str] = {"cache-control": "no-cache"}
    if isinstance(answer, Sent):
        body: bytes = answer.body
        media_type, status = answer.media_type, 200
        headers |= answer.headers
    else:
        values = dict(answer.values) | {"feeds": answer.feeds}
        body = (await datasette.render_template(answer.template, values, request=request)).encode()
        media_type, status = "text/html; charset=utf-8", answer.status
    if status == 200:
        etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        headers["etag"] = etag
        if etag in re.split(r"\s*,\s*", request.headers.get("if-none-match", "").replace("W/", "")):
            return Response("", status=304, headers=headers, content_type=media_type)
    return Response(body, status=status, headers=headers, content_type=media_type)


def _trouble(status: int, title: str, sentence: str) -> Shown:
    return Shown("trouble.html", {"title": title, "sentence": sentence}, status=status)


def _sentence(line: str) -> str:
    return line[:1].upper() + line[1:] + ("" if line.endswith((".", "?")) else ".")
