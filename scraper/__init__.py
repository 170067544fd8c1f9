"""A council's website, read politely, as records."""

import sys

# HTTPX loads a command line of its own wherever it finds Rich, and a poll would pay more for it than for fifty pages
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
