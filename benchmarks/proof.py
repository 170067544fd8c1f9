"""Kills the program 200 times at random moments of a busy morning, and counts what its readers got.

    python benchmarks/proof.py [ROUNDS]

Nothing may be lost; a message may come twice only where the kill fell between the provider's yes and the commit that
notes it. Ends with 1 where that does not hold.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.faults.kills import Morning
from tests.faults.processes import Launcher


def main(rounds: int) -> int:
    draw = random.Random(0)
    killed = repeated = 0
    where: Counter[str] = Counter()
    with TemporaryDirectory() as folder, Launcher() as launcher, Morning(Path(folder), launcher) as morning:
        messages = morning.expected.total()
        print(
            f"a poll of {morning.seconds:.1f} s with {len(morning.points)} points and {messages} messages", flush=True
        )
        for number in range(1, rounds + 1):
            # half of them at a moment of the clock, half at a commit or a send
            if number % 2:
                done = morning.round(kill_after=draw.uniform(0, morning.seconds))
            else:
                done = morning.round(kill_at=draw.randint(1, len(morning.points)))
            done.check()
            killed += done.killed
            repeated += done.repeated.total()
            where[" ".join(done.point.split()[:2]) if done.point else "before the first commit"] += done.killed
            if number % 20 == 0:
                print(f"{number} rounds, {killed} killed, 0 lost, {repeated} repeated", flush=True)
    print("last point before the kill: " + ", ".join(f"{point} {count}" for point, count in where.most_common()))
    print(f"{rounds} rounds, {killed} killed: 0 of {rounds * messages} messages lost, {repeated} repeated")
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200))
