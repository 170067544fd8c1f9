"""Datasette with one history in it, and our pages in front."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from datasette.app import Datasette

from web.free_hand import PublicDatabase
from web.readers import Readers
from web.site import Site

DATABASE: Final = "history"  # its name in Datasette's addresses: /history/items
_HERE: Final = Path(__file__).parent
_SETTINGS: Final = {
    "sql_time_limit_ms": 1_000,
    "max_returned_rows": 1_000,
    "default_page_size": 50,
    "num_sql_threads": 3,
    "facet_time_limit_ms": 200,
    "facet_suggest_time_limit_ms": 50,
    "allow_download": False,
    "allow_csv_stream": True,
    "max_csv_mb": 100,
    "default_cache_ttl": 0,
    "suggest_facets": False,
    "truncate_cells_html": 240,
}


class Browser(Datasette):  # type: ignore[misc]  # Datasette has no types
    """`site` is what is served; `readers` answer our own pages, `log` hears of what went wrong."""

    def __init__(self, site: Site, log: Callable[[str], None] = lambda _: None) -> None:
        self.site = site
        self.readers = Readers(site.database)
        self.log = log
        super().__init__(
            memory=False,
            template_dir=str(_HERE / "templates"),
            static_mounts=[("static", str(_HERE / "static"))],
            metadata={"title": "Councilwatch"},
            settings=_SETTINGS | {"base_url": f"{site.prefix}/"},
        )
        self.remove_database("_memory")
        self.remove_database("_internal")
        self.add_database(PublicDatabase(self, str(site.database)), name=DATABASE)

    async def refresh_schemas(self) -> None:
        """Not kept: nothing of ours asks for it, and it would name the private tables."""

    def close(self) -> None:
        """End the threads and let go of the file."""
        self.readers.close()
        if self.executor is not None:
            self.executor.shutdown(wait=True, cancel_futures=True)
        for database in self.databases.values():
            database.close()
