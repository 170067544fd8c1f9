"""What free-hand SQL may read: an authorizer on each connection, and views that hold back what the council withdrew.

Everything is refused that is not named here, so that a table added later is private until it is made public. The columns
in HELD_BACK are read as NULL wherever they stand; a view of the table's own name gives them back row by row, through a
function that reads on a connection of its own and knows the rule. So `SELECT text FROM documents` works, and neither
`main.documents`, nor a common table expression, nor the search index leads round it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

PUBLIC_TABLES: Final = frozenset(
    {"councils", "sources", "committees", "captures", "meetings", "items", "notices", "notice_lists", "documents"}
    | {"versions", "changes", "milestones", "polls", "tombstones", "items_fts"}
)
# what the search index of the items reads for itself while it answers; its _data it reads past the authorizer
_INDEX: Final = frozenset({"items_fts_idx", "items_fts_docsize", "items_fts_config"})
_OF_SQLITE: Final = frozenset({"sqlite_master", "sqlite_schema", "json_each", "json_tree"})
_PRAGMAS: Final = frozenset(
    {"table_info", "table_xinfo", "foreign_key_list", "index_list", "index_info", "index_xinfo"}
    | {"schema_version", "data_version"}
)
_FUNCTIONS_REFUSED: Final = frozenset({"load_extension", "fts3_tokenizer", "zeroblob", "randomblob"})
_LIMITS: Final = {
    sqlite3.SQLITE_LIMIT_LENGTH: 20_000_000,  # bytes of one value; the longest text of a document is 5 million characters
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 100_000,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 200,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 50,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 1_000,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}

# table -> column -> what may be shown of it, asked by the row's id
_WITHDRAWN: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "documents": {"text": "SELECT text FROM documents WHERE id = ? AND withdrawn_at IS NULL"},
        "changes": {
            column: f"SELECT x.{column} FROM changes x LEFT JOIN documents d ON d.id = x.document"  # noqa: S608
            " WHERE x.id = ? AND (x.field IS NOT 'text' OR d.withdrawn_at IS NULL)"
            for column in ("before", "after")
        },
        "versions": {
            "content": "SELECT CASE WHEN d.withdrawn_at IS NULL THEN v.content ELSE json_remove(v.content, '$.text') END"
            " FROM versions v LEFT JOIN documents d ON d.id = v.entity_id AND v.entity = 'document' WHERE v.id = ?"
        },
    }
)
# what the status page counts and dates, without saying of whom
_COUNTED: Final = frozenset(
    {("deliveries", "state"), ("deliveries", "sent_at"), ("deliveries", "message"), ("messages", "id")}
    | {("messages", "created_at")}
)
SHADOWED: Final = frozenset(_WITHDRAWN)  # tables that Datasette meets as views

Authorizer = Callable[[int, str | None, str | None, str | None, str | None], int]


def guard(conn: sqlite3.Connection, database: Path, *, show_withdrawn_documents: bool) -> None:
    """Make a connection to the history fit for anybody's SQL. Nothing opens it again."""
    for limit, value in _LIMITS.items():
        conn.setlimit(limit, value)
    conn.execute("PRAGMA temp_store = MEMORY")  # a container's disk may be read-only
    held_back = {("captures", "body")}
    public = PUBLIC_TABLES | _INDEX | _OF_SQLITE
    if show_withdrawn_documents:
        public |= {"documents_fts", "documents_fts_idx", "documents_fts_docsize", "documents_fts_config"}
    else:
        held_back |= {(table, column) for table, columns in _WITHDRAWN.items() for column in columns}
        _lay_views(conn, database)
    conn.execute("PRAGMA query_only = ON")
    conn.set_authorizer(_authorizer(public, frozenset(held_back)))


def guard_pages(conn: sqlite3.Connection) -> None:
    """The same for the pages' own queries, which are ours: of private tables they may count deliveries, and no more."""
    conn.set_authorizer(_may_count)


def _may_count(action: int, first: str | None, second: str | None, _schema: str | None, _inside: str | None) -> int:
    if action != sqlite3.SQLITE_READ:
        return sqlite3.SQLITE_OK  # the file is open for reading only
    table = (first or "").lower()
    if table in PUBLIC_TABLES | _OF_SQLITE or table.startswith(("items_fts", "documents_fts")):
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_OK if (table, (second or "").lower()) in _COUNTED else sqlite3.SQLITE_DENY


def _authorizer(public: frozenset[str], held_back: frozenset[tuple[str, str]]) -> Authorizer:
    def allowed(action: int, first: str | None, second: str | None, schema: str | None, _inside: str | None) -> int:
        if action in (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_RECURSIVE):
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_READ:
            table, column = (first or "").lower(), (second or "").lower()
            if schema == "temp":
                return sqlite3.SQLITE_OK if table in SHADOWED else sqlite3.SQLITE_DENY
            if table not in public:
                return sqlite3.SQLITE_DENY
            return sqlite3.SQLITE_IGNORE if (table, column) in held_back else sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_FUNCTION:
            return sqlite3.SQLITE_DENY if (second or "").lower() in _FUNCTIONS_REFUSED else sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_UPDATE and first == "sqlite_master":
            # how SQLite asks when it meets a virtual table; nothing can be updated in a file that is open for reading
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_PRAGMA and (first or "").lower() in _PRAGMAS:
            # schema_version with a value would set it
            return sqlite3.SQLITE_DENY if second is not None and first == "schema_version" else sqlite3.SQLITE_OK
        return sqlite3.SQLITE_DENY

    return allowed


def _lay_views(conn: sqlite3.Connection, database: Path) -> None:
    inner = sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False)
    inner.execute("PRAGMA query_only = ON")
    for table, columns in _WITHDRAWN.items():
        for column, sql in columns.items():
            conn.create_function(f"shown_{table}_{column}", 1, _one_value(inner, sql))
        names = [row[1] for row in conn.execute(f"PRAGMA main.table_info({table})")]
        shown = ", ".join(f"shown_{table}_{name}(id) AS {name}" if name in columns else f'"{name}"' for name in names)
        conn.execute(f"CREATE TEMP VIEW {table} AS SELECT {shown} FROM main.{table}")  # noqa: S608


def _one_value(inner: sqlite3.Connection, sql: str) -> Callable[[object], str | None]:
    def value(row: object) -> str | None:
        found = inner.execute(sql, (row,)).fetchone() if isinstance(row, int) else None
        return found[0] if found else None

    return value
