"""`python -m learning TOPIC`: learns from the examples of a shipped topic which words tell its stages and dates apart.

Writes `config/topics/TOPIC.weights.json`. To be run again whenever examples were added; a test notices where that was
forgotten.
"""

from __future__ import annotations

import sys

from config.topics import SHIPPED
from learning.examples import digest, examples_of
from learning.lessons import learn, write


def main(slugs: list[str]) -> int:
    if not slugs or any(not (SHIPPED / f"{slug}.examples.jsonl").exists() for slug in slugs):
        print(
            "learning: name topics that have examples in config/topics, as in `python -m learning pspo`",
            file=sys.stderr,
        )
        return 2
    for slug in slugs:
        write(SHIPPED / f"{slug}.weights.json", learn(slug, examples_of(slug)), digest(slug))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
