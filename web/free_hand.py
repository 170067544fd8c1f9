"""The history as Datasette sees it: opened for reading only, without the tables that are nobody's business."""

from __future__ import annotations

import sqlite3
from typing import Any, Final

from datasette.database import Database

from web.guard import PUBLIC_TABLES, SHADOWED

# of the tables that stand behind a view, which SQLite tells no foreign keys of
_KEYS: Final = {
    "documents": {"meeting": "meetings", "item": "items", "notice": "notices", "version": "versions"},
    "changes": {"council": "councils", "meeting": "meetings", "item": "items", "document": "documents",
                "notice": "notices", "version": "versions"},
    "versions": {"capture": "captures"},
}  # fmt: skip


class PublicDatabase(Database):  # type: ignore[misc]  # Datasette has no types
    """Datasette's database with the private tables left out of every list, and no way to write."""

    def connect(self, write: bool = False) -> sqlite3.Connection:
        if write:
            raise PermissionError("the history is served for reading only")
        conn = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, check_same_thread=False, timeout=30)
        self._all_file_connections.append(conn)
        return conn

    async def execute(self, *args: Any, **kwargs: Any) -> Any:
        # what a visitor's SQL gets wrong is told to the visitor, and is no news for the operator's log
        return await super().execute(*args, **kwargs | {"log_sql_errors": False})

    async def table_names(self) -> list[str]:
        return [name for name in await super().table_names() if name in PUBLIC_TABLES]

    async def hidden_table_names(self) -> list[str]:
        return ["items_fts"]

    async def attached_databases(self) -> list[Any]:
        return []

    async def primary_keys(self, table: str) -> list[str]:
        return ["id"] if table in SHADOWED else await super().primary_keys(table)

    async def fts_table(self, table: str) -> str | None:
        return "items_fts" if table == "items" else None

    async def foreign_keys_for_table(self, table: str) -> list[dict[str, str]]:
        if table in _KEYS:
            return [
                {"column": column, "other_table": other, "other_column": "id"} for column, other in _KEYS[table].items()
            ]
        keys: list[dict[str, str]] = await super().foreign_keys_for_table(table)
        return keys

    async def get_all_foreign_keys(self) -> dict[str, dict[str, list[dict[str, str]]]]:
        """Both ways, by table, as Datasette's pages want them."""
        tables = await self.table_names()
        found: dict[str, dict[str, list[dict[str, str]]]] = {
            table: {"incoming": [], "outgoing": []} for table in tables
        }
        for table in tables:
            for key in await self.foreign_keys_for_table(table):
                column, other = key["column"], key["other_table"]
                if other in found:
                    found[table]["outgoing"].append({"other_table": other, "column": column, "other_column": "id"})
                    found[other]["incoming"].append({"other_table": table, "column": "id", "other_column": column})
        return found
