"""The one table: every figure with its goal, and the machine, versions and date it was taken with."""

from __future__ import annotations

import os
import platform
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.measure import MB, Figure, Result
from benchmarks.rivals import VERSIONS

_OURS = ("httpx", "beautifulsoup4", "lxml", "pyahocorasick", "sqlite-utils", "pydantic")


@dataclass
class Report:
    """What one run of the benchmarks found."""

    taken: str
    results: dict[str, Result] = field(default_factory=dict)

    def add(self, name: str, result: Result) -> None:
        self.results[name] = result

    def table(self) -> str:
        figures = [figure for result in self.results.values() for figure in result.figures]
        rows = [("benchmark", "what", "figure", "goal", "met"), *(_cells(figure) for figure in figures)]
        widths = [max(len(row[column]) for row in rows) for column in range(5)]
        rows.insert(1, ("-" * widths[0], "-" * widths[1], "-" * widths[2], "-" * widths[3], "-" * widths[4]))
        lines = [
            "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
        ]
        return "\n".join(lines)

    def notes(self) -> str:
        """What a reader must know to judge the figures, a line each."""
        return "\n".join(f"- {note}" for result in self.results.values() for note in result.notes)

    def text(self) -> str:
        """The whole of results.md."""
        notes = self.notes()
        return "\n".join(
            [
                "# Measured",
                "",
                "What the last run of `make bench` printed. Figures are medians; ratios were taken within this run.",
                "",
                self.taken,
                "",
                self.table(),
                *(["", notes] if notes else []),
                "",
            ]
        )


def machine() -> str:
    """Date, machine and versions, in a paragraph."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / MB / 1024
    ours = ", ".join(f"{name} {version(name)}" for name in _OURS)
    rivals = ", ".join(f"{name} {number}" for name, number in VERSIONS.items())
    return (
        f"{datetime.now(UTC):%d %B %Y}. {_processor()}, {os.cpu_count()} cores, {memory:.0f} GB, {platform.system()}"
        f" {platform.release()}. Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {ours}. Against {rivals}."
    )


def write(path: Path, report: Report) -> None:
    path.write_text(report.text())


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _cells(figure: Figure) -> Sequence[str]:
    met = {True: "yes", False: "NO", None: ""}[figure.met]
    return (figure.of, figure.what, figure.value, figure.goal or "", met)
