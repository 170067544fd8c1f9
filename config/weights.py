"""How much the words of a text speak for each of several readings of it, as learned from a topic's examples.

The examples of a topic say how texts are read; `learning` finds out from them which words tell one reading from another,
and writes it down as data beside the topic. Nothing here knows what is read.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import exp, log, sqrt
from pathlib import Path

HUNDREDTHS = 100  # weights are kept as whole hundredths


@dataclass(frozen=True, slots=True)
class Weights:
    """Of each word, how rare it is and how far it speaks for each label, in hundredths of natural logarithms."""

    labels: tuple[str, ...]
    beforehand: tuple[int, ...]
    words: Mapping[str, Sequence[int]]
    """A word's rarity, and then what it weighs for each label."""

    def scores(self, said: Collection[str]) -> dict[str, float]:
        """The logarithm of how likely each label is, by the words that are known of those `said`."""
        known = [weights for word in said if (weights := self.words.get(word))]
        rarities, *columns = zip((0, *self.beforehand), *known, strict=True)
        length = (
            sqrt(sum(rarity * rarity for rarity in rarities)) / HUNDREDTHS or 1.0
        )  # a long text says no more than a short
        odds = [(first + sum(weights) / length) / HUNDREDTHS for first, *weights in columns]
        most = max(odds)
        whole = most + log(sum(exp(one - most) for one in odds))
        return {label: one - whole for label, one in zip(self.labels, odds, strict=True)}

    def speaks(self, said: Collection[str], label: str) -> int:
        """How far some words speak for a label, to compare with others of the same text."""
        column = self.labels.index(label) + 1
        return sum(weights[column] for word in said if (weights := self.words.get(word)))


class Learned:
    """What was learned from a topic's examples, read from its file with the first text that speaks of the topic."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def check(self, stages: Collection[str]) -> None:
        """Reads the file now; `stages` are all that there are.

        Raises:
            ValueError: it is not such as `learning` writes.
        """
        try:
            tables = (self.stages, self.dates)
            fit = all(
                len(row) == len(weights.beforehand) + 1 == len(weights.labels) + 1
                for weights in tables
                for row in weights.words.values()
            )
        except KeyError as error:
            raise ValueError(f"{error} is wanting") from error
        except (TypeError, AttributeError) as error:
            raise ValueError("it has another shape") from error
        if strange := set(self.stages.labels) - set(stages):
            raise ValueError(f"there is no stage {', '.join(sorted(strange))}")
        if not fit:
            raise ValueError("a word has not one weight for each label")

    @cached_property
    def _tables(self) -> Mapping[str, Weights]:
        told = json.loads(self.file.read_text("utf-8"))
        return {
            name: Weights(
                tuple(table["labels"]),
                tuple(table["beforehand"]),
                table["words"],
            )
            for name, table in told.items()
            if isinstance(table, dict)
        }

    @property
    def stages(self) -> Weights:
        return self._tables["stages"]

    @property
    def dates(self) -> Weights:
        return self._tables["dates"]
