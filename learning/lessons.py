"""Which words tell one reading from another: logistic regression over the words of labelled texts."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from config.topics import DATE_KINDS, load_topics
from config.weights import HUNDREDTHS, Weights
from learning.examples import Example
from notifiers.dates import iso, resolve
from notifiers.first_reading import Reading, first_reading
from notifiers.second_reading import NO_DATE, words_of_date, words_of_text

_SEEN: Final = 5  # texts or dates that a word must stand in
_TRUST: Final = 30.0  # how far single examples are believed: the inverse strength of regularisation


@dataclass(frozen=True, slots=True)
class Cases:
    """What is to be told apart: the words of each case, and its label."""

    said: Sequence[Collection[str]]
    labels: Sequence[str]


def cases_of(slug: str, examples: Sequence[Example]) -> dict[str, Cases]:
    """The texts that speak of the topic, by stage, and every date in them, by what it is."""
    topic = load_topics()[slug]
    texts: tuple[list[set[str]], list[str]] = ([], [])
    dates: tuple[list[set[str]], list[str]] = ([], [])
    for example in examples:
        read = first_reading(topic, example.title, example.text, example.day, example.kind)
        if read is None or not example.relevant:
            continue
        texts[0].append(set().union(*words_of_text(read).values()))
        texts[1].append(example.stage)
        for said, label in _dates(example, read):
            dates[0].append(said)
            dates[1].append(label)
    return {"stages": Cases(*texts), "dates": Cases(*dates)}


def _dates(example: Example, read: Reading) -> list[tuple[set[str], str]]:
    found = []
    for number, one in enumerate(read.told):
        for at, stated in one.clause.dates:
            values = {iso(resolve(stated, example.day, past=past), stated.precision) for past in (True, False)}
            label = next(
                (kind for kind in DATE_KINDS for value in values if (kind, value, stated.precision) in example.dates),
                NO_DATE,
            )
            found.append((words_of_date(read, number, at, stated), label))
    return found


def learn(slug: str, examples: Sequence[Example]) -> dict[str, Weights]:
    """The weights of words for the stages and the dates of a topic."""
    return {name: _weights(cases) for name, cases in cases_of(slug, examples).items()}


def _weights(cases: Cases) -> Weights:
    counting, model = pupil()
    model.fit(counting.fit_transform(cases.said), cases.labels)
    rarities = counting.idf_
    table = np.rint(np.column_stack([rarities, model.coef_.T * rarities[:, None]]) * HUNDREDTHS).astype(int)
    return Weights(
        tuple(str(label) for label in model.classes_),
        tuple(int(one) for one in np.rint(model.intercept_ * HUNDREDTHS)),
        {
            str(word): tuple(int(one) for one in row)
            for word, row in zip(counting.get_feature_names_out(), table, strict=True)
        },
    )


def pupil() -> tuple[TfidfVectorizer, LogisticRegression]:
    """What counts words, rare ones for more, and what weighs them."""
    return TfidfVectorizer(analyzer=sorted, min_df=_SEEN), LogisticRegression(C=_TRUST, max_iter=500)


def write(file: Path, lessons: Mapping[str, Weights], digest: str) -> None:
    """One word a line, so that a reader and a diff can follow."""
    lines = ["{", f'"examples": {json.dumps(digest)}']
    for name, weights in lessons.items():
        lines[-1] += ","
        lines.append(
            f'"{name}": {{"labels": {json.dumps(weights.labels)}, "beforehand": {json.dumps(weights.beforehand)},'
        )
        lines.append('"words": {')
        rows = [
            f"{json.dumps(word, ensure_ascii=False)}:{json.dumps(row, separators=(',', ':'))}"
            for word, row in weights.words.items()
        ]
        lines.append(",\n".join(rows))
        lines.append("}}")
    file.write_text("\n".join([*lines, "}\n"]), "utf-8")
