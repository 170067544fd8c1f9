"""`python -m benchmarks [NAMES] [--runs 5] [--quick]`: measures, prints one table, writes it to `benchmarks/results.md`."""

from __future__ import annotations

import argparse
import importlib
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from benchmarks.measure import Asked
from benchmarks.results import Report, machine, write

HERE = Path(__file__).parent
NAMES = (
    "unchanged_sweep",
    "changed_page",
    "country",
    "thrift",
    "matching",
    "reading",
    "million_items",
    "faults",
    "lost_alerts",
)


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Measure, and write benchmarks/results.md."
    )
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"which: {', '.join(NAMES)}; all of them if none is named"
    )
    parser.add_argument("--runs", type=int, default=5, help="medians are of so many runs (5)")
    parser.add_argument("--quick", action="store_true", help="small numbers, to see that it works; writes no results")
    given = parser.parse_args()
    if unknown := set(given.names) - set(NAMES):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    begun = time.monotonic()

    def say(line: str) -> None:
        print(f"[{time.monotonic() - begun:6.0f} s] {line}", file=sys.stderr, flush=True)

    report = Report(machine())
    with tempfile.TemporaryDirectory(prefix="councilwatch-benchmarks-") as folder:
        asked = Asked(max(1, given.runs), given.quick, say, Path(folder), HERE)
        for name in given.names or NAMES:
            own = replace(asked, folder=Path(folder) / name)
            own.folder.mkdir()
            report.add(name, importlib.import_module(f"benchmarks.{name}").measure(own))
    print(report.table())
    print(report.notes())
    if not given.quick:
        write(HERE / "results.md", report)
        say(f"written to {HERE / 'results.md'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
