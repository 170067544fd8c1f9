"""`python -m learning TOPIC`: learns from the examples of a shipped topic which words tell its stages and dates apart.

Writes `config/topics/TOPIC.weights.json`, and prints how often the weights alone are right on examples that they were not
learned from. To be run again whenever examples were added; a test notices where that was forgotten.
"""

from __future__ import annotations

import sys

from config.topics import SHIPPED
from learning.examples import digest, examples_of
from learning.lessons import learn, right_alone, write


def main(slugs: list[str]) -> int:
    if not slugs or any(not (SHIPPED / f"{slug}.examples.jsonl").exists() for slug in slugs):
        print(
            "learning: name topics that have examples in config/topics, as in `python -m learning pspo`",
            file=sys.stderr,
        )
        return 2
    for slug in slugs:
        examples = examples_of(slug)
        for name, share in right_alone(slug, examples).items():
            print(f"{slug}: {name}: {share:.3f} right by weights alone, five times four fifths for the fifth")
        write(SHIPPED / f"{slug}.weights.json", learn(slug, examples), digest(slug))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
