"""How a figure is taken: a child process's CPU and memory as the kernel counts them, our own CPU, the middle of several."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

MB: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of wall clock and of CPU (user and system, all threads and ended children), and peak resident bytes."""

    wall: float
    cpu: float
    peak: int
    said: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A row of the table. `goal` and `met` are None where nothing was promised."""

    of: str
    what: str
    value: str
    goal: str | None = None
    met: bool | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What a benchmark says: its rows, and what a reader must know to judge them."""

    figures: tuple[Figure, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line asked of a benchmark: at least how many runs, and whether it is only to be tried out."""

    runs: int
    quick: bool
    say: Callable[[str], None]
    folder: Path  # for what it writes; emptied afterwards
    pictures: Path  # for what is to be kept


# A process begins with its parent's peak of memory, so that the parent has to be a small one.
_LAUNCHER: Final = """
import os, resource, subprocess, sys, time
begun = time.perf_counter()
code = subprocess.call(sys.argv[2:])
wall, used = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
with open(sys.argv[1], "w") as file:
    print(wall, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024, file=file)
sys.exit(code)
"""


def run(
    command: Sequence[str],
    folder: Path,
    environ: Mapping[str, str],
    heard: Callable[[str], None] = lambda _: None,
    good: Collection[int] = (0,),
) -> Cost:
    """Runs a command to its end; `heard` is told each line that it says.

    Raises RuntimeError with its last words where its exit code is not `good`.
    """
    cost = folder / "cost.txt"
    launched = [sys.executable, "-I", "-S", "-c", _LAUNCHER, str(cost), *command]
    said = []
    with subprocess.Popen(
        launched,
        cwd=folder,
        env=dict(environ),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line)
            heard(line)
    words = "".join(said)
    if process.returncode not in good:
        raise RuntimeError(f"{command[0]} ended with {process.returncode}: {words[-400:]}")
    wall, seconds, peak = cost.read_text().split()
    return Cost(float(wall), float(seconds), int(peak), words)


def middle(costs: Sequence[Cost]) -> Cost:
    """The median of each part."""
    return Cost(
        median(cost.wall for cost in costs),
        median(cost.cpu for cost in costs),
        int(median(cost.peak for cost in costs)),
    )


def times(work: Callable[[], object], runs: int) -> list[float]:
    """CPU seconds of this process for each of `runs` runs, after one that does not count."""
    work()
    taken = []
    for _ in range(runs):
        with cpu() as used:
            work()
        taken.append(used[0])
    return taken


@contextmanager
def cpu() -> Iterator[list[float]]:
    """Yields a list to which the block's CPU seconds, of this process, are added at its end."""
    used: list[float] = []
    begun = time.process_time()
    yield used
    used.append(time.process_time() - begun)


def process_cost(pid: int) -> tuple[float, int]:
    """CPU seconds and peak resident bytes so far of a process that runs on, as /proc tells."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    seconds = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    status = Path(f"/proc/{pid}/status").read_text()
    peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:"))
    return seconds, peak * 1024


def ms(seconds: float) -> str:
    return f"{seconds * 1000:.3g} ms" if seconds < 0.1 else f"{seconds * 1000:.0f} ms"


def mb(size: float) -> str:
    return f"{size / MB:.0f} MB"
